"""Run notebooks from top to bottom and store their outputs, for `make notebooks`."""

import base64
import io
import sys
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

from gencourse.files import write_atomically

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("[0-9]*.ipynb"))
LONGEST = 60
"""Seconds that a cell may run, so that no reader waits for longer."""


def store(path):
    """Execute a notebook in its own folder and keep its outputs, without what differs each time.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised.
        RuntimeError: a cell ran for too long; nothing is stored.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}}).execute()
    for cell in notebook.cells:
        if (seconds := time_of(cell.metadata.pop("execution", {}))) > LONGEST:
            raise RuntimeError(
                f"a cell of {path.name} ran for {seconds:.0f} s; expected at most {LONGEST}. On an "
                f"idle machine, make the cell shorter:\n{cell.source}"
            )
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = smaller(output.data["image/png"])
    notebook.metadata["language_info"] = {"name": "python"}
    write_atomically(path, (nbformat.writes(notebook) + "\n").encode())


def time_of(times):
    """Seconds between a kernel's messages that it is busy and idle; 0 for a cell of text."""
    if not times:
        return 0.0
    busy, idle = (datetime.fromisoformat(times[f"iopub.status.{s}"]) for s in ("busy", "idle"))
    return (idle - busy).total_seconds()


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
