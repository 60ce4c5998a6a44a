"""Self-checks of chapter 2, which homework 2 uses too."""

import torch

from gencourse.check.mistakes import OPPOSITE_SIGN, AnythingBut, name_mistakes
from gencourse.check.properties import as_numbers, require_gradients, shaped, written
from gencourse.check.report import Answer, Mistake, as_row, self_check


@self_check
def reparametrisation(answer: Answer) -> None:
    """Check `answer(location, scale, noise)`: a sample of N(location, scale²), made of noise."""
    location = torch.tensor([[1.0, -2.0], [0.0, 3.0]])
    scale = torch.tensor([[0.5, 3.0], [1.5, 2.0]])
    noise = torch.tensor([[2.0, -1.0], [-1.0, 0.5]])
    found = shaped(answer(location, scale, noise), (2, 2), ", as the location has")

    def sample(location, scale, noise):
        return location + scale * noise

    right = sample(location, scale, noise)
    at = divmod(int((found - right).abs().argmax()), 2)
    squared = sample(location, scale.square(), noise)
    again = AnythingBut(shaped(answer(location, scale, noise), (2, 2), ", as the location has"))
    mistakes = {
        "The scale is not used.": location + noise,
        "The location is not used.": scale * noise,
        "You multiplied by the variance: the scale is the standard deviation.": squared,
        "The scale is given as it is, not as its logarithm.": sample(location, scale.exp(), noise),
        "Two calls with the same noise differ: use the noise that is given, draw none.": again,
        f"For μ = {location[at]:g}, σ = {scale[at]:g}, ε = {noise[at]:g} expected {right[at]:g}; "
        f"got {found[at]:g}.": AnythingBut(right),
    }
    name_mistakes(found, mistakes)
    require_gradients(answer, sample, location=location, scale=scale, noise=noise)


@self_check
def kl_divergence(answer: Answer) -> None:
    """Check `answer(location, log_scale)`: KL(N(μ, σ²) ‖ N(0, 1)) of each row, (N,), in nats."""
    location = torch.tensor([[0.0, 0.0, 0.0], [1.0, -2.0, 0.5], [0.0, 0.0, 0.0], [0.5, 1.0, -1.0]])
    log_scale = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [-1.0, 0.5, 0.2], [0.3, -0.5, 0.1]])
    scale, variance, log_variance = log_scale.exp(), (2 * log_scale).exp(), 2 * log_scale

    def nats(location, variance, log_variance):
        return 0.5 * (location.square() + variance - 1 - log_variance).sum(1)

    right = nats(location, variance, log_variance)
    backwards = log_scale + (1 + location.square()) / (2 * variance) - 0.5
    of_half, of_scale = (nats(location, scale, each) for each in (log_scale, log_variance))
    once, negated = (nats(location, variance, each) for each in (log_scale, -log_variance))
    found = as_numbers(written(answer(location, log_scale)))
    if found.ndim == 0:
        raise Mistake("You averaged or summed over the images too: expected one number for each.")
    shaped(found, (4,), ": sum over the dimensions")
    row = int((found - right).abs().argmax())
    mistakes = {
        f"{OPPOSITE_SIGN}: a divergence is never negative.": -right,
        "You averaged over the dimensions: nats of independent dimensions add up.": right / 3,
        "You took the input for log σ²; it is log σ, and log σ² = 2 log σ.": of_half,
        "The variance is σ² = exp(2 log σ); you took σ for it.": of_scale,
        "The last term is log σ, without ½: log σ² is twice log σ.": once,
        "The logarithm has the wrong sign: a narrow cloud must cost more.": negated,
        "This is KL(prior ‖ cloud); expected KL(cloud ‖ prior).": backwards.sum(1),
        "Twice too large: the factor ½ is missing.": 2 * right,
        f"For μ = {as_row(location[row])} and σ = {as_row(scale[row])} expected "
        f"{right[row]:.4g} nats; got {found[row]:.4g}.": AnythingBut(right),
    }
    name_mistakes(found, mistakes, atol=1e-4)
    require_gradients(
        answer, lambda m, s: nats(m, (2 * s).exp(), 2 * s), location=location, log_scale=log_scale
    )


@self_check
def kl_of_gaussians(answer: Answer) -> None:
    """Check `answer(location, scale, other_location, other_scale)`, all (N, d): of each row
    KL(N(μ, σ²) ‖ N(m, s²)), a sum over its numbers, (N,), in nats."""
    location = torch.tensor([[0.0, 0.0, 0.0], [1.0, -2.0, 0.5], [0.0, 1.0, 3.0], [-1.0, 0.0, 2.0]])
    scale = torch.tensor([[1.0, 1.0, 1.0], [0.5, 2.0, 1.0], [1.5, 0.4, 0.7], [0.3, 1.2, 2.5]])
    given = location, scale, location.flip(1) / 2 + 0.5, scale.flip(0) + 0.2

    def of(location, scale, other, width):
        return (scale**2 + (location - other) ** 2) / (2 * width**2) - 0.5 + (width / scale).log()

    each, (m, s, other, width) = of(*given), given
    right = each.sum(1)
    found = as_numbers(written(answer(*given)))
    if found.ndim == 0:
        raise Mistake("You averaged or summed over the images too: expected one number for each.")
    shaped(found, (4,), ": sum over the dimensions")
    negated = each - 2 * (width / s).log()
    mistakes = {
        f"{OPPOSITE_SIGN}: a divergence is never negative.": -right,
        "You averaged over the dimensions: nats of independent dimensions add up.": right / 3,
        "The two Gaussians are swapped: expected KL(first ‖ second).": of(other, width, m, s).sum(
            1
        ),
        "The logarithm has the wrong sign: a first one that is narrow must cost more.": negated.sum(
            1
        ),
        "The ½ at the end is missing: two equal Gaussians must have 0 nats.": right + 1.5,
        "A squared width belongs under the fraction; you took the width.": of(
            m, s.sqrt(), other, width.sqrt()
        ).sum(1),
        f"For the second image expected {right[1]:.4g} nats; got {found[1]:.4g}.": AnythingBut(
            right
        ),
    }
    name_mistakes(found, mistakes, atol=1e-4)
    names = "location", "scale", "other_location", "other_scale"
    require_gradients(
        answer, lambda *numbers: of(*numbers).sum(1), **dict(zip(names, given, strict=True))
    )
