"""Self-checks for exercises: they call what the reader wrote and name the mistake.

They look at properties (signs, scales, shapes, end points), not at stored
answers, and print a sentence; an exercise not yet begun is not an error.
"""

from gencourse.check.aae import divergence_from_logits, two_islands
from gencourse.check.at_work import purity, request
from gencourse.check.autoencoder import interpolation, squared_error
from gencourse.check.choice import explained, vote
from gencourse.check.clinic import reached, variety
from gencourse.check.gan import discriminator_loss, generator_loss
from gencourse.check.sharp import laplacian_variance, recall
from gencourse.check.vae import kl_divergence, reparametrisation

__all__ = [
    "discriminator_loss",
    "divergence_from_logits",
    "explained",
    "generator_loss",
    "interpolation",
    "kl_divergence",
    "laplacian_variance",
    "purity",
    "reached",
    "recall",
    "reparametrisation",
    "request",
    "squared_error",
    "two_islands",
    "variety",
    "vote",
]
