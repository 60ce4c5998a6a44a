"""Priors with a density. The families below make posteriors of a VAE as well."""

from collections.abc import Callable

import torch
from torch import distributions
from torch.distributions import Distribution, transforms

from gencourse.priors.base import Prior
from gencourse.validate import whole


def normal(location: torch.Tensor, scale: torch.Tensor) -> Distribution:
    """Independent normal distributions with these locations and scales, (…, latent_dim)."""
    return distributions.Independent(distributions.Normal(location, scale, False), 1)


def laplace(location: torch.Tensor, scale: torch.Tensor) -> Distribution:
    """Independent Laplace distributions with these locations and scales, (…, latent_dim)."""
    return distributions.Independent(distributions.Laplace(location, scale, False), 1)


def logistic(location: torch.Tensor, scale: torch.Tensor) -> Distribution:
    """Independent logistic distributions with these locations and scales, (…, latent_dim)."""
    even = distributions.Uniform(torch.zeros_like(location), torch.ones_like(location), False)
    steps = [transforms.SigmoidTransform().inv, transforms.AffineTransform(location, scale)]
    return distributions.Independent(
        distributions.TransformedDistribution(even, steps, validate_args=False), 1
    )


FAMILIES = {"normal": normal, "laplace": laplace, "logistic": logistic}
"""Families with a location and a scale, that can be sampled and differentiated."""


def divergence(q: Distribution, p: Distribution, samples: torch.Tensor) -> torch.Tensor:
    """KL(q ‖ p) in nats: in closed form if torch knows one, else log q − log p at q's samples."""
    try:
        return distributions.kl_divergence(q, p)
    except NotImplementedError:
        return q.log_prob(samples) - p.log_prob(samples)


class Density(Prior):
    """A prior with a density: one of torch's distributions.

    make: gives the distribution of the tensors below, over (latent_dim,). It is made anew for
        each use, since torch's distributions stay on the device where they were made.
    tensors: its arguments, by name; they move with the prior.
    """

    def __init__(self, make: Callable[..., Distribution], **tensors: torch.Tensor):
        super().__init__()
        self.make, self.names = make, list(tensors)
        for name, tensor in tensors.items():
            self.register_buffer(name, tensor, persistent=False)

    @property
    def distribution(self) -> Distribution:
        """The distribution, where the prior is."""
        return self.make(**{name: getattr(self, name) for name in self.names})

    def sample(self, n: int) -> torch.Tensor:
        return self.distribution.sample((n,))

    def log_prob(self, codes: torch.Tensor) -> torch.Tensor:
        """The log density at codes (N, latent_dim), in nats, (N,)."""
        return self.distribution.log_prob(codes)


def standard(family: str, *sizes: int) -> Density:
    """The member of a family at location 0 with scale 1.

    family: a name in FAMILIES.
    sizes: latent_dim; or runs and latent_dim, for models that run side by side.

    Raises:
        ValueError: the family is not in FAMILIES, or a size is no whole number above 0.
    """
    if family not in FAMILIES:
        raise ValueError(f"family is {family!r}; expected one of {', '.join(FAMILIES)}.")
    zeros = torch.zeros([whole(size, "latent_dim") for size in sizes])
    return Density(FAMILIES[family], location=zeros, scale=torch.ones_like(zeros))


def gaussian(latent_dim: int) -> Density:
    """The standard Gaussian in `latent_dim` dimensions."""
    return standard("normal", latent_dim)
