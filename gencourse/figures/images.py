"""Images in rows, in blocks, on sheets: ink on paper, 0 is white, 1 is black.

Images with three colours are drawn as they are.
"""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Literal

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from torch.nn import functional

from gencourse.figures.inputs import checked_images, side_of_square, some
from gencourse.figures.style import PALE, WIDTH, in_the_style, panels_for

LONGEST = 24
"""Letters in a line of a row's name: a longer one would take the pictures' place."""


@in_the_style
def image_rows(rows: Mapping[str, torch.Tensor], titles: Sequence[str] = ()) -> None:
    """Images in rows under one another, each row with its name.

    Args:
        rows: name → images (N, C, H, W); where a row has fewer, its end stays empty.
        titles: short texts above the columns, N or fewer.
    Raises:
        ValueError: there are no rows, or more titles than columns.
        DataError: what is in a row are no images.
    """
    some(rows, "rows")
    rows = {name: checked_images(images) for name, images in rows.items()}
    columns = max(map(len, rows.values()))
    if len(titles) > columns:
        raise ValueError(f"there are {len(titles)} titles over {columns} columns; expected fewer.")
    size = (WIDTH, 0.25 + 0.95 * WIDTH * len(rows) / (columns + 2))
    _, grid = plt.subplots(len(rows), columns, figsize=size, squeeze=False)
    for axes_row, (name, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(axes_row, images, strict=False):
            draw(axes, image)
        for axes in axes_row[len(images) :]:
            axes.set_axis_off()
        if max(map(len, str(name).split("\n"))) > LONGEST:
            name = fill(str(name), LONGEST, max_lines=3, placeholder=" …")
        axes_row[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    for axes, title in zip(grid[0], titles, strict=False):
        axes.set_title(title)


@in_the_style
def image_blocks(blocks: Mapping[str, torch.Tensor], columns: int = 10) -> None:
    """Blocks of images, two beside each other, each under its name.

    Args:
        blocks: name → images (N, C, H, W).
        columns: images in a row of a block.
    Raises:
        ValueError: there are no blocks.
        DataError: what is in a block are no images.
    """
    sheets = {name: sheet(checked_images(images), columns) for name, images in blocks.items()}
    shape = -(-max(map(len, blocks.values()), default=0) // columns) / columns
    panels = panels_for(blocks, "blocks", height=0.48 * WIDTH * shape + 0.35, columns=2)
    for axes, block in zip(panels, sheets.values(), strict=True):
        draw(axes, block)


def draw(axes: Axes, image: torch.Tensor, aspect: Literal["equal", "auto"] = "equal") -> None:
    """One image (C, H, W), in a thin frame without ticks: one channel is ink, three are colours."""
    shown = image[0] if len(image) == 1 else image.permute(1, 2, 0).clamp(0, 1)
    axes.imshow(  # the map and its limits are for ink; colours are drawn as they are
        shown.numpy(), cmap="gray_r", vmin=0, vmax=1, aspect=aspect, interpolation="nearest"
    )
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=PALE, linewidth=0.6)


def draw_plane(
    axes: Axes, images: torch.Tensor, padding: int, aspect: Literal["equal", "auto"] = "equal"
) -> None:
    """Images of a square grid of codes (K * K, C, H, W) as one, the grid's first row below."""
    images = checked_images(images)
    columns = side_of_square(images, "images")
    from_the_top = images.unflatten(0, (columns, columns)).flip(0).flatten(0, 1)
    draw(axes, sheet(from_the_top, columns, padding), aspect)


def sheet(images: torch.Tensor, columns: int, padding: int = 2) -> torch.Tensor:
    """Images (N, C, H, W) arranged as one image (C, H', W'), row by row, on white paper.

    A single image gets no margin.
    """
    number, channels, _, _ = images.shape
    if number == 1:
        return images[0]
    white = 0.0 if channels == 1 else 1.0  # ink is none, colours are full
    columns = min(columns, number)
    rows = -(-number // columns)
    missing = rows * columns - number
    cells = functional.pad(images, (padding, 0, padding, 0, 0, 0, 0, missing), value=white)
    lines = cells.unflatten(0, (rows, columns)).permute(2, 0, 3, 1, 4)  # C, rows, H, columns, W
    return functional.pad(lines.flatten(3).flatten(1, 2), (0, padding, 0, padding), value=white)
