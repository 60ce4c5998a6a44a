"""Small convolutions: the same three networks at a second scale, for images of any size from 8 × 8.

Two convolutions with a stride of two bring an image to a quarter of its height and width; one layer
follows that sees all of it. The decoder is the encoder in reverse. (In the manner of Radford, Metz
and Chintala, 2016, without batch normalization.)
"""

import torch
from torch import nn

from gencourse.data.dataset import DIGIT, checked_shape
from gencourse.networks.perceptrons import packed
from gencourse.validate import whole

CHANNELS = (16, 32)
HIDDEN = 160
LEAST = 8


class ConvEncoder(nn.Module):
    """Images (N, C, H, W) to `outputs` numbers each, (N, outputs)."""

    def __init__(self, outputs: int, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        self.layers = _downwards(image_shape, whole(outputs, "outputs"), nn.ReLU)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.layers(images)


class ConvDecoder(nn.Module):
    """Codes (N, latent_dim) to the logits of pixels, (N, C, H, W)."""

    def __init__(self, latent_dim: int, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        (channels, *_), sizes = image_shape, _sizes(image_shape)
        low, high = CHANNELS
        self.layers = nn.Sequential(
            nn.Linear(whole(latent_dim, "latent_dim"), HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, high * sizes[2][0] * sizes[2][1]),
            nn.ReLU(),
            nn.Unflatten(1, (high, *sizes[2])),
            _doubled(high, low, sizes[2], sizes[1]),
            nn.ReLU(),
            _doubled(low, channels, sizes[1], sizes[0]),
        )

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        return self.layers(codes)


class ConvDiscriminator(nn.Module):
    """Images (N, C, H, W) to one logit for each `pack` of them, (N / pack,); see Discriminator.

    The images of a pack are its channels.
    """

    def __init__(self, pack: int = 1, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        self.pack = whole(pack, "pack")
        self.layers = _downwards(image_shape, 1, lambda: nn.LeakyReLU(0.2), self.pack)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.layers(packed(images, self.pack).flatten(1, 2)).squeeze(1).float()


def _downwards(image_shape, outputs, activation, pack=1):
    (channels, *_), sizes = checked_shape(image_shape), _sizes(image_shape)
    low, high = CHANNELS
    return nn.Sequential(
        nn.Conv2d(pack * channels, low, 4, 2, 1),
        activation(),
        nn.Conv2d(low, high, 4, 2, 1),
        activation(),
        nn.Flatten(),
        nn.Linear(high * sizes[2][0] * sizes[2][1], HIDDEN),
        activation(),
        nn.Linear(HIDDEN, outputs),
    )


def _sizes(image_shape):
    """Height and width of the image, of its half and of its quarter, rounded down."""
    _, *size = checked_shape(image_shape)
    if min(size) < LEAST:
        raise ValueError(
            f"images are {size[0]} × {size[1]}; convolutions expect at least {LEAST} × {LEAST}."
        )
    return [tuple(side >> times for side in size) for times in range(3)]


def _doubled(inputs, outputs, small, large):
    """Twice the height and width, and one more where halving has rounded."""
    odd = tuple(big - 2 * little for little, big in zip(small, large, strict=True))
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, output_padding=odd)
