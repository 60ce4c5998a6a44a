"""The gallery of priors: what each shape makes of the latent plane."""

import matplotlib.pyplot as plt

from gencourse.figures.clouds import heat
from gencourse.figures.pictures import draw, sheet_of_a_plane
from gencourse.figures.plane import latent_scatter
from gencourse.figures.style import DIGITS, ROLES, WIDTH


def gallery(rooms):
    """For each prior a row: the codes, the critic's opinion of the plane, what is drawn where.

    Args:
        rooms: name → a dictionary of
            codes, labels: (N, 2) and (N,);
            prior: samples of it, (M, 2);
            points, critic: a square grid (K², 2) and the critic's D at its points, (K²,);
            images: what is decoded on a coarser grid over the same square, (L², 1, 28, 28).
    """
    figure, grid = plt.subplots(
        len(rooms), 3, figsize=(WIDTH, 2.06 * len(rooms) + 0.9), squeeze=False
    )
    for (codes, critic, drawn), (name, room) in zip(grid, rooms.items(), strict=True):
        low, high = room["points"][0, 0].item(), room["points"][-1, 0].item()
        latent_scatter(room["codes"], room["labels"], codes)
        colours = heat(critic, room["points"], room["critic"], "BrBG", vmin=0, vmax=1)
        critic.scatter(*room["prior"].T, s=1.5, color=ROLES["prior"], linewidths=0, alpha=0.5)
        for axes in (codes, critic):
            axes.set(
                xlim=(low, high), ylim=(low, high), aspect="equal", xticks=[], yticks=[],
                xlabel="", ylabel="",
            )  # fmt: skip
            axes.spines[:].set(visible=True, color="#c8c8c8")
        draw(drawn, sheet_of_a_plane(room["images"], padding=0))
        codes.set_ylabel(name, fontweight="bold")
    for axes, title in zip(grid[0], ("codes", "critic, prior's dots", "drawn there"), strict=True):
        axes.set_title(title)
    # The colours' key: the ten digits in a line under the codes.
    for digit, colour in enumerate(DIGITS):
        codes.text(
            0.05 + digit / 10, -0.06, str(digit), color=colour, fontweight="bold",
            ha="center", va="top", transform=codes.transAxes,
        )  # fmt: skip
    bar = figure.colorbar(colours, ax=grid, location="bottom", aspect=50, ticks=[0, 0.5, 1])
    bar.set_label("D: taken for a code (0) or for the prior's (1)")
