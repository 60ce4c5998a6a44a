"""The same games over points of the plane, as many independent runs side by side.

Points are (N, runs, 2), real ones as well as generated ones; codes are (N, runs, latent_dim).
"""

from typing import Any

import torch
from torch import distributions, nn

from gencourse import priors
from gencourse.data import DataError
from gencourse.models.gan import GAN
from gencourse.models.vae import VAE
from gencourse.networks import PerceptronEnsemble
from gencourse.networks.perceptrons import packed
from gencourse.validate import floats, real, whole


class OfPoints:
    """Beside a model of images: its door is for points, and its codes pass as they are."""

    runs: int

    def check(self, images: torch.Tensor) -> None:
        """Raise DataError unless they are finite float32 points (N, runs, 2), N > 0."""
        floats(images, "points", "N", self.runs, 2, error=DataError)

    def _checked(self, codes):
        return codes


class PointGAN(OfPoints, GAN):
    """A GAN of points; `gamma`, `pack`, `learning_rate` and the rest are those of the GAN."""

    def __init__(self, latent_dim: int = 2, runs: int = 1, pack: int = 1, **options: Any):
        super().__init__(
            latent_dim,
            pack=pack,
            image_shape=(),
            decoder=PerceptronEnsemble(runs, latent_dim, 2),
            discriminator=PackDiscriminator(runs, pack),
            **options,
        )
        self.runs = whole(runs, "runs")
        self.prior = priors.standard("normal", runs, latent_dim)


class PackDiscriminator(nn.Module):
    """Points (N, runs, 2) to one logit for each `pack` of a run's, (N / pack, runs)."""

    def __init__(self, runs: int, pack: int):
        super().__init__()
        self.pack = whole(pack, "pack")
        self.network = PerceptronEnsemble(runs, 2 * self.pack, 1)

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        side_by_side = packed(points, self.pack).transpose(1, 2).flatten(2)
        return self.network(side_by_side).squeeze(2)


class PointVAE(OfPoints, VAE):
    """A VAE of points.

    noise: the standard deviation of the Gaussian around what is decoded. Points nearer to
        each other than that are hardly told apart.
    """

    def __init__(self, latent_dim: int = 2, runs: int = 1, noise: float = 0.1):
        latent_dim = whole(latent_dim, "latent_dim")
        super().__init__(
            latent_dim,
            image_shape=(),
            encoder=PerceptronEnsemble(runs, 2, 2 * latent_dim),
            decoder=PerceptronEnsemble(runs, latent_dim, 2),
        )
        self.noise, self.runs = real(noise, "noise", above=0), whole(runs, "runs")
        self.prior = priors.standard("normal", runs, latent_dim)

    def distortion(self, images: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """−log N(x; decoder(z), noise²) of each point with its code, in nats, (N, runs)."""
        around = distributions.Normal(self.decoder(codes), self.noise)
        return -around.log_prob(images).sum(-1)

    @torch.no_grad()
    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """The centres of the Gaussians of codes (N, runs, latent_dim), (N, runs, 2)."""
        return self.decoder(codes)
