"""gencourse: the helper package of the course on basic generative models.

The rooms, from the ground floor up (imports run downward only):
data, networks, priors, game, models, training, weights, evaluation, figures, claims.
"""

from gencourse.settings import cache_folder, seed
from gencourse.torchvision_cpu import make_torchvision_importable

__all__ = ["cache_folder", "seed"]

make_torchvision_importable()
