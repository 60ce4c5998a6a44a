"""The autoencoder: trained to copy through a narrow place."""

import torch
from torch import nn

from gencourse import priors
from gencourse.models.pixels import surprise
from gencourse.networks import Decoder, Encoder
from gencourse.phases import Phase


class Autoencoder(nn.Module):
    """Encoder and decoder, trained together to give back the image that went in.

    (Rumelhart, Hinton and Williams, 1986; Hinton and Salakhutdinov, 2006.)

    latent: how many numbers the code has.
    prior: where `generate` takes its codes from. Training does not know of it:
        an autoencoder is never told where its codes should lie.
    """

    def __init__(self, latent=2):
        super().__init__()
        self.encoder = Encoder(latent)
        self.decoder = Decoder(latent)
        self.prior = priors.gaussian(latent)

    def phases(self):
        return [
            Phase("reconstruction", self.reconstruction_loss, [self.encoder, self.decoder]),
        ]

    def reconstruction_loss(self, images):
        """−log p(x | z), z = encoder(x), in nats per image."""
        return surprise(self.decoder(self.encoder(images)), images).mean()

    @torch.no_grad()
    def encode(self, images):
        """The codes of images (N, 1, 28, 28), (N, latent)."""
        return self.encoder(images)

    @torch.no_grad()
    def decode(self, codes):
        """The images of codes (N, latent), (N, 1, 28, 28), pixels in [0, 1]."""
        return self.decoder(codes).sigmoid()

    def reconstruct(self, images):
        """Encode and decode again: (N, 1, 28, 28) to (N, 1, 28, 28)."""
        return self.decode(self.encode(images))

    def generate(self, n, prior=None):
        """`n` images (n, 1, 28, 28) of codes drawn from `prior`, or the model's own."""
        codes = (prior or self.prior).sample(n)
        return self.decode(codes.to(next(self.parameters()).device))
