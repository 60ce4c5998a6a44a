"""What a run is worth: the machine's points, the teacher's, and those that wait for the teacher."""

import copy
from contextlib import suppress
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from grader.assignment import Assignment
from grader.cells import about, is_read_by_hand, is_test, name
from grader.repair import is_untouched, is_written_near
from grader.runs import Run
from grader.typed import NOTHING, Typed

ELSEWHERE = "To be read by a teacher: nothing here, but text was added nearby."


@dataclass(frozen=True)
class Score:
    """The points of one notebook.

    Args:
        points: by grade id; None for an answer that waits for its reader.
        remarks: by grade id, for the page.
        automatic, waiting, maximum: sums of points, of those that tests earned, of those that
            answers may still earn, and of all that there are.
        beside: clauses on text that was written near an answer.
        misread: clauses on points that are none, typed ones or a test's.
    """

    points: dict[str, float | None]
    remarks: dict[str, str]
    automatic: float
    waiting: float
    maximum: float
    beside: tuple[str, ...]
    misread: tuple[str, ...]

    @property
    def total(self) -> float:
        """Of all points that were given so far."""
        return sum(points or 0 for points in self.points.values())


def score(assignment: Assignment, run: Run, typed: dict[str, Typed]) -> Score:
    """The points of a run.

    Args:
        assignment: that the run answers.
        run: of the repaired notebook.
        typed: what the teacher typed for this file, by grade id.
    Returns:
        A Score.
    """
    worth = assignment.worth
    points: dict[str, float | None] = {}
    remarks: dict[str, str] = {}
    beside: list[str] = []
    misread: list[str] = []
    automatic = 0.0
    for index, cell in enumerate(run.notebook.cells):
        task = about(cell).get("grade_id", "")
        if is_test(cell):
            earned = _earned(cell) if run.believed and run.outcomes[index].passed else 0
            if earned is None:
                misread.append(f"{name(cell)} gave what is no number of its points: 0")
                earned = 0
            points[task] = earned
            automatic += earned
        elif is_read_by_hand(cell):
            given, most = typed.get(task, NOTHING), worth[task]
            points[task], remarks[task] = _by_hand(run.notebook, index, assignment, given)
            if remarks[task] == ELSEWHERE:
                beside.append(f"text added near {name(cell)}")
            if given.text and not given.stale and points[task] is None:
                misread.insert(0, f"{name(cell)}: {given.text!r} is no number from 0 to {most:g}")
    return Score(
        points=points,
        remarks=remarks,
        automatic=automatic,
        waiting=sum(worth[task] for task, earned in points.items() if earned is None),
        maximum=sum(worth.values()),
        beside=tuple(beside),
        misread=tuple(misread),
    )


def _earned(cell: NotebookNode) -> float | None:
    """Points of a test that passed, by nbgrader's rule: all, or as many as its last line says.

    None if those are too many, or none at all: the rule would give all points for NaN.
    """
    kept = copy.copy(cell)
    # By that rule a warning earns nothing. It may come from anywhere, and need not be a mistake.
    kept.outputs = [
        output
        for output in cell.outputs
        if output.output_type == "execute_result" and output.data.get("text/plain")
    ]
    with suppress(ValueError):
        said = [float(output.data["text/plain"]) for output in kept.outputs]
        if not all(0 <= number <= about(cell)["points"] for number in said):
            return None
    points, _ = determine_grade(kept)
    return points


def _by_hand(
    notebook: NotebookNode, index: int, assignment: Assignment, typed: Typed
) -> tuple[float | None, str]:
    """The points that a teacher gave for an answer, None if none yet, and a remark."""
    cell = notebook.cells[index]
    points = typed.points(assignment.worth[about(cell)["grade_id"]])
    untouched = is_untouched(cell, assignment.release)
    if points is not None:
        return points, "No answer." if untouched and not points else ""
    if untouched and typed == NOTHING:
        return (None, ELSEWHERE) if is_written_near(notebook, index) else (0, "No answer.")
    return None, "To be read by a teacher."
