"""The VAE whose decoder also answers to a discriminator: likelihood says what, it says how."""

import torch

from gencourse.data.dataset import DIGIT
from gencourse.game import Step, Term, bce_fake, bce_real, r1
from gencourse.models.vae import VAE
from gencourse.networks import Discriminator


class VAEGAN(VAE):
    """A VAE whose decoder is a generator as well (after Larsen and others, 2016).

    They measure copies in the discriminator's features. Here the likelihood of pixels stays, so
    that the discriminator is all that differs from the VAE.
    """

    GAMMA = 3.0
    """Of R1, as in the GAN."""
    REALISM = 100.0
    """The weight of looking real; one nat of it is worth so many of the bound."""

    def __init__(self, latent_dim: int = 2, image_shape: tuple[int, ...] = DIGIT):
        super().__init__(latent_dim, image_shape=image_shape)
        self.discriminator = Discriminator(image_shape=image_shape)

    def steps(self) -> list[Step]:
        """Two steps: the VAE's, with a term for looking real; and the discriminator's."""
        bound = Term("evidence bound", self.bound_loss)
        realism = Term("realism", self.realism_loss, self.REALISM)
        discriminator = Term("discriminator", self.discriminator_loss)
        return [
            Step([self.encoder, self.decoder], [bound, realism], self.learning_rate),
            Step([self.discriminator], [discriminator], learning_rate=2e-3, betas=(0.5, 0.98)),
        ]

    def discriminator_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(x) − log(1 − D(decoder(z))) + γ / 2 · |∇ₓ logit D(x)|², z ~ p; in nats."""
        images = images.detach().requires_grad_()
        on_real, on_fake = self.logits(images), self.logits(self.fake(len(images)).detach())
        loss = (bce_real(on_real) + bce_fake(on_fake)).mean()
        return loss + self.GAMMA / 2 * r1(on_real, images)

    def realism_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(decoder(z)), z from the prior, in nats per image."""
        return bce_real(self.logits(self.fake(len(images)))).mean()

    def fake(self, n: int) -> torch.Tensor:
        """`n` images of codes from the prior, with the decoder's gradients, (n, C, H, W)."""
        return self.decoder(self.prior.sample(n)).sigmoid()

    def logits(self, images: torch.Tensor) -> torch.Tensor:
        """What the discriminator says of images, (N,); above 0: real."""
        return self.discriminator(images)
