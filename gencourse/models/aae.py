"""The adversarial autoencoder: a critic keeps the codes near a prior that it knows by samples."""

import torch
from torch.nn import functional

from gencourse import shapes
from gencourse.models.autoencoder import Autoencoder
from gencourse.models.gan import surprise_if_made, surprise_if_real
from gencourse.networks import LatentDiscriminator
from gencourse.phases import Phase

WAVES = 32


class AAE(Autoencoder):
    """An autoencoder whose codes learn to pass as samples of a prior (Makhzani and others, 2016).

    The paper moves the encoder in turn for its two aims. Here both gradients make one
    step, so that the weight says what one aim is worth in the other, as in a VAE.

    latent: how many numbers a code has.
    prior: a name in `shapes.PRIORS`, or anything with `sample(n)`, codes (n, latent).
    weight: of the regularization; one nat of it is worth so many of the reconstruction.
    blur: the standard deviation of noise through which the critic sees codes and samples at
        the start of training. It sees the outline first, so that the codes find their places
        before it asks for details: without, it is ahead at once, and the encoder, which
        follows its cliffs, forgets the images (Arjovsky and Bottou, 2017, section 3).
    last_blur: the same at the end; in between it shrinks by the same factor at each step.
        By default 0.005 in the plane and 0.5 elsewhere: in more dimensions a critic that
        sees clearly is ahead again.

    Raises:
        ValueError: the prior is unknown, its codes do not have `latent` numbers, or a blur is
            not above 0.
    """

    def __init__(self, latent=2, prior="gaussian", weight=40.0, blur=1.0, last_blur=None):
        super().__init__(latent)
        if last_blur is None:
            last_blur = 0.005 if latent == 2 else 0.5
        if not (blur > 0 and last_blur > 0):
            raise ValueError(f"blur is {blur!r}, last_blur {last_blur!r}; expected both above 0.")
        self.prior = shapes.prior(prior, latent)
        self.weight = weight
        self.blur, self.last_blur = blur, last_blur
        self.blur_now = blur
        self.discriminator = self.critic(latent)

    def critic(self, latent):
        """The discriminator of codes (N, latent)."""
        # In sixteen dimensions they made no difference.
        return LatentDiscriminator(latent, WAVES if latent == 2 else 0)

    def phases(self):
        return [
            Phase("reconstruction", self.reconstruction_loss, [self.encoder, self.decoder]),
            Phase(
                "discriminator",
                self.discriminator_loss,
                [self.discriminator],
                learning_rate=8e-3,
                betas=(0.5, 0.98),
                after=self.clear,
            ),
            Phase(
                "regularization",
                self.regularization_loss,
                [self.encoder],
                joins="reconstruction",
                weight=self.weight,
            ),
        ]

    def clear(self, done):
        """Let the critic see more clearly, now that this share of the training is done."""
        self.blur_now = self.blur * (self.last_blur / self.blur) ** done

    def discriminator_loss(self, images):
        """−log D(z) for z from the prior, −log(1 − D(z)) for codes of images, in nats."""
        wanted, codes = self.prior.sample(len(images)), self.encoder(images).detach()
        on_wanted, on_codes = self.logits(wanted.to(codes.device)), self.logits(codes)
        return (surprise_if_real(on_wanted) + surprise_if_made(on_codes)).mean()

    def regularization_loss(self, images):
        """−log D(encoder(x)): the codes want to be taken for samples of the prior, in nats."""
        return surprise_if_real(self.logits(self.encoder(images))).mean()

    def logits(self, codes):
        """What the discriminator says of codes (N, latent), (N,); above 0: from the prior."""
        return self.discriminator(self.blurred(codes))

    def blurred(self, codes):
        """The codes as the critic sees them: in training, through noise."""
        return codes + self.blur_now * torch.randn_like(codes) if self.training else codes


class LabelledAAE(AAE):
    """The same game with the label in the discriminator's hand (ibid., section 2.3).

    Its losses take labels (N,) as well, −1 where the label is not known. The prior is a
    `Shape`: a code of digit k must pass as a sample of part k, the others as one of any part.
    """

    CLASSES = 10

    def __init__(self, latent=2, prior="petals", weight=40.0):
        super().__init__(latent, prior, weight)

    def critic(self, latent):
        return LatentDiscriminator(latent + self.CLASSES + 1, WAVES)

    def reconstruction_loss(self, images, labels):
        return super().reconstruction_loss(images)

    def discriminator_loss(self, images, labels):
        """As before, of codes and samples that carry the same labels, in nats."""
        wanted, codes = self.prior.sample_of(labels.cpu()), self.encoder(images).detach()
        on_wanted = self.logits(wanted.to(codes.device), labels)
        on_codes = self.logits(codes, labels)
        return (surprise_if_real(on_wanted) + surprise_if_made(on_codes)).mean()

    def regularization_loss(self, images, labels):
        """−log D(encoder(x), label), in nats."""
        return surprise_if_real(self.logits(self.encoder(images), labels)).mean()

    def logits(self, codes, labels):
        """What the discriminator says of codes (N, latent) with their labels (N,), (N,)."""
        known = functional.one_hot(labels + 1, self.CLASSES + 1)
        seen = torch.cat([self.blurred(codes), known.to(codes.dtype)], dim=1)
        return self.discriminator(seen)
