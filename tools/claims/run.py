"""One run of one chapter, for what its claims measure.

A run is kept under a name made of everything that determines it, so that a command that was
stopped goes on where it was. It takes place in a process of its own: should the command be
killed, the run still comes to its end and is kept.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from gencourse.files import write_atomically
from gencourse.results.provenance import package_digest
from tools import notebooks
from tools.claims.text import measuring_code

ROOT = Path(__file__).parents[2]
LONGEST = 1800
"""Seconds that a cell may take beside others before the run is given up."""


class RunError(RuntimeError):
    """A chapter did not come to its end."""


@dataclass(frozen=True)
class Run:
    """A chapter with a seed and an arithmetic.

    text: its file. seed, arithmetic: what it runs with, such as 0 and "float32".
    digest: of the code that it is about to run.
    folder: where runs and their caches are kept.
    """

    text: Path
    seed: int
    arithmetic: str
    digest: str
    folder: Path

    def __str__(self) -> str:
        return f"{self.text.stem}, seed {self.seed}, {self.arithmetic}"

    @property
    def kept(self) -> Path:
        """The file of its rows, once it has finished."""
        name = f"{self.text.stem}-{self.seed}-{self.arithmetic}-{self.digest}.json"
        return self.folder / "runs" / name

    @property
    def cache(self) -> Path:
        """The folder of trained weights that it shares with the other chapters."""
        return self.folder / "cache" / f"{self.seed}-{self.arithmetic}"

    def environment(self) -> dict[str, str]:
        """What the notebook runs in: one thread, and nothing that was trained before."""
        environment = os.environ | {
            "GENCOURSE_CACHE": str(self.cache),
            "GENCOURSE_CHAPTER": self.text.stem,
            "GENCOURSE_SEED": str(self.seed),
            "OMP_NUM_THREADS": "1",
        }
        environment.pop("GENCOURSE_ARITHMETIC", None)
        if self.arithmetic == "float32":
            environment["GENCOURSE_ARITHMETIC"] = "float32"
        return environment

    def perform(self) -> None:
        """Run in a process of its own, until the rows are kept.

        Raises:
            RunError: the chapter did not come to its end; the message says why.
        """
        for folder in (self.kept.parent, self.cache):
            folder.mkdir(parents=True, exist_ok=True)
        words = [str(self.text.resolve()), self.digest, str(self.kept.resolve())]
        done = subprocess.run(
            [sys.executable, "-m", __name__, *words],
            env=self.environment(), cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            # What the kernel says on its own account goes to stderr too.
            why = done.stdout.strip() or done.stderr.strip()
            raise RunError(f"{self}: {why or f'ended with {done.returncode}'}")


def digest_of(text: Path) -> str:
    """Of all that determines what a chapter measures, but for seed and arithmetic."""
    about = json.dumps([measuring_code(text), package_digest(), torch.__version__])
    return hashlib.sha256(about.encode()).hexdigest()[:16]


def rows_of(text: Path) -> list[dict]:
    """Run the chapter in this environment and give the rows of its claims.

    A claim that does not hold stops nothing. What runs is the text, whatever notebook was made
    from it before.

    Raises:
        RunError: a cell failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "claims.jsonl"
        client = NotebookClient(
            notebooks.read(text),
            timeout=LONGEST,
            resources={"metadata": {"path": text.parent}},
        )
        try:
            client.execute(env=os.environ | {"GENCOURSE_CLAIMS": str(file)})
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise RunError(str(error)) from error
        rows = file.read_text(encoding="utf-8") if file.exists() else ""
    return [json.loads(row) for row in rows.splitlines()]


def main(text: str, digest: str, kept: str) -> None:
    rows = rows_of(Path(text))
    if digest_of(Path(text)) != digest:
        raise RunError("the text or the package was changed since the command began")
    write_atomically(kept, json.dumps(rows).encode())


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except RunError as error:
        print(error)
        sys.exit(1)
