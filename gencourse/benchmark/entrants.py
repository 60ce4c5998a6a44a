"""What the race and the choice share: a budget in steps, and the prior that is found afterwards."""

from gencourse import priors
from gencourse.models import AAE
from gencourse.training import fit, reproducible

BATCH_SIZE = 256


def wide_aae(latent):
    """An AAE for more than two dimensions, with the settings of chapter 5."""
    return AAE(latent, weight=10.0, last_blur=1.0)


def trained(untrained, images, steps, seed):
    """The model that `untrained()` makes, after about so many steps; `history` tells of them."""
    with reproducible(seed):
        model = untrained()
    epochs = round(steps / (len(images) // BATCH_SIZE))
    model.history = fit(model, images, epochs=epochs, batch_size=BATCH_SIZE, seed=seed)
    if model.history.interrupted:
        raise KeyboardInterrupt
    return model


def found_prior(model, images):
    """The mixture of twenty Gaussians that fits the model's codes of up to 20,000 images."""
    return priors.mixture_fitted_to(model.encode(images[:20_000]), components=20)
