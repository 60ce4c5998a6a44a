"""Points of a prior that somebody has drawn: in a picture's ink, or along strokes."""

from collections.abc import Sequence

import torch

SOFT = 0.08
"""The standard deviation across a hand-drawn line."""


def points_in(picture: torch.Tensor, n: int) -> torch.Tensor:
    """`n` points where a picture (H, W) has ink, as often as there is ink, (n, 2).

    The picture's longer side goes from −2 to 2; its first row is at the top.

    Raises:
        ValueError: the picture is not (H, W), or has no ink.
    """
    picture = torch.as_tensor(picture, dtype=torch.float32)
    if picture.ndim != 2 or not picture.isfinite().all() or picture.min() < 0 or not picture.any():
        raise ValueError(
            "expected a picture (H, W) of numbers of 0 or more, some above 0; got "
            f"{tuple(picture.shape)}."
        )
    height, width = picture.shape
    row, column = torch.unravel_index(picture.flatten().multinomial(n, True), picture.shape)
    x, y = column + torch.rand(n) - width / 2, height / 2 - row - torch.rand(n)
    return torch.stack([x, y], dim=1) * (4 / max(height, width))


def along(strokes: Sequence, n: int) -> torch.Tensor:
    """`n` points along hand-drawn lines, evenly by length, (n, 2), with a soft edge.

    strokes: a list of lines, each a list of at least two points (x, y).

    Raises:
        ValueError: no stroke has any length.
    """
    lines = [torch.as_tensor(line, dtype=torch.float32) for line in strokes if len(line) > 1]
    starts = torch.cat([line[:-1] for line in lines] or [torch.zeros(1, 2)])
    steps = torch.cat([line.diff(dim=0) for line in lines] or [torch.zeros(1, 2)])
    lengths = steps.norm(dim=1)
    if not lengths.any():
        raise ValueError("there is no line in this drawing; expected two different points in one.")
    chosen = lengths.multinomial(n, True)
    return starts[chosen] + torch.rand(n, 1) * steps[chosen] + SOFT * torch.randn(n, 2)
