"""An encoder whose code says in one half which, and in the other half how."""

import torch
from torch import nn

from gencourse.data.dataset import DIGIT
from gencourse.networks.perceptrons import Encoder
from gencourse.validate import whole


class HeadsEncoder(nn.Module):
    """Images (N, C, H, W) to `heads` probabilities and `style` numbers, (N, heads + style).

    In training it sees the images through noise. The scores are normalised over the batch
    before the softmax, so that each head is the highest for some images: a head that no
    image chooses would get no gradient, and never be chosen again.
    """

    NOISE, SHARPNESS = 0.3, 4.0

    def __init__(self, heads: int, style: int, image_shape: tuple[int, ...] = DIGIT):
        super().__init__()
        self.sizes = [whole(heads, "heads"), whole(style, "style")]
        self.body = Encoder(sum(self.sizes), image_shape)
        self.even = nn.BatchNorm1d(self.sizes[0], affine=False)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        scores, style = self.scores_and_style(images)
        return torch.cat([scores.softmax(1), style], dim=1)

    def scores_and_style(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The logits of the heads (N, heads), and the style (N, style)."""
        if self.training:
            if len(images) < 2:
                raise ValueError(
                    "a batch of one image cannot be normalised; expected a batch_size of 2 or more."
                )
            images = images + self.NOISE * torch.randn_like(images)
        scores, style = self.body(images).float().split(self.sizes, dim=1)
        return self.SHARPNESS * self.even(scores), style
