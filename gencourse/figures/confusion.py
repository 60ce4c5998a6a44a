"""A table of confusions: which class was taken for which."""

import matplotlib.pyplot as plt
import torch

from gencourse.figures.style import WIDTH, in_the_style


@in_the_style
def confusion(shares: torch.Tensor) -> None:
    """Which class (row) was taken for which (column): shares (K, K), written where above 2 %.

    Raises:
        ValueError: the shares are no square, or there are none.
    """
    if shares.ndim != 2 or shares.shape[0] != shares.shape[1] or len(shares) == 0:
        raise ValueError(
            f"`shares` has shape {tuple(shares.shape)}; expected (K, K), K at least 1."
        )
    _, axes = plt.subplots(figsize=(0.75 * WIDTH, 0.7 * WIDTH))
    axes.imshow(shares.numpy(), cmap="Greys", vmin=0, vmax=1)
    for row, line in enumerate(shares.tolist()):
        for column, share in enumerate(line):
            if share > 0.02:
                colour = "white" if share > 0.5 else "black"
                axes.text(
                    column, row, f"{100 * share:.0f}",
                    ha="center", va="center", color=colour, fontsize=10,
                )  # fmt: skip
    ticks = range(len(shares))
    axes.set(xlabel="taken for", ylabel="digit", xticks=ticks, yticks=ticks)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
