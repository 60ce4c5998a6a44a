"""Evidence: what each claim of the book measured with every published seed.

`make claims` writes it to `claims.json`: chapter → "runs", where the numbers come from, and
"claims", each with the "values" that it measured, under the arithmetic, in the order of the
runs. Null stands where a run did not come to the claim.
"""

import json
import statistics
from functools import cache

from gencourse.results import FOLDER
from gencourse.results.provenance import EVIDENCE

FILE = FOLDER / EVIDENCE


@cache
def evidence() -> dict[str, dict]:
    """The evidence for each chapter; none before `make claims` has run."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def spread(sentence: str) -> str | None:
    """Mean ± standard deviation over the seeds of the claim with this sentence, in words.

    None where there is no evidence for it, or where several claims have this sentence.
    """
    known = [
        claim
        for chapter in evidence().values()
        for claim in chapter["claims"]
        if claim["sentence"] == sentence
    ]
    if len(known) != 1:
        return None
    return "; ".join(
        f"{len(values)} seeds in {arithmetic}: {mean_and_sd(values)}"
        for arithmetic, values in known[0]["values"].items()
    )


def mean_and_sd(values: list[float | None]) -> str:
    """What one reads of a claim's values; a dash where there are not two to compare."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return "–"
    return f"{statistics.fmean(known):.4g} ± {statistics.stdev(known):.2g}"
