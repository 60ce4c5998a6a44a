"""Run every chapter with several seeds, and publish what its claims measured.

python -m tools.claims                                         all chapters, five seeds
python -m tools.claims --seeds 0 1 --chapters 01 03 --arithmetic float32

Runs go side by side, one thread each. A run that has finished is kept in _build/claims and not
run again until its code changes, so a command that was stopped goes on where it was. A bound
that moves is no such change: it is judged by what was measured before. Published
are gencourse/results/claims.json and book/claims.md; chapters that were not asked for keep the
evidence that they have.
"""

import argparse
import json
import os
import shutil
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from filelock import FileLock, Timeout

from gencourse import results
from gencourse.data import DataError
from gencourse.results.evidence import FILE, evidence
from gencourse.terminal import say
from gencourse.training import arithmetic, choose_device
from tools.claims import page
from tools.claims.evidence import of_chapter, problems
from tools.claims.run import ROOT, Run, RunError, digest_of
from tools.claims.text import restated, said_in
from tools.notebooks import CHAPTERS

FOLDER = ROOT / "_build" / "claims"


def perform(runs: list[Run], workers: int) -> list[str]:
    """Perform the runs that have not been kept, so many side by side; say why some failed.

    What they train is kept until the last run with the same seed and arithmetic has ended.
    """
    missing = [run for run in runs if not run.kept.exists()]
    left, failures = Counter(run.cache for run in missing), []
    say(f"{len(runs)} runs, {len(missing)} of them new")
    pool = ThreadPoolExecutor(workers)
    try:
        doing = {pool.submit(run.perform): run for run in missing}
        for done in as_completed(doing):
            run = doing[done]
            try:
                done.result()
                say(f"{run}: done")
            except RunError as error:
                failures.append(str(error))
                say(f"{run}: failed")
            left[run.cache] -= 1
            if not left[run.cache]:
                shutil.rmtree(run.cache, ignore_errors=True)
    finally:
        pool.shutdown(cancel_futures=True)
    return failures


def publish(runs: list[Run]) -> list[str]:
    """Write the evidence of the chapters whose runs have all finished, and the page of it all.

    A chapter that was published from more runs, as with a second arithmetic, keeps that evidence;
    returned is what to say of it.
    """
    refused = []
    chapters: dict[Path, list[Run]] = {}
    for run in runs:
        chapters.setdefault(run.text, []).append(run)
    known = dict(evidence())
    for text, several in chapters.items():
        published = known.get(text.stem, {"runs": {}})["runs"].values()
        if len(several) < sum(map(len, published)):
            refused.append(
                f"{text.stem}: {len(several)} runs replace no evidence from more; to publish them "
                f"all the same, remove its entry from {FILE.name}"
            )
        elif all(run.kept.exists() for run in several):
            said = said_in(text)
            rows = [json.loads(run.kept.read_text()) for run in several]
            known[text.stem] = of_chapter([restated(each, said) for each in rows])
    known = {path.stem: known[path.stem] for path in CHAPTERS if path.stem in known}
    results.write(FILE, known)
    evidence.cache_clear()
    page.main()
    return refused


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    try:
        evidence()
    except DataError as error:
        sys.exit(str(error))
    runs = [
        Run(path, seed, name, digest, FOLDER)
        for path, digest in [(path, digest_of(path)) for path in options.chapters]
        for seed in dict.fromkeys(options.seeds)
        for name in dict.fromkeys(options.arithmetic)
    ]
    # Weights are ready for removal when all chapters of a seed are through.
    runs.sort(key=lambda run: (run.seed, run.arithmetic))
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(FOLDER / "lock", timeout=0):
            shutil.rmtree(FOLDER / "cache", ignore_errors=True)
            try:
                failures = perform(runs, os.cpu_count() or 1)
            finally:
                shutil.rmtree(FOLDER / "cache", ignore_errors=True)
            refused = publish(runs)
    except Timeout:
        sys.exit("another make claims is running in this folder; wait for it, or stop it")
    except KeyboardInterrupt:
        sys.exit("stopped; what is finished is kept, and the same command goes on from there")
    asked = {run.text.stem for run in runs}
    known = {name: chapter for name, chapter in evidence().items() if name in asked}
    found = [*failures, *refused, *problems(known)]
    say("\n".join(found) or "every claim holds, and so does the rule of its bound")
    return bool(found)


def _options(arguments):
    parser = argparse.ArgumentParser(prog="python -m tools.claims", description=__doc__)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2, 3, 4])
    parser.add_argument(
        "--arithmetic",
        nargs="+",
        choices=["bfloat16", "float32"],
        default=sorted({arithmetic(choose_device()), "float32"}),
        help="float32 and, where the processor has it, bfloat16, unless one is chosen",
    )
    parser.add_argument(
        "--chapters", nargs="+", metavar="NAME", default=[""], help="how their names begin: 01 03"
    )
    options = parser.parse_args(arguments)
    if "bfloat16" in options.arithmetic and arithmetic(choose_device()) != "bfloat16":
        parser.error("this processor does not multiply in bfloat16; leave it out")
    for name in options.chapters:
        if not any(path.stem.startswith(name) for path in CHAPTERS):
            parser.error(f"no chapter begins with {name!r}; there are {_names(CHAPTERS)}")
    options.chapters = [path for path in CHAPTERS if path.stem.startswith(tuple(options.chapters))]
    return options


def _names(paths: list[Path]) -> str:
    return ", ".join(path.stem for path in paths)


if __name__ == "__main__":
    sys.exit(main())
