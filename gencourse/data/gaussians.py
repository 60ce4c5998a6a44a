"""Points in the plane whose modes can be counted: rings and grids of Gaussians."""

import math

import torch
from torch import distributions


class Gaussians:
    """Equal round Gaussians in the plane, all of the same weight.

    centres: (K, 2).
    sd: the standard deviation of each, in both directions.
    """

    def __init__(self, centres, sd):
        if not sd > 0:
            raise ValueError(f"sd is {sd!r}; expected a number above 0.")
        self.centres = centres
        self.sd = sd
        self.distribution = distributions.MixtureSameFamily(
            distributions.Categorical(torch.ones(len(centres))),
            distributions.Independent(distributions.Normal(centres, sd), 1),
        )

    def sample(self, n):
        """`n` points, (n, 2)."""
        return self.distribution.sample((n,))

    def log_prob(self, points):
        """The log density at points (N, 2), in nats, (N,)."""
        return self.distribution.log_prob(points)


def ring(modes=8, radius=1.0, sd=0.02):
    """Gaussians evenly on a circle; by default eight, each twice as wide as PacGAN's."""
    angles = torch.arange(modes) * (2 * math.pi / modes)
    return Gaussians(radius * torch.stack([angles.cos(), angles.sin()], dim=1), sd)


def square_grid(side=5, spacing=2.0, sd=0.05):
    """side² Gaussians on a square grid around 0; by default the grid of 25 of PacGAN."""
    line = (torch.arange(side) - (side - 1) / 2) * spacing
    return Gaussians(torch.cartesian_prod(line, line), sd)
