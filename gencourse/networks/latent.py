"""What judges codes: a discriminator of points, and the noise through which it may see them."""

import torch
from torch import nn

from gencourse.networks.perceptrons import NARROW
from gencourse.validate import real, whole


class LatentDiscriminator(nn.Module):
    """Codes (N, inputs) to one logit each, (N,). Positive: they look like the prior's.

    Always in float32: bfloat16 has three digits, and a discriminator of points sees the fourth.

    fourier_features: how many sines and cosines of the codes, in random directions, it sees as
        well (random Fourier features). Without them a perceptron is slow to notice what is
        narrow, such as the gap between two classes (Tancik and others, 2020).
    """

    directions: torch.Tensor
    FREQUENCY = 1.5
    """The standard deviation of the features' frequencies, in radians per unit of the code."""

    def __init__(self, inputs: int, fourier_features: int = 0):
        super().__init__()
        features = whole(fourier_features, "fourier_features", least=0)
        directions = self.FREQUENCY * torch.randn(whole(inputs, "inputs"), features)
        self.register_buffer("directions", directions, persistent=features > 0)
        self.layers = nn.Sequential(
            nn.Linear(inputs + 2 * features, NARROW),
            nn.LeakyReLU(0.2),
            nn.Linear(NARROW, NARROW),
            nn.LeakyReLU(0.2),
            nn.Linear(NARROW, 1),
        )

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        with torch.autocast(codes.device.type, enabled=False):
            codes = codes.float()
            phase = codes @ self.directions
            return self.layers(torch.cat([codes, phase.sin(), phase.cos()], dim=1)).squeeze(1)


class InstanceNoise(nn.Module):
    """Gaussian noise on what a discriminator sees, in training only, less and less of it.

    It sees the outline first, so that the codes find their places before it asks for details:
    without, it is ahead at once, and the encoder, which follows its cliffs, forgets the images
    (instance noise; Arjovsky and Bottou, 2017, section 3).

    first, last: the standard deviation at the start and at the end of training; in between it
        shrinks by the same factor at each step.
    """

    def __init__(self, first: float, last: float):
        super().__init__()
        self.first = self.sd = real(first, "first_noise", above=0)
        self.last = real(last, "last_noise", above=0)

    def anneal(self, done: float) -> None:
        """Take as much noise away as belongs to this share of the training, in (0, 1]."""
        self.sd = self.first * (self.last / self.first) ** done

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        """The codes (N, d) as the discriminator sees them, (N, d)."""
        return codes + self.sd * torch.randn_like(codes) if self.training else codes
