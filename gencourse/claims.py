"""Claims: sentences of the book that a run can refute."""

import json
import math
from itertools import count
from operator import eq, ge, gt, le, lt

from gencourse import settings
from gencourse.results.evidence import spread
from gencourse.results.provenance import provenance
from gencourse.terminal import say
from gencourse.training import arithmetic, choose_device

RELATIONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq}
_NUMBERS = count(1)


class ClaimError(AssertionError):
    """What the book says is not what was measured."""


def claim(sentence: str, value: float, relation: str, bound: float) -> None:
    """Print the sentence with the measured number and its bound; raise if it does not hold.

    Below it stands how the number varied over the published seeds, where the sentence is one
    of the book's. With `GENCOURSE_CLAIMS=file` each claim adds a line of JSON to that file, and
    none raises: what was measured is judged afterwards, and must not hang on a bound.

    Args:
        sentence: what the book says, in words. The book knows a claim by its sentence, so
            it is the same in every run, and no other claim has it.
        value: the measured number.
        relation: one of "<", "<=", ">", ">=", "==".
        bound: what it is compared with.
    Raises:
        ClaimError: the relation does not hold, or the value is not a number; see above.
        ValueError: an unknown relation, or value or bound is no number.
        OSError: the row cannot be written.
    """
    if not isinstance(relation, str) or relation not in RELATIONS:
        raise ValueError(f"relation is {relation!r}; expected one of {', '.join(RELATIONS)}.")
    value, bound = _number(value, sentence), _number(bound, f"the bound of: {sentence}")
    holds = not math.isnan(value) and RELATIONS[relation](value, bound)
    measured = f"{sentence}: {value:.4g} {relation} {bound:.4g}"
    if file := settings.claims_file():
        _record(file, sentence=sentence, value=value, relation=relation, bound=bound, holds=holds)
    elif not holds:
        raise ClaimError(f"does not hold here: {measured}")
    say(f"{'✓' if holds else '✗'} {measured}")
    if told := spread(sentence):
        say(f"    {told}")


def _number(number, what):
    """As Python's float; nan and infinity are what a run may well measure."""
    try:
        return float(number)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise ValueError(f"{what}: got {number!r}; expected one number.") from error


def _record(file, **about):
    """Add a row to the file."""
    row = {
        "chapter": settings.chapter(),
        "number": next(_NUMBERS),
        **about,
        "seed": settings.seed(),
        "arithmetic": arithmetic(choose_device()),
        **provenance(),
    }
    line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
    try:
        # One write, without a buffer: the lines of several processes do not mix.
        with file.open("ab", buffering=0) as rows:
            written = rows.write(line)
    except OSError as error:
        raise type(error)(error.errno, f"{error.strerror}; see GENCOURSE_CLAIMS", file) from error
    if written < len(line):
        raise OSError(f"{file} took {written} of {len(line)} bytes of a row: is the disk full?")
