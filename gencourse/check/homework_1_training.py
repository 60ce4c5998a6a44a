"""The self-check of homework 1's `train`: what each step saw, and where it led."""

from numbers import Real
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional
from torch.optim.optimizer import register_optimizer_step_pre_hook

from gencourse.check.mistakes import AnythingBut, name_mistakes
from gencourse.check.networks import Flat, flat, parameters_of, weights_of
from gencourse.check.optimizer import require_defaults, require_learning_rate, require_no_closure
from gencourse.check.properties import as_numbers, written
from gencourse.check.report import Answer, Mistake, require, require_none, self_check

NUMBER, SIZE, EPOCHS, RATE = 500, 250, 3, 2e-3


@self_check
def train(answer: Answer) -> None:
    """Check `answer(encoder, decoder, images, epochs)`: trains both networks with one Adam of
    learning rate 0.002, on batches of 250 in a new order in each epoch; gives a list of each
    epoch's mean over the batches of the mean squared error per pixel. The encoder takes
    (N, 784), the decoder gives logits (N, 784)."""
    watch = _Watch()
    before = weights_of(watch.networks)
    with register_optimizer_step_pre_hook(watch.before_step):
        found = answer(*watch.networks.values(), watch.images.clone(), EPOCHS)
    now = weights_of(watch.networks)
    still = [name for name in now if torch.equal(now[name], before[name])]
    if len(still) == 2 and watch.batch is None:
        written(found)
    mistakes = {
        "Neither network moved: backward(), then optimizer.step().": len(still) == 2,
        f"The {' and '.join(still)} did not move: the Adam holds the parameters of both networks, "
        "and the codes keep their gradient.": still,
        "No optimizer took a step: expected one Adam, and its step() on each "
        "batch.": not watch.steps,
    }
    require_none(mistakes)
    _require_one_adam([step.optimizer for step in watch.steps])
    _require_batches([step.order for step in watch.steps])
    _require_slopes(watch.steps)
    _require_errors(found, torch.stack([step.error for step in watch.steps]).view(EPOCHS, -1))


class _Step(NamedTuple):
    """What an optimizer was about to do."""

    optimizer: torch.optim.Optimizer
    order: torch.Tensor  # the numbers of the images of its batch
    error: torch.Tensor  # mean squared error per pixel of that batch
    slope: torch.Tensor  # the gradient that it uses, of all parameters, flat
    right: torch.Tensor  # that of the error


class _Watch:
    """Two small networks, images whose first pixel is their number, and all steps taken."""

    def __init__(self):
        self.networks = {"encoder": Flat(784, 4), "decoder": nn.Linear(4, 784)}
        self.parameters = [p for each in self.networks.values() for p in each.parameters()]
        self.images = torch.rand(NUMBER, 1, 28, 28) * torch.rand(NUMBER, 1, 1, 1).round()
        self.images[:, 0, 0, 0] = torch.arange(NUMBER) / NUMBER
        self.batch, self.steps = None, []
        self.networks["encoder"].register_forward_hook(self._seen)

    def _seen(self, _, given, __):
        if torch.is_grad_enabled():
            self.batch = given[0].detach().clone()

    def before_step(self, optimizer, *given):
        require_no_closure(*given)
        if self.batch is None or not parameters_of(optimizer) & set(self.parameters):
            return
        encoder, decoder = self.networks.values()
        with torch.enable_grad():  # without a call of the encoder, which would count as seen
            codes = functional.linear(self.batch, encoder.weight, encoder.bias)
            made = decoder(codes).sigmoid()
            error = (made - self.batch).square().mean()
            right = torch.autograd.grad(error, self.parameters)
        slope = [torch.zeros_like(p) if p.grad is None else p.grad for p in self.parameters]
        order = (self.batch[:, 0] * NUMBER).round().long()
        self.steps.append(_Step(optimizer, order, error.detach(), flat(slope), flat(right)))


def _require_one_adam(optimizers):
    """One Adam with the right learning rate, that takes one step on each batch."""
    adam, batches = optimizers[-1], NUMBER // SIZE
    different = len({id(optimizer) for optimizer in optimizers})
    betas = adam.param_groups[0].get("betas")
    number, expected = len(optimizers), EPOCHS * batches
    mistakes = {
        f"Expected Adam; got {type(adam).__name__}.": type(adam) is not torch.optim.Adam,
        f"{different} optimizers took steps; expected one Adam for both networks, made once, "
        "before the first epoch.": different > 1,
        f"The optimizer took {number} steps in {EPOCHS} epochs of {NUMBER} images; expected "
        f"{batches} steps in each epoch, one on each batch of {SIZE}.": number != expected,
    }
    require_none(mistakes)
    for group in adam.param_groups:
        require_learning_rate(group, RATE)
    require(betas == (0.9, 0.999), f"The Adam's betas are {betas}; expected those that torch sets.")
    require_defaults(adam)


def _require_batches(orders):
    """Each image once an epoch, in an order of its own."""
    sizes = sorted({len(order) for order in orders})
    if sizes != [SIZE]:
        raise Mistake(f"Steps were taken on batches of {sizes} images; expected all of {SIZE}.")
    epochs, sorted_order = torch.cat(orders).view(EPOCHS, NUMBER), torch.arange(NUMBER)
    once = torch.equal(epochs.sort(1).values, sorted_order.expand_as(epochs))
    repeated = torch.equal(epochs[0], epochs[1]) or (epochs == sorted_order).all(1).any()
    together = epochs.view(EPOCHS, -1, SIZE).sort(2).values
    first, second = ({tuple(batch.tolist()) for batch in epoch} for epoch in together[:2])
    mistakes = {
        "In an epoch some images were seen twice and others never; expected each once.": not once,
        "The images come in the same order in each epoch: expected a new random order.": repeated,
        "The same images are together in a batch in each epoch: shuffle all of them, not within "
        "the batches.": first == second,
    }
    require_none(mistakes)


def _require_slopes(steps):
    """That each step was on the gradient of its batch's error."""
    for number, step in enumerate(steps):
        against, along = (_same_direction(step.slope, each) for each in (-step.right, step.right))
        mistakes = {
            "A step goes the wrong way: the error would rise.": against,
            "The gradients of one batch are still there in the next: call optimizer.zero_grad() "
            "before backward().": number and not along,
            "The step is not along the gradient of the mean squared error per pixel, between the "
            "images and the sigmoid of the decoder's logits.": not along,
        }
        require_none(mistakes)


def _same_direction(slope, expected):
    """Whether two gradients have one direction; Adam asks for no more."""
    one, other = (functional.normalize(each, dim=0) for each in (slope, expected))
    return (one - other).norm() < 1e-3


def _require_errors(found, errors):
    """One float for each epoch, the mean of its batches' errors, (epochs, batches)."""
    require(found is not None, "Nothing is returned; expected a list of the epochs' errors.")
    written(found)
    several = isinstance(found, list | tuple)
    name = type(found).__name__
    kind = f"a {name} of length {len(found)}" if several else f"of type {name}"
    require(
        several and len(found) == EPOCHS,
        f"For {EPOCHS} epochs the result is {kind}; expected a list of one float for each epoch.",
    )
    for number in found:
        require(
            isinstance(number, Real),
            f"The list holds values of type {type(number).__name__}; expected floats, as "
            "loss.item() gives them.",
        )
    numbers, right = as_numbers(found), errors.mean(1)
    worst = int((numbers - right).abs().argmax())
    summed = tuple(784 * share * right for share in (1, SIZE, NUMBER))
    mistakes = {
        "These are the errors of each epoch's last batch; expected the mean over its "
        "batches.": errors[:, -1],
        "You summed over the pixels: expected the mean squared error per pixel.": summed,
        "You summed over the batches: expected the mean of their errors.": errors.sum(1),
        "You took the root; expected the squared error.": errors.sqrt().mean(1),
        "These are means over all batches since the beginning: start each epoch with an empty "
        "list.": torch.stack([errors[: epoch + 1].mean() for epoch in range(EPOCHS)]),
        f"The mean error of epoch {worst + 1} is {right[worst]:.4f} per pixel; got "
        f"{numbers[worst]:.4f}.": AnythingBut(right),
    }
    name_mistakes(numbers, mistakes, rtol=1e-4, atol=0.0)
