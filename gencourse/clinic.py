"""A clinic: eight models with one fault each, as they are met in the wild.

They are known by number, so that a page can show what ails them before it says what it is.
"""

import inspect

import torch
from torch import nn

from gencourse.models import AAE, GAN, VAE, PointGAN
from gencourse.models.gan import surprise_if_made, surprise_if_real
from gencourse.phases import Phase


class JudgedOneByOne(PointGAN):
    """Nothing in the game asks for variety: a critic that sees one point cannot miss the others."""

    def __init__(self, runs=6):
        super().__init__(runs=runs, penalty=0.0, learning_rate=1e-3, beta1=0.9, pack=1)


class TooStrong(GAN):
    """The critic may become as sure as it likes, and log(1 − D) is flat where it is sure."""

    def __init__(self, latent=32):
        super().__init__(latent, saturating=True, penalty=0.0)


class NoDetach(GAN):
    """The discriminator's step goes on into the generator, and makes it worse at its work."""

    def phases(self):
        _, generator = super().phases()
        both = [self.discriminator, self.generator]
        return [Phase("discriminator", self.discriminator_loss, both, **self.adam), generator]

    def discriminator_loss(self, real):
        real = real.detach().requires_grad_()
        on_real, on_made = self.logits(real), self.logits(self.make(len(real)))
        (slope,) = torch.autograd.grad(on_real.sum(), real, create_graph=True)
        penalty = self.penalty / 2 * slope.float().square().sum() / len(real)
        return (surprise_if_real(on_real) + surprise_if_made(on_made)).mean() + penalty


class RateSubtracted(VAE):
    """The sign of the rate: it is earned, not paid."""

    def bound_loss(self, images):
        posterior = self.posterior(images)
        codes = posterior.rsample()
        return (self.surprise(images, codes) - self.rate(posterior, codes)).mean()


class MeanForSum(VAE):
    """The distortion is a mean over 784 pixels, the rate a sum over the numbers of the code."""

    def surprise(self, images, codes):
        return super().surprise(images, codes) / images[0].numel()


class BatchNormInTheCritic(AAE):
    """Codes and samples pass in separate batches, each moved to mean 0 and width 1."""

    def critic(self, latent):
        return nn.Sequential(nn.BatchNorm1d(latent, affine=False), super().critic(latent))


class LabelsSwapped(AAE):
    """The encoder is asked to make its codes look like codes, not like samples of the prior."""

    def regularization_loss(self, images):
        return surprise_if_made(self.logits(self.encoder(images))).mean()


class PriorDrawnOnce(AAE):
    """The samples of the prior were drawn once, before training; the critic knows them by heart."""

    def __init__(self, latent=2, samples=256):
        super().__init__(latent)
        self.drawn = self.prior.sample(samples)

    def discriminator_loss(self, images):
        codes = self.encoder(images).detach()
        on_wanted = self.logits(self.drawn.to(codes.device))
        return surprise_if_real(on_wanted).mean() + surprise_if_made(self.logits(codes)).mean()


PATIENTS = {
    1: JudgedOneByOne,
    2: TooStrong,
    3: NoDetach,
    4: RateSubtracted,
    5: MeanForSum,
    6: BatchNormInTheCritic,
    7: LabelsSwapped,
    8: PriorDrawnOnce,
}


def fault(number):
    """Print the source of patient `number`: what was planted, and nothing else.

    Raises:
        ValueError: there is no such patient.
    """
    if number not in PATIENTS:
        raise ValueError(f"there is no patient {number!r}; expected 1 to {len(PATIENTS)}.")
    print(inspect.getsource(PATIENTS[number]).strip())
