"""The rows of the evidence, and the claims of the texts that own them."""

from collections.abc import Iterator

from gencourse.results import write
from gencourse.results.evidence import FILE, evidence
from tools.claims.text import Said, named, successors

SEEDS = 5
"""How many a release wants of every claim."""
NONE: dict = {"seeds": [], "claims": []}
"""The evidence for a chapter that has none."""


def of_runs(said: list[Said], runs: dict[int, list[dict]]) -> dict:
    """The evidence for a chapter.

    Args:
        said: its claims.
        runs: seed → the rows that `GENCOURSE_CLAIMS` left, of one code.
    Raises:
        ValueError: a row is of no claim of the text, or two of one run have the same sentence.
    """
    found: dict[tuple[str, tuple[str, ...]], dict] = {}
    order = {claim.code: place for place, claim in enumerate(said)}
    for seed, rows in runs.items():
        for row in rows:
            if (known := named(said, row["sentence"])) is None:
                raise ValueError(f"no claim of the text says: {row['sentence']}")
            claim, filled = known
            about = {
                "sentence": row["sentence"], "filled": list(filled),
                "code": claim.code, "digest": claim.digest, "values": [None] * len(runs),
            }  # fmt: skip
            kept = found.setdefault((claim.code, filled), about)
            place = list(runs).index(seed)
            if kept["values"][place] is not None:
                raise ValueError(f"two claims say with seed {seed}: {row['sentence']}")
            kept["values"][place] = float(f"{row['value']:.6g}")
    origin = next(iter(runs.values()))[0]
    return {
        "origin": {key: value for key, value in origin.items() if key not in ("sentence", "value")},
        "seeds": list(runs),
        "claims": sorted(found.values(), key=lambda row: order[row["code"]]),
    }


def owned(said: list[Said], chapter: dict) -> Iterator[tuple[dict, Said]]:
    """The rows of a chapter that are of one of these claims, each with it."""
    known = {claim.code: claim for claim in said}
    for row in chapter["claims"]:
        if (claim := known.get(row["code"])) and claim.words.count(None) == len(row["filled"]):
            yield row, claim


def carry(name: str, before: list[Said], said: list[Said]) -> bool:
    """Give the rows of a chapter the words that its claims have now, and drop those of no claim.

    Args:
        before: the claims as they stood, which the rows are of.
        said: as they stand.
    Returns:
        Whether anything was written.
    """
    chapter = evidence().get(name, NONE)
    now = successors(before, said)
    order = {claim.code: place for place, claim in enumerate(said)}
    rows = [
        row | {"sentence": claim.sentence(tuple(row["filled"]))}
        for row, _ in owned(before, chapter)
        if (claim := now[row["code"]])
    ]
    rows.sort(key=lambda row: order[row["code"]])
    if rows == chapter["claims"]:
        return False
    write(FILE, evidence() | {name: chapter | {"claims": rows}})
    evidence.cache_clear()
    return True


def states(said: list[Said], chapter: dict) -> list[tuple[Said, str, list[dict]]]:
    """Each claim of a chapter, how its evidence stands, and its rows.

    "measured"; "measured before a change" of what it depends on; "not yet measured".
    """
    rows: dict[str, list[dict]] = {}
    for row, claim in owned(said, chapter):
        rows.setdefault(claim.code, []).append(row)

    def state(claim):
        if claim.code not in rows:
            return "not yet measured"
        same = all(row["digest"] == claim.digest for row in rows[claim.code])
        return "measured" if same else "measured before a change"

    return [(claim, state(claim), rows.get(claim.code, [])) for claim in said]


def contradicted(said: list[Said], chapter: dict) -> list[str]:
    """The values that their claims of today would not hold for."""
    return [
        f"{row['sentence']}: {value:g} with seed {seed}, expected {claim.relation} {claim.bound:g}"
        for row, claim in owned(said, chapter)
        for seed, value in zip(chapter["seeds"], row["values"], strict=True)
        if value is not None and not claim.holds(value)
    ]


def orphans(said: list[Said], chapter: dict) -> list[str]:
    """The sentences of rows that no claim owns."""
    mine = [row["sentence"] for row, _ in owned(said, chapter)]
    return [row["sentence"] for row in chapter["claims"] if row["sentence"] not in mine]
