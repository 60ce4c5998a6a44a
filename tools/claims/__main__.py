"""Run chapters with several seeds, in float32, and publish what their claims measured.

python -m tools.claims                                all chapters, seeds 0 to 4
python -m tools.claims --seeds 0 1 2 --chapters 01 03
python -m tools.claims --missing                      which claims are not yet measured so

Runs go side by side, one thread each. One that has finished is kept in _build/claims until what it
depends on changes, so that a command which was stopped goes on where it was. A chapter is published
in gencourse/results/claims.json as soon as its last run has finished; the others keep what they
have.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from gencourse.files import write_atomically
from gencourse.results import write
from gencourse.results.evidence import FILE, evidence
from gencourse.terminal import say
from gencourse.validate import seed as checked_seed
from tools import notebooks
from tools.claims import rows

FOLDER = Path(__file__).parents[2] / "_build" / "claims"
LONGEST = 1800
"""Seconds that a cell may take beside others before the run is given up."""


def kept(text: Path, seed: int) -> Path:
    """Where the rows of a run are kept, under all that they depend on."""
    digest = notebooks.claims_of(text)[-1].digest
    return FOLDER / "runs" / f"{text.stem}-{seed}-{digest}.json"


def run(text: Path, seed: int) -> str | None:
    """Run a chapter with a seed, unless that was done, and keep its rows; say why it failed."""
    file, cache = kept(text, seed), FOLDER / "cache" / str(seed)
    if file.exists():
        return None
    for place in (file.parent, cache):
        place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        left = Path(folder) / "claims.jsonl"
        environment = os.environ | {
            "GENCOURSE_CACHE": str(cache), "GENCOURSE_CLAIMS": str(left),
            "GENCOURSE_SEED": str(seed), "GENCOURSE_ARITHMETIC": "float32",
            "GENCOURSE_STRICT": "0", "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        client = NotebookClient(
            notebooks.read(text), timeout=LONGEST, resources={"metadata": {"path": text.parent}}
        )
        try:
            client.execute(env=environment)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return str(error)
        if kept(text, seed) != file:
            return "the text or the package was changed meanwhile"
        found = [json.loads(row) for row in left.read_text(encoding="utf-8").splitlines()]
    write_atomically(file, json.dumps(found).encode())
    return None


def publish(text: Path, seeds: list[int]) -> None:
    """Put what the kept runs of a chapter measured in the place of its evidence."""
    runs = {seed: json.loads(kept(text, seed).read_text(encoding="utf-8")) for seed in seeds}
    said = notebooks.claims_of(text)
    chapter = rows.of_runs(said, runs)
    evidence.cache_clear()  # another make claims may have published meanwhile
    write(FILE, evidence() | {text.stem: chapter})
    evidence.cache_clear()
    say(f"{text.stem}: published")
    for failure in rows.contradicted(said, chapter):
        say(f"  {failure}")


def missing(texts: list[Path]) -> Iterator[str]:
    """The claims that lack five seeds of today's code."""
    for text in texts:
        chapter = evidence().get(text.stem, rows.NONE)
        for claim, state, known in rows.states(notebooks.claims_of(text), chapter):
            if state == "measured" and len(known[0]["values"]) < rows.SEEDS:
                state = f"{len(known[0]['values'])} seeds"
            elif state == "measured":
                continue
            yield f"{text.stem}: {claim.code}: {state}"


def main(words: list[str] | None = None) -> int:
    """Read the command line and do what it says; 1 if anything failed or is missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.claims", description=__doc__)
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(rows.SEEDS)))
    parser.add_argument("--chapters", nargs="+", default=[], help="how they begin, such as 01")
    parser.add_argument("--missing", action="store_true", help="run nothing")
    asked = parser.parse_args(words)
    try:
        seeds = [checked_seed(seed) for seed in dict.fromkeys(asked.seeds)]
        texts = [text for text in notebooks.chosen(asked.chapters) if text in notebooks.CHAPTERS]
        texts = [text for text in texts if notebooks.claims_of(text)]
    except ValueError as error:
        sys.exit(str(error))
    if asked.missing:
        lacking = list(missing(texts))
        say("\n".join(lacking) or "Every claim is measured.")
        return int(bool(lacking))
    failed = {text: 0 for text in texts}
    left = {text: len(seeds) for text in texts}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        doing = {pool.submit(run, text, seed): (text, seed) for text in texts for seed in seeds}
        for done in as_completed(doing):
            text, seed = doing[done]
            why = done.result()
            say(f"{text.stem}, seed {seed}: {'done' if why is None else f'failed: {why}'}")
            failed[text] += why is not None
            left[text] -= 1
            if not left[text] and not failed[text]:
                publish(text, seeds)
    return int(any(failed.values()))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped; what is finished is kept")
