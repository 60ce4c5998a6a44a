"""One door for words to a terminal, whatever its encoding and whatever stands in them."""

import sys
from typing import TextIO


def say(text: str) -> None:
    """Print a text to stdout, in signs that stdout takes; see `printable`."""
    print(printable(text, sys.stdout), flush=True)


def printable(text: str, stream: TextIO) -> str:
    """A text with `?` for each letter that a stream's encoding lacks, and for each sign that a
    terminal would obey instead of showing it.

    A new line stays one. The names of returned files, and what students' code raises, may hold
    anything.
    """
    plain = "".join(sign if sign.isprintable() or sign == "\n" else "?" for sign in text)
    encoding = stream.encoding or "utf-8"  # a stream in memory has none
    return plain.encode(encoding, "replace").decode(encoding)
