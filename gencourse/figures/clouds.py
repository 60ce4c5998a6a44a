"""Clouds of codes: posteriors as ellipses, and the plane that they should fill."""

import matplotlib.pyplot as plt
from matplotlib.patches import Ellipse

from gencourse.figures.pictures import draw
from gencourse.figures.plane import latent_scatter
from gencourse.figures.style import DIGITS, MODELS, ROLES, WIDTH


def clouds(locations, scales, labels, shown=120):
    """Codes as points, and as the clouds that they are: ellipses of two standard deviations.

    Args:
        locations, scales: of the posteriors, (N, 2).
        labels: (N,); the first 4,000 are drawn as points.
        shown: how many ellipses are drawn, the first ones.
    """
    _, panels = plt.subplots(1, 2, figsize=(WIDTH, 3.5), sharex=True, sharey=True)
    for axes, title in zip(panels, ("as points", "as clouds"), strict=True):
        for radius in (1, 2, 3):
            _ellipse(axes, (0, 0), (radius, radius), ROLES["prior"], fill=False, linestyle="--")
        axes.set(xlabel="$z_1$", title=title, aspect="equal", xlim=(-3.8, 3.8), ylim=(-3.8, 3.8))
    panels[0].set_ylabel("$z_2$")
    latent_scatter(locations[:4000], labels[:4000], panels[0])
    panels[0].label_outer()
    for place, scale, label in zip(
        locations[:shown].tolist(), 2 * scales[:shown], labels[:shown], strict=True
    ):
        _ellipse(panels[1], place, scale.tolist(), DIGITS[label], alpha=0.55, linewidth=0)
    panels[1].set_ylabel("")


def confidence_planes(planes):
    """The judge's confidence over several planes, side by side, each with its own axes.

    planes: name → (square grid of points (K², 2), confidence (K²,), codes (N, 2)).
    """
    figure, panels = plt.subplots(1, len(planes), figsize=(WIDTH, 3.6), squeeze=False)
    for axes, (name, (points, values, codes)) in zip(panels[0], planes.items(), strict=True):
        colours = heat(axes, points, values, "cividis", vmin=0, vmax=1)
        axes.scatter(*codes[:4000].T.numpy(), s=0.8, color="white", linewidths=0, alpha=0.35)
        low, high = points[0].tolist(), points[-1].tolist()
        axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        axes.set(xlabel="$z_1$", ylabel="$z_2$")
        axes.set_title(name, color=MODELS.get(name, "black"))
    bar = figure.colorbar(colours, ax=panels, location="bottom", aspect=50, ticks=[0, 0.5, 1])
    bar.set_label("the judge's confidence")


def posteriors(offsets, beliefs, best, scales, images):
    """What Bayes' rule says of a few images' codes, as heat, and the encoder's cloud over it.

    Args:
        offsets: a square grid (K², 2) around the centre of each cloud.
        beliefs: the true posterior of each image on the grid, (N, K²), in any unit.
        best: the grid point of greatest likelihood for each, (N, 2).
        scales: of the encoder's clouds, (N, 2); drawn at two standard deviations.
        images: (N, 1, 28, 28), drawn above.
    """
    _, rows = plt.subplots(
        2, len(images), figsize=(WIDTH, 3.0), height_ratios=[1, 2.4], squeeze=False
    )
    for column, (picture, axes) in enumerate(rows.T):
        draw(picture, images[column])
        heat(axes, offsets, beliefs[column], "Greys")
        ellipse = _ellipse(axes, (0, 0), (2 * scales[column]).tolist(), ROLES["encoder"])
        ellipse.set(fill=False, linewidth=2.2)
        axes.plot(*best[column], "x", color=ROLES["decoder"], markeredgewidth=2.2)
        axes.set(
            aspect="equal", xticks=[-0.2, 0, 0.2], yticks=[-0.2, 0, 0.2], xlabel="$z_1 - \\mu_1$"
        )
        axes.label_outer(remove_inner_ticks=True)
    rows[1, 0].set_ylabel("$z_2 - \\mu_2$")


def heat(axes, points, values, colours, **limits):
    """Values (K²,) over a square grid of points (K², 2), as colours."""
    steps = round(len(points) ** 0.5)
    (left, low), (right, high) = points[0].tolist(), points[-1].tolist()
    return axes.imshow(
        values.view(steps, steps).numpy(), extent=(left, right, low, high), origin="lower",
        aspect="auto", cmap=colours, interpolation="nearest", **limits,
    )  # fmt: skip


def _ellipse(axes, place, radii, colour, **style):
    ellipse = Ellipse(place, 2 * radii[0], 2 * radii[1], color=colour, **style)
    return axes.add_patch(ellipse)


def point_clouds(clouds):
    """Sets of codes side by side on the same axes, name → (N, 2); no labels are known."""
    _, panels = plt.subplots(1, len(clouds), figsize=(WIDTH, 3.4), sharex=True, sharey=True)
    colours = {"prior": ROLES["prior"]}
    for axes, (name, codes) in zip(panels, clouds.items(), strict=True):
        axes.scatter(
            *codes.T[:, :4000], s=3, linewidths=0, alpha=0.6, color=colours.get(name, "black")
        )
        axes.set(title=name, xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
        axes.label_outer()
