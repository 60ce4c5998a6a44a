"""What the rows train, and how: a model from its seed, a prior that is found afterwards."""

from collections.abc import Callable
from typing import Any

import torch

from gencourse import priors
from gencourse.models import AAE, LatentVariableModel
from gencourse.weights import Recipe, train

BATCH_SIZE = 256


def wide_aae(latent_dim: int) -> AAE:
    """An AAE for more than two dimensions, with the settings of chapter 5."""
    return AAE(latent_dim, weight=10.0, last_noise=1.0)


def trained(
    make: Callable[[], LatentVariableModel],
    images: torch.Tensor,
    epochs: int,
    seed: int,
    batch_size: int = BATCH_SIZE,
) -> Any:
    """The model that `make()` gives, trained now with the seed, whatever the cache has.

    Raises:
        KeyboardInterrupt: it was stopped; half a training is no row.
    """
    return train(Recipe("entrant", make, lambda: (images,), epochs, batch_size), seed)


def epochs_of(steps: int, images: torch.Tensor) -> int:
    """Passes through the images that come to about so many steps."""
    return round(steps / (len(images) // BATCH_SIZE))


def found_prior(model: LatentVariableModel, images: torch.Tensor) -> priors.Density:
    """The mixture of twenty Gaussians that fits the model's codes of up to 20,000 images."""
    return priors.mixture_fitted_to(model.encode(images[:20_000]), components=20)
