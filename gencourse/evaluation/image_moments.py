"""What can be read off a digit without recognising it: its ink, and its slant.

Given no images, both raise DataError.
"""

import torch

from gencourse.data.dataset import check_images


def ink(images: torch.Tensor) -> torch.Tensor:
    """The mean of each image's pixels, (N,): thick strokes have more."""
    return check_images(images).mean((1, 2, 3))


def slant(images: torch.Tensor) -> torch.Tensor:
    """How far each image leans to the right for each pixel it rises, (N,).

    From the second moments of its ink: −cov(x, y) / var(y), y growing downward.
    Raises:
        ValueError: an image has no ink, or all in one row.
    """
    check_images(images)
    weight = images.sum(1) / images.sum((1, 2, 3)).clamp(min=1e-9)[:, None, None]
    height, width = images.shape[2:]
    y, x = torch.meshgrid(torch.arange(float(height)), torch.arange(float(width)), indexing="ij")
    mean_y, mean_x = ((weight * axis).sum((1, 2))[:, None, None] for axis in (y, x))
    dy, dx = y - mean_y, x - mean_x
    rise = (weight * dy.square()).sum((1, 2))
    if not (rise > 1e-6).all():
        raise ValueError("an image has no ink, or all of it in one row: it has no slant.")
    return -(weight * dx * dy).sum((1, 2)) / rise
