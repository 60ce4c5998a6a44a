"""Self-checks of chapter 02."""

import torch
from torch.nn import functional

from gencourse.check.properties import as_numbers, require_gradients, written
from gencourse.check.report import Answer, Mistake, require, self_check


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
    written(found)
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
