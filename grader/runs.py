"""Runs, and those that are kept, so that points typed by hand are summed without a new one."""

import copy
import hashlib
import json
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from gencourse.files import write_atomically
from grader.kernel import Outcome
from grader.sandbox import PACKAGE, Sandbox


@dataclass(frozen=True)
class Run:
    """A notebook that was run.

    Args:
        notebook: with its outputs.
        outcomes: by the number of each code cell.
        believed: whether errors were told, so that a test that passed has passed.
    """

    notebook: NotebookNode
    outcomes: dict[int, Outcome]
    believed: bool

    @property
    def sure(self) -> bool:
        """Whether it would be the same another time: nothing was stopped."""
        return self.believed and not any(outcome.trouble for outcome in self.outcomes.values())

    @classmethod
    def of(cls, notebook: NotebookNode, outcomes: dict[int, Outcome], believed: bool) -> "Run":
        """The run of a notebook, which stays as it is."""
        notebook = copy.deepcopy(notebook)
        for index, outcome in outcomes.items():
            notebook.cells[index].outputs = outcome.outputs
        return cls(notebook, outcomes, believed)


def key(notebook: NotebookNode, sandbox: Sandbox, **limits: float) -> str:
    """What a run depends on: the notebook, where and with what it runs, in one word."""
    cells = [(cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]
    versions = sys.version, version("torch")
    words = json.dumps([cells, sandbox.words, limits, versions, _code()], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


@cache
def _code() -> str:
    """What notebooks import, and what runs them."""
    files = sorted([*PACKAGE.rglob("*.py"), *Path(__file__).parent.glob("*.py")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def save(path: Path, key: str, run: Run) -> None:
    """Keep a run, as a file that Jupyter opens.

    One that had to be stopped is not kept: another time there may be time enough.

    Raises:
        OSError: it cannot be written.
    """
    if not run.sure:
        return
    kept = nbformat.from_dict(json.loads(json.dumps(run.notebook)))
    kept.metadata["run"] = {"key": key, "believed": run.believed}
    for index, outcome in run.outcomes.items():
        told = {"passed": outcome.passed, "trouble": outcome.trouble, "error": outcome.error}
        kept.cells[index].metadata["run"] = told
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, nbformat.writes(kept).encode("utf-8", "replace"))


def load(path: Path, key: str, notebook: NotebookNode) -> Run | None:
    """The run of a notebook that was kept; None if there is none, or a spoilt one."""
    try:
        kept = nbformat.read(path, as_version=4)
        if kept.metadata["run"]["key"] != key:
            return None
        outcomes = {
            index: Outcome(outputs=cell.outputs, **cell.metadata["run"])
            for index, cell in enumerate(kept.cells)
            if "run" in cell.metadata
        }
        believed = kept.metadata["run"]["believed"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Run.of(notebook, outcomes, believed)
