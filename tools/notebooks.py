"""Make the notebooks from their texts: `make notebooks` runs them, `make sync` does not.

The text is the source: `notebooks/NN_name.md` of a chapter, `notebooks/homework/NAME.md` of an
assignment, both in MyST. What is made from it is committed too, for Colab, the book and nbgrader:
`notebooks/NN_name.ipynb` with the outputs of one clean run, and
`notebooks/homework/source/NAME/NAME.ipynb` without any. (nbgrader gives students every file that
lies beside that notebook, so the text with the solutions lies elsewhere.)

A notebook keeps a fingerprint of the cells that it was made with. Cells that are neither the
text's nor those of the fingerprint were edited by hand; such a notebook is never overwritten.
"""

import argparse
import base64
import difflib
import hashlib
import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import jupytext
import nbformat
import numpy as np
from jupytext.myst import MystMetadataParsingError
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from PIL import Image
from scipy.spatial.distance import cdist

from gencourse.files import write_atomically
from tools.claims.rows import carry
from tools.claims.text import Said, code_apart_from_claims, named, said_in, successors

FOLDER = Path(__file__).parents[1] / "notebooks"
TEXTS = [*sorted(FOLDER.glob("[0-9]*.md")), *sorted((FOLDER / "homework").glob("*.md"))]
CHAPTERS = [text for text in TEXTS if text.parent == FOLDER]
NOTEBOOKS = sorted(FOLDER.glob("[0-9]*.ipynb"))
LONGEST = 60
"""Seconds that a cell may run on an idle machine, so that no reader waits for longer."""
PATIENCE = 900
"""Seconds after which a cell is stopped, so that a slow machine still says how long it took."""
FILLED = 50
"""Pixels from which on a colour was meant, and is no mixture at the edge of a letter."""
FOREIGN = 20
"""Levels of 255 by which a filled colour may be off; with more, a map shows what it has not."""
EXACT = 48
"""Filled colours that are kept as they are: more than the palette has."""
VIVID = 40
"""Levels of 255 between the channels from which on a colour is no grey."""
FORMAT = "md:myst"
LOST = {
    re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?= |$)"): "a mark of a merge; take one of the two sides",
    re.compile("[\v\f\x00\x1c-\x1e\x85\u2028\u2029]"): "a letter that some take for the end of a "
    "line; put a blank or a new line in its place",
}
"""What a line of a text must not hold, and why."""
CELL = re.compile(r"\{\s*(code|raw)[\s_-]*cells?\s*\}", re.IGNORECASE)
PRINTED = re.compile(r"^✓ (?P<sentence>.+): (?P<value>\S+) [<>=]+ \S+\n", re.MULTILINE)
ADDRESS = re.compile(r"github\.com/[\w.-]+/[\w-]+|[\w-]+\.github\.io/[\w-]+")


def is_homework(text: Path) -> bool:
    """Whether a text is an assignment's, whose notebook has no outputs, or a chapter's."""
    return text.parent.name == "homework"


def notebook_of(text: Path) -> Path:
    """Where the notebook lies that is made from a text."""
    if is_homework(text):
        return text.parent / "source" / text.stem / f"{text.stem}.ipynb"
    return text.with_suffix(".ipynb")


def read(text: Path) -> NotebookNode:
    """The notebook that a text describes, without outputs; its cells are numbered in order.

    Raises:
        ValueError: it is no MyST text of a notebook, or something in it would be lost.
    """
    content = text.read_text(encoding="utf-8-sig")
    for number, line in enumerate(content.split("\n"), 1):
        for pattern, what in LOST.items():
            if found := pattern.search(line):
                raise ValueError(f"{text}, line {number}: {found[0]!r} is {what}")
    try:
        notebook = jupytext.reads(content, fmt=FORMAT)
    except (ValueError, MystMetadataParsingError) as error:
        raise ValueError(f"{text} cannot be read as the text of a notebook: {error}") from error
    if "kernelspec" not in notebook.metadata:
        raise ValueError(
            f"{text} has no kernelspec in its header; begin it with the header of another text"
        )
    _refuse_what_would_be_lost(text, content, notebook)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"c{number:02d}"
    notebook.nbformat_minor = 5
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": notebook.metadata.kernelspec,
            "language_info": {"name": "python"},
            "made_from": {"file": text.name, "fingerprint": fingerprint(notebook)},
        }
    )
    return notebook


def _refuse_what_would_be_lost(text, content, notebook):
    """Raise for what jupytext would pass over, or take for something else, without a word."""
    if others := set(notebook.metadata) - {"jupytext", "kernelspec"}:
        raise ValueError(
            f"{text} has {min(others)!r} in its header, which the notebook would lack; expected "
            "jupytext and kernelspec alone"
        )
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    if prose := [cell[match.start() :] for cell in cells if (match := CELL.search(cell))]:
        number = content[: content.index(prose[0])].count("\n") + 1
        raise ValueError(
            f"{text}, line {number}: a cell of code here would be prose; expected ```{{code-cell}} "
            "at the beginning of a line of its own, outside of lists, quotes and other blocks"
        )
    body = re.split(r"^---[ \t]*$", content, maxsplit=2, flags=re.MULTILINE)[2]
    words = Counter(re.findall(r"\w+", re.sub(r"(?m)^[`~]{3,}\{(code|raw)-cell\}.*", "", body)))
    for cell in notebook.cells:
        about = json.dumps(cell.metadata, ensure_ascii=False).replace("\\n", " ")
        words.subtract(re.findall(r"\w+", f"{cell.source} {about}"))
    if astray := [word for word, count in words.items() if count]:
        raise ValueError(
            f"{text}: the notebook would have {', '.join(map(repr, astray))} less or more often "
            "than the text; look for a key twice or a comment in the block at the head of a cell"
        )


def contents(notebook: NotebookNode) -> list[list]:
    """What must agree between a text and its notebook: type, source and metadata of each cell."""
    return [[cell.cell_type, cell.source, cell.metadata] for cell in notebook.cells]


def fingerprint(notebook: NotebookNode) -> str:
    """A checksum of the contents, but for addresses: `make address` is no edit by hand."""
    known = ADDRESS.sub("", json.dumps(contents(notebook), sort_keys=True))
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def run(text: Path) -> bool:
    """Make a chapter's notebook anew, with the outputs of a run in its own folder.

    What differs each time is left out. Homework has no outputs: it is only synced.

    Returns:
        Whether the notebook was written: not if it is what it was.
    Raises:
        ValueError: the text cannot be read, or the notebook was edited by hand.
        nbclient.exceptions.CellExecutionError: a cell raised.
        nbclient.exceptions.CellTimeoutError: a cell was stopped. Whenever one is raised, nothing is
            stored.
    """
    if is_homework(text):
        return sync(text)
    made = read(text)
    kept = _kept(text, made)
    where = {"metadata": {"path": text.parent}}
    # What is stored shows no claim that fails.
    environment = {name: os.environ[name] for name in os.environ if name != "GENCOURSE_CLAIMS"}
    environment["GENCOURSE_STRICT"] = "1"
    NotebookClient(made, timeout=PATIENCE, resources=where).execute(env=environment)
    for cell in made.cells:
        if (seconds := time_of(cell.metadata.pop("execution", {}))) > LONGEST:
            first = cell.source.split("\n")[0]
            print(f"a cell ran for {seconds:.0f} s, no reader waits so long: {first} … ", end="")
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = smaller(output.data["image/png"])
    made.metadata["language_info"] = {"name": "python"}
    before, said = (said_in([cell.source for cell in _code(side)]) for side in (kept, made))
    carry(text.stem, before, said)
    return _write(text, made)


def sync(text: Path) -> bool:
    """Carry changed prose, captions and alt text into the notebook, without running anything.

    Returns:
        Whether the notebook was written: not if it is what it was.
    Raises:
        ValueError: the text cannot be read, the notebook was edited by hand, or code was changed
            whose outputs are stored. Nothing is written then.
    """
    made = read(text)
    kept = _kept(text, made)
    if not is_homework(text):
        _take_outputs(text, made, kept)
    return _write(text, made)


def _kept(text: Path, made: NotebookNode) -> NotebookNode:
    """The notebook as it lies there, an empty one if there is none, unless edits would be lost."""
    path = notebook_of(text)
    if not path.exists():
        return nbformat.v4.new_notebook()
    try:
        kept = nbformat.read(path, as_version=4)
    except (ValueError, nbformat.ValidationError) as error:
        raise ValueError(
            f"{path} is no notebook, perhaps after a merge. Take that of either side, as with "
            f"git checkout --ours, and say make sync again"
        ) from error
    known = kept.metadata.get("made_from", {}).get("fingerprint")
    if contents(kept) != contents(made) and fingerprint(kept) != known:
        new, old = (jupytext.writes(side, fmt=FORMAT).split("\n") for side in (made, kept))
        difference = difflib.unified_diff(new, old, text.name, path.name, n=1, lineterm="")
        raise ValueError(
            f"{path} was edited by hand, and is not overwritten. Carry what you want to keep into "
            f"{text.name}, drop the notebook's edits with git checkout, and say make sync again. "
            "They differ so:\n" + "\n".join(difference)
        )
    return kept


def claims_of(text: Path) -> list[Said]:
    """The claims of a chapter, as its text says them."""
    return said_in([cell.source for cell in _code(read(text))])


def _code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _take_outputs(text: Path, made: NotebookNode, kept: NotebookNode) -> None:
    """Give every cell of code the outputs that it had, if all the code is what it was.

    Claims may have been reworded or dropped, and their bounds moved, as long as what was measured
    keeps them.
    """
    new, old = _code(made), _code(kept)
    sources = [[cell.source for cell in side] for side in (new, old)]
    if code_apart_from_claims(sources[0]) != code_apart_from_claims(sources[1]):
        known = {line for cell in old for line in cell.source.split("\n")}
        lines = (line for cell in new for line in cell.source.split("\n"))
        named = [f"  {line}" for line in lines if line not in known]
        raise ValueError(
            f"the code of {text.name} is not that of the stored outputs; "
            f"run it with make notebooks NAMES={text.stem}. Changed or new:\n"
            + ("\n".join(named) or "  none; lines were removed, or are in another order")
        )
    before, said = (said_in(side) for side in reversed(sources))
    now = successors(before, said)
    if said != [claim for claim in now.values() if claim]:
        raise ValueError(
            f"{text.name} has new claims, or in another order; run it with "
            f"make notebooks NAMES={text.stem}."
        )
    for cell, earlier in zip(new, old, strict=True):
        cell.outputs, cell.execution_count = earlier.outputs, earlier.execution_count
        for output in cell.outputs:
            if output.output_type == "stream":
                output.text = _reworded(output.text, before, now)
    carry(text.stem, before, said)


def _reworded(printed, before, now):
    """What a cell printed, with the words and the bounds that its claims have now."""

    def line(shown):
        if (known := named(before, shown["sentence"])) is None:
            return shown[0]
        if (claim := now[known[0].code]) is None:
            return ""
        if not claim.holds(float(shown["value"])):
            raise ValueError(
                f"the stored run has {shown[0]}; expected {claim.relation} {claim.bound:g}"
            )
        words = claim.sentence(known[1])
        return f"✓ {words}: {shown['value']} {claim.relation} {claim.bound:.4g}\n"

    return PRINTED.sub(line, printed)


def _write(text: Path, notebook: NotebookNode) -> bool:
    path, content = notebook_of(text), (nbformat.writes(notebook) + "\n").encode()
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)
    return True


def time_of(times: dict[str, str]) -> float:
    """Seconds between a kernel's messages that it is busy and idle; 0 for a cell of text."""
    if not times:
        return 0.0
    busy, idle = (datetime.fromisoformat(times[f"iopub.status.{s}"]) for s in ("busy", "idle"))
    return (idle - busy).total_seconds()


def smaller(figure: str) -> str:
    """A figure (PNG in base64) in 256 colours, a third of the weight, those of its dots exact.

    The commonest colours come first: they stand for a digit or a model. Then, one after another,
    the colour that is farthest from those taken, so that a map of many colours has no step; a
    colour of few pixels, at the edge of a letter, counts for less. If a colour is still off, the
    figure is left as it is.
    """
    picture = Image.open(io.BytesIO(base64.b64decode(figure))).convert("RGB")
    pixels = np.asarray(picture).astype(int)
    codes, index, counts = np.unique(
        pixels @ [1 << 16, 1 << 8, 1], return_inverse=True, return_counts=True
    )
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    filled = counts >= FILLED
    vivid = np.where(filled & (np.ptp(colours, axis=1) >= VIVID), counts, 0)
    common = counts.argsort()[::-1][:16]  # paper, ink, frames
    strong = [i for i in vivid.argsort()[::-1][:EXACT] if vivid[i]]
    taken = [*common, *np.setdiff1d(strong, common)]
    apart = cdist(colours, colours[taken])
    nearest, away = apart.argmin(1), apart.min(1)
    weight = np.minimum(1, counts / FILLED)
    while len(taken) < 256 and away.any():
        taken.append((away * weight).argmax())
        apart = np.linalg.norm(colours - colours[taken[-1]], axis=1)
        nearest[apart < away] = len(taken) - 1
        away = np.minimum(away, apart)
    if (away > FOREIGN)[filled].any():  # a map of too many colours
        return figure
    fewer = Image.fromarray(nearest[index].reshape(pixels.shape[:2]).astype(np.uint8), "P")
    fewer.putpalette(colours[taken].astype(np.uint8).tobytes())
    file = io.BytesIO()
    fewer.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def chosen(names: list[str]) -> list[Path]:
    """The texts whose names begin so, such as "01_autoencoder" or "01"; all without any name.

    Raises:
        ValueError: there is no such text.
    """
    stems = [text.stem for text in TEXTS]
    if unknown := [name for name in names if not any(stem.startswith(name) for stem in stems)]:
        raise ValueError(f"no text begins with {', '.join(unknown)}; there are {', '.join(stems)}")
    return [text for text in TEXTS if text.stem.startswith(tuple(names or [""]))]


def main(words: list[str] | None = None) -> None:
    """Read the command line and do what it says; one bad notebook does not stop the others."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=__doc__)
    parser.add_argument("command", choices=["run", "sync"])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="how it begins: 01_autoencoder, or 01"
    )
    asked = parser.parse_args(words)
    make: Callable[[Path], bool] = {"run": run, "sync": sync}[asked.command]
    failed = 0
    try:
        for text in chosen(asked.names):
            print(f"{text.name}: ", end="", flush=True)
            try:
                print("written" if make(text) else "as it was", flush=True)
            except (ValueError, OSError, RuntimeError, CellExecutionError) as error:
                failed += 1
                print("not written", flush=True)
                print(error, file=sys.stderr, flush=True)
    except ValueError as error:
        sys.exit(str(error))
    if failed:
        sys.exit(f"{failed} not written")


if __name__ == "__main__":
    main()
