"""Priors: where codes come from when there is no image to encode.

A prior is anything with `sample(n)`, which gives codes (n, latent). One that
also knows its density has `log_prob(codes)`, which gives nats, (n,).
The families below make clouds as well: the posteriors of a VAE.
"""

import torch
from sklearn.mixture import GaussianMixture
from torch import distributions
from torch.distributions import transforms
from torch.nn import functional

from gencourse.networks import positive


def normal(location, scale):
    """Independent normal distributions with these locations and scales, (…, latent)."""
    return distributions.Independent(distributions.Normal(location, scale, False), 1)


def laplace(location, scale):
    """Independent Laplace distributions with these locations and scales, (…, latent)."""
    return distributions.Independent(distributions.Laplace(location, scale, False), 1)


def logistic(location, scale):
    """Independent logistic distributions with these locations and scales, (…, latent)."""
    even = distributions.Uniform(torch.zeros_like(location), torch.ones_like(location), False)
    steps = [transforms.SigmoidTransform().inv, transforms.AffineTransform(location, scale)]
    return distributions.Independent(
        distributions.TransformedDistribution(even, steps, validate_args=False), 1
    )


FAMILIES = {"normal": normal, "laplace": laplace, "logistic": logistic}
"""Families with a location and a scale, that can be sampled and differentiated."""


def divergence(q, p, samples):
    """KL(q ‖ p) in nats: in closed form if torch knows one, else log q − log p at q's samples."""
    try:
        return distributions.kl_divergence(q, p)
    except NotImplementedError:
        return q.log_prob(samples) - p.log_prob(samples)


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


class HeadAndStyle:
    """One of `heads` equally likely heads, one-hot, and beside it a standard Gaussian style."""

    def __init__(self, heads, style):
        self.heads = positive(heads, "heads")
        self.style = positive(style, "style")

    def sample(self, n):
        """`n` codes, (n, heads + style)."""
        return self.sample_of(torch.randint(self.heads, (n,)))

    def sample_of(self, heads):
        """Codes with these heads (N,), each in a style of its own, (N, heads + style)."""
        chosen = functional.one_hot(heads, self.heads).float()
        return torch.cat([chosen, torch.randn(len(heads), self.style)], dim=1)


class Resampled:
    """A prior without a density: draws, with replacement, from codes (N, latent) that are given."""

    def __init__(self, codes):
        self.codes = codes

    def sample(self, n):
        """`n` codes, (n, latent)."""
        return self.codes[torch.randint(len(self.codes), (n,))]


def standard(family, latent):
    """The member of a family at location 0 with scale 1, in `latent` dimensions.

    Raises:
        ValueError: the family is not in FAMILIES.
    """
    if family not in FAMILIES:
        raise ValueError(f"family is {family!r}; expected one of {', '.join(FAMILIES)}.")
    zeros = torch.zeros(positive(latent, "latent"))
    return Prior(FAMILIES[family](zeros, torch.ones_like(zeros)))


def gaussian(latent):
    """The standard Gaussian in `latent` dimensions."""
    return standard("normal", latent)


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
