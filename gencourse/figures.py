"""The figures of the course, in one palette and one style.

Colours are fixed: a digit, a role and a model have the same one everywhere.
The ten of the digits are Petroff's (2021), chosen to stay apart for colour-blind
readers; the digit is written beside its colour wherever there is room.
Images are drawn as ink on paper: 0 is white, 1 is black.
"""

import matplotlib.patheffects as effects
import matplotlib.pyplot as plt
import torch
from cycler import cycler
from matplotlib.patches import Rectangle
from torchvision.utils import make_grid

DIGITS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6",
    "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip
ROLES = {
    "real": "#000000",
    "generated": "#ee6677",
    "encoder": "#56b4e9",
    "decoder": "#e69f00",
    "discriminator": "#cc79a7",
    "prior": "#009e73",
}
MODELS = {"PCA": "#777777", "AE": "#0072b2", "VAE": "#aa3377", "GAN": "#b84f00", "AAE": "#228833"}
PALE = "#c8c8c8"
PALE_AE = "#7fb8d8"

WIDTH = 6.4  # inches, the width of the text
plt.rcParams.update(
    {
        "figure.figsize": (WIDTH, 4.0),
        "figure.dpi": 130,
        "figure.constrained_layout.use": True,
        "figure.facecolor": "white",
        "font.size": 12,
        "axes.titlesize": 12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=["#0072b2", "#cc79a7", "#e69f00", "#009e73"]),
        "legend.frameon": False,
        "lines.linewidth": 2.2,
        "lines.markersize": 7,
    }
)


def curves(history):
    """Each phase's loss over the epochs, in nats per image."""
    _, axes = plt.subplots(figsize=(WIDTH, 2.8))
    for name, losses in history.losses.items():
        axes.plot(range(1, len(losses) + 1), losses, "o-", label=name)
    longest = max(map(len, history.losses.values()), default=0)
    axes.set(xlabel="epoch", ylabel="nats per image", xticks=range(1, longest + 1))
    if history.losses:
        axes.legend()


def lines(series, xlabel, ylabel, colours=None, log_x=False):
    """Named lines, name → (x, y), each labelled at its right end.

    Args:
        colours: name → colour; by default those of the models, then black.
        log_x: whether each step to the right multiplies; the x are then the ticks.
    """
    _, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for name, (x, y) in series.items():
        colour = (colours or MODELS).get(name, "black")
        axes.plot(x, y, "o-", color=colour)
        axes.annotate(
            name, (x[-1], y[-1]), (9, 0), textcoords="offset points", color=colour, va="center"
        )
    axes.set(xlabel=xlabel, ylabel=ylabel, ylim=(0, 1.05 * axes.get_ylim()[1]))
    if log_x:
        axes.set_xscale("log", base=2)
        axes.set_xticks(x, [str(tick) for tick in x], minor=False)


def image_rows(rows, titles=None):
    """Images in rows under one another, each row with its name.

    Args:
        rows: name → images (N, 1, 28, 28), the same N in each.
        titles: N short texts above the columns.
    """
    columns = max(len(images) for images in rows.values())
    _, grid = plt.subplots(
        len(rows),
        columns,
        squeeze=False,
        figsize=(WIDTH, 0.25 + 0.95 * WIDTH * len(rows) / (columns + 2)),
    )
    for axes_row, (name, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(axes_row, images, strict=True):
            draw(axes, image)
        axes_row[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    for axes, title in zip(grid[0], titles or [], strict=False):
        axes.set_title(title)


def image_blocks(blocks, columns=10):
    """Blocks of images, two beside each other, each under its name.

    Args:
        blocks: name → images (N, 1, 28, 28), the same N in each.
        columns: images in a row of a block.
    """
    _, panels = plt.subplots(
        (len(blocks) + 1) // 2, 2, figsize=(WIDTH, 0.8 * len(blocks)), squeeze=False
    )
    for axes in panels.flat[len(blocks) :]:
        axes.set_visible(False)
    for axes, (name, images) in zip(panels.flat, blocks.items(), strict=False):
        draw(axes, sheet(images, columns))
        axes.set_title(name)


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
    columns = round(len(images) ** 0.5)
    from_the_top = images.view(columns, columns, *images.shape[1:]).flip(0).flatten(0, 1)
    draw(right, sheet(from_the_top, columns, padding=1), aspect="auto")
    right.set(title="what is drawn there")


def draw(axes, image, aspect="equal"):
    """One image (1, H, W) as ink on paper, in a thin frame without ticks."""
    axes.imshow(
        image[0].numpy(), cmap="gray_r", vmin=0, vmax=1, aspect=aspect, interpolation="nearest"
    )
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=PALE, linewidth=0.6)


def sheet(images, columns, padding=2):
    """Images (N, 1, 28, 28) arranged as one image (1, H, W), row by row."""
    return make_grid(images, columns, padding)[:1]


def outlined(axes, x, y, text, size=16):
    """Bold text with a white outline, legible on any ground."""
    axes.text(
        x, y, text, fontsize=size, fontweight="bold", ha="center", va="center",
        path_effects=[effects.withStroke(linewidth=3, foreground="white")],
    )  # fmt: skip
