"""The generative adversarial network: a critic takes the place of the ruler."""

import torch
from torch import distributions, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from gencourse import priors
from gencourse.models.latent_variable import LatentVariableModel
from gencourse.networks import Decoder, Discriminator, Perceptrons, positive
from gencourse.phases import Phase


class GAN(LatentVariableModel):
    """A generator against a discriminator (Goodfellow and others, 2014).

    latent: how many numbers a code has.
    saturating: whether the generator minimises log(1 − D), as the min–max game
        says, or −log D, as its authors advise.
    penalty: the weight of the slope penalty on real images (R1 of Mescheder,
        Geiger and Nowozin, 2018). 0 gives the game of 2014.
    pack: how many images the discriminator judges together (Lin and others, 2018).
    learning_rate, beta1: of Adam, for both players.
    """

    def __init__(
        self, latent=32, saturating=False, penalty=3.0, pack=1, learning_rate=4e-3, beta1=0.5
    ):
        super().__init__()
        if not penalty >= 0:
            raise ValueError(f"penalty is {penalty!r}; expected a number of 0 or more.")
        self.saturating = saturating
        self.penalty = penalty
        self.pack = positive(pack, "pack")
        self.adam = {"learning_rate": learning_rate, "betas": (beta1, 0.999)}
        self.prior = priors.gaussian(latent)
        self.generator, self.discriminator = self.players(latent)
        # The players circle each other; the average of the generator's last few
        # hundred steps draws better than any one of them (Yazıcı and others, 2019).
        self.average = AveragedModel(self.generator, multi_avg_fn=get_ema_multi_avg_fn(0.995))

    def players(self, latent):
        """Two networks: codes (N, latent) to images, and packs of flat images to logits."""
        return nn.Sequential(Decoder(latent), nn.Sigmoid()), Discriminator(self.pack)

    def phases(self):
        return [
            Phase("discriminator", self.discriminator_loss, [self.discriminator], **self.adam),
            Phase(
                "generator", self.generator_loss, [self.generator], after=self.update, **self.adam
            ),
        ]

    def discriminator_loss(self, real):
        """−log D(x) − log(1 − D(G(z))) + penalty / 2 · |∇ₓ logit D(x)|², in nats."""
        real = real.detach().requires_grad_(self.penalty > 0)
        on_real, on_made = self.logits(real), self.logits(self.make(len(real)).detach())
        loss = (surprise_if_real(on_real) + surprise_if_made(on_made)).mean()
        if self.penalty > 0:
            (slope,) = torch.autograd.grad(on_real.sum(), real, create_graph=True)
            loss = loss + self.penalty / 2 * slope.float().square().sum() / on_real.numel()
        return loss

    def generator_loss(self, real):
        """−log D(G(z)), or log(1 − D(G(z))) if saturating, in nats."""
        on_made = self.logits(self.make(len(real)))
        loss = -surprise_if_made(on_made) if self.saturating else surprise_if_real(on_made)
        return loss.mean()

    def make(self, n):
        """`n` images of codes from the prior, with the generator's gradients."""
        codes = self.prior.sample(n)
        return self.generator(codes.to(next(self.parameters()).device))

    def logits(self, images):
        """What the discriminator says of each pack of images, (N / pack,); above 0: real.

        Raises:
            ValueError: N is not a multiple of the pack.
        """
        if len(images) % self.pack:
            raise ValueError(f"{len(images)} samples cannot be judged in packs of {self.pack}.")
        return self.discriminator(self.packs(images)).squeeze(-1).float()

    def packs(self, samples):
        """Images side by side, flat, (N / pack, pack * 784)."""
        return samples.reshape(len(samples) // self.pack, -1)

    def update(self, done):
        """Let the average follow the generator by half a per cent of the way."""
        self.average.update_parameters(self.generator)

    @torch.no_grad()
    def decode(self, codes):
        """The images of codes (N, latent), (N, 1, 28, 28), pixels in [0, 1]."""
        return self.average(codes)


class PointGAN(GAN):
    """The same game over points of the plane, as many independent runs side by side.

    Points are (N, runs, 2), real ones as well as made ones.
    """

    def __init__(self, latent=2, runs=1, **options):
        self.runs = runs
        super().__init__(latent, **options)
        zeros = torch.zeros(runs, latent)
        self.prior = priors.Prior(distributions.Independent(distributions.Normal(zeros, 1.0), 2))

    def players(self, latent):
        """For each run: codes to points, and packs of points to logits."""
        return Perceptrons(self.runs, latent, 2), Perceptrons(self.runs, 2 * self.pack, 1)

    def packs(self, samples):
        """Points (N, runs, 2) side by side, (N / pack, runs, pack * 2)."""
        return samples.unflatten(0, (-1, self.pack)).transpose(1, 2).flatten(2)


def surprise_if_real(logits):
    """−log D, D = sigmoid(logits), in nats."""
    return functional.softplus(-logits)


def surprise_if_made(logits):
    """−log(1 − D), D = sigmoid(logits), in nats."""
    return functional.softplus(logits)
