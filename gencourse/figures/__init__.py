"""The figures of the course, by what is drawn, in one palette and one style."""

from gencourse.figures.bound import bound
from gencourse.figures.curves import cases, curve_panels, curves
from gencourse.figures.diagrams import diagram
from gencourse.figures.dots import dots, sensitivity, trade
from gencourse.figures.images import image_blocks, image_rows
from gencourse.figures.lines import critic, estimates, lines, paths, rate_distortion
from gencourse.figures.plane import confidence_planes, gallery, plane, posteriors, ruler
from gencourse.figures.scatters import clouds, latent_map, latent_scatters, point_clouds, point_runs
from gencourse.figures.shares import bars, confusion, stacked
from gencourse.figures.style import MODELS, PALE_AE, ROLES

__all__ = [
    "MODELS", "PALE_AE", "ROLES",
    "bars", "bound", "cases", "clouds", "confidence_planes", "confusion", "critic",
    "curve_panels", "curves", "diagram", "dots", "estimates", "gallery", "image_blocks",
    "image_rows", "latent_map", "latent_scatters", "lines", "paths", "plane", "point_clouds",
    "point_runs", "posteriors", "rate_distortion", "ruler", "sensitivity", "stacked", "trade",
]  # fmt: skip
