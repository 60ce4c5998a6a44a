"""Points in the plane whose modes can be counted: rings of Gaussians."""

import math

import torch
from torch import distributions

from gencourse.validate import real, whole


class Gaussians:
    """Equal round Gaussians in the plane, all of the same weight.

    centres: (K, 2).
    sd: the standard deviation of each, in both directions.
    """

    def __init__(self, centres: torch.Tensor, sd: float):
        self.centres = centres
        self.sd = real(sd, "sd", above=0)
        self.distribution = distributions.MixtureSameFamily(
            distributions.Categorical(torch.ones(len(centres))),
            distributions.Independent(distributions.Normal(centres, self.sd), 1),
        )

    def sample(self, n: int) -> torch.Tensor:
        """`n` points, (n, 2)."""
        return self.distribution.sample((n,))

    def log_prob(self, points: torch.Tensor) -> torch.Tensor:
        """The log density at points (N, 2), in nats, (N,)."""
        return self.distribution.log_prob(points)


def ring(modes: int = 8, radius: float = 1.0, sd: float = 0.02) -> Gaussians:
    """Gaussians evenly on a circle; by default eight, each twice as wide as PacGAN's."""
    angles = torch.arange(whole(modes, "modes")) * (2 * math.pi / modes)
    return Gaussians(radius * torch.stack([angles.cos(), angles.sin()], dim=1), sd)
