"""The variational autoencoder: every image is a distribution over codes, near a prior."""

import torch
from torch import nn
from torch.distributions import Distribution

from gencourse import priors
from gencourse.data.dataset import DIGIT
from gencourse.game import LEARNING_RATE, Step, Term, negative_log_likelihood
from gencourse.models.base import LatentVariableModel
from gencourse.networks import Decoder, Encoder
from gencourse.validate import real


class VAE(LatentVariableModel):
    """Encoder to a distribution over codes (the prose: a cloud), decoder from a sample of it.

    (Kingma and Welling, 2014; Rezende, Mohamed and Wierstra, 2014; the weight
    beta: Higgins and others, 2017.)

    latent_dim: how many numbers a code has.
    beta: the weight of the rate. 1 gives the evidence bound (ELBO), 0 pure copying.
    family: of the posterior and of the prior, a name in `priors.FAMILIES`.
    learning_rate: of Adam; see `game.Step`.
    encoder: images (N, C, H, W) to (N, 2 · latent_dim) numbers, location and log scale, if it is
        not to be a perceptron.
    decoder: codes (N, latent_dim) to the logits of pixels (N, C, H, W), likewise.
    """

    def __init__(
        self,
        latent_dim: int = 2,
        beta: float = 1.0,
        family: str = "normal",
        learning_rate: float = LEARNING_RATE,
        image_shape: tuple[int, ...] = DIGIT,
        encoder: nn.Module | None = None,
        decoder: nn.Module | None = None,
    ):
        super().__init__(latent_dim, priors.standard(family, latent_dim), image_shape)
        self.beta = real(beta, "beta", least=0)
        self.learning_rate = real(learning_rate, "learning_rate", above=0)
        self.family = priors.FAMILIES[family]
        self.encoder = encoder or Encoder(2 * self.latent_dim, image_shape)
        self.decoder = decoder or Decoder(self.latent_dim, image_shape)

    @property
    def encoder_outputs(self) -> int:
        """Location and log scale for each number of a code."""
        return 2 * self.latent_dim

    def steps(self) -> list[Step]:
        """One step: encoder and decoder learn to lower the bound."""
        bound = Term("evidence bound", self.bound_loss)
        return [Step([self.encoder, self.decoder], [bound], self.learning_rate)]

    def bound_loss(self, images: torch.Tensor) -> torch.Tensor:
        """distortion + β · rate, in nats per image; for β = 1 the negative ELBO.

        −log p(x) ≤ E_q[−log p(x | z)] + KL(q(z | x) ‖ p(z))      (Kingma and Welling, eq. 3)
        """
        posterior = self.posterior(images)
        codes = posterior.rsample()  # location + scale · noise, so that gradients pass
        distortion = self.distortion(images, codes)
        return (distortion + self.beta * self.rate(posterior, codes)).mean()

    def posterior(self, images: torch.Tensor) -> Distribution:
        """q(z | x): for each image a distribution over codes, (N,) of (latent_dim,).

        The encoder gives its location μ and the logarithm of its scale, log σ.
        """
        location, log_scale = self.encoder(images).float().chunk(2, dim=-1)
        return self.family(location, log_scale.exp())

    def distortion(self, images: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """−log p(x | z) of each image with its code, in nats, (N,)."""
        return negative_log_likelihood(self.decoder(codes), images)

    def rate(self, posterior: Distribution, codes: torch.Tensor) -> torch.Tensor:
        """KL(q(z | x) ‖ p(z)) of each image, in nats, (N,).

        In closed form where there is one; from the sampled codes otherwise.
        """
        return priors.divergence(posterior, self.prior.distribution, codes)

    def encode(self, images: torch.Tensor, sample: bool = False) -> torch.Tensor:
        """The posteriors' locations, (N, latent_dim), or one sample of each."""
        self.check(images)
        with torch.no_grad():
            if sample:
                return self.posterior(images).sample()
            return self.encoder(images).chunk(2, dim=-1)[0]
