"""The AAE as a map: each head has a place in the plane, and style is the way from there."""

import math

import torch
from torch import nn

from gencourse.data.dataset import Split, check_split
from gencourse.models.semi_supervised import SemiSupervisedAAE
from gencourse.networks import Decoder
from gencourse.validate import whole


class PlacingDecoder(nn.Module):
    """Codes (N, heads + 2) to the logits of pixels, (N, C, H, W), by way of points (N, 2)."""

    places: torch.Tensor
    APART = 8.0
    """The distance of neighbouring places; style has a standard deviation of 1."""

    def __init__(self, heads: int, image_shape: tuple[int, ...]):
        super().__init__()
        angle = torch.arange(heads) * (2 * math.pi / heads)
        radius = self.APART / (2 * math.sin(math.pi / heads))
        circle = radius * torch.stack([angle.cos(), angle.sin()], dim=1)
        self.register_buffer("places", circle, persistent=False)
        self.layers = Decoder(2, image_shape)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        return self.layers(self.place(codes))

    def place(self, codes: torch.Tensor) -> torch.Tensor:
        """The place of the heads, moved by the style, (N, 2)."""
        return codes[:, :-2] @ self.places + codes[:, -2:]


def map_aae(examples: Split, classes: int = 10) -> SemiSupervisedAAE:
    """A semi-supervised AAE that decodes from points of the plane: place of the head + style.

    (Makhzani and others, 2016, on dimensionality reduction; there the places are learned and
    pushed apart. Here they stand on a circle from the start, which the decoder learns sooner.)
    `model.decoder.place(model.encode(images))` says where images are on the map, (N, 2).

    The weights are larger than elsewhere: to a decoder of two numbers a point half-way
    between two places is worth many nats, and would be bought with undecided heads.
    """
    classes = whole(classes, "classes", least=2)  # one has no neighbour to stand apart from
    decoder = PlacingDecoder(classes, tuple(check_split(examples).images.shape[1:]))
    return SemiSupervisedAAE(
        examples,
        classes,
        style=2,
        weight=150.0,
        consistency=150.0,
        classification=150.0,
        decoder=decoder,
    )
