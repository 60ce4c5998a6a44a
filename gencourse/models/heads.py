"""What the AAEs with heads share: which image goes to which head, and what teaches them."""

from dataclasses import replace
from typing import Any

import torch
from torch.nn import functional

from gencourse.data.augmentations import augment
from gencourse.data.dataset import check_images
from gencourse.game import Step, Term
from gencourse.networks import HeadsEncoder
from gencourse.priors import HeadAndStyle
from gencourse.validate import real

CLEAR = 0.2
"""The instance noise, first and last: without, .999 is told from a 1 at a glance."""


class WithHeads:
    """Beside an AAE: its encoder and its prior with heads, their terms, and their answers.

    consistency: the weight of that term; 0 leaves it out.
    aae: other settings of the AAE.
    """

    encoder: HeadsEncoder
    image_shape: tuple[int, ...]

    def __init__(
        self, heads: int, style: int, consistency: float, image_shape: tuple[int, ...], **aae: Any
    ):
        encoder = HeadsEncoder(heads, style, image_shape)
        super().__init__(  # type: ignore[call-arg]  # the AAE's
            sum(encoder.sizes),
            HeadAndStyle(heads, style),
            first_noise=CLEAR,
            last_noise=CLEAR,
            image_shape=image_shape,
            encoder=encoder,
            **aae,
        )
        self.consistency = real(consistency, "consistency", least=0)

    def head_terms(self) -> list[Term]:
        """What the encoder's step has beside copying and passing as the prior."""
        if not self.consistency:
            return []
        return [Term("consistency", self.consistency_loss, self.consistency)]

    def steps(self) -> list[Step]:
        """The AAE's steps, with the terms of the heads in that of the encoder."""
        autoencoder, discriminator = super().steps()  # type: ignore[misc]  # the AAE's
        return [replace(autoencoder, terms=[*autoencoder.terms, *self.head_terms()]), discriminator]

    def consistency_loss(self, images: torch.Tensor) -> torch.Tensor:
        """Cross-entropy of the heads of a view of each image with the image's own, in nats.

        (Hu and others, 2017, with augmentations in the place of their noise.)
        """
        with torch.no_grad():
            scores, _ = self.encoder.scores_and_style(images)
        of_view, _ = self.encoder.scores_and_style(augment(images))
        return functional.cross_entropy(of_view, scores.softmax(1))

    def assign(self, images: torch.Tensor) -> torch.Tensor:
        """The head of each image (N, C, H, W), (N,)."""
        return self.scores(images).argmax(1)

    @torch.no_grad()
    def scores(self, images: torch.Tensor) -> torch.Tensor:
        """The logits of the heads for images (N, C, H, W), (N, heads)."""
        check_images(images, self.image_shape)
        return self.encoder.scores_and_style(images)[0]

    def split(self, codes: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Codes in their two halves: heads (N, heads) and style (N, style)."""
        return codes.split(self.encoder.sizes, dim=1)


def supervised_loss(
    encoder: HeadsEncoder, images: torch.Tensor, labels: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of the heads with the labels, for views of images, in nats."""
    scores, _ = encoder.scores_and_style(augment(images))
    return functional.cross_entropy(scores, labels)
