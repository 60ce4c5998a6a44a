"""The autoencoder: trained to copy through a narrow place."""

import torch
from torch import nn

from gencourse import priors
from gencourse.data.dataset import DIGIT
from gencourse.game import LEARNING_RATE, Step, Term, negative_log_likelihood
from gencourse.models.base import LatentVariableModel
from gencourse.networks import Decoder, Encoder
from gencourse.validate import real


class Autoencoder(LatentVariableModel):
    """Encoder and decoder, trained together to give back the image that went in.

    (Rumelhart, Hinton and Williams, 1986; Hinton and Salakhutdinov, 2006.)

    Training does not know of the prior: an autoencoder is never told where its codes should lie.

    latent_dim: how many numbers a code has.
    learning_rate: of Adam; see `game.Step`.
    encoder: images (N, C, H, W) to codes (N, latent_dim), if it is not to be a perceptron.
    decoder: codes to the logits of pixels (N, C, H, W), likewise.
    """

    def __init__(
        self,
        latent_dim: int = 2,
        learning_rate: float = LEARNING_RATE,
        image_shape: tuple[int, ...] = DIGIT,
        encoder: nn.Module | None = None,
        decoder: nn.Module | None = None,
    ):
        super().__init__(latent_dim, priors.gaussian(latent_dim), image_shape)
        self.learning_rate = real(learning_rate, "learning_rate", above=0)
        self.encoder = encoder or Encoder(self.latent_dim, image_shape)
        self.decoder = decoder or Decoder(self.latent_dim, image_shape)

    def steps(self) -> list[Step]:
        """One step: encoder and decoder learn to copy."""
        reconstruction = Term("reconstruction", self.reconstruction_loss)
        return [Step([self.encoder, self.decoder], [reconstruction], self.learning_rate)]

    def reconstruction_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log p(x | z), z = encoder(x), in nats per image."""
        return negative_log_likelihood(self.decoder(self.encoder(images)), images).mean()
