"""Priors: where codes come from when there is no image to encode."""

from gencourse.priors.base import Prior, as_prior
from gencourse.priors.densities import (
    FAMILIES,
    Density,
    divergence,
    gaussian,
    laplace,
    logistic,
    normal,
    standard,
)
from gencourse.priors.drawn import along, points_in
from gencourse.priors.fitted import Resampled, box_around, gaussian_fitted_to, mixture_fitted_to
from gencourse.priors.heads import HeadAndStyle
from gencourse.priors.named import PRIORS, prior
from gencourse.priors.shapes import Shape, petals, ring, swiss_roll

__all__ = [
    "FAMILIES",
    "PRIORS",
    "Density",
    "HeadAndStyle",
    "Prior",
    "Resampled",
    "Shape",
    "along",
    "as_prior",
    "box_around",
    "divergence",
    "gaussian",
    "gaussian_fitted_to",
    "laplace",
    "logistic",
    "mixture_fitted_to",
    "normal",
    "petals",
    "points_in",
    "prior",
    "ring",
    "standard",
    "swiss_roll",
]
