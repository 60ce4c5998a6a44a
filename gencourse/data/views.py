"""Views: a digit seen a little otherwise is still the same digit."""

import torch
from torch.nn import functional

# The most that a view may differ: turn and slant in radians, stretch as a share, move in pixels.
TURN, SLANT, STRETCH, MOVE = 0.3, 0.2, 0.15, 3.0


def view(images):
    """Each image (N, 1, 28, 28) turned, slanted, stretched and moved, a little, at random."""

    def evenly(most):
        return most * (2 * torch.rand(len(images), device=images.device) - 1)

    turn, slant = evenly(TURN), evenly(SLANT)
    width, height = 1 + evenly(STRETCH), 1 + evenly(STRETCH)
    across, down = evenly(MOVE / 14), evenly(MOVE / 14)  # an image is 2 wide
    rows = [
        torch.stack([width * turn.cos(), slant - turn.sin(), across], dim=1),
        torch.stack([turn.sin(), height * turn.cos(), down], dim=1),
    ]
    places = functional.affine_grid(torch.stack(rows, dim=1), images.shape, align_corners=False)
    return functional.grid_sample(images, places, align_corners=False)
