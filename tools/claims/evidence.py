"""From rows of claims to the evidence of a chapter, and what is wrong with it."""

import math
from collections import Counter
from collections.abc import Iterator

from gencourse.claims import RELATIONS
from tools.claims.bounds import SEEDS, judge_bound

ORIGIN = ("seed", "commit", "torch", "date", "processor", "threads")


def of_chapter(runs: list[list[dict]]) -> dict:
    """The evidence of a chapter as `gencourse.results.evidence` describes it.

    Args:
        runs: the rows of each run, as `claim` writes them.
    """
    runs = sorted((rows for rows in runs if rows), key=lambda rows: rows[0]["seed"])
    by_arithmetic: dict[str, list] = {}
    for rows in runs:
        by_arithmetic.setdefault(rows[0]["arithmetic"], []).append(rows)
    return {
        "runs": {
            name: [{key: rows[0][key] for key in ORIGIN} for rows in several]
            for name, several in sorted(by_arithmetic.items())
        },
        "claims": [_claim(key, by_arithmetic) for key in _in_order(runs)],
    }


def _keyed(rows):
    """(sentence, how often it has been said before) → row."""
    said: Counter[str] = Counter()
    keyed = {}
    for row in rows:
        keyed[row["sentence"], said[row["sentence"]]] = row
        said[row["sentence"]] += 1
    return keyed


def _in_order(runs):
    """The keys of all claims, as the run with the most of them has them, others at the end."""
    fullest_first = sorted(map(_keyed, runs), key=len, reverse=True)
    return dict.fromkeys(key for keyed in fullest_first for key in keyed)


def _claim(key, by_arithmetic):
    found = {
        name: [_keyed(rows).get(key) for rows in several]
        for name, several in sorted(by_arithmetic.items())
    }
    first = next(row for rows in found.values() for row in rows if row)
    bounds = {name: [row and _short(row["bound"]) for row in rows] for name, rows in found.items()}
    several = {bound for each in bounds.values() for bound in each if bound is not None}
    return {
        "sentence": first["sentence"],
        "relation": first["relation"],
        # A bound that is measured too differs between the runs.
        "bound": bounds if len(several) > 1 else _short(first["bound"]),
        "values": {
            name: [row and _short(row["value"]) for row in rows] for name, rows in found.items()
        },
    }


def _short(number):
    """Six digits are more than a claim is read with; None for what is not finite."""
    if not math.isfinite(number):
        return None
    short = float(f"{number:.6g}")
    return int(short) if short.is_integer() else short


def problems(evidence: dict[str, dict]) -> Iterator[str]:
    """What is wrong with the claims of the book, a sentence each."""
    said = Counter(
        claim["sentence"] for chapter in evidence.values() for claim in chapter["claims"]
    )
    for name, chapter in evidence.items():
        seeds = {each: [run["seed"] for run in runs] for each, runs in chapter["runs"].items()}
        few = min(map(len, seeds.values()), default=0) < SEEDS
        if few:
            yield f"{name} has runs with the seeds {seeds}; bounds are judged from {SEEDS} on"
        for claim in chapter["claims"]:
            where, times = f"{name}: {claim['sentence']}", said[claim["sentence"]]
            if times > 1:
                yield f"{where}: said {times} times; a claim is known by its words"
            failed = list(_failures(claim, seeds))
            yield from (f"{where}: {failure}" for failure in failed)
            if not failed and not few:
                verdict = judge_bound(*_pooled(claim))
                if verdict.word != "good":
                    yield f"{where}: {claim['relation']} {claim['bound']} is {verdict}"


def _failures(claim, seeds):
    for arithmetic, values in claim["values"].items():
        bounds = _bounds(claim, arithmetic)
        for seed, value, bound in zip(seeds[arithmetic], values, bounds, strict=True):
            run = f"with seed {seed} in {arithmetic}"
            if value is None or bound is None:
                yield f"measured nothing {run}"
            elif not RELATIONS[claim["relation"]](value, bound):
                yield f"does not hold {run}: {value:.4g} {claim['relation']} {bound:.4g}"


def _bounds(claim, arithmetic):
    """The bound of each run."""
    bound = claim["bound"]
    if isinstance(bound, dict):
        return bound[arithmetic]
    return [bound] * len(claim["values"][arithmetic])


def _pooled(claim):
    """What the rule judges: all values and their bound; what is beyond it, if it varies too."""
    values = [value for each in claim["values"].values() for value in each]
    if not isinstance(claim["bound"], dict):
        return values, claim["relation"], claim["bound"]
    bounds = [bound for each in claim["values"] for bound in _bounds(claim, each)]
    beyond = [value - bound for value, bound in zip(values, bounds, strict=True)]
    return beyond, claim["relation"], 0
