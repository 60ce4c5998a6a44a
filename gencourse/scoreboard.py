"""The old door to gencourse.evaluation.scoreboard, until the chapters have moved."""

from gencourse.evaluation.scoreboard import measure, scoreboard

__all__ = ["measure", "scoreboard"]
