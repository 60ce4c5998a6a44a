"""Lines: losses over epochs, one quantity against another."""

import matplotlib.pyplot as plt
import torch

from gencourse.figures.style import MODELS, ROLES, WIDTH

PHASES = {
    "discriminator": ROLES["discriminator"],
    "generator": ROLES["generated"],
    "regularization": ROLES["encoder"],
}


def curves(history, levels=None):
    """Each phase's loss over the epochs, in nats per image.

    levels: phase → a value to compare its loss with, drawn dashed.
    """
    _, axes = plt.subplots(figsize=(WIDTH, 2.8))
    draw_curves(axes, history.losses, levels or {})
    if history.losses:
        axes.legend()


def curve_panels(games, levels):
    """The same phases in several games, name → history, side by side on one axis.

    levels: phase → a value to compare its loss with, drawn dashed; no other phase is drawn.
    """
    _, panels = plt.subplots(1, len(games), figsize=(WIDTH, 2.8), sharey=True)
    for axes, (name, history) in zip(panels, games.items(), strict=True):
        draw_curves(axes, {phase: history.losses[phase] for phase in levels}, levels)
        axes.set_title(name)
        axes.label_outer()
    panels[0].legend(fontsize=10)


def draw_curves(axes, losses, levels):
    """The losses, phase → (epochs,), on the given axes, each with its level where it has one."""
    for name, values in losses.items():
        epochs = range(1, len(values) + 1)
        (line,) = axes.plot(epochs, values, "o-", color=PHASES.get(name), label=name)
        if name in levels:
            axes.axhline(levels[name], color=line.get_color(), linestyle="--", linewidth=1)
    longest = max(map(len, losses.values()), default=0)
    axes.set(xlabel="epoch", ylabel="nats per image")
    axes.set_xticks(range(1, longest + 1) if longest <= 12 else range(0, longest + 1, 5))


def lines(series, xlabel, ylabel, colours=None, log_x=False, lowest=0):
    """Named lines, name → (x, y), each labelled at its right end.

    Args:
        colours: name → colour; by default those of the models, then black.
        log_x: whether each step to the right multiplies; the x are then the ticks.
        lowest: where the vertical axis begins.
    """
    _, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for name, (x, y) in series.items():
        colour = (colours or MODELS).get(name, "black")
        axes.plot(x, y, "o-" if len(x) < 20 else "-", color=colour)
    axes.set(xlabel=xlabel, ylabel=ylabel, ylim=(lowest, 1.05 * axes.get_ylim()[1]))
    _name_at_the_end(axes, series)
    if log_x:
        axes.set_xscale("log", base=2)
        axes.set_xticks(x, [str(tick) for tick in x], minor=False)


def _name_at_the_end(axes, series):
    """Write each line's name at its right end, moved up where it would cover another."""
    low, high = axes.get_ylim()
    below = -float("inf")
    ends = [
        (float(y[-1]), x[-1], name, line)
        for line, (name, (x, y)) in zip(axes.lines, series.items(), strict=True)
    ]
    for end, last, name, line in sorted(ends, key=lambda entry: entry[0]):
        below = max(end, below + 0.09 * (high - low))
        axes.annotate(
            name, (last, below), (9, 0), textcoords="offset points",
            color=line.get_color(), va="center", annotation_clip=False,
        )  # fmt: skip


def estimates(series, truth, ylabel):
    """Running means of noisy estimates, name → (n,), against how many were averaged (from ten).

    truth: the value that they should settle at, a thin line.
    """
    _, axes = plt.subplots(figsize=(WIDTH, 3.0))
    axes.axhline(truth, color="black", linewidth=0.8)
    for name, values in series.items():
        counts = torch.arange(1, len(values) + 1)
        means = values.cumsum(0) / counts
        axes.plot(counts[9:], means[9:], label=name, linewidth=1.6)
    axes.set(xlabel="estimates averaged", ylabel=ylabel, xscale="log")
    axes.legend()


def rate_distortion(measured):
    """What copying costs: distortion against rate, and how many units carry it.

    measured: β → (rate, distortion, active units), nats per image.
    """
    rates, distortions, active = zip(*measured.values(), strict=True)
    _, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3.2), width_ratios=[3, 2])
    left.plot(rates, distortions, "o-", color=MODELS["VAE"])
    for beta, rate, distortion in zip(measured, rates, distortions, strict=True):
        left.annotate(f"β {beta:g}", (rate, distortion), (7, 5), textcoords="offset points")
    left.set(xlabel="rate, nats", ylabel="distortion, nats", xscale="symlog")
    left.set_xlim(-0.2, 3 * max(rates))
    right.bar([f"{beta:g}" for beta in measured], active, color=MODELS["VAE"])
    right.set(xlabel="β", ylabel="active units")
