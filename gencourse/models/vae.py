"""The variational autoencoder: every image is a cloud of codes, near a prior."""

import torch
from torch import distributions

from gencourse import priors
from gencourse.models.latent_variable import EncoderDecoder
from gencourse.models.pixels import surprise
from gencourse.networks import Decoder, Encoder, Perceptrons
from gencourse.phases import Phase


class VAE(EncoderDecoder):
    """Encoder to a distribution over codes, decoder from a sample of it.

    (Kingma and Welling, 2014; Rezende, Mohamed and Wierstra, 2014; the weight
    beta: Higgins and others, 2017.)

    latent: how many numbers a code has.
    beta: the weight of the rate. 1 gives the evidence bound, 0 pure copying.
    family: of the posterior and of the prior, a name in `priors.FAMILIES`.
    """

    def __init__(self, latent=2, beta=1.0, family="normal"):
        super().__init__()
        if not beta >= 0:
            raise ValueError(f"beta is {beta!r}; expected a number of 0 or more.")
        self.beta = beta
        self.prior = priors.standard(family, latent)
        self.cloud = priors.FAMILIES[family]
        self.encoder = Encoder(2 * latent)
        self.decoder = Decoder(latent)

    def phases(self):
        return [Phase("evidence bound", self.bound_loss, [self.encoder, self.decoder])]

    def bound_loss(self, images):
        """distortion + β · rate, in nats per image; for β = 1 the negative evidence bound.

        −log p(x) ≤ E_q[−log p(x | z)] + KL(q(z | x) ‖ p(z))      (Kingma and Welling, eq. 3)
        """
        posterior = self.posterior(images)
        codes = posterior.rsample()  # location + scale · noise, so that gradients pass
        distortion = self.surprise(images, codes)
        return (distortion + self.beta * self.rate(posterior, codes)).mean()

    def posterior(self, images):
        """q(z | x): for each image a distribution over codes, (N,) of (latent,).

        The encoder gives its location μ and the logarithm of its scale, log σ.
        """
        location, log_scale = self.encoder(images).float().chunk(2, dim=-1)
        return self.cloud(location, log_scale.exp())

    def surprise(self, images, codes):
        """−log p(x | z) of each image with its code, in nats, (N,)."""
        return surprise(self.decoder(codes), images)

    def rate(self, posterior, codes):
        """KL(q(z | x) ‖ p(z)) of each image, in nats, (N,).

        In closed form where there is one; from the sampled codes otherwise.
        """
        prior = self.cloud(torch.zeros_like(codes), torch.ones_like(codes))
        return priors.divergence(posterior, prior, codes)

    @torch.no_grad()
    def encode(self, images):
        """The locations of the images' clouds, (N, latent)."""
        return self.encoder(images).chunk(2, dim=-1)[0]


class PointVAE(VAE):
    """The same over points of the plane, as many independent runs side by side.

    Points are (N, runs, 2), real ones as well as made ones.

    noise: the standard deviation of the Gaussian around what is decoded. Points nearer to
        each other than that are hardly told apart.
    """

    def __init__(self, latent=2, runs=1, noise=0.1, beta=1.0):
        super().__init__(latent, beta)
        if not noise > 0:
            raise ValueError(f"noise is {noise!r}; expected a number above 0.")
        self.noise = noise
        zeros = torch.zeros(runs, latent)
        self.prior = priors.Prior(distributions.Independent(distributions.Normal(zeros, 1.0), 2))
        self.encoder = Perceptrons(runs, 2, 2 * latent)
        self.decoder = Perceptrons(runs, latent, 2)

    def surprise(self, points, codes):
        """−log N(x; decoder(z), noise²) of each point with its code, in nats, (N, runs)."""
        around = distributions.Normal(self.decoder(codes), self.noise)
        return -around.log_prob(points).sum(-1)

    @torch.no_grad()
    def decode(self, codes):
        """The centres of the Gaussians of codes (N, runs, latent), (N, runs, 2)."""
        return self.decoder(codes)
