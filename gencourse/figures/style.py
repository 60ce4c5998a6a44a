"""The palette and the style of the figures.

Colours are fixed: a digit, a role and a model have the same one everywhere.
The ten of the digits are Petroff's (2021), chosen to stay apart for colour-blind
readers; the digit is written beside its colour wherever there is room.
Images are drawn as ink on paper: 0 is white, 1 is black.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gencourse.figures.fonts import find_missing_letters

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
RESOLUTION = 130  # dots an inch at least; who asks matplotlib for more gets more
STYLE = Path(__file__).with_name("course.mplstyle")

P = ParamSpec("P")


def in_the_style(draw: Callable[P, None]) -> Callable[P, None]:
    """Let a function draw its figure in the course's style, and restore the reader's own after.

    If it raises, no half of a figure is left to be shown.
    """

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> None:
        # Jupyter sets matplotlib up when the first figure is drawn. What is set up while the
        # style is on would be forgotten with it, so that has to be over.
        plt.draw_if_interactive()
        others = plt.get_fignums()
        resolution = {"figure.dpi": max(RESOLUTION, plt.rcParams["figure.dpi"])}
        with plt.style.context([STYLE, resolution]):
            try:
                draw(*args, **kwargs)
            except BaseException:
                for number in set(plt.get_fignums()).difference(others):
                    plt.close(number)
                raise
            _settle_ticks(plt.gcf())
            find_missing_letters(plt.gcf())

    return styled


def _settle_ticks(figure: Figure) -> None:
    """Make the ticks now, for matplotlib makes them at drawing, when the style is off again."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if "labelsize" not in axis.get_tick_params():
                axis.set_tick_params(labelsize=plt.rcParams["xtick.labelsize"])
            axis.get_ticklabels(which="both")


def label_colours(labels: torch.Tensor) -> list[str]:
    """The colour of each label (N,): a digit's own, pale grey for -1, which means "not known".

    Raises:
        ValueError: a label is no whole number, or has no colour.
    """
    if labels.is_floating_point() or labels.is_complex():
        raise ValueError(f"labels have type {labels.dtype}; expected whole numbers, such as int64.")
    if len(labels) and (labels.min() < -1 or labels.max() >= len(DIGITS)):
        raise ValueError(
            f"labels run from {labels.min()} to {labels.max()}; expected 0 to {len(DIGITS) - 1}, "
            "for each of which there is a colour, or -1 for those that are not known."
        )
    palette = (*DIGITS, PALE)  # -1 counts from the end
    return [palette[label] for label in labels.tolist()]
