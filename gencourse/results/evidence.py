"""Evidence: what each claim of the book measured with every published seed.

`make claims` writes it to `claims.json`: chapter → "runs", where the numbers come from, and
"claims", each with the "values" that it measured, under the arithmetic, in the order of the
runs. Null stands where a run did not come to the claim.
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


def spread(sentence: str) -> str | None:
    """Mean ± standard deviation over the seeds of the claim with this sentence, in words.

    Or that no seed changes it, as when it is about weights that travel with the package.
    None where there is no evidence for it, or where several claims have this sentence; a reader's
    claim does not fail for want of evidence.
    """
    try:
        chapters = evidence().values()
    except DataError:
        return None
    known = [
        claim
        for chapter in chapters
        for claim in chapter["claims"]
        if claim["sentence"] == sentence
    ]
    if len(known) != 1:
        return None
    measured = known[0]["values"]
    if len({value for values in measured.values() for value in values}) == 1:
        return "the same with every seed"
    return "; ".join(
        f"{len(values)} seeds in {arithmetic}: {mean_and_sd(values)}"
        for arithmetic, values in measured.items()
    )


def mean_and_sd(values: list[float | None]) -> str:
    """What one reads of a claim's values; a dash where there are not two to compare."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return "–"
    return f"{statistics.fmean(known):.4g} ± {statistics.stdev(known):.2g}"
