"""What there is to grade: the assignments, and how they are told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from grader.cells import about, is_answer, is_test, marker, title
from grader.release import read_source, sources, student_version


@dataclass(frozen=True)
class Assignment:
    """One assignment.

    Args:
        source: the teacher's notebook.
        release: the students'.
    """

    source: NotebookNode
    release: NotebookNode

    @property
    def worth(self) -> dict[str, float]:
        """Points by grade id, in order."""
        return {
            about(cell)["grade_id"]: about(cell)["points"]
            for cell in self.source.cells
            if about(cell).get("grade")
        }

    @property
    def titles(self) -> dict[str, str]:
        """What the tasks are called in the table, by grade id, in order."""
        return {
            about(cell)["grade_id"]: title(cell)
            for cell in self.source.cells
            if about(cell).get("grade")
        }

    @property
    def signs(self) -> set[str]:
        """Grade ids and first lines."""
        own = [cell for cell in self.source.cells if is_answer(cell) or is_test(cell)]
        return {about(cell)["grade_id"] for cell in own} | {marker(cell.source) for cell in own}


def read_assignments(homework: Path) -> dict[str, Assignment]:
    """The assignments of a homework folder, by name.

    Raises:
        ValueError: there are none, or one that could not be graded; it says why.
        OSError: one cannot be read.
    """
    assignments = {}
    for name, path in sources(homework).items():
        source = read_source(path)
        assignments[name] = Assignment(source, student_version(source))
    return assignments


def own_signs(assignments: Mapping[str, Assignment]) -> dict[str, set[str]]:
    """For each assignment, by name, the grade ids and first lines that only it has."""
    signs = {name: assignment.signs for name, assignment in assignments.items()}
    return {
        name: own.difference(*(other for key, other in signs.items() if key != name))
        for name, own in signs.items()
    }
