"""Runs of the benchmark that travel in the package, because they take too long for a page."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def published(name):
    """The rows that `python -m gencourse.benchmark NAME --json FILE` wrote.

    name: "scoreboard" or "choice".
    Returns:
        "digits" or "clothes" → the row, a dictionary; under "runs" it has, for each seed,
        "entrant: measure" → number.
    """
    rows = json.loads((FOLDER / f"{name}.json").read_text())
    return {row["name"].removeprefix(f"{name}-"): row for row in rows}


def runs_of(row, measure):
    """One measure of a published row: entrant → its number in each run."""
    names = dict.fromkeys(key.split(": ")[0] for key in row["runs"][0])
    return {
        name: [run[f"{name}: {measure}"] for run in row["runs"]]
        for name in names
        if f"{name}: {measure}" in row["runs"][0]
    }
