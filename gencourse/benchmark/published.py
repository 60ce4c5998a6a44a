"""The old door to gencourse.results, until chapters 6 and 7 have moved."""

from gencourse.results import published, runs_of

__all__ = ["published", "runs_of"]
