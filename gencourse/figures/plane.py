"""The latent plane: how sure the judge is at each point, and what is drawn there."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Ellipse

from gencourse.figures.images import draw, draw_plane
from gencourse.figures.inputs import as_points, checked_images, equally_many, side_of_square, some
from gencourse.figures.scatters import digit_key, latent_scatter
from gencourse.figures.style import MODELS, PALE, ROLES, WIDTH, in_the_style, panels_for


@in_the_style
def plane(
    points: torch.Tensor, values: torch.Tensor, images: torch.Tensor, codes: torch.Tensor
) -> None:
    """The latent plane twice: how sure the judge is at each point, and what is drawn there.

    Args:
        points: a square grid (K * K, 2), as `grid` gives it.
        values: the judge's confidence at each, (K * K,).
        images: what is decoded on a coarser grid over the same box, (M * M, C, H, W).
        codes: the codes of real images, (N, 2), drawn as dots.
    Raises:
        ValueError: a shape is not as above.
        DataError: `images` are none.
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3.6))
    colours = _confidence(left, points, values, as_points(codes, "codes"))
    left.set_title("the judge's confidence")
    plt.colorbar(colours, ax=left, location="bottom", aspect=30, ticks=[0, 0.5, 1])
    draw_plane(right, images, padding=1, aspect="auto")
    right.set(title="what is drawn there")


@in_the_style
def confidence_planes(
    planes: Mapping[str, tuple[torch.Tensor, torch.Tensor, torch.Tensor]],
) -> None:
    """The judge's confidence over several planes, side by side, each with its own axes.

    planes: name → (square grid of points (K², 2), confidence (K²,), codes (N, 2)).

    Raises:
        ValueError: there are no planes, or a shape is not as above.
    """
    panels = panels_for(planes, "planes", height=3.6)
    for axes, (name, (points, values, codes)) in zip(panels, planes.items(), strict=True):
        colours = _confidence(axes, points, values, as_points(codes, "codes"))
        axes.title.set_color(MODELS.get(name, "black"))
    bar = plt.colorbar(colours, ax=panels, location="bottom", aspect=50, ticks=[0, 0.5, 1])
    bar.set_label("the judge's confidence")


@in_the_style
def posteriors(
    offsets: torch.Tensor,
    beliefs: torch.Tensor,
    best: torch.Tensor,
    scales: torch.Tensor,
    images: torch.Tensor,
) -> None:
    """What Bayes' rule says of a few images' codes, as heat, and the encoder's cloud over it.

    Args:
        offsets: a square grid (K², 2) around the centre of each cloud.
        beliefs: the true posterior of each image on the grid, (N, K²), in any unit.
        best: the grid point of greatest likelihood for each, (N, 2).
        scales: of the encoder's clouds, (N, 2); drawn at two standard deviations.
        images: (N, C, H, W), drawn above.
    Raises:
        ValueError: a shape is not as above.
        DataError: `images` are none.
    """
    images, scales = checked_images(images), as_points(scales, "scales")
    best = as_points(best, "best")
    equally_many(beliefs=beliefs, best=best, scales=scales, images=images)
    size, heights, ticks = (WIDTH, 3.0), [1, 2.4], [-0.2, 0, 0.2]
    _, rows = plt.subplots(2, len(images), figsize=size, height_ratios=heights, squeeze=False)
    for column, (picture, axes) in enumerate(rows.T):
        draw(picture, images[column])
        heat(axes, offsets, beliefs[column], "Greys")
        width, height = (4 * scales[column]).tolist()
        cloud = Ellipse((0, 0), width, height, color=ROLES["encoder"], fill=False, linewidth=2.2)
        axes.add_patch(cloud)
        axes.plot(*best[column], "x", color=ROLES["decoder"], markeredgewidth=2.2)
        axes.set(aspect="equal", xticks=ticks, yticks=ticks, xlabel="$z_1 - \\mu_1$")
        axes.label_outer(remove_inner_ticks=True)
    rows[1, 0].set_ylabel("$z_2 - \\mu_2$")


@in_the_style
def gallery(rooms: Mapping[str, Mapping[str, torch.Tensor]]) -> None:
    """For each prior a row: the codes, the critic's opinion of the plane, what is drawn where.

    Args:
        rooms: name → a dictionary of
            codes, labels: (N, 2) and (N,), a label of -1 for those that are not known;
            prior: samples of it, (M, 2);
            points, critic: a square grid (K², 2) and the critic's D at its points, (K²,);
            images: what is decoded on a coarser grid over the same square, (L², C, H, W).
    Raises:
        ValueError: there are no rooms, something is not in one, or a shape is not as above.
        DataError: `images` are none.
    """
    some(rooms, "rooms")
    for name, room in rooms.items():
        parts = ("codes", "labels", "prior", "points", "critic", "images")
        if missing := [part for part in parts if part not in room]:
            raise ValueError(f"the room {name!r} has no {', '.join(missing)}.")
    size = (WIDTH, 2.06 * len(rooms) + 0.9)
    _, grid = plt.subplots(len(rooms), 3, figsize=size, squeeze=False)
    for (codes, critic, drawn), (name, room) in zip(grid, rooms.items(), strict=True):
        latent_scatter(codes, room["codes"], room["labels"])
        colours = heat(critic, room["points"], room["critic"], "BrBG", vmin=0, vmax=1)
        prior = as_points(room["prior"], "prior")
        critic.scatter(*prior.T, s=1.5, color=ROLES["prior"], linewidths=0, alpha=0.5)
        low, high = room["points"][0, 0].item(), room["points"][-1, 0].item()
        for axes in (codes, critic):
            axes.set(xlim=(low, high), ylim=(low, high), aspect="equal", xticks=[], yticks=[])
            axes.set(xlabel="", ylabel="")
            axes.spines[:].set(visible=True, color=PALE)
        draw_plane(drawn, room["images"], padding=0)
        codes.set_ylabel(name, fontweight="bold")
    for axes, title in zip(grid[0], ("codes", "critic, prior's dots", "drawn there"), strict=True):
        axes.set_title(title)
    bar = plt.colorbar(colours, ax=grid, location="bottom", aspect=50, ticks=[0, 0.5, 1])
    bar.set_label("D: taken for a code (0) or for the prior's (1)")
    digit_key(torch.cat([room["labels"] for room in rooms.values()]))


@in_the_style
def ruler(
    measured: torch.Tensor, first: torch.Tensor, labels: torch.Tensor, drawn: torch.Tensor
) -> None:
    """A code number against what it should measure, and the plane that it orders.

    Args:
        measured, first: what was measured of each image, and the first number of its code, (N,).
        labels: (N,), -1 for those that are not known.
        drawn: images decoded on a square grid of codes, (K * K, C, H, W).
    Raises:
        ValueError: a shape is not as above, or a label has no colour.
        DataError: `drawn` are no images.
    """
    equally_many(measured=measured, first=first)
    _, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3.4))
    latent_scatter(left, torch.stack([measured, first], dim=1), labels)
    digit_key(labels)
    left.set(xlabel="slant, as measured", ylabel="$z_1$", xlim=(-0.6, 1.1), ylim=(-3, 3))
    draw_plane(right, drawn, padding=1, aspect="auto")
    right.set(title="what is drawn there", xlabel="$z_1$", ylabel="$z_2$")


def heat(
    axes: Axes, points: torch.Tensor, values: torch.Tensor, colours: str, **limits: Any
) -> AxesImage:
    """Values (K²,) over a square grid of points (K², 2), as colours."""
    points = as_points(points, "points")
    equally_many(points=points, values=values)
    steps = side_of_square(points, "points", least=2)
    (left, low), (right, high) = points[0].tolist(), points[-1].tolist()
    return axes.imshow(
        values.reshape(steps, steps).numpy(), extent=(left, right, low, high), origin="lower",
        aspect="auto", cmap=colours, interpolation="nearest", **limits,
    )  # fmt: skip


def _confidence(
    axes: Axes, points: torch.Tensor, values: torch.Tensor, codes: torch.Tensor
) -> AxesImage:
    """The judge's confidence over the plane, and 500 codes, in the box of the points."""
    colours = heat(axes, points, values, "cividis", vmin=0, vmax=1)
    axes.autoscale(False)
    # White with a black edge is seen on every ground; more of them would hide the ground.
    x, y = codes[:500].T
    axes.scatter(x, y, s=7, color="white", edgecolors="black", linewidths=0.5)
    axes.set(xlabel="$z_1$", ylabel="$z_2$")
    return colours
