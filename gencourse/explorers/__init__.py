"""Figures that move: one object that works in Jupyter, in Colab and in the static page."""

from gencourse.explorers.drawing import Drawing
from gencourse.explorers.film import Film
from gencourse.explorers.sliders import slider

__all__ = ["Drawing", "Film", "slider"]
