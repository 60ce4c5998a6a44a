"""gencourse: the helper package of the course on basic generative models.

What each room is about stands in CONTRIBUTING.md, their order in pyproject.toml (the contract
"rooms"): imports run downward only.
"""

from gencourse.settings import cache_folder, seed
from gencourse.torchvision_cpu import make_torchvision_importable

__all__ = ["cache_folder", "seed"]

make_torchvision_importable()
