"""Priors found afterwards: fitted to the codes of a trained model, or drawn from among them.

All raise ValueError where the codes are no finite float32 tensor (N, latent_dim), or too alike.
"""

import torch
from sklearn.mixture import GaussianMixture
from torch import distributions

from gencourse.priors.base import Prior
from gencourse.priors.densities import Density
from gencourse.validate import floats, whole


class Resampled(Prior):
    """A prior without a density: draws, with replacement, from codes (N, latent_dim)."""

    codes: torch.Tensor

    def __init__(self, codes: torch.Tensor):
        super().__init__()
        self.register_buffer("codes", _checked(codes), persistent=False)

    def sample(self, n: int) -> torch.Tensor:
        return self.codes[torch.randint(len(self.codes), (n,), device=self.device)]


def box_around(codes: torch.Tensor) -> Density:
    """Uniform over the smallest box that holds all the codes (N, latent_dim)."""
    low, high = _checked(codes).aminmax(dim=0)
    return _fitted(_box, low=low, high=high)


def gaussian_fitted_to(codes: torch.Tensor) -> Density:
    """The Gaussian with the mean and the covariance of the codes (N, latent_dim)."""
    mean, covariance = _checked(codes).mean(0), torch.cov(codes.T).view(2 * codes.shape[1:])
    return _fitted(distributions.MultivariateNormal, loc=mean, covariance_matrix=covariance)


def mixture_fitted_to(codes: torch.Tensor, components: int = 10) -> Density:
    """A mixture of Gaussians fitted to the codes (N, latent_dim) by scikit-learn's EM.

    Draws its starting point from torch's random numbers, so that a seed reaches it.

    Raises:
        ValueError: there are more components than codes.
    """
    if whole(components, "components") > len(_checked(codes)):
        raise ValueError(f"{components} components cannot be fitted to {len(codes)} codes.")
    start = int(torch.randint(2**31, ()))
    points = codes.detach().cpu().double().numpy()
    fitted = GaussianMixture(components, random_state=start).fit(points)
    weights, means, covariances = (
        torch.as_tensor(part, dtype=codes.dtype)
        for part in (fitted.weights_, fitted.means_, fitted.covariances_)
    )
    return _fitted(_mixture, weights=weights, means=means, covariances=covariances)


def _checked(codes):
    return floats(codes, "codes", "N", "latent_dim")


def _fitted(make, **tensors):
    try:
        make(**tensors)
    except ValueError as error:
        raise ValueError(
            "the codes are too few, in one place or on a line; priors.Resampled draws from any."
        ) from error
    return Density(make, **tensors)


def _box(low, high):
    return distributions.Independent(distributions.Uniform(low, high), 1)


def _mixture(weights, means, covariances):
    return distributions.MixtureSameFamily(
        distributions.Categorical(weights), distributions.MultivariateNormal(means, covariances)
    )
