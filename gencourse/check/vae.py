"""Self-checks of chapter 02."""

import torch

from gencourse.check.report import as_numbers, report, require, require_written


def reparametrisation(answer):
    """Check `answer(location, scale, noise)`: a sample of N(location, scale²), made of noise."""
    report(_reparametrisation, answer)


def kl_divergence(answer):
    """Check `answer(location, log_scale)`: KL(N(μ, σ²) ‖ N(0, 1)) of each row, (N,), in nats."""
    report(_kl_divergence, answer)


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
