"""How probable a model finds images it has not seen. Nats per image; lower is better.

A model here is anything with `posterior(images)`, `distortion(images, codes)` and
a `prior` with `log_prob(codes)`. Images that it was not made for raise DataError.
"""

import math

import torch

from gencourse.models import VAE
from gencourse.validate import whole


@torch.no_grad()
def importance_weighted_bound(model: VAE, images: torch.Tensor, samples: int) -> float:
    """An upper bound of −log p(x) from `samples` codes an image; mean over images, in nats.

    −log (1/K) Σₖ p(x | zₖ) p(zₖ) / q(zₖ | x), with zₖ from q (Burda, Grosse and
    Salakhutdinov, 2016, eq. 8). One sample gives the evidence bound; more tighten it.

    Raises:
        ValueError: `samples` is no whole number above 0.
    """
    whole(samples, "samples")
    _check(model, images)
    total = 0.0
    for batch in images.split(1000):
        posterior = model.posterior(batch)
        log_weights = []
        for _ in range(samples):
            codes = posterior.sample()
            log_joint = model.prior.log_prob(codes) - model.distortion(batch, codes)
            log_weights.append(log_joint - posterior.log_prob(codes))
        log_mean = torch.stack(log_weights).logsumexp(0) - math.log(samples)
        total -= log_mean.sum().item()
    return total / len(images)


@torch.no_grad()
def rate_and_distortion(model: VAE, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """KL(q(z | x) ‖ p(z)) and E_q[−log p(x | z)] of images, (N,) each, one sample an image.

    Their sum is the negative evidence bound.
    """
    _check(model, images)
    posterior = model.posterior(images)
    codes = posterior.sample()
    return model.rate(posterior, codes), model.distortion(images, codes)


@torch.no_grad()
def active_units(model: VAE, images: torch.Tensor) -> int:
    """How many of the code's numbers tell images apart: variance of their location above .01.

    (Burda, Grosse and Salakhutdinov, 2016, section 5.2.)
    """
    return int((model.encode(images).var(0) > 0.01).sum())


def _check(model, images):
    """Send the images through the model's door, if it has one."""
    if hasattr(model, "check"):
        model.check(images)
