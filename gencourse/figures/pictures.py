"""Images in rows, in blocks, on sheets: ink on paper, 0 is white, 1 is black."""

import matplotlib.pyplot as plt
from torch.nn import functional

from gencourse.figures.style import PALE, WIDTH


def image_rows(rows, titles=None):
    """Images in rows under one another, each row with its name.

    Args:
        rows: name → images (N, 1, 28, 28), the same N in each.
        titles: N short texts above the columns.
    """
    columns = max(len(images) for images in rows.values())
    _, grid = plt.subplots(
        len(rows),
        columns,
        squeeze=False,
        figsize=(WIDTH, 0.25 + 0.95 * WIDTH * len(rows) / (columns + 2)),
    )
    for axes_row, (name, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(axes_row, images, strict=True):
            draw(axes, image)
        axes_row[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    for axes, title in zip(grid[0], titles or [], strict=False):
        axes.set_title(title)


def image_blocks(blocks, columns=10):
    """Blocks of images, two beside each other, each under its name.

    Args:
        blocks: name → images (N, 1, 28, 28), the same N in each.
        columns: images in a row of a block.
    """
    lines = -(-len(blocks) // 2)
    shape = -(-len(next(iter(blocks.values()))) // columns) / columns
    height = lines * (0.48 * WIDTH * shape + 0.35)
    _, panels = plt.subplots(lines, 2, figsize=(WIDTH, height), squeeze=False)
    for axes in panels.flat[len(blocks) :]:
        axes.set_visible(False)
    for axes, (name, images) in zip(panels.flat, blocks.items(), strict=False):
        draw(axes, sheet(images, columns))
        axes.set_title(name)


def draw(axes, image, aspect="equal"):
    """One image (1, H, W) as ink on paper, in a thin frame without ticks."""
    axes.imshow(
        image[0].numpy(), cmap="gray_r", vmin=0, vmax=1, aspect=aspect, interpolation="nearest"
    )
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=PALE, linewidth=0.6)


def sheet_of_a_plane(images, padding):
    """Images of a square grid of codes (K * K, 1, 28, 28) as one, the grid's first row below."""
    columns = round(len(images) ** 0.5)
    from_the_top = images.unflatten(0, (columns, columns)).flip(0).flatten(0, 1)
    return sheet(from_the_top, columns, padding)


def sheet(images, columns, padding=2):
    """Images (N, C, H, W) arranged as one image (C, H', W'), row by row, on paper.

    A single image gets no margin.
    """
    number, channels, _, _ = images.shape
    if number == 1:
        return images[0]
    paper = 0.0 if channels == 1 else 1.0  # ink is counted from white, light from black
    columns = min(columns, number)
    rows = -(-number // columns)
    missing = rows * columns - number
    cells = functional.pad(images, (padding, 0, padding, 0, 0, 0, 0, missing), value=paper)
    lines = cells.unflatten(0, (rows, columns)).permute(2, 0, 3, 1, 4)  # C, rows, H, columns, W
    return functional.pad(lines.flatten(3).flatten(1, 2), (0, padding, 0, padding), value=paper)
