"""The autoencoder: trained to copy through a narrow place."""

import torch

from gencourse import priors
from gencourse.data.dataset import DIGIT
from gencourse.game import Step, Term, negative_log_likelihood
from gencourse.models.base import LatentVariableModel
from gencourse.networks import Decoder, Encoder
from gencourse.validate import real


class Autoencoder(LatentVariableModel):
    """Encoder and decoder, trained together to give back the image that went in.

    (Rumelhart, Hinton and Williams, 1986; Hinton and Salakhutdinov, 2006.)

    Training does not know of the prior: an autoencoder is never told where its codes should lie.

    latent_dim: how many numbers a code has.
    learning_rate: of Adam; see `game.Step`.
    """

    def __init__(
        self,
        latent_dim: int = 2,
        learning_rate: float = 4e-3,
        image_shape: tuple[int, ...] = DIGIT,
    ):
        super().__init__(latent_dim, priors.gaussian(latent_dim), image_shape)
        self.learning_rate = real(learning_rate, "learning_rate", above=0)
        self.encoder = Encoder(self.latent_dim, image_shape)
        self.decoder = Decoder(self.latent_dim, image_shape)

    def steps(self) -> list[Step]:
        """One step: encoder and decoder learn to copy."""
        reconstruction = Term("reconstruction", self.reconstruction_loss)
        return [Step([self.encoder, self.decoder], [reconstruction], self.learning_rate)]

    def reconstruction_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log p(x | z), z = encoder(x), in nats per image."""
        return negative_log_likelihood(self.decoder(self.encoder(images)), images).mean()
