"""Claims: sentences of the book that a run can refute."""

import json
import math
from operator import eq, ge, gt, le, lt

from gencourse import settings
from gencourse.results.evidence import in_words, published
from gencourse.results.provenance import provenance
from gencourse.terminal import say

RELATIONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq}
ADVICE = (
    "Close to the bound it is chance, of a seed or a processor; far from it, and nothing was "
    "changed, it is news: tell us."
)


class ClaimError(AssertionError):
    """What the book says is not what was measured."""


def claim(sentence: str, value: float, relation: str, bound: float) -> None:
    """Print the sentence with the measured number and its bound, after ✓ if it holds, ✗ if not.

    A claim that fails stops nobody's run: below it stand what was published for it and what to
    think of it. With `GENCOURSE_STRICT=1`, as in the tests, it raises.
    With `GENCOURSE_CLAIMS=file` each claim adds a line of JSON to that file.

    Args:
        sentence: what the book says, in words; no other claim of the book has them.
        value: the measured number.
        relation: one of "<", "<=", ">", ">=", "==".
        bound: where the sentence would stop being true.
    Raises:
        ClaimError: strict, and the relation does not hold, or the value is not a number.
        ValueError: an unknown relation, or value or bound is no number.
        OSError: the row cannot be written.
    """
    if not isinstance(relation, str) or relation not in RELATIONS:
        raise ValueError(f"relation is {relation!r}; expected one of {', '.join(RELATIONS)}.")
    value, bound = _number(value, sentence), _number(bound, f"the bound of: {sentence}")
    holds = not math.isnan(value) and RELATIONS[relation](value, bound)
    measured = f"{sentence}: {value:.4g} {relation} {bound:.4g}"
    if file := settings.claims_file():
        _record(file, sentence=sentence, value=value)
    if not holds and settings.strict():
        raise ClaimError(f"does not hold here: {measured}")
    say(f"{'✓' if holds else '✗'} {measured}")
    if not holds:
        known = published(sentence)
        say(f"    Published: {in_words(known)}, {len(known)} seeds. {ADVICE}" if known else ADVICE)


def _number(number, what):
    """As Python's float; nan and infinity are what a run may well measure."""
    try:
        return float(number)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise ValueError(f"{what}: got {number!r}; expected one number.") from error


def _record(file, **about):
    """Add a row to the file."""
    line = (json.dumps(about | provenance(), ensure_ascii=False) + "\n").encode()
    try:
        # One write, without a buffer: the lines of several processes do not mix.
        with file.open("ab", buffering=0) as rows:
            written = rows.write(line)
    except OSError as error:
        raise type(error)(error.errno, f"{error.strerror}; see GENCOURSE_CLAIMS", file) from error
    if written < len(line):
        raise OSError(f"{file} took {written} of {len(line)} bytes of a row: is the disk full?")
