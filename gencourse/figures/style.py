"""The palette and the style of the figures.

Colours are fixed: a digit, a role and a model have the same one everywhere.
The ten of the digits are Petroff's (2021), chosen to stay apart for colour-blind
readers; the digit is written beside its colour wherever there is room.
Images are drawn as ink on paper: 0 is white, 1 is black.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patheffects import withStroke
from matplotlib.typing import ColorType

from gencourse.figures.fonts import find_missing_letters
from gencourse.figures.inputs import some

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
HALO = [withStroke(linewidth=3, foreground="white")]  # makes text legible on any ground
RESOLUTION = 130  # dots an inch at least; who asks matplotlib for more gets more
STYLE = Path(__file__).with_name("course.mplstyle")

APART = 0.1  # inches above a row, so that its title is not read with the label above it

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


def ink(colour: ColorType) -> tuple[float, ...]:
    """The colour, darkened as far as letters need it on white paper: a contrast of 4.5."""
    tone = np.array(to_rgb(colour))
    while True:
        light = np.where(tone > 0.04045, ((tone + 0.055) / 1.055) ** 2.4, tone / 12.92)
        if 1.05 / (light @ [0.2126, 0.7152, 0.0722] + 0.05) >= 4.5:
            return tuple(tone)
        tone = 0.97 * tone


def panels_for(
    entries: Mapping[str, object], name: str, height: float, columns: int = 0, **sharing: Any
) -> list[Axes]:
    """A panel for each of the entries, under its name, in a new figure, row by row.

    height: of a row, in inches. columns: in a row; by default all stand in one.
    """
    some(entries, name)
    columns = columns or len(entries)
    rows = -(-len(entries) // columns)
    size = (WIDTH, rows * height)
    layout = ConstrainedLayoutEngine(h_pad=APART)
    _, grid = plt.subplots(rows, columns, figsize=size, layout=layout, squeeze=False, **sharing)
    for axes in grid.flat[len(entries) :]:
        axes.set_visible(False)
    panels = list(grid.flat[: len(entries)])
    for axes, title in zip(panels, entries, strict=True):
        axes.set_title(title)
    return panels
