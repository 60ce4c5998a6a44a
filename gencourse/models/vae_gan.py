"""The VAE whose decoder also answers to a discriminator: likelihood says what, it says how."""

import torch
from torch import nn

from gencourse.data.dataset import DIGIT
from gencourse.game import Step, Term, bce_fake, bce_real, r1
from gencourse.models.vae import VAE
from gencourse.networks import Discriminator


class VAEGAN(VAE):
    """A VAE whose decoder is a generator as well (after Larsen and others, 2016).

    They measure copies in the discriminator's features. Here the likelihood of pixels stays, so
    that the discriminator is all that differs from the VAE.

    encoder, decoder: as of a VAE. discriminator: images (N, C, H, W) to logits (N,).
    """

    GAMMA = 3.0
    """Of R1, as in the GAN."""
    REALISM = 100.0
    """The weight of looking real; one nat of it is worth so many of the bound."""

    def __init__(
        self,
        latent_dim: int = 2,
        image_shape: tuple[int, ...] = DIGIT,
        encoder: nn.Module | None = None,
        decoder: nn.Module | None = None,
        discriminator: nn.Module | None = None,
    ):
        super().__init__(latent_dim, image_shape=image_shape, encoder=encoder, decoder=decoder)
        self.discriminator = discriminator or Discriminator(image_shape=image_shape)

    def steps(self) -> list[Step]:
        """Two steps: the VAE's, with a term for looking real; and the discriminator's."""
        bound = Term("evidence bound", self.bound_loss)
        realism = Term("realism", self.realism_loss, self.REALISM)
        discriminator = Term("discriminator", self.discriminator_loss)
        penalty = Term("R1", self.r1_loss, self.GAMMA / 2)
        return [
            Step([self.encoder, self.decoder], [bound, realism], self.learning_rate),
            Step([self.discriminator], [discriminator, penalty], 2e-3, betas=(0.5, 0.98)),
        ]

    def discriminator_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(x) − log(1 − D(decoder(z))), z ~ p; in nats."""
        on_real, on_fake = self.logits(images), self.logits(self.fake(len(images)).detach())
        return (bce_real(on_real) + bce_fake(on_fake)).mean()

    def r1_loss(self, images: torch.Tensor) -> torch.Tensor:
        """|∇ₓ logit D(x)|², as in the GAN."""
        return r1(self.logits, images)

    def realism_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(decoder(z)), z from the prior, in nats per image."""
        return bce_real(self.logits(self.fake(len(images)))).mean()

    def fake(self, n: int) -> torch.Tensor:
        """`n` images of codes from the prior, with the decoder's gradients, (n, C, H, W)."""
        return self.decoder(self.prior.sample(n)).sigmoid()

    def logits(self, images: torch.Tensor) -> torch.Tensor:
        """What the discriminator says of images, (N,); above 0: real."""
        return self.discriminator(images)
