"""gencourse: the helper package of the course on basic generative models.

The rooms, from the ground floor up (imports run downward only):
data, networks, priors, phases, models, training, zoo, evaluation, figures, claims.
"""

from gencourse.settings import cache_folder, seed

__all__ = ["cache_folder", "seed"]
