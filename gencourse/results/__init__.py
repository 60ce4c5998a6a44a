"""Results: what runs found that take too long for a page.

`scoreboard.json` (chapter 6) and `choice.json` (chapter 7) were written by
`python -m gencourse.benchmark`, `claims.json` by `make claims`. Each says with which
seeds, code, versions and processor it was made.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from gencourse.evaluation.table import FORMATS, Table
from gencourse.files import write_atomically

FOLDER = Path(__file__).parent
RACES = ("scoreboard", "choice")


@cache
def published(name: str) -> dict[str, dict]:
    """The rows that `python -m gencourse.benchmark NAME --seeds 0 1 2 3 4 --json FILE` wrote.

    Args:
        name: "scoreboard" or "choice".
    Returns:
        "digits" or "clothes" → the row. Its "quality" and "sd" are entrant → measure → number;
        its "runs" are the same for each of its "seeds".
    Raises:
        ValueError: an unknown name.
    """
    if name not in RACES:
        raise ValueError(f"no results are called {name!r}; expected one of {', '.join(RACES)}.")
    rows = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return {row["name"].removeprefix(f"{name}-"): row for row in rows}


def runs_of(row: dict, measure: str) -> dict[str, list]:
    """One measure of a published row: entrant → what each run found.

    Entrants that do not have it are left out: a GAN copies nothing.

    Raises:
        ValueError: nobody has it.
    """
    first = row["runs"][0]
    if not any(measure in found for found in first.values()):
        known = dict.fromkeys(key for found in first.values() for key in found)
        raise ValueError(f"{measure!r} was not measured; expected one of {', '.join(known)}.")
    return {
        entrant: [run[entrant][measure] for run in row["runs"]]
        for entrant, found in first.items()
        if measure in found
    }


def table(row: dict, entrants: Iterable[str]) -> Table:
    """A published row, entrants side by side: mean ± standard deviation of each measure.

    Args:
        row: of `published("scoreboard")`.
        entrants: their names, "real" first where it is wanted.
    """

    def cell(name, measure, form):
        figures = [row[of][name].get(measure) for of in ("quality", "sd")]
        return " ± ".join(form.format(figure) for figure in figures if figure is not None) or "–"

    entrants = list(entrants)
    rows = {
        measure: [cell(name, measure, form) for name in entrants]
        for measure, form in FORMATS.items()
    }
    return Table(row["name"], entrants, rows, width=16)


def write(path: Path | str, content: dict | list) -> None:
    """Write results as JSON in which a list of numbers stands on a line, so that one can read it.

    Raises:
        OSError: the file cannot be written; an old one is as it was.
    """
    write_atomically(path, (_as_json(content) + "\n").encode())


def _as_json(content, indent=""):
    named = isinstance(content, dict)
    inner = content.values() if named else content
    if not isinstance(content, dict | list) or not any(isinstance(i, dict | list) for i in inner):
        return json.dumps(content, ensure_ascii=False)
    deeper = indent + " "
    texts = [_as_json(value, deeper) for value in inner]
    if named:
        texts = [f"{_as_json(key)}: {text}" for key, text in zip(content, texts, strict=True)]
    opening, closing = "{}" if named else "[]"
    lines = f",\n{deeper}".join(texts)
    return f"{opening}\n{deeper}{lines}\n{indent}{closing}"
