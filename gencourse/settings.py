"""What a reader may set from outside, through the environment."""

import os
import time
from pathlib import Path

STARTED = time.perf_counter()
"""When gencourse was imported; the receipt counts its seconds from here."""


def seed():
    """The seed that reaches everything: `GENCOURSE_SEED`, 0 if it is not set.

    Raises:
        ValueError: the variable is not a whole number from 0 to 2**32 - 1.
    """
    text = os.environ.get("GENCOURSE_SEED", "0")
    if not text.isdecimal() or int(text) >= 2**32:
        raise ValueError(
            f"GENCOURSE_SEED is {text!r}; expected a whole number from 0 to {2**32 - 1}, such as 0."
        )
    return int(text)


def cache_folder():
    """Where trained weights are kept: `GENCOURSE_CACHE`, or the user's cache folder."""
    if "GENCOURSE_CACHE" in os.environ:
        return Path(os.environ["GENCOURSE_CACHE"])
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "gencourse"
