"""Dots: each run of an experiment is one."""

import re
from collections.abc import Container, Mapping, Sequence
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from gencourse.figures.inputs import equally_many, some
from gencourse.figures.style import HALO, MODELS, PALE, WIDTH, in_the_style, panels_for

COLUMNS = 3  # panels beside each other


@in_the_style
def dots(
    panels: Mapping[str, Mapping[str, Sequence[float]]],
    notes: Mapping[str, str],
    less_is_better: Container[str],
) -> None:
    """Runs of several entrants under one another, a panel for each measure; the right is better.

    Args:
        panels: measure → entrant → the values of its runs. An entrant's colour is that of the
            first word of its name.
        notes: measure → a word below its panel, what is counted.
        less_is_better: the measures whose axes run from right to left.
    Raises:
        ValueError: there are no panels, or a measure has no note.
    """
    if missing := [measure for measure in panels if measure not in notes]:
        raise ValueError(
            f"`notes` says nothing of {', '.join(missing)}; each measure needs a word."
        )
    entrants = list(dict.fromkeys(entrant for values in panels.values() for entrant in values))
    some(entrants, "panels")
    columns = min(COLUMNS, len(panels))
    grid = panels_for(panels, "panels", 0.24 * len(entrants) + 0.8, columns, sharey=True)
    for axes, (measure, values) in zip(grid, panels.items(), strict=True):
        for place, entrant in enumerate(entrants):
            axes.axhline(place, color=PALE, linewidth=0.5, zorder=0)
            runs = values.get(entrant, [])
            colour = MODELS.get(re.split(r"\W", entrant)[0], "black")
            axes.plot(runs, [place] * len(runs), "o", color=colour, markersize=5)
        axes.set_xlabel(notes[measure], fontsize=10)
        if measure in less_is_better:
            axes.invert_xaxis()
        axes.set_yticks(range(len(entrants)), entrants)
        axes.tick_params(labelsize=10)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    grid[0].invert_yaxis()


@in_the_style
def trade(
    runs: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    xlabel: str,
    ylabel: str,
    moves: Sequence[tuple[str, str]],
) -> None:
    """What is won against what is paid: two measurements of many runs, a colour for each model.

    Args:
        runs: name → (x of each run, y of each run). The first word of a name has the colour;
            where more words follow, the dots are hollow.
        moves: pairs of names; an arrow leads from the mean of the one to the mean of the other.
    Raises:
        ValueError: there are no runs, or not as many x as y of a name, or no name of a move.
    """
    some(runs, "runs")
    for name, (x, y) in runs.items():
        some(x, name)
        equally_many(x=x, y=y)
    if missing := {name for move in moves for name in move}.difference(runs):
        raise ValueError(
            f"moves lead to {', '.join(sorted(missing))}, but `runs` has no such name."
        )
    _, axes = plt.subplots(figsize=(WIDTH, 4.4))
    means = {
        name: (float(sum(x) / len(x)), float(sum(y) / len(y))) for name, (x, y) in runs.items()
    }
    arrow = {"arrowstyle": "->", "color": "#777777", "shrinkA": 9, "shrinkB": 9}
    for start, end in moves:
        axes.annotate("", means[end], means[start], arrowprops=arrow)
    wide, high = np.ptp([*means.values()], axis=0)
    for name, (x, y) in runs.items():
        model, *changed = name.split()
        colour = MODELS.get(model, "black")
        axes.plot(x, y, "o", color=colour, markerfacecolor="none" if changed else colour)
        # The name stands where no arrow comes or goes.
        across, up = means[name]
        crowded = any(
            0.05 * wide < x - across < 0.35 * wide and abs(y - up) < 0.06 * high
            for x, y in means.values()
        )
        if changed and not crowded:
            place, shift, ha, va = (max(x), up), (8, 0), "left", "center"
        elif any(name == start for start, _ in moves):
            place, shift, ha, va = (across, min(y)), (0, -7), "center", "top"
        else:
            place, shift, ha, va = (across, max(y)), (0, 7), "center", "bottom"
        axes.annotate(
            name, place, shift, textcoords="offset points", ha=ha, va=va,
            color=colour, fontsize=11, path_effects=HALO,
        )  # fmt: skip
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.margins(0.12)


@in_the_style
def sensitivity(
    outcomes: Mapping[tuple[float, float], Sequence[tuple[int, float]]],
    rates: Sequence[float],
    betas: Sequence[float],
    runs: int,
) -> None:
    """What became of each run, over learning rate and β₁.

    Args:
        outcomes: (rate, β₁) → for each run (modes covered, share of good points).
        runs: how many in each.
    Raises:
        ValueError: there are no rates or betas, or a pair of them has not as many runs.
    """
    some(rates, "rates")
    some(betas, "betas")
    for pair in product(rates, betas):
        found = len(outcomes.get(pair, ()))
        if not 0 < found == runs:
            raise ValueError(f"`outcomes` has {found} runs of {pair}; expected {runs}, at least 1.")
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    cmap = ListedColormap(plt.get_cmap("viridis")([0.15, 0.4, 0.62, 0.82, 1.0]))
    for (row, beta), (column, rate) in product(enumerate(betas), enumerate(rates)):
        for run, (modes, good) in enumerate(outcomes[rate, beta]):
            x = column + (run - (runs - 1) / 2) * 0.27
            drawn = axes.scatter(x, row, s=480, c=[good], cmap=cmap, vmin=0, vmax=1, linewidths=0)
            ink = "black" if good > 0.6 else "white"
            axes.text(x, row, str(modes), ha="center", va="center", fontweight="bold", color=ink)
    axes.set(xlabel="learning rate", ylabel="Adam's β₁")
    axes.set_xticks(range(len(rates)), [f"{rate:g}" for rate in rates])
    axes.set_yticks(range(len(betas)), [f"{beta:g}" for beta in betas])
    axes.set(xlim=(-0.6, len(rates) - 0.4), ylim=(-0.6, len(betas) - 0.4))
    bar = figure.colorbar(drawn, ax=axes, ticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    bar.set_label("share of good points")
