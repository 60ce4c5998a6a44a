"""The benchmark: quality and seconds of what the book trains, beside published figures.

python -m gencourse.benchmark                                   every row
python -m gencourse.benchmark autoencoder-2 --seeds 0 1 2 --json results.json
python -m gencourse.benchmark scoreboard                        the rows that begin so

Everything is trained anew; only a command that was stopped goes on where it was.
Quality is a mean over seeds with its standard deviation (n - 1); seconds are of
training alone (of one pass, in the row `data`), and mean something on an otherwise
idle machine only.
"""

import argparse
import sys
from itertools import chain, product

from gencourse import results
from gencourse.benchmark.kept import forget, run_or_read
from gencourse.benchmark.row import as_text, summary
from gencourse.benchmark.rows import ROWS
from gencourse.terminal import say


def run(names: list[str], seeds: list[int]) -> list[dict]:
    """The rows of these names, each run once with each seed, as they are published."""
    published = []
    for name in names:
        row = ROWS[name]
        published.append(summary(row, seeds, [run_or_read(row, seed) for seed in seeds]))
        say(as_text(published[-1]))
    return published


def rows_meant_by(name: str) -> list[str]:
    """The row of that name; if there is none, those that begin so."""
    return [name] if name in ROWS else [row for row in ROWS if row.startswith(name)]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m gencourse.benchmark", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"{', '.join(ROWS)}, or how some begin",
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--json", metavar="FILE", help="write the rows there too")
    options = parser.parse_args(arguments)
    meant = {name: rows_meant_by(name) for name in options.names or [""]}
    if unknown := [name for name, rows in meant.items() if not rows]:
        parser.error(f"no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    names = list(dict.fromkeys(chain(*meant.values())))
    try:
        published = run(names, options.seeds)
    except KeyboardInterrupt:
        sys.exit("stopped; what is finished is kept, and the same command goes on from there")
    if options.json:
        results.write(options.json, published)
    for name, seed in product(names, options.seeds):
        forget(name, seed)
