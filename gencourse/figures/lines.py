"""Lines: one quantity against another, each line with its name."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes

from gencourse.figures.inputs import as_points, equally_many, some
from gencourse.figures.style import MODELS, PALE, ROLES, WIDTH, in_the_style, ink, panels_for

NEUTRAL = [("#a0a0a0", "-"), ("#666666", "--"), ("black", "-")]  # no model's, no role's
FEWEST = 10  # estimates whose mean is drawn; the means of fewer leap

Numbers = Sequence[float] | torch.Tensor


@in_the_style
def lines(
    series: Mapping[str, tuple[Numbers, Numbers]],
    xlabel: str,
    ylabel: str,
    colours: Mapping[str, str] | None = None,
    log_x: bool = False,
    lowest: float = 0,
) -> None:
    """Named lines, name → (x, y), each labelled at its right end.

    Args:
        colours: name → colour; by default those of the models, then black.
        log_x: whether each step to the right multiplies; the x are then the ticks.
        lowest: where the vertical axis begins.
    Raises:
        ValueError: there are no lines, or one has no points or not as many x as y.
    """
    some(series, "series")
    _, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for name, (x, y) in series.items():
        some(x, name)
        equally_many(x=x, y=y)
        colour = (colours or MODELS).get(name, "black")
        axes.plot(x, y, "o-" if len(x) < 20 else "-", color=colour)
    axes.set(xlabel=xlabel, ylabel=ylabel, ylim=(lowest, 1.05 * axes.get_ylim()[1]))
    _name_at_the_end(axes, series)
    if log_x:
        axes.set_xscale("log", base=2)
        ticks = sorted({tick for x, _ in series.values() for tick in torch.as_tensor(x).tolist()})
        axes.set_xticks(ticks, [str(tick) for tick in ticks], minor=False)


def _name_at_the_end(axes: Axes, series: Mapping[str, tuple[Numbers, Numbers]]) -> None:
    """Write each line's name at its right end, moved up where it would cover another."""
    low, high = axes.get_ylim()
    below = -float("inf")
    ends = [
        (float(y[-1]), float(x[-1]), name, line)
        for line, (name, (x, y)) in zip(axes.lines, series.items(), strict=True)
    ]
    for end, last, name, line in sorted(ends, key=lambda entry: entry[0]):
        below = max(end, below + 0.09 * (high - low))
        axes.annotate(
            name, (last, below), (9, 0), textcoords="offset points",
            color=ink(line.get_color()), va="center", annotation_clip=False,
        )  # fmt: skip


@in_the_style
def paths(runs: Mapping[str, torch.Tensor], xlabel: str, ylabel: str) -> None:
    """Two numbers that move together, name → their places (N, 2), side by side on the same axes.

    Hollow: where a path begins; filled: where it ends. Dashed: zero of both.

    Raises:
        ValueError: there are no paths, or a shape is not as above.
    """
    panels = panels_for(runs, "runs", height=2.7, sharex=True, sharey=True)
    for axes, (name, places) in zip(panels, runs.items(), strict=True):
        x, y = as_points(places, name).T
        axes.axhline(0, color=PALE, linestyle="--", linewidth=1)
        axes.axvline(0, color=PALE, linestyle="--", linewidth=1)
        axes.plot(x, y, color=ROLES["discriminator"], linewidth=1.2)
        axes.plot(x[:1], y[:1], "o", color="black", markerfacecolor="white", zorder=3)
        axes.plot(x[-1:], y[-1:], "o", color="black", zorder=3)
        axes.set(xlabel=xlabel, ylabel=ylabel, aspect="equal")
        axes.label_outer()


@in_the_style
def estimates(series: Mapping[str, torch.Tensor], truth: float, ylabel: str) -> None:
    """Running means of noisy estimates, name → (n,), against how many were averaged (from ten).

    Below, the same so much enlarged that the steadiest fills the panel.

    truth: the value that they should settle at, a dotted line.

    Raises:
        ValueError: there are no series, or one has fewer than ten estimates.
    """
    some(series, "series")
    means = {}
    for name, values in series.items():
        if len(values) < FEWEST:
            raise ValueError(f"{name!r} has {len(values)} estimates; expected {FEWEST} or more.")
        means[name] = values.cumsum(0)[FEWEST - 1 :] / torch.arange(FEWEST, len(values) + 1)
    figure, panels = plt.subplots(2, 1, figsize=(WIDTH, 4.4), sharex=True)
    figure.supylabel(ylabel, fontsize=plt.rcParams["axes.labelsize"])
    for axes in panels:
        for (name, mean), (colour, dashes) in zip(means.items(), cycle(NEUTRAL)):
            counts = range(FEWEST, FEWEST + len(mean))
            axes.plot(counts, mean, color=colour, linestyle=dashes, label=name, linewidth=1.6)
        axes.axhline(truth, color="black", linestyle=":", linewidth=1)
    above, below = panels
    above.set(xscale="log", title="all of it")
    above.legend(fontsize=10)
    reach = 2 * min((mean - truth).abs().max().item() for mean in means.values()) or 1.0
    below.set(xlabel="estimates averaged", title="enlarged", ylim=(truth - reach, truth + reach))


@in_the_style
def rate_distortion(measured: Mapping[float, tuple[float, float, int]]) -> None:
    """What copying costs: distortion against rate, and how many units carry it.

    measured: β → (rate, distortion, active units), nats per image.

    Raises:
        ValueError: nothing was measured.
    """
    some(measured, "measured")
    rates, distortions, active = zip(*measured.values(), strict=True)
    _, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3.2), width_ratios=[3, 2])
    left.plot(rates, distortions, "o-", color=MODELS["VAE"])
    for beta, rate, distortion in zip(measured, rates, distortions, strict=True):
        left.annotate(f"β {beta:g}", (rate, distortion), (7, 5), textcoords="offset points")
    left.set(xlabel="rate, nats", ylabel="distortion, nats", xscale="symlog")
    left.set_xlim(-0.2, 3 * max(rates))
    right.bar([f"{beta:g}" for beta in measured], active, color=MODELS["VAE"])
    right.set(xlabel="β", ylabel="active units")


@in_the_style
def critic(
    x: torch.Tensor,
    real: torch.Tensor,
    made: torch.Tensor,
    best: torch.Tensor,
    learned: torch.Tensor,
) -> None:
    """Above, two densities over x (K,); below, the best discriminator and the learned one.

    Raises:
        ValueError: there are no x, or not as many of the others.
    """
    some(x, "x")
    equally_many(x=x, real=real, made=made, best=best, learned=learned)
    _, (above, below) = plt.subplots(2, 1, figsize=(WIDTH, 4.2), sharex=True, height_ratios=[2, 3])
    for name, density, alpha in (("real", real, 0.25), ("generated", made, 0.5)):
        above.fill_between(x, density, color=ROLES[name], alpha=alpha, linewidth=0)
        peak = density.argmax()
        above.annotate(
            name, (x[peak], density[peak]), (0, 4), textcoords="offset points", ha="center",
            color=ROLES[name],
        )  # fmt: skip
    above.set(yticks=[], ylabel="density")
    above.set_ylim(0, 1.25 * max(real.max().item(), made.max().item()))
    below.plot(x, best, color="black", linewidth=1.2, label="p / (p + q)")
    below.plot(x, learned, color=ROLES["discriminator"], linestyle="--", label="learned D")
    below.set(xlabel="x", ylabel="D(x)", ylim=(-0.03, 1.03))
    below.legend()
