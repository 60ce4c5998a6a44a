"""Run notebooks from top to bottom, for `make notebooks` and for the tests."""

import base64
import io
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

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
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = smaller(output.data["image/png"])
    notebook.metadata["language_info"] = {"name": "python"}
    write_atomically(path, (nbformat.writes(notebook) + "\n").encode())


def smaller(figure):
    """A figure (PNG in base64) in 256 colours, which is all it needs and half the weight."""
    picture = Image.open(io.BytesIO(base64.b64decode(figure))).convert("RGB")
    file = io.BytesIO()
    picture.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


if __name__ == "__main__":
    for name in sys.argv[1:] or NOTEBOOKS:
        print(name, flush=True)
        store(Path(name).resolve())
