"""Priors: where codes come from when there is no image to encode.

A prior is anything with `sample(n)`, which gives codes (n, latent). One that
also knows its density has `log_prob(codes)`, which gives nats, (n,).
"""

import torch
from sklearn.mixture import GaussianMixture
from torch import distributions

from gencourse.networks import positive


class Prior:
    """A prior with a density, made from one of torch's distributions over (latent,)."""

    def __init__(self, distribution):
        self.distribution = distribution

    def sample(self, n):
        """`n` codes, (n, latent)."""
        return self.distribution.sample((n,))

    def log_prob(self, codes):
        """The log density at codes (N, latent), in nats, (N,)."""
        return self.distribution.log_prob(codes)


def gaussian(latent):
    """The standard Gaussian in `latent` dimensions."""
    zeros = torch.zeros(positive(latent, "latent"))
    return Prior(distributions.Independent(distributions.Normal(zeros, 1.0), 1))


def box_around(codes):
    """Uniform over the smallest box that holds all the codes (N, latent)."""
    low, high = codes.min(0).values, codes.max(0).values
    return Prior(distributions.Independent(distributions.Uniform(low, high), 1))


def gaussian_fitted_to(codes):
    """The Gaussian with the mean and the covariance of the codes (N, latent)."""
    return Prior(distributions.MultivariateNormal(codes.mean(0), torch.cov(codes.T)))


def mixture_fitted_to(codes, components=10):
    """A mixture of Gaussians fitted to the codes (N, latent) by scikit-learn's EM.

    Draws its starting point from torch's random numbers, so that a seed reaches it.
    """
    start = int(torch.randint(2**31, ()))
    points = codes.detach().cpu().double().numpy()
    fitted = GaussianMixture(components, random_state=start).fit(points)
    weights, means, covariances = (
        torch.as_tensor(part, dtype=codes.dtype)
        for part in (fitted.weights_, fitted.means_, fitted.covariances_)
    )
    return Prior(
        distributions.MixtureSameFamily(
            distributions.Categorical(weights),
            distributions.MultivariateNormal(means, covariances),
        )
    )
