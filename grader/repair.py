"""A notebook that can be graded: our own cells, with the student's answers in them.

Nothing that came back is believed except the text of cells. The order is the
assignment's own. A cell that the student added stays behind the cell that it
stood behind, so that a helper defined there is defined when it is called.
"""

import copy
from collections.abc import Sequence
from typing import NamedTuple

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.cells import about, defined, is_answer, is_test, marker, name, plain
from grader.intake import Cell


class Repaired(NamedTuple):
    """A notebook that can be graded, and notes on what had to be repaired."""

    notebook: NotebookNode
    notes: list[str]


def repair(source: NotebookNode, release: NotebookNode, cells: Sequence[Cell]) -> Repaired:
    """Put a student's answers into the teacher's notebook.

    An answer is known by nbgrader's grade id, or else by its first line, or
    else, if it is code, by a function or class that it defines. One that is found
    several times is put in with all its copies, in their order.

    Args:
        source: the teacher's notebook, with the hidden tests.
        release: the same as the student got it.
        cells: the returned Cells.
    Returns:
        A Repaired.
    """
    places = _places(release, cells)
    notebook = copy.deepcopy(source)
    notebook.cells = []
    notes = _notes(release, cells, places)
    notebook.cells += _added(cells, places, behind=None)
    for number, ours in enumerate(source.cells):
        cell = copy.deepcopy(ours)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if about(ours):
            cell.metadata["name"] = name(ours)
        if is_answer(ours):
            stub = release.cells[number]
            cell.source = stub.source
            # A mistake in an early copy must not stop a later one: each is a cell of its own.
            copies = _changed(_copies(cells, places, number), stub)
            notebook.cells += [_new(theirs) for theirs in copies[:-1]]
            last = copies[-1] if copies else None
            if not last and _elsewhere(stub, cells, places, number):
                cell.source = stub.source.split("\n")[0]  # the stub would hide it
            if last:
                cell.source = last.text
                if cell.cell_type == "markdown":
                    cell.attachments = last.attachments
        notebook.cells += [cell, *_added(cells, places, behind=number)]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"c{number:02d}"
    return Repaired(notebook, notes)


def is_untouched(answer: NotebookNode, release: NotebookNode) -> bool:
    """Whether an answer is as the student got it."""
    stubs = {about(cell)["grade_id"]: cell.source for cell in release.cells if is_answer(cell)}
    return plain(answer.source) == plain(stubs[about(answer)["grade_id"]])


def is_written_near(notebook: NotebookNode, index: int) -> bool:
    """Whether the student added a cell beside an answer, or wrote into the question above it.

    A question that was written into is no longer ours, and so is an added cell.
    """
    behind = notebook.cells[index + 1 : index + 2]
    before = []
    for cell in reversed(notebook.cells[:index]):
        added = cell.metadata.get("added")
        if not added and (cell.cell_type == "code" or about(cell)):
            break
        before.append(cell)
    return any(cell.metadata.get("added") for cell in [*before, *behind])


def _places(release: NotebookNode, cells: Sequence[Cell]) -> list[int | None]:
    """For each returned cell the number of ours that it is; None if the student added it."""
    ours = list(enumerate(release.cells))
    by_id = {about(cell)["grade_id"]: number for number, cell in ours if about(cell)}
    by_marker = {
        marker(cell.source): number for number, cell in ours if is_answer(cell) or is_test(cell)
    }
    by_text = {plain(cell.source): number for number, cell in ours}
    places = [
        by_id.get(cell.grade_id, by_marker.get(marker(cell.text), by_text.get(plain(cell.text))))
        for cell in cells
    ]
    for number, answer in ours:
        if is_answer(answer) and answer.cell_type == "code" and number not in places:
            for index, cell in enumerate(cells):
                if places[index] is None and defined(cell.text) & defined(answer.source):
                    places[index] = number
    return places


def _copies(cells: Sequence[Cell], places: Sequence[int | None], number: int) -> list[Cell]:
    """The returned cells that are one of ours."""
    return [cell for cell, place in zip(cells, places, strict=True) if place == number]


def _elsewhere(
    stub: NotebookNode, cells: Sequence[Cell], places: Sequence[int | None], number: int
) -> bool:
    """Whether another cell defines what an answer should, as when two were merged."""
    others = [cell for cell, place in zip(cells, places, strict=True) if place != number]
    return any(defined(cell.text) & defined(stub.source) for cell in others)


def _changed(copies: Sequence[Cell], stub: NotebookNode) -> list[Cell]:
    """The copies of an answer that are not as the student got them."""
    return [cell for cell in copies if plain(cell.text) != plain(stub.source)]


def _added(
    cells: Sequence[Cell], places: Sequence[int | None], behind: int | None
) -> list[NotebookNode]:
    """New cells for those that the student added behind one of ours, or before them all."""
    found, last = [], None
    for cell, place in zip(cells, places, strict=True):
        if place is not None:
            last = place
        elif last == behind and cell.text.strip():
            found.append(_new(cell))
    return found


def _new(cell: Cell) -> NotebookNode:
    if cell.kind == "code":
        return new_code_cell(cell.text, metadata={"added": True})
    return new_markdown_cell(cell.text, metadata={"added": True}, attachments=cell.attachments)


def _notes(release: NotebookNode, cells: Sequence[Cell], places: Sequence[int | None]) -> list[str]:
    """What had to be repaired, the gravest first."""
    tests, answers, lost = [], [], 0
    for number, ours in enumerate(release.cells):
        if not about(ours):
            continue
        copies = _copies(cells, places, number)
        changed = _changed(copies, ours)
        if not is_answer(ours):
            if changed or not copies:
                state = "edited" if copies else "missing"
                tests.append(f"{name(ours)} was {state}; the original was used")
        elif not copies and _elsewhere(ours, cells, places, number):
            answers.append(f"the answer to {name(ours)} was found in another cell")
        elif not copies:
            answers.append(f"the answer to {name(ours)} is missing")
        elif len(changed) > 1:
            answers.append(
                f"the answer to {name(ours)} was found {len(changed)} times; all of them count"
            )
        if is_answer(ours):
            lost += any(cell.grade_id != about(ours)["grade_id"] for cell in copies)
    notes = tests + answers
    if lost:
        notes.append(f"{lost} answer{'s' * (lost > 1)} without metadata; known by their text")
    added = sum(
        place is None and cell.kind == "code" for cell, place in zip(cells, places, strict=True)
    )
    if added:
        notes.append(f"{added} code cell{'s' * (added > 1)} added by the student; run as well")
    return notes
