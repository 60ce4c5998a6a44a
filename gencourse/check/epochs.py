"""The self-check of an autoencoder's training: what each step saw, and where it led."""

from contextlib import contextmanager
from numbers import Real

import torch
from torch import nn
from torch.nn import functional
from torch.optim import Adam
from torch.optim.optimizer import register_optimizer_step_pre_hook

from gencourse.check.autoencoder import Flat
from gencourse.check.optimizer import require_defaults, require_no_closure
from gencourse.check.properties import as_numbers, written
from gencourse.check.report import Answer, require, self_check

NUMBER, SIZE, EPOCHS, RATE = 500, 250, 3, 2e-3


class _Watch:
    """Two small networks, images whose first pixel is their number, and all steps taken."""

    def __init__(self):
        self.encoder, self.decoder = Flat(784, 4), nn.Linear(4, 784)
        self.networks = {"encoder": self.encoder, "decoder": self.decoder}
        self.images = torch.rand(NUMBER, 1, 28, 28) * torch.rand(NUMBER, 1, 1, 1).round()
        self.images[:, 0, 0, 0] = torch.arange(NUMBER) / NUMBER
        self.before = self.weights()
        self.batch, self.steps = None, []
        self.encoder.register_forward_hook(self._seen)

    def _seen(self, _, given, __):
        if torch.is_grad_enabled():
            self.batch = given[0].detach().clone()

    def parameters(self):
        return [p for network in self.networks.values() for p in network.parameters()]

    def weights(self):
        return {
            name: nn.utils.parameters_to_vector(network.parameters()).detach().clone()
            for name, network in self.networks.items()
        }

    @contextmanager
    def watching(self):
        """Write down the steps of whatever optimizer is made meanwhile."""
        handle = register_optimizer_step_pre_hook(self._stepping)
        try:
            yield
        finally:
            handle.remove()

    def _stepping(self, optimizer, *given):
        """Before a step: its optimizer, its images, their error, its gradient and the right one."""
        require_no_closure(*given)
        held = [p for group in optimizer.param_groups for p in group["params"]]
        if self.batch is None or not any(p is mine for p in held for mine in self.parameters()):
            return
        with torch.enable_grad():
            codes = functional.linear(self.batch, self.encoder.weight, self.encoder.bias)
            made = functional.linear(codes, self.decoder.weight, self.decoder.bias).sigmoid()
            error = (made - self.batch).square().mean()
            right = torch.autograd.grad(error, self.parameters())
        found = [torch.zeros_like(p) if p.grad is None else p.grad for p in self.parameters()]
        gradients = [torch.cat([part.flatten() for part in each]) for each in (found, right)]
        order = (self.batch[:, 0] * NUMBER).round().long()
        self.steps.append((optimizer, order, error.detach(), *(g.clone() for g in gradients)))


@self_check
def train(answer: Answer) -> None:
    """Check `answer(encoder, decoder, images, epochs)`: trains both networks with one Adam of
    learning rate 0.002, on batches of 250 in a new order in each epoch; gives a list of each
    epoch's mean over the batches of the mean squared error per pixel. The encoder takes
    (N, 784), the decoder gives logits (N, 784)."""
    watch = _Watch()
    with watch.watching():
        found = answer(watch.encoder, watch.decoder, watch.images.clone(), EPOCHS)
    moved = {
        name: not torch.equal(now, watch.before[name]) for name, now in watch.weights().items()
    }
    if not any(moved.values()) and watch.batch is None:
        written(found)
    require(any(moved.values()), "Neither network moved: backward(), then optimizer.step().")
    for name, it_moved in moved.items():
        require(
            it_moved,
            f"The {name} did not move: the Adam holds the parameters of both networks, and the "
            "codes keep their gradient.",
        )
    require(
        watch.steps, "No optimizer took a step: expected one Adam, and its step() on each batch."
    )
    optimizers, orders, errors, slopes, right = zip(*watch.steps, strict=True)
    _require_adam(optimizers)
    _require_batches(orders)
    _require_slopes(slopes, right)
    _require_errors(found, torch.stack(errors).view(EPOCHS, -1))


def _require_adam(optimizers):
    """One Adam with the right learning rate."""
    last, batches = optimizers[-1], NUMBER // SIZE
    require(type(last) is Adam, f"Expected Adam; got {type(last).__name__}.")
    different = len({id(optimizer) for optimizer in optimizers})
    require(
        different == 1,
        f"{different} optimizers took steps; expected one Adam for both networks, made once, "
        "before the first epoch.",
    )
    require(
        len(optimizers) == EPOCHS * batches,
        f"The optimizer took {len(optimizers)} steps in {EPOCHS} epochs of {NUMBER} images; "
        f"expected {batches} steps in each epoch, one on each batch of {SIZE}.",
    )
    for group in last.param_groups:
        require(
            abs(group["lr"] - RATE) < 1e-9,
            f"The learning rate is {group['lr']:g}; expected {RATE:g}.",
        )
    require(
        last.param_groups[0]["betas"] == (0.9, 0.999),
        f"The Adam's betas are {last.param_groups[0]['betas']}; expected those that torch sets.",
    )
    require_defaults(last)


def _require_batches(orders):
    """Each image once an epoch, in an order of its own."""
    sizes = sorted({len(order) for order in orders})
    require(
        sizes == [SIZE], f"Steps were taken on batches of {sizes} images; expected all of {SIZE}."
    )
    epochs = torch.cat(orders).view(EPOCHS, NUMBER)
    require(
        torch.equal(epochs.sort(1).values, torch.arange(NUMBER).expand_as(epochs)),
        "In an epoch some images were seen twice and others never; expected each once.",
    )
    require(
        not torch.equal(epochs[0], epochs[1])
        and not any(torch.equal(epoch, torch.arange(NUMBER)) for epoch in epochs),
        "The images come in the same order in each epoch: expected a new random order.",
    )
    together = epochs.view(EPOCHS, -1, SIZE).sort(2).values
    require(
        {tuple(batch.tolist()) for batch in together[0]}
        != {tuple(batch.tolist()) for batch in together[1]},
        "The same images are together in a batch in each epoch: shuffle all of them, not within "
        "the batches.",
    )


def _require_slopes(slopes, right):
    """That each step was on the gradient of its batch's error; how long does not matter."""
    for number, (slope, expected) in enumerate(zip(slopes, right, strict=True)):
        if _alike(slope, expected):
            continue
        require(not _alike(slope, -expected), "A step goes the wrong way: the error would rise.")
        require(
            number == 0,
            "The gradients of one batch are still there in the next: call optimizer.zero_grad() "
            "before backward().",
        )
        require(
            False,
            "The step is not along the gradient of the mean squared error per pixel, between the "
            "images and the sigmoid of the decoder's logits.",
        )


def _alike(slope, expected):
    """Whether two gradients have one direction; Adam asks for no more."""
    one, other = (functional.normalize(each, dim=0) for each in (slope, expected))
    return (one - other).norm() < 1e-3


def _require_errors(found, errors):
    """One float for each epoch, the mean of its batches' errors."""
    require(found is not None, "Nothing is returned; expected a list of the epochs' errors.")
    written(found)
    require(
        isinstance(found, list | tuple) and len(found) == EPOCHS,
        f"For {EPOCHS} epochs the result is {_shape(found)}; expected a list of one float for "
        "each epoch.",
    )
    for number in found:
        require(
            isinstance(number, Real),
            f"The list holds values of type {type(number).__name__}; expected floats, as "
            "loss.item() gives them.",
        )
    numbers, right = as_numbers(found), errors.mean(1)

    def close(expected):
        return torch.allclose(numbers, expected, rtol=1e-4, atol=0.0)

    require(
        not close(errors[:, -1]),
        "These are the errors of each epoch's last batch; expected the mean over its batches.",
    )
    require(
        not any(close(784 * share * right) for share in (1, SIZE, NUMBER)),
        "You summed over the pixels: expected the mean squared error per pixel.",
    )
    require(
        not close(errors.sum(1)), "You summed over the batches: expected the mean of their errors."
    )
    require(not close(errors.sqrt().mean(1)), "You took the root; expected the squared error.")
    so_far = torch.stack([errors[: epoch + 1].mean() for epoch in range(EPOCHS)])
    require(
        not close(so_far),
        "These are means over all batches since the beginning: start each epoch with an empty "
        "list.",
    )
    worst = int((numbers - right).abs().argmax())
    require(
        close(right),
        f"The mean error of epoch {worst + 1} is {right[worst]:.4f} per pixel; got "
        f"{numbers[worst]:.4f}.",
    )


def _shape(found):
    """How a wrong result is called."""
    if isinstance(found, list | tuple):
        return f"a {type(found).__name__} of length {len(found)}"
    return f"of type {type(found).__name__}"
