"""Self-checks of chapter 02."""

import math

import torch
from torch.nn import functional

from gencourse.check.report import as_numbers, report, require, require_written


def reparametrisation(answer):
    """Check `answer(location, scale, noise)`: a sample of N(location, scale²), made of noise."""
    report(_reparametrisation, answer)


def kl_divergence(answer):
    """Check `answer(location, log_scale)`: KL(N(μ, σ²) ‖ N(0, 1)) of each row, (N,), in nats."""
    report(_kl_divergence, answer)


def distortion(answer):
    """Check `answer(logits, images)`, (N, 1, 28, 28) both: −log p(x | z) of each image with
    Bernoulli pixels, (N,), in nats."""
    report(_distortion, answer)


def importance_bound(answer):
    """Check `answer(log_weights)`, (K, N): −log (1/K) Σₖ wₖ of each image, (N,), in nats."""
    report(_importance_bound, answer)


def _reparametrisation(answer):
    location, scale = torch.tensor([[1.0, -2.0]]), torch.tensor([[0.5, 3.0]])
    noise = torch.tensor([[2.0, -1.0]])
    found = answer(location, scale, noise)
    require_written(found)
    found = as_numbers(found)
    require(
        found.shape == (1, 2),
        f"The result has shape {tuple(found.shape)}; expected (1, 2), as the location has.",
    )
    require(not torch.allclose(found, location + noise), "The scale is not used.")
    require(not torch.allclose(found, scale * noise), "The location is not used.")
    require(
        not torch.allclose(found, location + scale.square() * noise),
        "You multiplied by the variance: the scale is the standard deviation.",
    )
    require(
        not torch.allclose(found, location + scale.exp() * noise),
        "The scale is given as it is, not as its logarithm.",
    )
    require(
        torch.equal(found, as_numbers(answer(location, scale, noise))),
        "Two calls with the same noise differ: use the noise that is given, draw none.",
    )
    require(
        torch.allclose(found, location + scale * noise),
        f"For μ = 1, σ = ½, ε = 2 expected 2; got {found[0, 0]:g}.",
    )


def _kl_divergence(answer):
    location = torch.tensor([[0.0, 0.0], [1.0, -2.0], [0.0, 0.0]])
    log_scale = torch.tensor([[0.0, 0.0], [0.0, 0.0], [-1.0, 0.5]])
    found = answer(location, log_scale)
    require_written(found)
    found = as_numbers(found)

    def closed_form(variance, logarithm):
        return 0.5 * (location.square() + variance - 1 - logarithm)

    right = closed_form((2 * log_scale).exp(), 2 * log_scale)
    require(found.ndim > 0, "You averaged over the images too: expected one number for each.")
    require(
        found.shape == (3,),
        f"The result has shape {tuple(found.shape)}; expected (3,): sum over the dimensions.",
    )
    require(
        not torch.allclose(found, -right.sum(1)),
        "The sign is wrong: a divergence is never negative.",
    )
    require(
        not torch.allclose(found, right.mean(1)),
        "You averaged over the dimensions: nats of independent dimensions add up.",
    )
    require(
        not torch.allclose(found, closed_form(log_scale.exp(), log_scale).sum(1)),
        "You took the input for log σ²; it is log σ, and log σ² = 2 log σ.",
    )
    require(
        not torch.allclose(found, 2 * right.sum(1)), "Twice too large: the factor ½ is missing."
    )
    require(
        torch.allclose(found, right.sum(1), atol=1e-4),
        f"For μ = (1, −2) and σ = (1, 1) expected 2.5 nats; got {found[1]:g}.",
    )


def _distortion(answer):
    logits, images = torch.randn(3, 1, 28, 28), torch.rand(3, 1, 28, 28)

    def nats(logits, images):
        every = functional.binary_cross_entropy_with_logits(logits, images, reduction="none")
        return every.flatten(1).sum(1)

    right = nats(logits, images)
    found = answer(logits, images)
    require_written(found)
    found = as_numbers(found)
    require(
        found.ndim > 0,
        "You averaged or summed over the images too: expected one number for each.",
    )
    require(
        found.shape == (3,),
        f"For three images the result has shape {tuple(found.shape)}; expected (3,): a sum over "
        "the pixels.",
    )
    require(
        found.isfinite().all(),
        "Logits of −3 to 3 give no finite number: a logit is not a probability; it can be "
        "negative, and has no logarithm then.",
    )
    require(
        not torch.allclose(found, -right),
        "The sign is wrong: −log p of pixels is never negative.",
    )
    require(
        not torch.allclose(found, right / 784),
        "You averaged over the pixels: expected nats per image, a sum over the 784 pixels.",
    )
    require(
        not torch.allclose(found, nats(logits.sigmoid(), images)),
        "The sigmoid was applied twice: the loss with logits applies it itself.",
    )
    require(
        torch.allclose(found, right, rtol=1e-3),
        f"For the first image expected {right[0]:.1f} nats; got {found[0]:.1f}. Grey pixels count "
        "as x log p + (1 − x) log(1 − p).",
    )
    white = torch.zeros(2, 1, 28, 28)
    white[1] = 1
    large = as_numbers(answer(200 - 400 * white, white))
    require(
        torch.allclose(large, torch.tensor(784 * 200.0)),
        f"Logits of ±200 on the wrong side should cost 200 nats a pixel, 156800; got {large[0]:g} "
        f"and {large[1]:g}. Use the loss that takes logits, not sigmoid and log.",
    )


def _importance_bound(answer):
    log_weights = torch.tensor([[-1.0, 0.0, 1.0], [-3.0, 2.0, 1.5], [0.5, -2.0, 2.0], [-2, 1, 3]])
    found = answer(log_weights)
    require_written(found)
    found = as_numbers(found)
    require(found.ndim > 0, "You averaged over the images too: expected one number for each.")
    require(
        found.shape != (4,),
        "You averaged over the images: the samples of an image stand in a column.",
    )
    require(
        found.shape == (3,),
        f"For weights (4, 3) the result has shape {tuple(found.shape)}; expected (3,).",
    )
    summed = log_weights.logsumexp(0)
    right = math.log(4) - summed
    require(not torch.allclose(found, -right), "The sign is wrong: expected −log of the mean.")
    require(
        not torch.allclose(found, -summed),
        "The number of samples is missing: divide the sum by K, or subtract log K.",
    )
    require(
        not torch.allclose(found, -log_weights.mean(0)),
        "This is a mean of logarithms, the ELBO; expected the logarithm of a mean.",
    )
    require(
        torch.allclose(found, right, atol=1e-4),
        f"For log weights −1, −3, ½ and −2 expected {right[0]:.3f} nats; got {found[0]:.3f}.",
    )
    for size in 1000.0, -1000.0:
        large = as_numbers(answer(torch.full((4, 3), size)))
        require(
            torch.allclose(large, torch.tensor(-size)),
            f"Log weights of {size:g} give {large[0]:g}; expected {-size:g}. Use logsumexp.",
        )
