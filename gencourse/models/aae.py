"""The adversarial autoencoder: a discriminator keeps the codes near a prior known by samples."""

from typing import Any

import torch
from torch import nn

from gencourse import priors
from gencourse.data.dataset import DIGIT
from gencourse.game import LEARNING_RATE, Step, Term, bce_fake, bce_real, negative_log_likelihood
from gencourse.models.base import LatentVariableModel
from gencourse.networks import Decoder, Encoder, InstanceNoise, LatentDiscriminator
from gencourse.validate import real

FOURIER_FEATURES = 32
DISCRIMINATOR_ADAM: dict[str, Any] = {"learning_rate": 8e-3, "betas": (0.5, 0.98)}
"""The discriminator's: quicker than the encoder, and with a short memory."""


class AAE(LatentVariableModel):
    """An autoencoder whose codes learn to pass as samples of a prior (Makhzani and others, 2016).

    The paper moves the encoder in turn for its two aims. Here both gradients make one
    step, so that the weight says what one aim is worth in the other, as in a VAE.

    latent_dim: how many numbers a code has.
    prior: a name in `priors.PRIORS`, or anything with `sample(n)`, codes (n, latent_dim).
    weight: of the regularization; one nat of it is worth so many of the reconstruction.
    first_noise: the standard deviation of the instance noise through which the discriminator
        sees codes and samples at the start of training; see `networks.InstanceNoise`.
    last_noise: the same at the end. By default 0.005 in the plane and 0.5 elsewhere: in more
        dimensions a discriminator that sees clearly is ahead again.
    learning_rate: of Adam, for encoder and decoder; see `game.Step`.
    encoder: images (N, C, H, W) to codes (N, latent_dim), if it is not to be a perceptron.
    decoder: codes to the logits of pixels (N, C, H, W), likewise.
    discriminator: codes to logits (N,), likewise.
    """

    def __init__(
        self,
        latent_dim: int = 2,
        prior: object = "gaussian",
        weight: float = 40.0,
        first_noise: float = 1.0,
        last_noise: float | None = None,
        learning_rate: float = LEARNING_RATE,
        image_shape: tuple[int, ...] = DIGIT,
        encoder: nn.Module | None = None,
        decoder: nn.Module | None = None,
        discriminator: nn.Module | None = None,
    ):
        super().__init__(latent_dim, priors.prior(prior, latent_dim), image_shape)
        self.weight = real(weight, "weight", least=0)
        self.learning_rate = real(learning_rate, "learning_rate", above=0)
        self.encoder = encoder or Encoder(self.latent_dim, image_shape)
        self.decoder = decoder or Decoder(self.latent_dim, image_shape)
        # In sixteen dimensions Fourier features made no difference.
        features = FOURIER_FEATURES if self.latent_dim == 2 else 0
        self.discriminator: nn.Module = discriminator or LatentDiscriminator(
            self.latent_dim, features
        )
        if last_noise is None:
            last_noise = 0.005 if self.latent_dim == 2 else 0.5
        self.noise = InstanceNoise(first_noise, last_noise)

    def steps(self) -> list[Step]:
        """Two steps: the encoder copies with the decoder and passes as the prior; then the
        discriminator learns to tell them apart."""
        return [
            Step(
                [self.encoder, self.decoder],
                [
                    Term("reconstruction", self.reconstruction_loss),
                    Term("regularization", self.regularization_loss, self.weight),
                ],
                self.learning_rate,
            ),
            Step(
                [self.discriminator],
                [Term("discriminator", self.discriminator_loss)],
                after=self.noise.anneal,
                **DISCRIMINATOR_ADAM,
            ),
        ]

    def reconstruction_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log p(x | z), z = encoder(x), in nats per image."""
        return negative_log_likelihood(self.decoder(self.encoder(images)), images).mean()

    def regularization_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(encoder(x)): the codes want to be taken for samples of the prior, in nats."""
        return bce_real(self.logits(self.encoder(images))).mean()

    def discriminator_loss(self, images: torch.Tensor) -> torch.Tensor:
        """−log D(z) for z from the prior, −log(1 − D(z)) for codes of images, in nats."""
        samples, codes = self.prior.sample(len(images)), self.encoder(images).detach()
        return (bce_real(self.logits(samples)) + bce_fake(self.logits(codes))).mean()

    def logits(self, codes: torch.Tensor) -> torch.Tensor:
        """What the discriminator says of codes (N, latent_dim), (N,); above 0: the prior's."""
        return self.discriminator(self.noise(codes))
