"""Trained weights, on one shelf: trained now, kept for the next time, or carried by the package.

python -m gencourse.weights                     names those that the package carries
python -m gencourse.weights remake NAME …       trains them anew, with seed 0
"""

from gencourse.weights.cache import trained
from gencourse.weights.pretrained import pretrained
from gencourse.weights.recipe import Recipe, train

__all__ = ["Recipe", "pretrained", "train", "trained"]
