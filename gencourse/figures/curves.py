"""Curves of a training: the loss of each phase over the epochs, alone or beside what it made."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine

from gencourse.figures.images import draw, sheet
from gencourse.figures.inputs import as_points, checked_images, some
from gencourse.figures.scatters import latent_scatter, prior_circles
from gencourse.figures.style import APART, MODELS, ROLES, WIDTH, in_the_style, panels_for
from gencourse.training import History

Made = torch.Tensor | tuple[torch.Tensor, torch.Tensor]

PHASES = {
    "discriminator": ROLES["discriminator"],
    "generator": ROLES["generated"],
    "regularization": ROLES["encoder"],
    "evidence bound": MODELS["VAE"],
}


@in_the_style
def curves(history: History, levels: Mapping[str, float] | None = None) -> None:
    """Each phase's loss over the epochs, in nats per image.

    levels: phase → a value to compare its loss with, drawn dashed.
    """
    _, axes = plt.subplots(figsize=(WIDTH, 2.8))
    draw_curves(axes, history.losses, levels or {})
    if axes.lines:
        axes.legend()


@in_the_style
def curve_panels(games: Mapping[str, History], levels: Mapping[str, float]) -> None:
    """The same phases in several games, name → history, side by side on one axis.

    levels: phase → a value to compare its loss with, drawn dashed; no other phase is drawn.

    Raises:
        ValueError: there are no games or no levels, or a game has no such phase.
    """
    panels = panels_for(games, "games", height=2.8, sharey=True)
    some(levels, "levels")
    for axes, (name, history) in zip(panels, games.items(), strict=True):
        losses = {phase: history.losses[phase] for phase in levels if phase in history.losses}
        if history.losses and not losses:
            raise ValueError(
                f"{name!r} has the phases {', '.join(history.losses)}; expected one of "
                f"{', '.join(levels)}, for which there are levels."
            )
        draw_curves(axes, losses, levels)
        axes.label_outer()
    for axes in [axes for axes in panels if axes.lines][:1]:
        axes.legend(fontsize=10)


@in_the_style
def cases(
    patients: Mapping[str, tuple[History, Made]], levels: Mapping[str, float] | None = None
) -> None:
    """Trainings under one another: their losses over the epochs, and what came of them.

    Args:
        patients: name → (history, images (N, C, H, W)), or (history, (codes (N, 2), labels
            (N,))). Codes are drawn over circles of one, two and three standard deviations of a
            Gaussian prior.
        levels: phase → a value to compare its loss with, drawn dashed. Where a training has such
            phases, no others are drawn.
    Raises:
        ValueError: there are no patients, codes have another shape, or a label has no colour.
        DataError: what should be images are none.
    """
    some(patients, "patients")
    levels = levels or {}
    size = (WIDTH, 2.5 * len(patients))
    layout = ConstrainedLayoutEngine(h_pad=APART)
    _, rows = plt.subplots(
        len(patients), 2, figsize=size, layout=layout, width_ratios=[5, 4], squeeze=False
    )
    for (name, (history, made)), (left, right) in zip(patients.items(), rows, strict=True):
        dashed = {phase: level for phase, level in levels.items() if phase in history.losses}
        losses = {phase: history.losses[phase] for phase in dashed or history.losses}
        draw_curves(left, losses, dashed)
        _from_zero(left, [*chain.from_iterable(losses.values()), *dashed.values()])
        left.set_title(name)
        if isinstance(made, tuple):
            _codes(right, *made)
        else:
            draw(right, sheet(checked_images(made), columns=8))
        if left.lines:
            left.legend(fontsize=10)


def draw_curves(
    axes: Axes, losses: Mapping[str, Sequence[float]], levels: Mapping[str, float]
) -> None:
    """The losses, phase → (epochs,), on the given axes, each with its level where it has one.

    A training that was stopped in its first epoch has none, and the axes say so.
    """
    longest = max(map(len, losses.values()), default=0)
    for name, values in losses.items() if longest else ():
        epochs = range(1, len(values) + 1)
        (line,) = axes.plot(epochs, values, "o-", color=PHASES.get(name), label=name)
        if name == "discriminator":  # two players differ in more than their colour
            line.set(marker="s", markerfacecolor="white")
        if name in levels:
            axes.axhline(levels[name], color=line.get_color(), linestyle="--", linewidth=1)
    if not longest:
        axes.text(0.5, 0.5, "no epoch was finished", transform=axes.transAxes, ha="center")
    axes.set(xlabel="epoch", ylabel="nats per image")
    axes.set_xticks(range(1, longest + 1) if longest <= 12 else range(0, longest + 1, 5))


def _from_zero(axes: Axes, values: Iterable[float]) -> None:
    """Show zero, the floor of most losses; in powers of ten where a loss runs away."""
    values = [value for value in values if math.isfinite(value)]
    furthest = max(values, key=abs, default=0.0)
    if abs(furthest) > 10_000:
        decades = math.ceil(math.log10(abs(furthest)))
        powers = [decades // 3, 2 * decades // 3, decades]
        axes.set_yscale("symlog", linthresh=100)
        axes.set_yticks([0, *(math.copysign(10.0**power, furthest) for power in powers)])
        axes.set_yticks([], minor=True)
    elif furthest > 0 and min(values) >= 0:
        axes.set_ylim(0, 1.25 * furthest)


def _codes(axes: Axes, codes: torch.Tensor, labels: torch.Tensor) -> None:
    codes = as_points(codes, "codes")
    prior_circles(axes, zorder=3)  # above the codes
    latent_scatter(axes, codes, labels)
    reach = max(3.6, 1.05 * codes.abs().quantile(0.999).item())
    axes.set(aspect="equal", xlim=(-reach, reach), ylim=(-reach, reach))
