"""Shares: as bars, as parts of bars, as a table of confusions."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import torch

from gencourse.figures.inputs import equally_many, some
from gencourse.figures.style import WIDTH, in_the_style


@in_the_style
def bars(values: Mapping[str, float], ylabel: str, colours: Sequence[str]) -> None:
    """One bar for each of the shares, name → number, with the number above it in per cent.

    Raises:
        ValueError: there are no values, or not as many colours.
    """
    some(values, "values")
    equally_many(values=values, colours=colours)
    _, axes = plt.subplots(figsize=(WIDTH, 3.0))
    drawn = axes.bar(range(len(values)), list(values.values()), color=colours, width=0.7)
    axes.bar_label(drawn, [f"{value:.1%}" for value in values.values()], padding=2)
    axes.set(ylabel=ylabel, yticks=[])
    axes.set_xticks(range(len(values)), list(values))
    axes.tick_params(axis="x", bottom=False, labelsize=11)
    axes.spines["left"].set_visible(False)


@in_the_style
def stacked(
    parts: Mapping[str, Mapping[str, float]], ylabel: str, colours: Mapping[str, str]
) -> None:
    """One bar for each name, of parts that add up: name → part → number.

    colours: part → colour, from the lowest up.

    Raises:
        ValueError: there are no bars or no colours, or a bar has no such part.
    """
    some(parts, "parts")
    some(colours, "colours")
    for name, numbers in parts.items():
        if missing := [part for part in colours if part not in numbers]:
            raise ValueError(f"{name!r} has no part {', '.join(missing)}; each needs every part.")
    _, axes = plt.subplots(figsize=(WIDTH, 3.0))
    below = [0.0] * len(parts)
    for part, colour in colours.items():
        heights = [numbers[part] for numbers in parts.values()]
        axes.bar(list(parts), heights, bottom=below, color=colour, label=part, width=0.6)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.set(ylabel=ylabel)
    axes.tick_params(axis="x", bottom=False)
    axes.legend()


@in_the_style
def confusion(shares: torch.Tensor) -> None:
    """Which class (row) was taken for which (column): shares (K, K), written where above 2 %.

    Raises:
        ValueError: the shares are no square, or there are none.
    """
    if shares.ndim != 2 or shares.shape[0] != shares.shape[1] or len(shares) == 0:
        raise ValueError(
            f"`shares` has shape {tuple(shares.shape)}; expected (K, K), K at least 1."
        )
    _, axes = plt.subplots(figsize=(0.75 * WIDTH, 0.7 * WIDTH))
    axes.imshow(shares.numpy(), cmap="Greys", vmin=0, vmax=1)
    for row, column in (shares > 0.02).nonzero().tolist():
        share = shares[row, column].item()
        colour, text = "white" if share > 0.5 else "black", f"{100 * share:.0f}"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=10)
    ticks = range(len(shares))
    axes.set(xlabel="taken for", ylabel="digit", xticks=ticks, yticks=ticks)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
