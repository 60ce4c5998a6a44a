"""Self-checks for exercises: they call what the reader wrote and name the mistake.

They look at properties (signs, scales, shapes, end points), not at stored
answers, and print a sentence; an exercise not yet begun is not an error.
"""

from gencourse.check.autoencoder import interpolation, squared_error

__all__ = ["interpolation", "squared_error"]
