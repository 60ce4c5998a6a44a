"""Shapes for the latent plane: priors that can be sampled, and need no density.

A shape is made of parts that are equally likely: petals, or stretches of an arm.
All are about as wide as a standard Gaussian.
"""

import math
from collections.abc import Callable

import torch

from gencourse.priors.base import Prior, require_range
from gencourse.validate import whole


class Shape(Prior):
    """A prior of numbered parts; `draw` gives a code (N, latent_dim) in each of the parts (N,).

    `draw` makes its random numbers where the parts are.
    """

    def __init__(self, parts: int, draw: Callable[[torch.Tensor], torch.Tensor]):
        super().__init__()
        self.parts, self.draw = whole(parts, "parts"), draw

    def sample(self, n: int) -> torch.Tensor:
        return self.draw(torch.randint(self.parts, (n,), device=self.device))

    def sample_of(self, parts: torch.Tensor) -> torch.Tensor:
        """A code in each of these parts (N,), (N, latent_dim); where a part is −1, in any.

        Raises:
            ValueError: there is no such part.
        """
        require_range(parts, "parts", -1, self.parts)
        anywhere = torch.randint(self.parts, parts.shape, device=parts.device)
        return self.draw(torch.where(parts < 0, anywhere, parts))


def petals(parts: int = 10) -> Shape:
    """Long Gaussians around a centre, one a part (Makhzani and others, 2016, fig. 4)."""

    def draw(part):
        along, across = 1.4 + 0.35 * _noise(part), 0.1 * _noise(part)
        return _turned(along, across, part * (2 * math.pi / parts))

    return Shape(parts, draw)


def swiss_roll(parts: int = 10) -> Shape:
    """A spiral of a turn and a fifth, evenly inked, in stretches from the centre outwards."""

    def draw(part):
        # The length of a spiral from its centre grows as the square of the angle.
        way = (part + torch.rand(len(part), device=part.device)) / parts
        angle = 3 * math.pi * (0.04 + 0.96 * way).sqrt()
        radius = 0.24 * angle + 0.06 * _noise(part)
        return _turned(radius, torch.zeros_like(radius), angle)

    return Shape(parts, draw)


def ring(parts: int = 10) -> Shape:
    """A circle with a soft rim, in equal arcs."""

    def draw(part):
        angle = (part + torch.rand(len(part), device=part.device)) * (2 * math.pi / parts)
        radius = 1.5 + 0.1 * _noise(part)
        return _turned(radius, torch.zeros_like(radius), angle)

    return Shape(parts, draw)


def _noise(part):
    return torch.randn(len(part), device=part.device)


def _turned(along, across, angle):
    x = along * angle.cos() - across * angle.sin()
    return torch.stack([x, along * angle.sin() + across * angle.cos()], dim=1)
