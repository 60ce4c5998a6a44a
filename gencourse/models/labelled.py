"""The adversarial autoencoder with the label in the discriminator's hand."""

import torch
from torch.nn import functional

from gencourse import priors
from gencourse.data.dataset import DIGIT, check_labels
from gencourse.game import Step, Term, bce_fake, bce_real, negative_log_likelihood
from gencourse.models.aae import DISCRIMINATOR_ADAM, FOURIER_FEATURES
from gencourse.models.base import LatentVariableModel
from gencourse.networks import Decoder, Encoder, InstanceNoise, LatentDiscriminator
from gencourse.validate import whole


class LabelledAAE(LatentVariableModel):
    """The AAE's game with labels (Makhzani and others, 2016, section 2.3).

    Its losses take labels (N,) as well, −1 where the label is not known. The prior has a part for
    each class: a code of class k must pass as a sample of part k, the others as one of any part.

    prior: a name in `priors.PRIORS`, or a `Shape` of codes (n, 2).
    classes: how many there are; the prior has as many parts.

    Raises:
        ValueError: the prior's codes do not have two numbers, or it has other parts than classes.
    """

    WEIGHT = 40.0
    """Of the regularization, as in the AAE."""

    def __init__(
        self, prior: object = "petals", classes: int = 10, image_shape: tuple[int, ...] = DIGIT
    ):
        super().__init__(2, priors.prior(prior, 2), image_shape)
        self.classes = whole(classes, "classes")
        if (parts := getattr(self.prior, "parts", None)) != self.classes:
            raise ValueError(
                f"the prior has {parts or 'no'} parts; expected one for each of the "
                f"{self.classes} classes, as in priors.petals({self.classes})."
            )
        self.encoder = Encoder(2, image_shape)
        self.decoder = Decoder(2, image_shape)
        self.discriminator = LatentDiscriminator(2 + self.classes + 1, FOURIER_FEATURES)
        self.noise = InstanceNoise(1.0, 0.005)

    def steps(self) -> list[Step]:
        """The two steps of the AAE."""
        reconstruction = Term("reconstruction", self.reconstruction_loss)
        regularization = Term("regularization", self.regularization_loss, self.WEIGHT)
        discriminator = Term("discriminator", self.discriminator_loss)
        return [
            Step([self.encoder, self.decoder], [reconstruction, regularization]),
            Step(
                [self.discriminator], [discriminator], after=self.noise.anneal, **DISCRIMINATOR_ADAM
            ),
        ]

    def check(  # type: ignore[override]  # it is trained on labels as well
        self, images: torch.Tensor, labels: torch.Tensor
    ) -> None:
        """Raise DataError unless the labels are those of the images, or −1 (not known)."""
        super().check(images)
        check_labels(labels, len(images), self.classes, least=-1)

    def reconstruction_loss(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """−log p(x | z), z = encoder(x), in nats per image."""
        return negative_log_likelihood(self.decoder(self.encoder(images)), images).mean()

    def regularization_loss(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """−log D(encoder(x), label), in nats."""
        return bce_real(self.logits(self.encoder(images), labels)).mean()

    def discriminator_loss(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """−log D and −log(1 − D) of samples and codes that carry the same labels, in nats."""
        samples, codes = self.prior.sample_of(labels), self.encoder(images).detach()
        on_samples, on_codes = self.logits(samples, labels), self.logits(codes, labels)
        return (bce_real(on_samples) + bce_fake(on_codes)).mean()

    def logits(self, codes: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """What the discriminator says of codes (N, 2) with their labels (N,), (N,)."""
        known = functional.one_hot(labels + 1, self.classes + 1)
        return self.discriminator(torch.cat([self.noise(codes), known.to(codes.dtype)], dim=1))
