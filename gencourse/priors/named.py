"""Priors by name, as models take them."""

from typing import Any

from gencourse.priors.base import Prior, as_prior
from gencourse.priors.densities import gaussian
from gencourse.priors.shapes import petals, ring, swiss_roll
from gencourse.validate import whole

PRIORS = {"petals": petals, "swiss roll": swiss_roll, "ring": ring}
"""Shapes by name; "gaussian" is known too, in any number of dimensions."""


def prior(which: Any, latent_dim: int) -> Prior:
    """The prior of that name, or the given one, if its codes have `latent_dim` numbers.

    Raises:
        ValueError: an unknown name, or something else than a prior of such codes.
    """
    latent_dim = whole(latent_dim, "latent_dim")
    if isinstance(which, str):
        if which == "gaussian":
            return gaussian(latent_dim)
        if which not in PRIORS:
            raise ValueError(
                f"prior is {which!r}; expected one of gaussian, {', '.join(PRIORS)}, or something "
                "with sample(n)."
            )
        which = PRIORS[which]()
    return as_prior(which, latent_dim)
