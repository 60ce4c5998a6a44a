"""The generative adversarial network: a discriminator takes the place of the ruler."""

from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from gencourse import priors
from gencourse.data.dataset import DIGIT
from gencourse.game import LEARNING_RATE, Step, Term, bce_fake, bce_real, r1
from gencourse.models.base import LatentVariableModel
from gencourse.networks import Decoder, Discriminator
from gencourse.validate import real, whole


class GAN(LatentVariableModel):
    """A generator against a discriminator (Goodfellow and others, 2014).

    latent_dim: how many numbers a code has.
    saturating: whether the generator minimises log(1 − D), as the min–max game
        says, or −log D, as its authors advise.
    gamma: of the penalty R1 on the discriminator's slope on real images, which has the weight
        γ / 2. 0 gives the game of 2014.
    penalty_every: it is computed on every so many-th batch; see `game.Term`.
    pack: how many images the discriminator judges together (Lin and others, 2018); a batch must
        be a multiple of it.
    learning_rate, beta1, beta2, warm_up: of Adam and its schedule, for both players; see
        `game.Step`.
    decay: of the average of the generator, which keeps so much of itself in each step.
    decoder: codes (N, latent_dim) to the logits of pixels (N, C, H, W), if it is not to be a
        perceptron. With the sigmoid behind it, it is the generator.
    discriminator: images (N, C, H, W) to logits (N / pack,), likewise.
    """

    def __init__(
        self,
        latent_dim: int = 32,
        saturating: bool = False,
        gamma: float = 3.0,
        penalty_every: int = 1,
        pack: int = 1,
        learning_rate: float = LEARNING_RATE,
        beta1: float = 0.5,
        beta2: float = 0.999,
        warm_up: float = 0.3,
        decay: float = 0.995,
        image_shape: tuple[int, ...] = DIGIT,
        decoder: nn.Module | None = None,
        discriminator: nn.Module | None = None,
    ):
        super().__init__(latent_dim, priors.gaussian(latent_dim), image_shape)
        self.saturating = saturating
        self.gamma = real(gamma, "gamma", least=0)
        self.penalty_every = whole(penalty_every, "penalty_every")
        self.pack = whole(pack, "pack")
        self.adam: dict[str, Any] = {
            "learning_rate": real(learning_rate, "learning_rate", above=0),
            "betas": tuple(
                real(beta, name, least=0, below=1)
                for name, beta in {"beta1": beta1, "beta2": beta2}.items()
            ),
            "warm_up": real(warm_up, "warm_up", least=0, below=1),
        }
        self.generator = nn.Sequential(
            decoder or Decoder(self.latent_dim, image_shape),
            nn.Sigmoid() if self.image_shape else nn.Identity(),  # points are where they are
        )
        self.discriminator = discriminator or Discriminator(self.pack, image_shape)
        # The players circle each other; the average of the generator's last few
        # hundred steps draws better than any one of them (Yazıcı and others, 2019).
        follow = get_ema_multi_avg_fn(real(decay, "decay", least=0, below=1))
        self.average = AveragedModel(self.generator, multi_avg_fn=follow)

    @property
    def decoder(self) -> nn.Module:
        """The generator without its sigmoid."""
        return self.generator[0]

    def steps(self) -> list[Step]:
        """Two steps: the discriminator learns to tell, the generator to pass."""
        discriminator = [Term("discriminator", self.discriminator_loss)]
        if self.gamma:
            penalty = Term("R1", self.r1_loss, self.gamma / 2, every=self.penalty_every)
            discriminator.append(penalty)
        generator = Term("generator", self.generator_loss)
        return [
            Step([self.discriminator], discriminator, **self.adam),
            Step([self.generator], [generator], after=self.update_average, **self.adam),
        ]

    def discriminator_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(x) − log(1 − D(G(z))), in nats."""
        on_real, on_fake = self.logits(images), self.logits(self.fake(len(images)).detach())
        return (bce_real(on_real) + bce_fake(on_fake)).mean()

    def r1_loss(self, images: torch.Tensor) -> torch.Tensor:
        """|∇ₓ logit D(x)|²: how steeply the discriminator's verdict changes with a real image."""
        return r1(self.logits, images)

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
        """Let the average follow the generator a small part of the way."""
        self.average.update_parameters(self.generator)

    @torch.no_grad()
    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """The images of codes (N, latent_dim), (N, C, H, W), pixels in [0, 1]."""
        return self.average(self._checked(codes))
