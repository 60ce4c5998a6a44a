"""The benchmark: quality and seconds of what the book trains, beside published figures.

python -m gencourse.benchmark                                   every row
python -m gencourse.benchmark autoencoder-2 --seeds 0 1 2 --json results.json
python -m gencourse.benchmark scoreboard                        the rows that begin so

Everything is trained anew. Quality is a mean over seeds with its standard
deviation (n - 1); seconds are of training alone (of one pass, in the row
`data`), and mean something on an otherwise idle machine only.
"""

import argparse
import json
import platform
import statistics
from itertools import chain

import torch

from gencourse.benchmark.rows import ROWS
from gencourse.files import write_atomically
from gencourse.training import arithmetic, choose_device


def run(names, seeds):
    """The rows as a list of dictionaries, one a name; each function runs once a seed."""
    results = []
    for name in names:
        function, reference = ROWS[name]
        runs = [function(seed) for seed in seeds]
        figures = {
            key: [quality[key] for quality, _ in runs]
            for key, value in runs[0][0].items()
            if not isinstance(value, list)  # a list is kept for each seed, and not averaged
        }
        results.append(
            {
                "name": name,
                "protocol": f"{function.__doc__}; {hardware()}",
                "seeds": list(seeds),
                "quality": {key: statistics.mean(values) for key, values in figures.items()},
                "sd": {
                    key: statistics.stdev(values) if len(values) > 1 else None
                    for key, values in figures.items()
                },
                "seconds": statistics.mean(seconds for _, seconds in runs),
                "runs": [quality for quality, _ in runs],
                "reference": reference,
            }
        )
        print(as_text(results[-1]), flush=True)
    return results


def as_text(row):
    """One row of the table, as a paragraph that fits a terminal; each entrant begins a line."""
    entrants = {}
    for key, value in row["quality"].items():
        entrant, separator, measure = key.rpartition(": ")
        sd = row["sd"][key]
        spread = f" ± {sd:.2g}" if sd is not None else ""
        start = f"\n    {entrant}{separator}" if entrant else ""
        entrants.setdefault(start, []).append(f"{measure} {value:.4g}{spread}")
    quality = "".join(start + ", ".join(figures) for start, figures in entrants.items())
    return (
        f"{row['name']}: {quality}; {row['seconds']:.3g} s\n"
        f"    protocol: {row['protocol']}; seeds {row['seeds']}\n"
        f"    reference: {row['reference']}"
    )


def rows_meant_by(name):
    """The row of that name; if there is none, those that begin so."""
    return [name] if name in ROWS else [row for row in ROWS if row.startswith(name)]


def hardware():
    """The device, in a few words."""
    device = choose_device()
    threads = f"{torch.get_num_threads()} threads"
    return f"{device.type} {platform.machine()}, {threads}, {arithmetic(device)}"


def main(arguments=None):
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
    results = run(list(dict.fromkeys(chain(*meant.values()))), options.seeds)
    if options.json:
        write_atomically(options.json, json.dumps(results, indent=2).encode())
