"""The latent plane: scatters of codes, what is drawn where, how sure the judge is."""

import matplotlib.patheffects as effects
import matplotlib.pyplot as plt
import torch
from matplotlib.patches import Rectangle

from gencourse.figures.pictures import draw, sheet_of_a_plane
from gencourse.figures.style import DIGITS, WIDTH


def latent_map(codes, labels):
    """Codes (N, 2) coloured by their digits, whole on the left, the crowded middle on the right.

    Each digit is written once, at the median of its codes, in the panel where there is room.
    """
    _, (whole, middle) = plt.subplots(1, 2, figsize=(WIDTH, 3.4))
    low, high = codes.quantile(torch.tensor([0.2, 0.8]), dim=0).tolist()
    frame = Rectangle(low, high[0] - low[0], high[1] - low[1], fill=False)
    latent_scatter(codes, labels, whole)
    latent_scatter(codes, labels, middle)
    whole.add_patch(frame)
    whole.set_title("all codes")
    middle.set(title="the frame, enlarged", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    for digit in labels.unique().tolist():
        x, y = codes[labels == digit].median(0).values.tolist()
        inside = low[0] < x < high[0] and low[1] < y < high[1]
        outlined(middle if inside else whole, x, y, str(digit))


def latent_scatter(codes, labels, axes):
    """Codes (N, 2), coloured by their digits, on the given axes."""
    colours = [DIGITS[label] for label in labels]
    axes.scatter(*codes.T.numpy(), c=colours, s=4, linewidths=0, alpha=0.8)
    axes.set(xlabel="$z_1$", ylabel="$z_2$")


def latent_scatters(runs, labels):
    """Scatters of several runs, name → codes (N, 2), side by side on the same axes."""
    _, panels = plt.subplots(
        1, len(runs), figsize=(WIDTH, 2.8), sharex=True, sharey=True, squeeze=False
    )
    for axes, (name, codes) in zip(panels[0], runs.items(), strict=True):
        latent_scatter(codes, labels, axes)
        digits = labels.unique()
        medians = torch.stack([codes[labels == digit].median(0).values for digit in digits])
        farthest = (medians - codes.median(0).values).norm(dim=1).argsort()[-4:]
        for index in farthest.tolist():  # the others would hide one another in the middle
            outlined(axes, *medians[index].tolist(), str(digits[index].item()), size=12)
        axes.set_title(name)
        axes.label_outer()


def plane(points, values, images, codes):
    """The latent plane twice: how sure the judge is at each point, and what is drawn there.

    Args:
        points: a square grid (K * K, 2), as `grid` gives it.
        values: the judge's confidence at each, (K * K,).
        images: what is decoded on a coarser grid over the same box, (M * M, 1, 28, 28).
        codes: the codes of real images, (N, 2), drawn as dots.
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3.6))
    steps = round(len(points) ** 0.5)
    low, high = points[0].tolist(), points[-1].tolist()
    box = (low[0], high[0], low[1], high[1])
    heat = left.imshow(
        values.view(steps, steps).numpy(), extent=box, origin="lower", aspect="auto",
        cmap="cividis", vmin=0, vmax=1, interpolation="nearest",
    )  # fmt: skip
    left.scatter(*codes.T.numpy(), s=0.8, color="white", linewidths=0, alpha=0.4)
    left.set(
        xlabel="$z_1$", ylabel="$z_2$", title="the judge's confidence", xlim=box[:2], ylim=box[2:]
    )
    plt.colorbar(heat, ax=left, location="bottom", aspect=30, ticks=[0, 0.5, 1])
    draw(right, sheet_of_a_plane(images, padding=1), aspect="auto")
    right.set(title="what is drawn there")


def outlined(axes, x, y, text, size=16):
    """Bold text with a white outline, legible on any ground."""
    axes.text(
        x, y, text, fontsize=size, fontweight="bold", ha="center", va="center",
        path_effects=[effects.withStroke(linewidth=3, foreground="white")],
    )  # fmt: skip
