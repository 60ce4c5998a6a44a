"""Self-checks of chapter 01."""

import torch
from torch import nn

from gencourse.check.properties import as_numbers, written
from gencourse.check.report import Answer, Mistake, require, self_check


class Flat(nn.Linear):
    """A linear layer that insists on flat images, or on codes."""

    def forward(self, given):
        what = "encoder takes flat images" if self.in_features == 784 else "decoder takes codes"
        require(
            given.ndim == 2 and given.shape[1] == self.in_features,
            f"A network got {tuple(given.shape)}; expected (N, {self.in_features}). The {what}.",
        )
        return super().forward(given)


@self_check
def copies(answer: Answer) -> None:
    """Check `answer(encoder, decoder, images)`: copies (N, 1, 28, 28), pixels in [0, 1], where
    the encoder takes (N, 784) and the decoder gives logits (N, 784)."""
    encoder, decoder = Flat(784, 8), Flat(8, 784)
    with torch.no_grad():
        decoder.weight.normal_(0, 5)
    for n in 64, 7, 1:
        images = torch.rand(n, 1, 28, 28)
        try:
            found = answer(encoder, decoder, images)
        except RuntimeError as error:
            if n == 64 and "invalid for input of size" not in str(error):
                raise
            raise Mistake(
                f"Your function stops for {n} images: take their number from the images."
            ) from error
        written(found)
        numbers = as_numbers(found)
        require(
            numbers.shape != (n, 784),
            f"The copies are flat, ({n}, 784); expected ({n}, 1, 28, 28), the shape of the images.",
        )
        require(
            numbers.shape == images.shape,
            f"For {n} images the copies have shape {tuple(numbers.shape)}; "
            f"expected ({n}, 1, 28, 28).",
        )
    images = torch.rand(7, 1, 28, 28)
    found = answer(encoder, decoder, images)
    numbers = as_numbers(found)
    require(
        numbers.min() >= 0 and numbers.max() <= 1,
        f"The pixels lie between {numbers.min():.3g} and {numbers.max():.3g}: the decoder gives "
        "logits, make them probabilities with a sigmoid.",
    )
    require(
        all(network.training and network.weight.requires_grad for network in (encoder, decoder)),
        "A network is left frozen or in evaluation mode, and it was not: copying changes neither.",
    )
    require(
        _reaches(found, encoder),
        "No gradient reaches the encoder: no detach, no_grad or numpy on the way.",
    )
    others = torch.cat([images[:1], 1 - images[1:]])
    require(
        torch.allclose(numbers[0], as_numbers(answer(encoder, decoder, others))[0], atol=1e-4),
        "The copy of one image depends on the others of its batch: flatten(1) keeps them apart.",
    )
    expected = decoder(encoder(images.flatten(1))).sigmoid().reshape(7, 1, 28, 28)
    require(
        torch.allclose(numbers, expected, atol=1e-4),
        "Expected the sigmoid of the decoder of the encoder of each image, row by row.",
    )


def _reaches(found, network):
    """Whether a gradient of what was found reaches the weights of the network."""
    if not getattr(found, "requires_grad", False):
        return False
    (slope,) = torch.autograd.grad(found.sum(), network.weight, allow_unused=True)
    return slope is not None
