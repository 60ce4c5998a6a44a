"""What the rows train, and how: a model from its seed, a prior that is found afterwards."""

from collections.abc import Callable

import torch

from gencourse import priors
from gencourse.models import AAE
from gencourse.training import fit, reproducible

BATCH_SIZE = 256


def wide_aae(latent):
    """An AAE for more than two dimensions, with the settings of chapter 5."""
    return AAE(latent, weight=10.0, last_blur=1.0)


def trained(
    untrained: Callable[[], torch.nn.Module],
    images: torch.Tensor,
    epochs: int,
    seed: int,
    batch_size: int = BATCH_SIZE,
) -> torch.nn.Module:
    """The model that `untrained()` makes, trained with the seed; see `fitted`."""
    with reproducible(seed):
        model = untrained()
    return fitted(model, images, epochs=epochs, batch_size=batch_size, seed=seed)


def fitted(model: torch.nn.Module, data: torch.Tensor, **options) -> torch.nn.Module:
    """The model, trained to the end by `fit` with these options; `model.history` tells of it.

    Raises:
        KeyboardInterrupt: it was stopped; half a training is no row.
    """
    model.history = fit(model, data, **options)
    if model.history.interrupted:
        raise KeyboardInterrupt
    return model


def epochs_of(steps: int, images: torch.Tensor) -> int:
    """Passes through the images that come to about so many steps."""
    return round(steps / (len(images) // BATCH_SIZE))


def found_prior(model, images):
    """The mixture of twenty Gaussians that fits the model's codes of up to 20,000 images."""
    return priors.mixture_fitted_to(model.encode(images[:20_000]), components=20)
