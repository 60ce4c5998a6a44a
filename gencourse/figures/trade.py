"""What is won against what is paid for it."""

import matplotlib.pyplot as plt
from matplotlib import patheffects

from gencourse.figures.style import MODELS, WIDTH


def trade(runs, xlabel, ylabel, moves=()):
    """Two measurements of many runs, one against the other, a colour for each model.

    Args:
        runs: name → (x of each run, y of each run). The first word of a name has the colour;
            where more words follow, the dots are hollow.
        moves: pairs of names; an arrow leads from the mean of the one to the mean of the other.
    """
    _, axes = plt.subplots(figsize=(WIDTH, 4.4))
    means = {name: [float(sum(v) / len(v)) for v in pair] for name, pair in runs.items()}
    for start, end in moves:
        axes.annotate(
            "", means[end], means[start],
            arrowprops={"arrowstyle": "->", "color": "#777777", "shrinkA": 9, "shrinkB": 9},
        )  # fmt: skip
    halo = [patheffects.withStroke(linewidth=3, foreground="white")]
    for name, (x, y) in runs.items():
        model, *changed = name.split()
        colour = MODELS.get(model, "black")
        axes.plot(x, y, "o", color=colour, markerfacecolor="none" if changed else colour)
        # The name stands where no arrow comes or goes.
        across, up = means[name]
        if changed:
            place, shift, ha, va = (max(x), up), (8, 0), "left", "center"
        elif any(name == start for start, _ in moves):
            place, shift, ha, va = (across, min(y)), (0, -7), "center", "top"
        else:
            place, shift, ha, va = (across, max(y)), (0, 7), "center", "bottom"
        axes.annotate(
            name, place, shift, textcoords="offset points", ha=ha, va=va,
            color=colour, fontsize=11, path_effects=halo,
        )  # fmt: skip
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.margins(0.12)


def stacked(parts, ylabel, colours):
    """One bar for each name, of parts that add up: name → part → number."""
    _, axes = plt.subplots(figsize=(WIDTH, 3.0))
    below = [0.0] * len(parts)
    for part, colour in colours.items():
        heights = [numbers[part] for numbers in parts.values()]
        axes.bar(list(parts), heights, bottom=below, color=colour, label=part, width=0.6)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.set(ylabel=ylabel)
    axes.tick_params(axis="x", bottom=False)
    axes.legend()
