"""What every model of the course can do once it is trained: turn codes into images."""

import torch
from torch import nn


class LatentVariableModel(nn.Module):
    """A `prior` over codes, and `decode`, which turns codes into images."""

    def generate(self, n, prior=None):
        """`n` images (n, 1, 28, 28) of codes drawn from `prior`, or the model's own."""
        codes = (prior or self.prior).sample(n)
        return self.decode(codes.to(next(self.parameters()).device))


class EncoderDecoder(LatentVariableModel):
    """A model that also turns images into codes: with an `encoder` and a `decoder`."""

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
