"""Scatters in the plane: codes with their labels, clouds, the points of toys."""

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

import matplotlib.patheffects as effects
import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, Rectangle

from gencourse.data import Gaussians
from gencourse.figures.inputs import as_points, equally_many, some
from gencourse.figures.style import PALE, ROLES, WIDTH, in_the_style, label_colours

SHOWN = 120  # ellipses in a plane; more hide one another


@in_the_style
def latent_map(codes: torch.Tensor, labels: torch.Tensor) -> None:
    """Codes (N, 2) coloured by their digits, whole on the left, the crowded middle on the right.

    Each digit is written once, at the median of its codes, in the panel where there is room.
    A label of -1 means that the digit is not known: its code is pale, below the others.

    Raises:
        ValueError: a shape is not as above, or a label has no colour.
    """
    codes = as_points(codes, "codes")
    _, (whole, middle) = plt.subplots(1, 2, figsize=(WIDTH, 3.4))
    corners = codes.quantile(torch.tensor([0.2, 0.8]), dim=0)
    flat = corners[0] == corners[1]  # one code, or many in one place
    low, high = (corners + torch.tensor([[-0.5], [0.5]]) * flat).tolist()
    frame = Rectangle(low, high[0] - low[0], high[1] - low[1], fill=False)
    latent_scatter(whole, codes, labels)
    latent_scatter(middle, codes, labels)
    whole.add_patch(frame)
    whole.set_title("all codes")
    middle.set(title="the frame, enlarged", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    for digit in _known(labels):
        x, y = codes[labels == digit].median(0).values.tolist()
        inside = low[0] < x < high[0] and low[1] < y < high[1]
        outlined(middle if inside else whole, x, y, str(digit))


@in_the_style
def latent_scatters(runs: Mapping[str, torch.Tensor], labels: torch.Tensor) -> None:
    """Scatters of several runs, name → codes (N, 2), side by side on the same axes.

    Labels are as for `latent_map`, and so are the errors.
    """
    some(runs, "runs")
    _, panels = plt.subplots(
        1, len(runs), figsize=(WIDTH, 2.8), sharex=True, sharey=True, squeeze=False
    )
    for axes, (name, codes) in zip(panels[0], runs.items(), strict=True):
        latent_scatter(axes, codes, labels)
        medians = {digit: codes[labels == digit].median(0).values for digit in _known(labels)}
        middle = codes.median(0).values
        farthest = sorted(medians, key=lambda digit: (medians[digit] - middle).norm().item())[-4:]
        for digit in farthest:  # the others would hide one another in the middle
            x, y = medians[digit].tolist()
            outlined(axes, x, y, str(digit), size=12)
        axes.set_title(name)
        axes.label_outer()


@in_the_style
def clouds(locations: torch.Tensor, scales: torch.Tensor, labels: torch.Tensor) -> None:
    """Codes as points, and as the clouds that they are: ellipses of two standard deviations.

    Args:
        locations, scales: of the posteriors, (N, 2); the first 120 are drawn as ellipses.
        labels: (N,), as for `latent_map`; the first 4,000 are drawn as points.
    Raises:
        ValueError: a shape is not as above, or a label has no colour.
    """
    locations, scales = as_points(locations, "locations"), as_points(scales, "scales")
    equally_many(locations=locations, scales=scales, labels=labels)
    _, panels = plt.subplots(1, 2, figsize=(WIDTH, 3.5), sharex=True, sharey=True)
    for axes, title in zip(panels, ("as points", "as clouds"), strict=True):
        prior_circles(axes)
        axes.set(xlabel="$z_1$", title=title, aspect="equal", xlim=(-3.8, 3.8), ylim=(-3.8, 3.8))
    panels[0].set_ylabel("$z_2$")
    latent_scatter(panels[0], locations[:4000], labels[:4000])
    panels[0].label_outer()
    colours = label_colours(labels[:SHOWN])
    for place, scale, colour in zip(
        locations[:SHOWN].tolist(), 2 * scales[:SHOWN], colours, strict=True
    ):
        cloud = ellipse(panels[1], place, scale.tolist(), colour, alpha=0.55, linewidth=0)
        if colour == PALE:
            cloud.set_zorder(0.9)  # below the known
    panels[1].set_ylabel("")


@in_the_style
def point_clouds(clouds: Mapping[str, torch.Tensor]) -> None:
    """Sets of codes side by side on the same axes, name → (N, 2); no labels are known.

    Raises:
        ValueError: there are no sets, or one has another shape.
    """
    some(clouds, "clouds")
    _, panels = plt.subplots(
        1, len(clouds), figsize=(WIDTH, 3.4), sharex=True, sharey=True, squeeze=False
    )
    colours = {"prior": ROLES["prior"]}
    for axes, (name, codes) in zip(panels[0], clouds.items(), strict=True):
        codes = as_points(codes, name)
        axes.scatter(
            *codes.T[:, :4000], s=3, linewidths=0, alpha=0.6, color=colours.get(name, "black")
        )
        axes.set(title=name, xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
        axes.label_outer()


@in_the_style
def point_runs(
    rows: Mapping[str, torch.Tensor], gaussians: Gaussians, titles: Mapping[str, Sequence[str]]
) -> None:
    """Points of several runs over the centres that they should hit, a row for each setting.

    Args:
        rows: name → points (N, runs, 2); where a row has fewer runs, its end stays empty.
        titles: name → a short text above each panel.
    Raises:
        ValueError: there are no rows, points have another shape, or a run has no title.
    """
    some(rows, "rows")
    for name, points in rows.items():
        if points.ndim != 3 or points.shape[2] != 2 or points.shape[1] == 0:
            raise ValueError(f"{name!r} has shape {tuple(points.shape)}; expected (N, runs, 2).")
        if len(titles.get(name, ())) != points.shape[1]:
            raise ValueError(
                f"{name!r} has {points.shape[1]} runs and {len(titles.get(name, ()))} titles; "
                "expected one each."
            )
    runs = max(points.shape[1] for points in rows.values())
    _, panels = plt.subplots(
        len(rows), runs, figsize=(WIDTH, (WIDTH / runs + 0.35) * len(rows)), squeeze=False
    )
    reach = 1.4 * gaussians.centres.abs().max().item()
    for line, (name, points) in zip(panels, rows.items(), strict=True):
        for axes, run, title in zip(line, points.unbind(1), titles[name], strict=False):
            axes.scatter(*gaussians.centres.T, s=70, color="#dddddd", linewidths=0)
            axes.scatter(*run.T, s=3, color=ROLES["generated"], linewidths=0, alpha=0.3)
            axes.set(xticks=[], yticks=[], xlim=(-reach, reach), ylim=(-reach, reach))
            axes.set_title(title, fontsize=11)
            axes.set_aspect("equal")
            axes.spines[:].set(visible=True, color=PALE)
        for axes in line[points.shape[1] :]:
            axes.set_axis_off()
        line[0].set_ylabel(name)


def latent_scatter(axes: Axes, codes: torch.Tensor, labels: torch.Tensor) -> None:
    """Codes (N, 2), coloured by their digits, on the given axes; -1 is pale, below the others.

    Raises:
        ValueError: a shape is not as above, or a label has no colour.
    """
    codes, labels = as_points(codes, "codes"), torch.as_tensor(labels)
    equally_many(codes=codes, labels=labels)
    colours = label_colours(labels)
    for here, zorder in ((labels < 0, 0.9), (labels >= 0, 1)):
        if here.any():
            (x, y), chosen = codes[here].T.numpy(), list(compress(colours, here))
            axes.scatter(x, y, s=4, c=chosen, linewidths=0, alpha=0.8, zorder=zorder)
    axes.set(xlabel="$z_1$", ylabel="$z_2$")


def prior_circles(axes: Axes, **style: Any) -> None:
    """One, two and three standard deviations of a Gaussian prior, dashed."""
    for radius in (1, 2, 3):
        ellipse(axes, (0, 0), (radius, radius), ROLES["prior"], fill=False, linestyle="--", **style)


def ellipse(
    axes: Axes, place: Sequence[float], radii: Sequence[float], colour: str, **style: Any
) -> Ellipse:
    """An ellipse on the given axes, upright."""
    drawn = Ellipse((place[0], place[1]), 2 * radii[0], 2 * radii[1], color=colour, **style)
    axes.add_patch(drawn)
    return drawn


def outlined(axes: Axes, x: float, y: float, text: str, size: float = 16) -> None:
    """Bold text with a white outline, legible on any ground."""
    axes.text(
        x, y, text, fontsize=size, fontweight="bold", ha="center", va="center",
        path_effects=[effects.withStroke(linewidth=3, foreground="white")],
    )  # fmt: skip


def _known(labels: torch.Tensor) -> list[int]:
    return labels[labels >= 0].unique().tolist()
