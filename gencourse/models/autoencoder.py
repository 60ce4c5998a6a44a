"""The autoencoder: trained to copy through a narrow place."""

import torch

from gencourse import priors
from gencourse.data.dataset import DIGIT
from gencourse.game import Step, Term, negative_log_likelihood
from gencourse.models.base import LatentVariableModel
from gencourse.networks import Decoder, Encoder


class Autoencoder(LatentVariableModel):
    """Encoder and decoder, trained together to give back the image that went in.

    (Rumelhart, Hinton and Williams, 1986; Hinton and Salakhutdinov, 2006.)

    Training does not know of the prior: an autoencoder is never told where its codes should lie.

    latent_dim: how many numbers a code has.
    """

    def __init__(self, latent_dim: int = 2, image_shape: tuple[int, ...] = DIGIT):
        super().__init__(latent_dim, priors.gaussian(latent_dim), image_shape)
        self.encoder = Encoder(self.latent_dim, image_shape)
        self.decoder = Decoder(self.latent_dim, image_shape)

    def steps(self) -> list[Step]:
        """One step: encoder and decoder learn to copy."""
        return [
            Step([self.encoder, self.decoder], [Term("reconstruction", self.reconstruction_loss)])
        ]

    def reconstruction_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log p(x | z), z = encoder(x), in nats per image."""
        return negative_log_likelihood(self.decoder(self.encoder(images)), images).mean()
