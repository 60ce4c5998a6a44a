"""Scatters in the plane: codes with their labels, clouds, the points of toys."""

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Ellipse, Rectangle

from gencourse.data import Gaussians
from gencourse.figures.inputs import as_points, equally_many, some
from gencourse.figures.style import DIGITS, HALO, PALE, ROLES, WIDTH, in_the_style, panels_for

SHOWN = 120  # ellipses in a plane; more hide one another


@in_the_style
def latent_map(codes: torch.Tensor, labels: torch.Tensor) -> None:
    """Codes (N, 2) coloured by their digits, whole on the left, the crowded middle on the right.

    A label of -1 means that the digit is not known: its code is pale, below the others.

    Raises:
        ValueError: a shape is not as above, or a label has no colour.
    """
    codes = as_points(codes, "codes")
    _, (whole, enlarged) = plt.subplots(1, 2, figsize=(WIDTH, 3.4))
    low, middle, high = codes.quantile(torch.tensor([0.2, 0.5, 0.8]), dim=0)
    corners = torch.stack([middle - (high - low), middle + (high - low)])
    flat = corners[0] == corners[1]  # one code, or many in one place
    low, high = (corners + torch.tensor([[-0.5], [0.5]]) * flat).tolist()
    frame = Rectangle(low, high[0] - low[0], high[1] - low[1], fill=False)
    latent_scatter(whole, codes, labels)
    latent_scatter(enlarged, codes, labels)
    whole.add_patch(frame)
    whole.set_title("all codes")
    enlarged.set(title="the frame, enlarged", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    digit_key(labels)


@in_the_style
def latent_scatters(runs: Mapping[str, torch.Tensor], labels: torch.Tensor) -> None:
    """Scatters of several runs, name → codes (N, 2), side by side on the same axes.

    Labels are as for `latent_map`, and so are the errors.
    """
    panels = panels_for(runs, "runs", height=2.8, sharex=True, sharey=True)
    for axes, codes in zip(panels, runs.values(), strict=True):
        latent_scatter(axes, codes, labels)
        medians = _medians(codes, labels)
        middle = codes.median(0).values
        farthest = sorted(medians, key=lambda digit: (medians[digit] - middle).norm().item())[-4:]
        for digit in farthest:  # the others would hide one another in the middle
            _write(axes, medians[digit], str(digit), size=12)
        axes.label_outer()
    digit_key(labels)


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
    latent_scatter(panels[0], locations[:4000], labels[:4000])
    places, sizes = locations[:SHOWN].tolist(), (4 * scales[:SHOWN]).tolist()
    for place, size, colour in zip(places, sizes, _colours(labels[:SHOWN]), strict=True):
        zorder = 0.9 if colour == PALE else 1  # the known are above
        cloud = Ellipse(place, *size, color=colour, alpha=0.55, linewidth=0, zorder=zorder)
        panels[1].add_patch(cloud)
    digit_key(labels)


@in_the_style
def point_clouds(clouds: Mapping[str, torch.Tensor]) -> None:
    """Sets of codes side by side on the same axes, name → (N, 2); no labels are known.

    Raises:
        ValueError: there are no sets, or one has another shape.
    """
    panels = panels_for(clouds, "clouds", height=3.4, sharex=True, sharey=True)
    for axes, (name, codes) in zip(panels, clouds.items(), strict=True):
        x, y = as_points(codes, name)[:4000].T
        colour = ROLES["prior"] if name == "prior" else "black"
        axes.scatter(x, y, s=3, linewidths=0, alpha=0.6, color=colour)
        axes.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
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
    size = (WIDTH, (WIDTH / runs + 0.35) * len(rows))
    _, panels = plt.subplots(len(rows), runs, figsize=size, squeeze=False)
    reach = 1.4 * gaussians.centres.abs().max().item()
    for line, (name, points) in zip(panels, rows.items(), strict=True):
        for axes, run, title in zip(line, points.unbind(1), titles[name], strict=False):
            axes.scatter(*gaussians.centres.T, s=70, color="#dddddd", linewidths=0)
            axes.scatter(*run.T, s=3, color=ROLES["generated"], linewidths=0, alpha=0.3)
            axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
            axes.set(xticks=[], yticks=[])
            axes.set_title(title, fontsize=11)
            axes.spines[:].set(visible=True, color=PALE)
        for axes in line[points.shape[1] :]:
            axes.set_axis_off()
        line[0].set_ylabel(name)


def digit_key(labels: torch.Tensor) -> None:
    """Name the colours of the digits among the labels (N,), in a line under the figure."""
    known = torch.as_tensor(labels).unique().tolist()
    dots = [
        Line2D([], [], marker="o", linestyle="", color=colour, label=str(digit))
        for digit, colour in enumerate(DIGITS)
        if digit in known
    ]
    plt.gcf().legend(
        handles=dots, loc="outside lower center", ncols=len(DIGITS), handletextpad=0,
        columnspacing=0.9,
    )  # fmt: skip


def latent_scatter(axes: Axes, codes: torch.Tensor, labels: torch.Tensor) -> None:
    """Codes (N, 2), coloured by their digits, on the given axes; -1 is pale, below the others."""
    codes, labels = as_points(codes, "codes"), torch.as_tensor(labels)
    equally_many(codes=codes, labels=labels)
    colours = _colours(labels)
    for here, zorder in ((labels < 0, 0.9), (labels >= 0, 1)):
        if here.any():
            (x, y), chosen = codes[here].T.numpy(), list(compress(colours, here))
            axes.scatter(x, y, s=4, c=chosen, linewidths=0, alpha=0.8, zorder=zorder)
    axes.set(xlabel="$z_1$", ylabel="$z_2$")


def _colours(labels: torch.Tensor) -> list[str]:
    """The colour of each label (N,): a digit's own, pale grey for -1, which means "not known"."""
    if labels.is_floating_point() or labels.is_complex():
        raise ValueError(f"labels have type {labels.dtype}; expected whole numbers, such as int64.")
    if len(labels) and (labels.min() < -1 or labels.max() >= len(DIGITS)):
        raise ValueError(
            f"labels run from {labels.min()} to {labels.max()}; expected 0 to {len(DIGITS) - 1}, "
            "for each of which there is a colour, or -1 for those that are not known."
        )
    palette = (*DIGITS, PALE)  # -1 counts from the end
    return [palette[label] for label in labels.tolist()]


def prior_circles(axes: Axes, **style: Any) -> None:
    """One, two and three standard deviations of a Gaussian prior, dashed."""
    style |= {"color": ROLES["prior"], "fill": False, "linestyle": "--"}
    for radius in (1, 2, 3):
        axes.add_patch(Circle((0, 0), radius, **style))


def _medians(codes: torch.Tensor, labels: torch.Tensor) -> dict[int, torch.Tensor]:
    """Digit → the median (2,) of its codes, for those that are known."""
    known = labels[labels >= 0].unique().tolist()
    return {digit: codes[labels == digit].median(0).values for digit in known}


def _write(axes: Axes, place: torch.Tensor, text: str, size: float) -> None:
    x, y = place.tolist()
    axes.text(
        x, y, text, fontsize=size, fontweight="bold", ha="center", va="center",
        path_effects=HALO,
    )  # fmt: skip
