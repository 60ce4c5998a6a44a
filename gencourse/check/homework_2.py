"""Self-checks of homework 2; those of the rate and of the sample are in `chapter_2`."""

import math
from itertools import permutations

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from gencourse.check.mistakes import OPPOSITE_SIGN, AnythingBut, close, name_mistakes
from gencourse.check.properties import as_numbers, one_number, require_gradients, shaped, written
from gencourse.check.report import Answer, Mistake, as_row, require, require_none, self_check

BETA, LEARNING_RATE = 4.0, 0.02


@self_check
def distortion(answer: Answer) -> None:
    """Check `answer(logits, images)`, (N, 1, 28, 28) both: −log p(x | z) of each image with
    Bernoulli pixels, (N,), in nats."""
    logits, images = torch.randn(3, 1, 28, 28), torch.rand(3, 1, 28, 28)

    def nats(logits, images):
        return binary_cross_entropy_with_logits(logits, images, reduction="none").flatten(1).sum(1)

    right = nats(logits, images)
    try:
        found = as_numbers(written(answer(logits, images)))
    except ValueError as error:
        if "Boolean()" not in str(error):
            raise
        raise Mistake(
            "torch's Bernoulli takes pixels of 0 and 1 only, and yours are grey: write the sum "
            "yourself, or take the cross-entropy with logits."
        ) from error
    if found.ndim == 0:
        raise Mistake("You averaged or summed over the images too: expected one number for each.")
    shaped(found, (3,), ": a sum over the pixels", of="For three images the result has")
    require(
        found.isfinite().all(),
        "Logits of −3 to 3 give no finite number: a logit is not a probability; it can be "
        "negative, and has no logarithm then.",
    )
    mean, twice = right / 784, nats(logits.sigmoid(), images)
    mistakes = {
        f"{OPPOSITE_SIGN}: −log p of pixels is never negative.": -right,
        "You averaged over the pixels: expected nats per image, a sum over the 784 pixels.": mean,
        "The sigmoid was applied twice: the loss with logits applies it itself.": twice,
        f"For the first image expected {right[0]:.1f} nats; got {found[0]:.1f}. Grey pixels count "
        "as x log p + (1 − x) log(1 − p).": AnythingBut(right),
    }
    name_mistakes(found, mistakes, rtol=1e-3)
    white = torch.stack([torch.zeros(1, 28, 28), torch.ones(1, 28, 28)])
    large = as_numbers(answer(200 - 400 * white, white))
    require(
        close(large, 784 * 200.0),
        f"Logits of ±200 on the wrong side should cost 200 nats a pixel, 156800; got {large[0]:g} "
        f"and {large[1]:g}. Use the loss that takes logits, not sigmoid and log.",
    )
    require_gradients(lambda x: answer(x, images), lambda x: nats(x, images), logits=logits)


@self_check
def importance_bound(answer: Answer) -> None:
    """Check `answer(log_weights)`, (K, N): −log (1/K) Σₖ wₖ of each image, (N,), in nats."""
    log_weights = torch.tensor([[-1.0, 0.0, 1.0], [-3.0, 2.0, 1.5], [0.5, -2.0, 2.0], [-2, 1, 3]])
    found = as_numbers(written(answer(log_weights)))
    if found.ndim == 0:
        raise Mistake("You averaged over the images too: expected one number for each.")
    if found.shape == (4,):
        raise Mistake("You averaged over the images: the samples of an image stand in a column.")
    shaped(found, (3,), of="For weights (4, 3) the result has")
    summed, elbo = log_weights.logsumexp(0), log_weights.mean(0)
    right = math.log(4) - summed
    mistakes = {
        f"{OPPOSITE_SIGN}: expected −log of the mean.": -right,
        "The number of samples is missing: divide the sum by K, or subtract log K.": -summed,
        "This is a mean of logarithms, the ELBO; expected the logarithm of a mean.": -elbo,
        f"For log weights −1, −3, ½ and −2 expected {right[0]:.3f} nats; got "
        f"{found[0]:.3f}.": AnythingBut(right),
    }
    name_mistakes(found, mistakes, atol=1e-4)
    more = torch.randn(7, 2)
    found = as_numbers(answer(more))
    require(
        found.shape == (2,) and close(found, math.log(7) - more.logsumexp(0), atol=1e-4),
        "The result is right for 4 samples of 3 images, and wrong for 7 of 2: take K from the "
        "weights.",
    )
    for size in 1000.0, -1000.0:
        large = as_numbers(answer(torch.full((4, 3), size)))
        require(
            close(large, -size),
            f"Log weights of {size:g} give {large[0]:g}; expected {-size:g}. Use logsumexp.",
        )
    apart = torch.tensor([[-300.0, -1000.0], [-200.0, -1150.0], [-150.0, -1300.0]])
    for rows in permutations(range(3)):
        given = apart[list(rows)]
        found = as_numbers(answer(given))
        require(
            close(found, torch.tensor([150.0, 1000.0]) + math.log(3), atol=1e-2),
            f"A column of log weights {as_row(given[:, 0])} beside one of {as_row(given[:, 1])} "
            f"gives {as_row(found)}; expected about (151, 1001). "
            "Whoever shifts before exp must take the largest of each column, as logsumexp does.",
        )


@self_check
def gaussian_surprise(answer: Answer) -> None:
    """Check `answer(copies, images, sigma=None)`, (N, 1, 28, 28) both: −log N(image; copy, σ²) of
    each image, (N,), in nats; without sigma, with the one that is best for all of them."""
    images = torch.rand(3, 1, 28, 28)
    copies = images + torch.tensor([0.1, 0.3, 0.6]).view(3, 1, 1, 1) * torch.randn(3, 1, 28, 28)
    squares = (images - copies).square().flatten(1)

    def nats(squares, sigma):
        sigma = torch.as_tensor(sigma)
        return (squares / (2 * sigma**2) + sigma.log() + math.log(2 * math.pi) / 2).sum(1)

    sigma = 0.5
    right, log = nats(squares, sigma), 784 * math.log(sigma)
    found = as_numbers(written(answer(copies, images, sigma)))
    if found.ndim == 0:
        raise Mistake("You averaged or summed over the images too: expected one number for each.")
    shaped(found, (3,), ": a sum over the pixels", of="For three images the result has")
    constant = 392 * math.log(2 * math.pi)
    mistakes = {
        f"{OPPOSITE_SIGN}: expected −log p.": -right,
        "You averaged over the pixels: expected nats per image, a sum over the 784 pixels.": right
        / 784,
        "The logarithm of σ is missing, or counted once: each of the 784 pixels has it. Without "
        "it a wide σ would cost nothing.": (right - log, right - log * 783 / 784),
        "The term ½ log 2π of each pixel is missing.": (right - constant, right - constant - log),
        "You divided by 2σ; the square of σ stands there.": nats(squares * sigma, sigma),
        "The ½ before the square is missing.": nats(2 * squares, sigma),
        f"For the first image and σ = ½ expected {right[0]:.1f} nats; got "
        f"{found[0]:.1f}.": AnythingBut(right),
    }
    name_mistakes(found, mistakes, rtol=1e-3)
    best = squares.mean().sqrt()
    found = shaped(answer(copies, images), (3,), of="Without sigma the result has")
    mistakes = {
        "Without sigma you take the best of each image; expected one number for all.": nats(
            squares, squares.mean(1, keepdim=True).sqrt()
        ),
        "Without sigma you take the mean square for σ; it is σ².": nats(squares, best**2),
        "Without sigma you take the mean absolute error; that is best for Laplace's noise.": nats(
            squares, squares.sqrt().mean()
        ),
        "Without sigma you take σ = 1; expected the best.": nats(squares, 1.0),
        f"Without sigma the three images cost {as_row(found)} nats; with the best one for all, "
        f"{as_row(nats(squares, best))}.": AnythingBut(nats(squares, best)),
    }
    name_mistakes(found, mistakes, rtol=1e-3)
    require_gradients(
        lambda given: answer(given, images, sigma),
        lambda given: nats((images - given).square().flatten(1), sigma),
        copies=copies,
    )


@self_check
def one_pass(answer: Answer) -> None:
    """Check `answer(model, images, beta, optimizer=None, batch_size=100)`: a pass in batches,
    where model(batch) gives (distortion, rate), (B,) both; with an optimizer a step on each
    batch. Gives the mean over images of distortion + beta * rate."""
    model, other = _OneWeight(), _OneWeight()
    pixel = torch.linspace(0, 1, 12) ** 2
    images = pixel.reshape(12, 1, 1, 1).repeat(1, 1, 28, 28)
    _require_validation(answer, model, images, pixel)
    answer(other, torch.rand(200, 1, 28, 28), BETA)
    other.require_batches([100, 100], "For 200 images, and no batch_size given,")
    if not model.weight.requires_grad:
        frozen = _OneWeight().requires_grad_(False)
        try:
            answer(frozen, images, BETA, torch.optim.SGD(frozen.parameters(), lr=LEARNING_RATE), 4)
        except RuntimeError as error:
            raise Mistake(
                "A pass without an optimizer froze the weights, and one with an optimizer does not "
                "thaw them: use torch.no_grad() instead."
            ) from error
    model.seen.clear()
    _require_training(answer, model, images)


class _OneWeight(nn.Module):
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

    def require_batches(self, expected, when, why=""):
        """That it saw batches of these sizes; of many the message lists the first few."""
        sizes = [len(batch) for batch in self.seen]
        listed = str(sizes) if len(sizes) < 8 else f"{str(sizes[:3])[:-1]}, …], {len(sizes)} in all"
        sentence = f"{when} the model saw batches of {listed}; expected {expected}{why}."
        require(sizes == expected, sentence)


def _terms(weight, pixel):
    """Distortion and rate; their sum has its least value at a weight that depends on beta."""
    return 5 * (2 - weight) ** 2 + pixel, weight**2 * (1 + pixel)


def _loss(weight, pixel, beta=BETA):
    distortion, rate = _terms(weight, pixel)
    return (distortion + beta * rate).mean()


def _require_validation(answer, model, images, pixel):
    """Without an optimizer: the value, and that nothing moves."""
    found = answer(model, images, BETA, None, 4)
    if found is None and model.seen:
        raise Mistake("Nothing is returned; expected the mean of the loss.")
    found = one_number(found)
    model.require_batches([4, 4, 4], "For 12 images in batches of 4")
    each_once = close(torch.cat(model.seen).sort().values, pixel)
    mistakes = {
        "Some images were seen twice and others never; expected each once.": not each_once,
        "The weights moved, and there was no optimizer: then nothing may move.": model.weight != 1,
    }
    require_none(mistakes)
    right, of_batches = _loss(1.0, pixel), tuple(_loss(1.0, batch) for batch in model.seen)
    sums = 12 * right, 3 * right
    mistakes = {
        f"Without an optimizer the rate counts with weight {beta:g} instead of beta: then "
        "validation and training cannot be compared.": _loss(1.0, pixel, beta)
        for beta in (0.0, 1.0)
    } | {
        "This is the loss of one batch; expected the mean over all images.": of_batches,
        "You summed over images or batches; expected the mean over images.": sums,
        f"In the example the mean of distortion + beta * rate is {right:.3f}; got "
        f"{found:.3f}.": AnythingBut(right),
    }
    name_mistakes(found, mistakes)


def _require_training(answer, model, images):
    """With an optimizer: where the weight goes in three steps on three batches."""
    optimizer, steps = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE), []
    optimizer.register_step_post_hook(lambda *_: steps.append(1))
    found = as_numbers(written(answer(model, images, BETA, optimizer, 4)))
    weight, number = model.weight.detach(), len(steps)
    mistakes = {
        "With an optimizer the weights did not move: backward() and optimizer.step() on a "
        "batch.": weight == 1,
        f"The optimizer took {number} steps on three batches; expected one on each.": number != 3,
        "The model is in evaluation mode while it is trained: call model.train() before, or leave "
        "the mode alone.": model.evaluated,
    }
    require_none(mistakes)
    model.require_batches([4, 4, 4], "In training", ", each once")
    end, losses = _descent(model.seen, BETA)
    mistakes = {
        "The gradients of one batch are still there in the next: call optimizer.zero_grad() "
        "before backward().": _descent(model.seen, BETA, forgets=False)[0],
        "In training the weights move on the distortion alone: step on distortion + beta * "
        "rate.": _descent(model.seen, 0.0)[0],
        "In training the weights move as if beta were 1: step on distortion + beta * "
        "rate.": _descent(model.seen, 1.0)[0],
        f"In the example three steps lead from 1 to {end:.3f}; got {weight:.3f}. Each is "
        "on the mean loss of its batch.": AnythingBut(end),
    }
    name_mistakes(weight, mistakes, rtol=1e-4)
    mistakes = {
        "In training you give the loss of the last batch; expected the mean over all "
        "images.": losses[-1],
        f"In training the mean of the three batches' losses is {losses.mean():.3f}; got "
        f"{found:.3f}.": AnythingBut(losses.mean()),
    }
    name_mistakes(found, mistakes, rtol=1e-3)


def _descent(batches, beta, forgets=True):
    """Where plain descent leads in a step on each batch, and the loss before each."""
    weight, slope, losses = torch.tensor(1.0), 0.0, []
    for batch in batches:
        losses.append(_loss(weight, batch, beta))
        new = -10 * (2 - weight) + beta * 2 * weight * (1 + batch.mean())
        slope = new if forgets else slope + new
        weight = weight - LEARNING_RATE * slope
    return weight, torch.stack(losses)
