"""Run notebooks from top to bottom, for `make notebooks` and for the tests."""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from gencourse.files import write_atomically

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("[0-9]*.ipynb"))


def run(path, **environment):
    """Execute a notebook in its own folder; returns it with outputs and times.

    Args:
        environment: variables for its kernel, such as GENCOURSE_SEED="1".
    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}})
    client.execute(env={**os.environ, **environment})
    return notebook


def store(path):
    """Execute a notebook and keep its outputs, without what differs on each run."""
    notebook = run(path)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata["language_info"] = {"name": "python"}
    write_atomically(path, (nbformat.writes(notebook) + "\n").encode())


if __name__ == "__main__":
    for name in sys.argv[1:] or NOTEBOOKS:
        print(name, flush=True)
        store(Path(name).resolve())
