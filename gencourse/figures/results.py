"""Results: bars, a table of confusions, a ruler."""

import re

import matplotlib.pyplot as plt
import torch

from gencourse.figures.pictures import draw, sheet_of_a_plane
from gencourse.figures.plane import latent_scatter
from gencourse.figures.style import MODELS, PALE, WIDTH


def bars(values, ylabel, colours):
    """One bar for each of the shares, name → number, with the number above it in per cent."""
    _, axes = plt.subplots(figsize=(WIDTH, 3.0))
    drawn = axes.bar(range(len(values)), values.values(), color=colours, width=0.7)
    axes.bar_label(drawn, [f"{value:.1%}" for value in values.values()], padding=2)
    axes.set(ylabel=ylabel, yticks=[])
    axes.set_xticks(range(len(values)), values, fontsize=11)
    axes.tick_params(bottom=False)
    axes.spines["left"].set_visible(False)


def confusion(shares):
    """Which class (row) was taken for which (column): shares (K, K), written where above 2 %."""
    _, axes = plt.subplots(figsize=(0.75 * WIDTH, 0.7 * WIDTH))
    axes.imshow(shares.numpy(), cmap="Greys", vmin=0, vmax=1)
    for row, line in enumerate(shares.tolist()):
        for column, share in enumerate(line):
            if share > 0.02:
                colour = "white" if share > 0.5 else "black"
                axes.text(
                    column, row, f"{100 * share:.0f}",
                    ha="center", va="center", color=colour, fontsize=10,
                )  # fmt: skip
    ticks = range(len(shares))
    axes.set(xlabel="taken for", ylabel="digit", xticks=ticks, yticks=ticks)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def ruler(measured, first, labels, drawn):
    """A code number against what it should measure, and the plane that it orders.

    Args:
        measured, first: what was measured of each image, and the first number of its code, (N,).
        labels: (N,).
        drawn: images decoded on a square grid of codes, (K * K, 1, 28, 28).
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3.4))
    latent_scatter(torch.stack([measured, first], dim=1), labels, left)
    left.set(xlabel="slant, as measured", ylabel="$z_1$", xlim=(-0.6, 1.1), ylim=(-3, 3))
    draw(right, sheet_of_a_plane(drawn, padding=1), aspect="auto")
    right.set(title="what is drawn there", xlabel="$z_1$", ylabel="$z_2$")


def dots(panels, notes, less_is_better=(), columns=3):
    """Runs of several entrants under one another, a panel for each measure; the right is better.

    Args:
        panels: measure → entrant → the values of its runs. An entrant's colour is that of the
            first word of its name.
        notes: measure → a word below its panel, what is counted.
        less_is_better: the measures whose axes run from right to left.
        columns: panels in a row.
    """
    entrants = list(next(iter(panels.values())))
    rows = -(-len(panels) // columns)
    _, grid = plt.subplots(
        rows, columns, sharey=True, squeeze=False,
        figsize=(WIDTH, rows * (0.24 * len(entrants) + 0.8)),
    )  # fmt: skip
    for axes, (measure, values) in zip(grid.flat, panels.items(), strict=False):
        for place, entrant in enumerate(entrants):
            axes.axhline(place, color=PALE, linewidth=0.5, zorder=0)
            runs = values.get(entrant, [])
            colour = MODELS[re.match(r"\w+", entrant)[0]]
            axes.plot(runs, [place] * len(runs), "o", color=colour, markersize=5)
        axes.set_title(measure)
        axes.set_xlabel(notes[measure], fontsize=10)
        if measure in less_is_better:
            axes.invert_xaxis()
        axes.set_yticks(range(len(entrants)), entrants, fontsize=10)
        axes.tick_params(axis="x", labelsize=10)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    grid[0, 0].invert_yaxis()
