"""From a returned file to its row and its page: Returned → Repaired → Run → Score."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from gencourse.files import write_atomically
from grader import feedback, notes, runs
from grader.assignment import Assignment
from grader.execute import execute
from grader.intake import Returned
from grader.notes import Notes
from grader.repair import repair
from grader.runs import Run
from grader.sandbox import Sandbox, Workspace
from grader.score import Score, score
from grader.typed import NOTHING, Typed

LONGEST_NAME = 200
"""Bytes of a file's name that its page keeps: most file systems take 255, and a file that is being
written has a longer one."""
CHANGED = "the file has changed since points were typed; read it again"


@dataclass(frozen=True)
class Graded:
    """A file's row, and whether it stands whatever else the machine had to do."""

    row: dict[str, str]
    sure: bool


@dataclass(frozen=True)
class Pipeline:
    """What all files are graded with.

    Args:
        assignments: by name.
        out: the folder of results.
        sandbox: where notebooks run.
        limits: cell_seconds and total_seconds, as for `grade`.
    """

    assignments: dict[str, Assignment]
    out: Path
    sandbox: Sandbox
    limits: dict[str, float]

    def grade(
        self, place: Workspace, each: Returned, typed: dict[str, Typed], known: Notes
    ) -> Iterator[Graded | None]:
        """Grade a file, then write its page.

        Args:
            place: where its notebook runs.
            each: the file.
            typed: points by grade id.
            known: notes on it.
        Yields:
            Its row, as Graded; then None, when its page is written.
        """
        if any(it.stale for it in typed.values()):
            known = Notes(own=(CHANGED,)) + known
        if each.assignment is None or each.trouble:
            yield Graded(ungraded(each, typed, known), sure=True)
            self.page(each, new_notebook(), {}, {}, known)
        else:
            assignment = self.assignments[each.assignment]
            repaired = repair(assignment.source, assignment.release, each.cells)
            run, unkept = self._run(place, repaired.notebook)
            scored = score(assignment, run, typed)
            known = Notes(own=scored.misread) + notes.on_run(repaired, run) + known + unkept
            known += Notes(shown=scored.beside)
            row = _first(each) | _cells(scored, typed) | {"note": str(known)}
            yield Graded(row, run.sure)
            self.page(each, run.notebook, scored.points, scored.remarks, known)
        yield None

    def _run(self, place: Workspace, notebook: NotebookNode) -> tuple[Run, Notes]:
        """The run of a notebook, an earlier one if it was kept, and whether it can be kept."""
        key = runs.key(notebook, self.sandbox, **self.limits)
        kept = self.out / "runs" / f"{key[:32]}.ipynb"
        if found := runs.load(kept, key, notebook):
            return found, Notes()
        run = asyncio.run(execute(notebook, place, **self.limits))
        try:
            runs.save(kept, key, run)
        except Exception as error:  # what cannot be kept must not cost the points
            note = f"the run could not be kept: {type(error).__name__}: {error}"
            return run, Notes(own=(note,))
        return run, Notes()

    def page(
        self,
        each: Returned,
        notebook: NotebookNode,
        points: dict[str, float | None],
        remarks: dict[str, str],
        known: Notes,
    ) -> None:
        """Write a page of feedback; the arguments are those of `feedback.page`."""
        target = self.out / "feedback" / _page_name(each.file)
        target.parent.mkdir(parents=True, exist_ok=True)
        title = f"{each.assignment or each.file}: {each.student}"
        content = feedback.page(title, notebook, points, remarks, known.grave + known.shown)
        write_atomically(target, content)


def _page_name(file: str) -> str:
    """The path of a file's page; no part of it is longer than a file system takes."""
    parts = []
    for part in file.split("/"):
        short = part.encode()[:LONGEST_NAME].decode("utf-8", "ignore")
        digest = hashlib.sha256(part.encode()).hexdigest()[:12]
        parts.append(part if short == part else f"{short}-{digest}")
    return "/".join(parts) + ".html"


def ungraded(each: Returned, typed: dict[str, Typed], known: Notes) -> dict[str, str]:
    """The row of a file without points of the machine's; what was typed stands in it."""
    return (
        _first(each)
        | {task: str(it) for task, it in typed.items() if str(it)}
        | {"note": str(known)}
    )


def _first(each: Returned) -> dict[str, str]:
    return {
        "student": each.student,
        "file": each.file,
        "assignment": each.assignment or "",
        "automatic": "",
        "maximum": "",
        "fingerprint": each.fingerprint,
    }


def _cells(score: Score, typed: dict[str, Typed]) -> dict[str, str]:
    """A score as the table says it; what was typed stands where there are no points yet."""
    written = {
        task: str(typed.get(task, NOTHING)) if points is None else f"{points:g}"
        for task, points in score.points.items()
    }
    return written | {
        "automatic": f"{score.automatic:g}",
        "total": f"{score.total:g}",
        "maximum": f"{score.maximum:g}",
        "to grade by hand": f"{score.waiting:g}",
    }
