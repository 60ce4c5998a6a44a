"""The self-check of one pass over the images, in training and in validation."""

import torch
from torch import nn

from gencourse.check.properties import as_numbers, written
from gencourse.check.report import Answer, require, self_check

BETA, RATE = 4.0, 0.02


class _Model(nn.Module):
    """A model with one weight, that remembers the images it saw, as their mean pixels."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(1.0))
        self.seen = []

    def forward(self, images):
        pixel = images.flatten(1).mean(1)
        self.seen.append(pixel.detach())
        self.evaluated = not self.training
        return _terms(self.weight, pixel)


def _terms(weight, pixel):
    """Distortion and rate; their sum has its least value at a weight that depends on beta."""
    return 5 * (2 - weight) ** 2 + pixel, weight**2 * (1 + pixel)


@self_check
def one_pass(answer: Answer) -> None:
    """Check `answer(model, images, beta, optimizer=None, batch_size=100)`: a pass in batches,
    where model(batch) gives (distortion, rate), (B,) both; with an optimizer a step on each
    batch. Gives the mean over images of distortion + beta * rate."""
    model = _Model()
    _look(answer, model)
    _look_by_default(answer)
    model.seen.clear()
    _train(answer, model)


def _listed(sizes):
    """Sizes of batches; of many only the first few."""
    return str(sizes) if len(sizes) < 8 else f"{str(sizes[:3])[:-1]}, …], {len(sizes)} in all"


def _look(answer, model):
    """Without an optimizer: the value, and that nothing moves."""
    pixel = torch.linspace(0, 1, 12) ** 2
    found = answer(model, pixel.reshape(12, 1, 1, 1).repeat(1, 1, 28, 28), BETA, None, 4)
    require(
        found is not None or not model.seen, "Nothing is returned; expected the mean of the loss."
    )
    written(found)
    found = as_numbers(found)
    require(found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number.")
    sizes = [len(batch) for batch in model.seen]
    require(
        sizes == [4, 4, 4],
        f"For 12 images in batches of 4 the model saw batches of {_listed(sizes)}; expected "
        "[4, 4, 4].",
    )
    require(
        torch.allclose(torch.cat(model.seen).sort().values, pixel),
        "Some images were seen twice and others never; expected each once.",
    )
    require(
        model.weight == 1, "The weights moved, and there was no optimizer: then nothing may move."
    )

    def loss(beta, pixel=pixel):
        distortion, rate = _terms(1.0, pixel)
        return (distortion + beta * rate).mean()

    right = loss(BETA)
    for beta in 0.0, 1.0:
        require(
            not torch.isclose(found, loss(beta)),
            f"Without an optimizer the rate counts with weight {beta:g} instead of beta: then "
            "validation and training cannot be compared.",
        )
    require(
        not any(torch.isclose(found, loss(BETA, batch)) for batch in model.seen),
        "This is the loss of one batch; expected the mean over all images.",
    )
    require(
        not torch.isclose(found, 12 * right) and not torch.isclose(found, 3 * right),
        "You summed over images or batches; expected the mean over images.",
    )
    require(
        torch.isclose(found, right),
        f"In the example the mean of distortion + beta * rate is {right:.3f}; got {found:.3f}.",
    )


def _look_by_default(answer):
    """Without a batch size."""
    model = _Model()
    answer(model, torch.rand(200, 1, 28, 28), BETA)
    sizes = [len(batch) for batch in model.seen]
    require(
        sizes == [100, 100],
        f"For 200 images, and no batch_size given, the model saw batches of {_listed(sizes)}; "
        "expected [100, 100].",
    )


def _train(answer, model):
    """With one: where the weight goes in three steps on three batches."""
    pixel = torch.linspace(0, 1, 12) ** 2
    images = pixel.reshape(12, 1, 1, 1).repeat(1, 1, 28, 28)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    steps = []
    optimizer.register_step_post_hook(lambda *_: steps.append(model.weight.item()))
    require(
        model.weight.requires_grad or not _stays_frozen(answer, images),
        "A pass without an optimizer froze the weights, and one with an optimizer does not thaw "
        "them: use torch.no_grad() instead.",
    )
    found = answer(model, images, BETA, optimizer, 4)
    written(found)
    require(
        model.weight != 1,
        "With an optimizer the weights did not move: backward() and optimizer.step() on a batch.",
    )
    require(
        len(steps) == 3,
        f"The optimizer took {len(steps)} steps on three batches; expected one on each.",
    )
    require(
        not model.evaluated,
        "The model is in evaluation mode while it is trained: call model.train() before, or leave "
        "the mode alone.",
    )
    sizes = [len(batch) for batch in model.seen]
    require(
        sizes == [4, 4, 4],
        f"In training the model saw batches of {_listed(sizes)}; expected [4, 4, 4], each once.",
    )
    end, (path, losses) = model.weight.detach(), _expected(BETA, model.seen)
    require(
        not torch.isclose(end, _expected(BETA, model.seen, forgets=False)[0]),
        "The gradients of one batch are still there in the next: call optimizer.zero_grad() "
        "before backward().",
    )
    require(
        not torch.isclose(end, _expected(0.0, model.seen)[0]),
        "In training the weights move on the distortion alone: step on distortion + beta * rate.",
    )
    require(
        not torch.isclose(end, _expected(1.0, model.seen)[0]),
        "In training the weights move as if beta were 1: step on distortion + beta * rate.",
    )
    require(
        torch.isclose(end, path, rtol=1e-4),
        f"In the example three steps lead from 1 to {path:.3f}; got {end:.3f}. Each is "
        "on the mean loss of its batch.",
    )
    found = as_numbers(found)
    require(
        not torch.isclose(found, losses[-1]),
        "In training you give the loss of the last batch; expected the mean over all images.",
    )
    require(
        torch.isclose(found, losses.mean(), rtol=1e-3),
        f"In training the mean of the three batches' losses is {losses.mean():.3f}; "
        f"got {found:.3f}.",
    )


def _stays_frozen(answer, images):
    """Whether a pass with an optimizer fails on a model whose weights are frozen."""
    model = _Model().requires_grad_(False)
    try:
        answer(model, images, BETA, torch.optim.SGD(model.parameters(), lr=RATE), 4)
    except RuntimeError:
        return True
    return False


def _expected(beta, batches, forgets=True):
    """Where plain descent leads in three steps, and the loss before each."""
    weight, slope, losses = torch.tensor(1.0), 0.0, []
    for batch in batches:
        pixel = batch.mean()
        distortion, rate = _terms(weight, pixel)
        losses.append(distortion + beta * rate)
        new = -10 * (2 - weight) + beta * 2 * weight * (1 + pixel)
        slope = new if forgets else slope + new
        weight = weight - RATE * slope
    return weight, torch.stack(losses)
