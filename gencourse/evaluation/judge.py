"""The judge, a reference classifier: which digit does it see, and how surely?

There is a second one, for clothes: `of="clothes"` asks it. Its last hidden layer serves as feature
space. How it was taught stands in gencourse.models.reference_classifier.
"""

from functools import cache

import torch

from gencourse.data.dataset import check_images
from gencourse.weights import pretrained

SUBJECTS = "digits", "clothes"
SURE = 0.9
"""Confidence from which the course calls an image a plausible digit."""


@torch.no_grad()
def look(images: torch.Tensor, of: str = "digits") -> tuple[torch.Tensor, torch.Tensor]:
    """The judge's features (N, 64) and probabilities of the ten classes (N, 10), in one look.

    Args:
        images: (N, 1, 28, 28), pixels in [0, 1].
        of: which judge, "digits" or "clothes".
    Raises:
        ValueError: there is no judge of that.
        DataError: the images are none, or the judge's weights are missing or damaged.
    """
    if of not in SUBJECTS:
        raise ValueError(f"there is no judge of {of!r}; expected one of {', '.join(SUBJECTS)}.")
    judge = _judge(of)
    check_images(images, judge.image_shape)
    seen = torch.cat([judge.body(batch) for batch in images.split(1000)])
    return seen, judge.head(seen).softmax(1)


@cache
def _judge(of):
    return pretrained(f"judge-{of}")


def probabilities(images: torch.Tensor, of: str = "digits") -> torch.Tensor:
    """The judge's probabilities of the ten classes, (N, 10), for images (N, 1, 28, 28)."""
    return look(images, of)[1]


def confidence(images: torch.Tensor, of: str = "digits") -> torch.Tensor:
    """The judge's largest probability, (N,): how sure it is to see a digit."""
    return probabilities(images, of).max(1).values


def features(images: torch.Tensor, of: str = "digits") -> torch.Tensor:
    """The judge's last hidden layer, (N, 64)."""
    return look(images, of)[0]
