"""Figures that move: one object that works in Jupyter, in Colab and in the static page."""

from gencourse.live.drawing import Drawing
from gencourse.live.drawn_digit import DrawnDigit
from gencourse.live.explorer import Explorer
from gencourse.live.film import Film
from gencourse.live.live_aae import LiveAAE
from gencourse.live.live_gan import LiveGAN

__all__ = ["Drawing", "DrawnDigit", "Explorer", "Film", "LiveAAE", "LiveGAN"]
