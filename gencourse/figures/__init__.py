"""The figures of the course, in one palette and one style."""

from gencourse.figures.cases import cases
from gencourse.figures.clouds import clouds, confidence_planes, point_clouds, posteriors
from gencourse.figures.curves import curve_panels, curves, estimates, lines, rate_distortion
from gencourse.figures.gallery import gallery
from gencourse.figures.games import critic, point_runs, sensitivity
from gencourse.figures.pictures import draw, image_blocks, image_rows, sheet
from gencourse.figures.plane import latent_map, latent_scatter, latent_scatters, outlined, plane
from gencourse.figures.results import bars, confusion, dots, ruler
from gencourse.figures.style import DIGITS, MODELS, PALE, PALE_AE, ROLES, WIDTH
from gencourse.figures.trade import stacked, trade

__all__ = [
    "DIGITS",
    "MODELS",
    "PALE",
    "PALE_AE",
    "ROLES",
    "WIDTH",
    "bars",
    "cases",
    "clouds",
    "confidence_planes",
    "confusion",
    "critic",
    "curve_panels",
    "curves",
    "dots",
    "draw",
    "estimates",
    "gallery",
    "image_blocks",
    "image_rows",
    "latent_map",
    "latent_scatter",
    "latent_scatters",
    "lines",
    "outlined",
    "plane",
    "point_clouds",
    "point_runs",
    "posteriors",
    "rate_distortion",
    "ruler",
    "sensitivity",
    "sheet",
    "stacked",
    "trade",
]
