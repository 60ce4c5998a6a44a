"""Entrants: models that are trained and measured side by side."""

from collections.abc import Callable
from typing import Any

import torch

from gencourse import priors
from gencourse.models import AAE, Autoencoder, LatentVariableModel
from gencourse.training import reproducible
from gencourse.weights import Recipe, train

BATCH_SIZE = 256


def wide_aae(latent_dim: int) -> AAE:
    """An AAE for more than two dimensions, with the settings of chapter 5."""
    return AAE(latent_dim, weight=10.0, last_noise=1.0)


def side_by_side(
    entrants: dict[str, Callable[[], LatentVariableModel]],
    images: torch.Tensor,
    steps: int,
    seed: int,
    measure: Callable[[Any, priors.Density | None], dict],
) -> tuple[dict, float]:
    """Entrant → what `measure(model, prior)` finds of it, and the seconds of all trainings.

    The prior is None for the model's own. Found afterwards, it is the mixture of twenty Gaussians
    that fits the codes of up to 20,000 images. An autoencoder has no other.

    entrants: name → its untrained model. "VAE + mixture" is the VAE with a prior found afterwards.
    steps: of each training, about: it takes whole passes through the images.
    """
    epochs = round(steps / (len(images) // BATCH_SIZE))
    models, measured = {}, {}
    for name, untrained in entrants.items():
        kind = name.removesuffix(" + mixture")
        if kind not in models:
            recipe = Recipe(kind, untrained, lambda: (images,), epochs, BATCH_SIZE)
            models[kind] = train(recipe, seed)
        model, prior = models[kind], None
        with reproducible(seed):
            if name != kind or type(model) is Autoencoder:
                prior = priors.mixture_fitted_to(model.encode(images[:20_000]), components=20)
            measured[name] = measure(model, prior)
    return measured, sum(model.history.seconds for model in models.values())
