"""Returned files: which notebooks there are, whose they are, and what stands in them."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.cells import marker

LARGEST = 50_000_000
"""Bytes of a file that is read: a notebook with many figures has a tenth of it."""

LONGEST_CELL = 100_000
"""Characters of a cell's text that are read: more than anybody writes."""
MOST_CELLS = 1000
MOST_TEXT = 1_000_000
"""Characters in all cells that are read."""
MOST_PICTURES = 20_000_000
"""Characters of pasted pictures that are read: thirty photographs of a page."""

# What Colab, Jupyter, Windows, macOS and browsers add to the name of a copy.
DECORATIONS = [
    r"\.(ipynb|txt|json|docx?|pdf|html?|zip|py)",
    r"^(copy of )+",
    r"^사본 - ",
    r" ?의 사본",
    r" - (copy|복사본|사본)",
    r"-copy\d*",
    r" (copy|복사본|사본)( \d+)?$",
    r" ?\(\d+\)",
]


@dataclass(frozen=True)
class Cell:
    """All that is believed of a returned cell."""

    kind: str
    text: str
    grade_id: str | None
    attachments: dict[str, dict[str, str]]


@dataclass
class Returned:
    """A file that came back.

    `trouble` says why it is no notebook, if it is none; `note` what else is odd.
    """

    file: str
    student: str = ""
    assignment: str | None = None
    cells: list[Cell] = field(default_factory=list)
    fingerprint: str = ""
    trouble: str = ""
    note: str = ""


def returned_files(folder: Path) -> list[Path]:
    """Every file below a folder, except the hidden ones that computers add on their own.

    Args:
        folder: of what students returned; subfolders count.
    Returns:
        The paths relative to the folder, sorted.
    Raises:
        ValueError: there is no such folder, or nothing in it.
        OSError: it cannot be looked into.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder; expected one with the returned notebooks.")
    found = [
        path.relative_to(folder)
        for path in sorted(folder.rglob("*"))
        if not path.is_dir() or path.is_symlink()
    ]
    found = [
        path
        for path in found
        if not any(part.startswith((".", "__MACOSX")) for part in path.parts)
        and path.name.lower() not in ("desktop.ini", "thumbs.db")
    ]
    if not found:
        raise ValueError(f"{folder} is empty; expected the notebooks that students returned.")
    return found


def take_in(folder: Path, file: Path, firsts: Mapping[str, set[str]]) -> Returned:
    """Read a returned file and find out whose it is and what it answers.

    Args:
        folder: of what students returned.
        file: its path relative to the folder.
        firsts: for each assignment, the grade ids and first lines that only it has.
    Returns:
        A Returned; whatever the file is, this does not raise.
    """
    returned = by_name(file, firsts)
    try:
        returned.fingerprint, cells = _read(folder / file)
        returned.cells, returned.note = _capped(cells)
    except OSError as error:  # whose own words tell the student where the teacher keeps files
        returned.trouble = f"the file cannot be read: {error.strerror}"
    except RecursionError:
        returned.trouble = "the file has brackets in brackets without end; expected a notebook."
    except ValueError as error:
        returned.trouble = str(error)
    counts = _own_cells(returned.cells, firsts)
    likely = max(counts, key=counts.__getitem__, default=None)
    if likely and counts[likely] and not counts.get(returned.assignment or ""):
        if returned.assignment:
            named = f"named {returned.assignment}, but its content is {likely}, and so graded"
            returned.note = "; ".join(filter(None, [named, returned.note]))
        returned.assignment = likely
    if returned.assignment is None and not returned.trouble:
        returned.trouble = (
            f"not known which assignment this is; expected the file's name to contain one of "
            f"{', '.join(firsts)}. Rename it and grade again."
        )
    return returned


def by_name(file: Path, firsts: Mapping[str, set[str]]) -> Returned:
    """A Returned of which the name only is known, for whatever cannot be read."""
    returned = Returned(file="".join(map(_spelled, str(file))))
    name = Path(unicodedata.normalize("NFC", returned.file))
    returned.student, returned.assignment = who_and_what(name, list(firsts))
    return returned


def _spelled(sign: str) -> str:
    """A sign of a name; one that cannot be seen, or is no Unicode, is spelled out.

    So is the sign that it is spelled with: no two names look the same.
    """
    plain = sign.isprintable() and sign != "\\"
    return sign if plain else sign.encode("unicode_escape").decode()


def _capped(cells: list[dict[str, Any]]) -> tuple[list[Cell], str]:
    """As many cells as are read, and a clause if those are not all."""
    kept: list[Cell] = []
    text = pictures = cut = 0
    for raw in cells[:MOST_CELLS]:
        cell, whole = _cell(raw)
        text += len(cell.text)
        pictures += sum(len(data) for kinds in cell.attachments.values() for data in kinds.values())
        if text > MOST_TEXT or pictures > MOST_PICTURES:
            break
        cut += not whole
        kept.append(cell)
    notes = []
    if len(kept) < len(cells):
        notes.append(f"only the first {len(kept)} of {len(cells)} cells were read")
    if cut:
        notes.append(f"{cut} cell{'s' * (cut > 1)} cut after {LONGEST_CELL} characters")
    return kept, "; ".join(notes)


def who_and_what(file: Path, assignments: Sequence[str]) -> tuple[str, str | None]:
    """The student and the assignment that a file name tells.

    The student is what is left of the name without the assignment and without
    what computers add to a copy's name. If nothing is left, or a number of one or
    two digits: the name of the subfolder that it lies in, or else the whole file name.

    Args:
        file: a path relative to the folder of returned files, in NFC.
        assignments: names, such as hw2_vae.
    Returns:
        The student's name, and the assignment's or None.
    """
    name = file.name
    for decoration in DECORATIONS:
        name = re.sub(decoration, "", name, flags=re.I)
    known = None
    for assignment in sorted(assignments, key=len, reverse=True):
        pattern = "[-_ ]?".join(map(re.escape, assignment.split("_")))
        if re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", name, flags=re.I):
            known = assignment
            name = re.sub(rf"(?<![^\W_]){pattern}(?![^\W_])", " ", name, flags=re.I)
            break
    name = re.sub(r"\s+", " ", name).strip(" _-.,()[]+")
    folder = file.parent.name
    if re.fullmatch(r"[\s_.,()-]*(\d[\s_.,()-]*){0,2}", name):  # the number of a copy is no name
        name = ""
    return name or folder or file.name, known


def _own_cells(cells: Sequence[Cell], firsts: Mapping[str, set[str]]) -> dict[str, int]:
    """For each assignment, how much of what only it has is in the cells."""
    seen = {cell.grade_id for cell in cells} | {marker(cell.text) for cell in cells}
    return {name: len(seen & own) for name, own in firsts.items()}


def _read(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """The file's fingerprint and cells, as they stand there.

    Raises:
        ValueError: it is no notebook; the message says what it looks like.
        OSError: it cannot be read.
        RecursionError: its brackets are nested too deep.
    """
    if path.is_symlink():  # it could lead to another student's work, or to the solution
        raise ValueError("the file is a link to another one; expected the notebook itself.")
    if not path.is_file():  # waiting for what comes out of a pipe would take for ever
        raise ValueError("the file is a pipe or a device; expected a notebook.")
    if path.stat().st_size > LARGEST:
        raise ValueError(
            f"the file has more than {LARGEST // 10**6} MB; expected a notebook. "
            "Clear its outputs and return it again."
        )
    content = path.read_bytes()
    if not content.strip():
        raise ValueError("the file is empty; expected a notebook.")
    for start, kind in {
        b"%PDF": "a PDF",
        b"PK": "a zip file or a document",
        b"<": "a web page",
    }.items():
        if content.lstrip().startswith(start):
            raise ValueError(f"the file is {kind}; expected a notebook (.ipynb).")
    if b"\n<<<<<<<" in content:
        raise ValueError("the file has the marks of a merge that failed; expected a notebook.")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except ValueError:
        raise ValueError(
            "the file is no notebook, or only a part of one; expected a whole .ipynb."
        ) from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError(
            "the file has no list of cells; expected a notebook of format 4. Open it in Jupyter, "
            "and save it."
        )
    return f"x{hashlib.sha256(content).hexdigest()[:12]}", cells


def _cell(raw: dict[str, Any]) -> tuple[Cell, bool]:
    """A cell, of which only text and kind are taken on trust, and whether its text is whole."""
    text = raw.get("source", "")
    text = "".join(map(str, text)) if isinstance(text, list) else str(text)
    whole = len(text) <= LONGEST_CELL
    text = text[:LONGEST_CELL]
    # What JSON allows and UTF-8 does not, half of a pair, would stop every later write.
    text = text.encode("utf-8", "replace").decode()
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    attachments = raw.get("attachments")
    cell = Cell(
        kind="code" if raw.get("cell_type") == "code" else "markdown",
        text=text,
        grade_id=grade_id if isinstance(grade_id, str) else None,
        attachments=_pictures(attachments) if isinstance(attachments, dict) else {},
    )
    return cell, whole


def _pictures(attachments: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The pictures that were pasted into a text."""
    return {
        name: {kind: data}
        for name, by_kind in attachments.items()
        if isinstance(by_kind, dict)
        for kind, data in by_kind.items()
        if kind in ("image/png", "image/jpeg", "image/gif") and isinstance(data, str)
    }
