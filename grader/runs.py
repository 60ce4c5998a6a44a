"""Runs that are kept, so that points typed by hand are summed without running anything again."""

import hashlib
import json
import sys
from functools import cache

import nbformat
import torch

from gencourse.files import write_atomically
from grader.kernel import Outcome
from grader.sandbox import PACKAGE


def key(notebook, sandbox, **limits):
    """What a run depends on: the notebook, where and with what it runs, in one word."""
    cells = [(cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]
    versions = sys.version, torch.__version__
    words = json.dumps([cells, sandbox.words, limits, versions, _package()], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


@cache
def _package():
    files = sorted(PACKAGE.rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def save(path, key, notebook, outcomes, believed):
    """Keep a notebook with its outputs and outcomes, as a file that Jupyter opens.

    One that had to be stopped is not kept: another time there may be time enough.

    Raises:
        OSError: it cannot be written.
    """
    if not believed or any(outcome.trouble for outcome in outcomes.values()):
        return
    kept = nbformat.from_dict(json.loads(json.dumps(notebook)))
    kept.metadata["run"] = {"key": key, "believed": believed}
    for index, outcome in outcomes.items():
        told = {"passed": outcome.passed, "trouble": outcome.trouble, "error": outcome.error}
        kept.cells[index].metadata["run"] = told
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, nbformat.writes(kept).encode("utf-8", "replace"))


def load(path, key, notebook):
    """Fill in the outputs of a kept run.

    Returns:
        Outcomes by cell and whether they can be believed, as `execute` does; None if there is no
        such run.
    """
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
    for index, outcome in outcomes.items():
        notebook.cells[index].outputs = outcome.outputs
    return outcomes, believed
