"""The benchmark: quality and seconds of what the book trains, beside published figures.

python -m gencourse.benchmark                                   every row
python -m gencourse.benchmark autoencoder-2 --seeds 0 1 2 --json results.json
python -m gencourse.benchmark scoreboard                        the rows that begin so

Everything is trained anew; only a command that was stopped goes on where it was. Quality is a mean
over seeds with its standard deviation (n - 1); seconds are of training alone (of one pass, in the
row `data`), and mean something on an otherwise idle machine only.
"""

import argparse
import hashlib
import json
import sys
from itertools import chain, product

import torch

from gencourse import results
from gencourse.benchmark.row import as_text, hardware, summary
from gencourse.benchmark.rows import ROWS
from gencourse.files import write_atomically
from gencourse.results.provenance import package_digest
from gencourse.settings import cache_folder
from gencourse.terminal import say


def run(names: list[str], seeds: list[int]) -> list[dict]:
    """The rows of these names, each run once with each seed, as they are published.

    Raises:
        OSError: nothing can be kept in the cache folder.
    """
    published = []
    for name in names:
        runs = [_run_or_read(name, seed) for seed in seeds]
        published.append(summary(ROWS[name], seeds, runs))
        say(as_text(published[-1]))
    return published


def _run_or_read(name, seed):
    """Quality and seconds of that row with that seed: kept from before, or run now and kept."""
    path = _kept(name, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return json.loads(path.read_text())
    found = ROWS[name].run(seed)
    write_atomically(path, json.dumps(found).encode())
    return found


def _kept(name, seed):
    """The file of one run, named by everything that its numbers depend on."""
    about = json.dumps([package_digest(), torch.__version__, hardware()])
    digest = hashlib.sha256(about.encode()).hexdigest()[:16]
    return cache_folder() / "benchmark" / f"{name}-{seed}-{digest}.json"


def rows_meant_by(name: str) -> list[str]:
    """The row of that name; if there is none, those that begin so."""
    return [name] if name in ROWS else [row for row in ROWS if row.startswith(name)]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m gencourse.benchmark", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(ROWS)}, or how some begin"
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
        _kept(name, seed).unlink(missing_ok=True)  # the next command trains everything anew
