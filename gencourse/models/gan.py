"""The generative adversarial network: a discriminator takes the place of the ruler."""

from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from gencourse import priors
from gencourse.data.dataset import DIGIT
from gencourse.game import Step, Term, bce_fake, bce_real, r1
from gencourse.models.base import LatentVariableModel
from gencourse.networks import Decoder, Discriminator
from gencourse.validate import real, whole


class GAN(LatentVariableModel):
    """A generator against a discriminator (Goodfellow and others, 2014).

    latent_dim: how many numbers a code has.
    saturating: whether the generator minimises log(1 − D), as the min–max game
        says, or −log D, as its authors advise.
    gamma: the weight of the penalty R1 on the discriminator's slope on real images.
        0 gives the game of 2014.
    pack: how many images the discriminator judges together (Lin and others, 2018); a batch must
        be a multiple of it.
    learning_rate, beta1: of Adam, for both players.
    players: generator and discriminator, if they are not to be perceptrons of images: codes
        (N, latent_dim) to images, and images (N, C, H, W) to logits.
    """

    def __init__(
        self,
        latent_dim: int = 32,
        saturating: bool = False,
        gamma: float = 3.0,
        pack: int = 1,
        learning_rate: float = 4e-3,
        beta1: float = 0.5,
        image_shape: tuple[int, ...] = DIGIT,
        players: tuple[nn.Module, nn.Module] | None = None,
    ):
        super().__init__(latent_dim, priors.gaussian(latent_dim), image_shape)
        self.saturating = saturating
        self.gamma = real(gamma, "gamma", least=0)
        self.pack = whole(pack, "pack")
        self.adam: dict[str, Any] = {
            "learning_rate": real(learning_rate, "learning_rate", above=0),
            "betas": (real(beta1, "beta1", least=0, below=1), 0.999),
        }
        self.generator, self.discriminator = players or (
            nn.Sequential(Decoder(self.latent_dim, image_shape), nn.Sigmoid()),
            Discriminator(self.pack, image_shape),
        )
        # The players circle each other; the average of the generator's last few
        # hundred steps draws better than any one of them (Yazıcı and others, 2019).
        self.average = AveragedModel(self.generator, multi_avg_fn=get_ema_multi_avg_fn(0.995))

    def steps(self) -> list[Step]:
        """Two steps: the discriminator learns to tell, the generator to pass."""
        discriminator = Term("discriminator", self.discriminator_loss)
        generator = Term("generator", self.generator_loss)
        return [
            Step([self.discriminator], [discriminator], **self.adam),
            Step([self.generator], [generator], after=self.update_average, **self.adam),
        ]

    def discriminator_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(x) − log(1 − D(G(z))) + γ / 2 · |∇ₓ logit D(x)|², in nats."""
        images = images.detach().requires_grad_(self.gamma > 0)
        on_real, on_fake = self.logits(images), self.logits(self.fake(len(images)).detach())
        loss = (bce_real(on_real) + bce_fake(on_fake)).mean()
        return loss + self.gamma / 2 * r1(on_real, images) if self.gamma else loss

    def generator_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(G(z)), or log(1 − D(G(z))) if saturating, in nats."""
        on_fake = self.logits(self.fake(len(images)))
        return (-bce_fake(on_fake) if self.saturating else bce_real(on_fake)).mean()

    def fake(self, n: int) -> torch.Tensor:
        """`n` images of codes from the prior, with the generator's gradients, (n, C, H, W)."""
        return self.generator(self.prior.sample(n))

    def logits(self, images: torch.Tensor) -> torch.Tensor:
        """What the discriminator says of each pack of images, (N / pack,); above 0: real."""
        return self.discriminator(images)

    def update_average(self, done: float) -> None:
        """Let the average follow the generator by half a per cent of the way."""
        self.average.update_parameters(self.generator)

    @torch.no_grad()
    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """The images of codes (N, latent_dim), (N, C, H, W), pixels in [0, 1]."""
        return self.average(self._checked(codes))
