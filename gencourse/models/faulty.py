"""The clinic's patients: eight models with one fault each, as they are met in the wild.

They are known by number, so that a page can show what ails them before it says what it is.
"""

# ruff: noqa: ANN201 (a page prints the patients, and the fault should be all that one sees)

import inspect
from collections.abc import Callable
from dataclasses import replace

from torch import nn

from gencourse.game import bce_fake, bce_real
from gencourse.models.aae import AAE
from gencourse.models.base import LatentVariableModel
from gencourse.models.gan import GAN
from gencourse.models.points import PointGAN
from gencourse.models.vae import VAE
from gencourse.terminal import say


def too_much_momentum() -> PointGAN:
    """Each step is nine tenths of what the last ones wanted: the players chase each other."""
    return PointGAN(runs=6, gamma=0.0, learning_rate=1e-3, beta1=0.9)


class TooStrong(GAN):
    """The critic may become as sure as it likes, and log(1 − D) is flat where it is sure."""

    def __init__(self):
        super().__init__(saturating=True, gamma=0.0)


class NoDetach(GAN):
    """The discriminator's step goes on into the generator, and makes it worse at its work."""

    def steps(self):
        discriminator, generator = super().steps()
        return [replace(discriminator, moves=[self.discriminator, self.generator]), generator]

    def discriminator_loss(self, images):
        on_real, on_fake = self.logits(images), self.logits(self.fake(len(images)))
        return (bce_real(on_real) + bce_fake(on_fake)).mean()


class RateSubtracted(VAE):
    """The sign of the rate: it is earned, not paid."""

    def bound_loss(self, images):
        posterior = self.posterior(images)
        codes = posterior.rsample()
        return (self.distortion(images, codes) - self.rate(posterior, codes)).mean()


class MeanForSum(VAE):
    """The distortion is a mean over 784 pixels, the rate a sum over the numbers of the code."""

    def distortion(self, images, codes):
        return super().distortion(images, codes) / images[0].numel()


class BatchNormInTheCritic(AAE):
    """Codes and samples pass in separate batches, each moved to mean 0 and width 1."""

    def __init__(self):
        super().__init__()
        normalised = nn.BatchNorm1d(self.latent_dim, affine=False)
        self.discriminator = nn.Sequential(normalised, self.discriminator)


class LabelsSwapped(AAE):
    """The encoder is asked to make its codes look like codes, not like samples of the prior."""

    def regularization_loss(self, images):
        return bce_fake(self.logits(self.encoder(images))).mean()


class PriorDrawnOnce(AAE):
    """The samples of the prior were drawn once, before training; the critic knows them by heart."""

    def __init__(self):
        super().__init__()
        self.drawn = self.prior.sample(256)

    def discriminator_loss(self, images):
        codes = self.encoder(images).detach()
        on_samples = self.logits(self.drawn.to(codes.device))
        return bce_real(on_samples).mean() + bce_fake(self.logits(codes)).mean()


PATIENTS: dict[int, Callable[..., LatentVariableModel]] = {
    1: too_much_momentum,
    2: TooStrong,
    3: NoDetach,
    4: RateSubtracted,
    5: MeanForSum,
    6: BatchNormInTheCritic,
    7: LabelsSwapped,
    8: PriorDrawnOnce,
}


def fault(number: int) -> None:
    """Print the source of patient `number`: what was planted, and nothing else.

    Raises:
        ValueError: there is no such patient.
    """
    if number not in PATIENTS:
        raise ValueError(f"there is no patient {number!r}; expected 1 to {len(PATIENTS)}.")
    say(inspect.getsource(PATIENTS[number]).strip())
