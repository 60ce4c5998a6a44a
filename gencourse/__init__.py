"""gencourse: the helper package of the course on basic generative models.

What each room is about stands in CONTRIBUTING.md, their order in pyproject.toml (the contract
"rooms"): imports run downward only.
"""

from gencourse.settings import cache_folder, seed

__all__ = ["cache_folder", "seed"]
