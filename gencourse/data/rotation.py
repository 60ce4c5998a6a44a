"""A world whose truth is known: one picture, turned by any angle. It has the form of a circle."""

import torch
from torch.nn import functional

from gencourse.data.dataset import check_images


def rotated(image: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
    """The picture (C, H, W) turned counter-clockwise by each of the angles (N,), in radians.

    Returns:
        (N, C, H, W), pixels in [0, 1]; what turns out of the frame is lost.
    """
    check_images(image[None])
    cosine, sine, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    # The grid says for each place of the result where in the picture to look: the other way.
    rows = [torch.stack([cosine, -sine, zero], dim=1), torch.stack([sine, cosine, zero], dim=1)]
    shape = (len(angles), *image.shape)
    places = functional.affine_grid(torch.stack(rows, dim=1), list(shape), align_corners=False)
    return functional.grid_sample(image.expand(shape), places, align_corners=False).clamp(0, 1)
