"""Self-checks of chapter 02."""

import torch
from torch.nn import functional

from gencourse.check.report import (
    Answer,
    Mistake,
    as_numbers,
    as_row,
    require,
    require_gradients,
    require_written,
    self_check,
)


@self_check
def reparametrisation(answer: Answer) -> None:
    """Check `answer(location, scale, noise)`: a sample of N(location, scale²), made of noise."""
    location, scale = (
        torch.tensor([[1.0, -2.0], [0.0, 3.0]]),
        torch.tensor([[0.5, 3.0], [1.5, 2.0]]),
    )
    noise = torch.tensor([[2.0, -1.0], [-1.0, 0.5]])
    found = answer(location, scale, noise)
    require_written(found)
    found = as_numbers(found)
    require(
        found.shape == (2, 2),
        f"The result has shape {tuple(found.shape)}; expected (2, 2), as the location has.",
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

    def right(location, scale, noise):
        return location + scale * noise

    expected = right(location, scale, noise)
    row, column = divmod(int((found - expected).abs().argmax()), 2)
    require(
        torch.allclose(found, expected),
        f"For μ = {location[row, column]:g}, σ = {scale[row, column]:g}, "
        f"ε = {noise[row, column]:g} expected {expected[row, column]:g}; "
        f"got {found[row, column]:g}.",
    )
    require_gradients(answer, right, location=location, scale=scale, noise=noise)


@self_check
def kl_divergence(answer: Answer) -> None:
    """Check `answer(location, log_scale)`: KL(N(μ, σ²) ‖ N(0, 1)) of each row, (N,), in nats."""
    location = torch.tensor([[0.0, 0.0, 0.0], [1.0, -2.0, 0.5], [0.0, 0.0, 0.0], [0.5, 1.0, -1.0]])
    log_scale = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [-1.0, 0.5, 0.2], [0.3, -0.5, 0.1]])
    found = answer(location, log_scale)
    require_written(found)
    found = as_numbers(found)

    def each(location, log_scale, variance=lambda log_scale: (2 * log_scale).exp(), doubled=2.0):
        return 0.5 * (location.square() + variance(log_scale) - 1 - doubled * log_scale)

    right = each(location, log_scale)
    require(
        found.ndim > 0,
        "You averaged or summed over the images too: expected one number for each.",
    )
    require(
        found.shape == (4,),
        f"The result has shape {tuple(found.shape)}; expected (4,): sum over the dimensions.",
    )
    mistakes = {
        "The sign is wrong: a divergence is never negative.": -right,
        "You averaged over the dimensions: nats of independent dimensions add up.": right / 3,
        "You took the input for log σ²; it is log σ, and log σ² = 2 log σ.": each(
            location, log_scale, torch.exp, 1.0
        ),
        "The variance is σ² = exp(2 log σ); you took σ for it.": each(
            location, log_scale, torch.exp
        ),
        "The last term is log σ, without ½: log σ² is twice log σ.": each(
            location, log_scale, doubled=1.0
        ),
        "The logarithm has the wrong sign: a narrow cloud must cost more.": each(
            location, log_scale, doubled=-2.0
        ),
        "This is KL(prior ‖ cloud); expected KL(cloud ‖ prior).": (
            log_scale + (1 + location.square()) / (2 * (2 * log_scale).exp()) - 0.5
        ),
        "Twice too large: the factor ½ is missing.": 2 * right,
    }
    for sentence, wrong in mistakes.items():
        require(not torch.allclose(found, wrong.sum(1)), sentence)
    expected = right.sum(1)
    row = int((found - expected).abs().argmax())
    require(
        torch.allclose(found, expected, atol=1e-4),
        f"For μ = {as_row(location[row])} and σ = {as_row(log_scale[row].exp())} expected "
        f"{expected[row]:.4g} nats; got {found[row]:.4g}.",
    )
    require_gradients(
        answer, lambda *given: each(*given).sum(1), location=location, log_scale=log_scale
    )


@self_check
def distortion(answer: Answer) -> None:
    """Check `answer(logits, images)`, (N, 1, 28, 28) both: −log p(x | z) of each image with
    Bernoulli pixels, (N,), in nats."""
    logits, images = torch.randn(3, 1, 28, 28), torch.rand(3, 1, 28, 28)

    def nats(logits, images):
        every = functional.binary_cross_entropy_with_logits(logits, images, reduction="none")
        return every.flatten(1).sum(1)

    right = nats(logits, images)
    try:
        found = answer(logits, images)
    except ValueError as error:
        if "Boolean()" not in str(error):
            raise
        raise Mistake(
            "torch's Bernoulli takes pixels of 0 and 1 only, and yours are grey: write the sum "
            "yourself, or take the cross-entropy with logits."
        ) from error
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
    require_gradients(
        lambda logits: answer(logits, images), lambda x: nats(x, images), logits=logits
    )
