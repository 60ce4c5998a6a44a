"""The cells of an assignment: answers, tests, and the first lines that they are known by."""

import re
import unicodedata
from typing import Any

from nbformat import NotebookNode


def about(cell: NotebookNode) -> dict[str, Any]:
    """What nbgrader's metadata say of one of our own cells; empty for an ordinary cell."""
    return cell.metadata.get("nbgrader", {})


def is_answer(cell: NotebookNode) -> bool:
    """A cell that the student fills in."""
    return bool(about(cell).get("solution"))


def is_test(cell: NotebookNode) -> bool:
    """A cell of tests, which earns its points or does not."""
    return bool(about(cell).get("grade")) and not is_answer(cell)


def is_read_by_hand(cell: NotebookNode) -> bool:
    """An answer that a teacher reads and gives points for."""
    return bool(about(cell).get("grade")) and is_answer(cell)


def plain(text: str) -> str:
    """A text with one way to write Korean and one way to write a space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def marker(text: str) -> str:
    """A cell's first line, by which it is known when its metadata are lost."""
    return plain(text.strip().split("\n")[0]).casefold()


def name(cell: NotebookNode) -> str:
    """What an answer or a test is called: "Task 1: rate", "Test 1: rate", "Answer 6"."""
    if "name" in cell.metadata:  # given where a student may have overwritten the first line
        return cell.metadata["name"]
    return plain(cell.source.strip().split("\n")[0]).strip("#*_ ")


def title(cell: NotebookNode) -> str:
    """What a graded cell is called in the table: "Task 1: rate /4", "Answer 6: beta /4"."""
    if is_answer(cell):
        return f"{name(cell)}: {about(cell)['grade_id']} /{about(cell)['points']:g}"
    return f"{re.sub('^Test', 'Task', name(cell))} /{about(cell)['points']:g}"


def defined(text: str) -> set[str]:
    """Names of the functions and classes that a code cell defines."""
    return set(re.findall(r"^(?:def|class)\s+(\w+)", text, re.M))
