"""Patients and those in good health: the curves of a training beside what it made."""

import math
from itertools import chain

import matplotlib.pyplot as plt
from matplotlib.patches import Circle

from gencourse.figures.curves import draw_curves
from gencourse.figures.pictures import draw, sheet
from gencourse.figures.plane import latent_scatter
from gencourse.figures.style import ROLES, WIDTH


def cases(patients, levels=()):
    """Trainings under one another: their losses over the epochs, and what came of them.

    Args:
        patients: name → (history, images (N, 1, 28, 28)), or (history, (codes (N, 2), labels
            (N,))). Codes are drawn over circles of one, two and three standard deviations of a
            Gaussian prior.
        levels: phase → a value to compare its loss with, drawn dashed. Where a training has such
            phases, no others are drawn.
    """
    _, rows = plt.subplots(
        len(patients), 2, figsize=(WIDTH, 2.5 * len(patients)), width_ratios=[5, 4], squeeze=False
    )
    for (name, (history, made)), (left, right) in zip(patients.items(), rows, strict=True):
        losses = {phase: history.losses[phase] for phase in levels if phase in history.losses}
        dashed = {phase: levels[phase] for phase in losses}
        losses = losses or history.losses
        draw_curves(left, losses, dashed)
        _from_zero(left, [*chain.from_iterable(losses.values()), *dashed.values()])
        left.set_title(name)
        if isinstance(made, tuple):
            _codes(right, *made)
        else:
            draw(right, sheet(made, columns=8))
        left.legend(fontsize=10)


def _from_zero(axes, values):
    """Show zero, the floor of most losses; in powers of ten where a loss runs away."""
    furthest = max(values, key=abs)
    if abs(furthest) > 10_000:
        decades = math.ceil(math.log10(abs(furthest)))
        powers = [decades // 3, 2 * decades // 3, decades]
        axes.set_yscale("symlog", linthresh=100)
        axes.set_yticks([0, *(math.copysign(10.0**power, furthest) for power in powers)])
        axes.set_yticks([], minor=True)
    elif min(values) >= 0:
        axes.set_ylim(0, 1.25 * max(values))


def _codes(axes, codes, labels):
    for radius in (1, 2, 3):
        circle = Circle((0, 0), radius, fill=False, linestyle="--", color=ROLES["prior"])
        axes.add_patch(circle).set_zorder(3)  # above the codes
    latent_scatter(codes, labels, axes)
    reach = max(3.6, 1.05 * codes.abs().quantile(0.99).item())
    axes.set(aspect="equal", xlim=(-reach, reach), ylim=(-reach, reach))
