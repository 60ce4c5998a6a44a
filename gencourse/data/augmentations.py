"""Augmentations: a picture seen a little otherwise is still of the same thing.

The prose calls what they give a view of the picture. Given no images, they raise DataError.
"""

import torch
from torch.nn import functional

from gencourse.data.dataset import check_images

# The most that a view may differ: turn and slant in radians, stretch as a share, move in pixels
# of a digit, which is 28 wide.
TURN, SLANT, STRETCH, MOVE = 0.3, 0.2, 0.15, 3.0


def augment(images: torch.Tensor) -> torch.Tensor:
    """Each image (N, C, H, W) turned, slanted, stretched and moved, a little, at random."""
    check_images(images)

    def evenly(most):
        return most * (2 * torch.rand(len(images), device=images.device) - 1)

    turn, slant = evenly(TURN), evenly(SLANT)
    width, height = 1 + evenly(STRETCH), 1 + evenly(STRETCH)
    across, down = evenly(MOVE / 14), evenly(MOVE / 14)  # an image is 2 wide
    rows = [
        torch.stack([width * turn.cos(), slant - turn.sin(), across], dim=1),
        torch.stack([turn.sin(), height * turn.cos(), down], dim=1),
    ]
    turns = torch.stack(rows, dim=1)
    places = functional.affine_grid(turns, list(images.shape), align_corners=False)
    return functional.grid_sample(images, places, align_corners=False)


def shift(images: torch.Tensor) -> torch.Tensor:
    """Each image (N, C, H, W) moved by up to two pixels in each direction, at random."""
    most, (n, _, height, width) = 2, check_images(images).shape
    padded = functional.pad(images, (most,) * 4)
    moves = torch.randint(2 * most + 1, (2, n), device=images.device)
    rows = moves[0, :, None] + torch.arange(height, device=images.device)
    columns = moves[1, :, None] + torch.arange(width, device=images.device)
    which = torch.arange(n, device=images.device)[:, None, None]
    # Three indices with a slice between them: the channels come last, and go back.
    return padded[which, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
