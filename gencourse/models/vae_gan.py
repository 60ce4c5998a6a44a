"""The VAE whose decoder also answers to a critic: surprise says what to draw, the critic how."""

import torch

from gencourse.models.gan import surprise_if_made, surprise_if_real
from gencourse.models.vae import VAE
from gencourse.networks import Discriminator
from gencourse.phases import Phase


class VAEGAN(VAE):
    """A VAE whose decoder is a generator as well (after Larsen and others, 2016).

    They measure copies in the critic's features. Here the surprise of pixels stays, so that
    the critic is all that differs from the VAE.

    latent, beta: as in the VAE.
    realism: the weight of looking real; one nat of it is worth so many of the bound.
    """

    PENALTY = 3.0
    """Of the critic's slope on real images, as in the GAN."""

    def __init__(self, latent=2, beta=1.0, realism=100.0):
        super().__init__(latent, beta)
        if not realism >= 0:
            raise ValueError(f"realism is {realism!r}; expected a number of 0 or more.")
        self.realism = realism
        self.discriminator = Discriminator()

    def phases(self):
        return [
            *super().phases(),
            Phase(
                "discriminator",
                self.discriminator_loss,
                [self.discriminator],
                learning_rate=2e-3,
                betas=(0.5, 0.98),
            ),
            Phase(
                "realism",
                self.realism_loss,
                [self.decoder],
                joins="evidence bound",
                weight=self.realism,
            ),
        ]

    def discriminator_loss(self, real):
        """−log D(x) − log(1 − D(decoder(z))) + penalty / 2 · |∇ₓ logit D(x)|², z ~ p; nats."""
        real = real.detach().requires_grad_()
        on_real, on_made = self.logits(real), self.logits(self.make(len(real)).detach())
        (slope,) = torch.autograd.grad(on_real.sum(), real, create_graph=True)
        steepness = self.PENALTY / 2 * slope.float().square().flatten(1).sum(1)
        return (surprise_if_real(on_real) + surprise_if_made(on_made) + steepness).mean()

    def realism_loss(self, images):
        """−log D(decoder(z)), z from the prior, in nats per image."""
        return surprise_if_real(self.logits(self.make(len(images)))).mean()

    def make(self, n):
        """`n` images of codes from the prior, with the decoder's gradients."""
        codes = self.prior.sample(n)
        return self.decoder(codes.to(next(self.parameters()).device)).sigmoid()

    def logits(self, images):
        """What the critic says of images, (N,); above 0: real."""
        return self.discriminator(images.flatten(1)).squeeze(1).float()
