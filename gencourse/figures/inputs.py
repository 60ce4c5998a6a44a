"""What the figures are given is looked at here, before anything is drawn."""

import math
from collections.abc import Sized

import torch

from gencourse.data.dataset import check_images


def checked_images(images: torch.Tensor) -> torch.Tensor:
    """Images (N, C, H, W), ready to be drawn. Every image of every figure passes here."""
    check_images(images)
    return images.detach()


def as_points(points: torch.Tensor, name: str) -> torch.Tensor:
    """Points of the plane (N, 2), at least one, ready to be drawn."""
    points = torch.as_tensor(points).detach()
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ValueError(
            f"`{name}` has shape {tuple(points.shape)}; expected (N, 2), at least one point of the "
            "plane."
        )
    return points


def some(entries: Sized, name: str) -> None:
    """Raise ValueError if there are no entries."""
    if len(entries) == 0:
        raise ValueError(
            f"`{name}` is empty; expected at least one entry, there is nothing to draw."
        )


def equally_many(**given: Sized) -> None:
    """Raise ValueError unless there are as many of each."""
    if len({len(entries) for entries in given.values()}) > 1:
        numbers = ", ".join(f"{len(entries)} {name}" for name, entries in given.items())
        raise ValueError(f"there are {numbers}; expected as many of each.")


def side_of_square(entries: Sized, name: str, least: int = 1) -> int:
    """How many entries, at least `least`, a side has of a square grid, given row by row."""
    side = math.isqrt(len(entries))
    if side**2 != len(entries) or side < least:
        raise ValueError(
            f"`{name}` has {len(entries)} entries; expected K × K of a square grid, with K at "
            f"least {least}."
        )
    return side
