"""Evidence: what each claim of the book measured with every published seed.

`make claims` writes it to `claims.json`: chapter → where its numbers come from, the seeds, and
the claims, each with the values that it measured, in the order of the seeds. Null stands where a
run did not come to the claim. What a row is known by, tools/claims/text.py says.
"""

import json
import statistics
from functools import cache

from gencourse.data import DataError
from gencourse.results import FOLDER
from gencourse.results.provenance import EVIDENCE

FILE = FOLDER / EVIDENCE


@cache
def evidence() -> dict[str, dict]:
    """The evidence for each chapter; none before `make claims` has run.

    Raises:
        DataError: the file is damaged.
    """
    if not FILE.exists():
        return {}
    try:
        known = json.loads(FILE.read_text(encoding="utf-8"))
        for chapter in known.values():
            if not all({"sentence", "values"} <= set(claim) for claim in chapter["claims"]):
                raise ValueError("a claim has no sentence or no values")
    except (OSError, ValueError, AttributeError, LookupError, TypeError) as error:
        raise DataError(
            f"{FILE} is damaged ({error}). Install the package again, or remove the file and say "
            "make claims."
        ) from error
    return known


def published(sentence: str) -> list[float]:
    """What the claim with this sentence measured, one number for each seed; often none.

    A reader's claim does not fail for want of evidence: a damaged file is none.
    """
    try:
        chapters = evidence().values()
    except DataError:
        return []
    return [
        value
        for chapter in chapters
        for claim in chapter["claims"]
        if claim["sentence"] == sentence
        for value in claim["values"]
        if value is not None
    ]


def in_words(values: list[float]) -> str:
    """Mean ± standard deviation of one or more numbers."""
    if len(set(values)) == 1:
        return f"{values[0]:.4g}"
    return f"{statistics.fmean(values):.4g} ± {statistics.stdev(values):.2g}"
