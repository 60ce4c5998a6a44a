"""What a reader may set from outside, through the environment."""

import os
import time
from pathlib import Path

STARTED = time.perf_counter()
"""When gencourse was imported; the receipt counts its seconds from here."""


def seed() -> int:
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


def arithmetic() -> str | None:
    """What training must multiply with: `GENCOURSE_ARITHMETIC`, None if it is not set.

    With "float32" a processor that knows bfloat16 goes without it, as most laptops do: claims
    must hold on both. Not set, each device takes what it is fastest with.

    Raises:
        ValueError: the variable is something else.
    """
    name = os.environ.get("GENCOURSE_ARITHMETIC") or None
    if name not in (None, "float32"):
        raise ValueError(
            f"GENCOURSE_ARITHMETIC is {name!r}; expected float32, or unset it to let the "
            "processor take what it is fastest with."
        )
    return name


def claims_file() -> Path | None:
    """Where every claim leaves a row: `GENCOURSE_CLAIMS`, None if it is not set."""
    name = os.environ.get("GENCOURSE_CLAIMS")
    return Path(name).expanduser().absolute() if name else None


def strict() -> bool:
    """Whether a claim that does not hold raises: `GENCOURSE_STRICT=1`, as the tests say.

    Raises:
        ValueError: the variable is something else than 0 or 1.
    """
    text = os.environ.get("GENCOURSE_STRICT") or "0"
    if text not in ("0", "1"):
        raise ValueError(f"GENCOURSE_STRICT is {text!r}; expected 1, or 0, as if it were not set.")
    return text == "1"


def cache_folder() -> Path:
    """Where trained weights are kept: `GENCOURSE_CACHE`, or the user's cache folder.

    A `~` in the variable is the user's home; an empty variable is none.

    Raises:
        ValueError: the home that a `~` stands for is not known.
    """
    own = os.environ.get("GENCOURSE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(own) if own else Path(base) / "gencourse"
    try:
        return folder.expanduser()
    except RuntimeError as error:
        raise ValueError(
            f"weights would be kept in {folder}, and nobody knows where that home is; "
            "set GENCOURSE_CACHE to the full path of a folder."
        ) from error
