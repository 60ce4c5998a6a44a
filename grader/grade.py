"""Grade a folder of returned notebooks, each on its own."""

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from gencourse.files import write_atomically
from gencourse.terminal import say
from grader import feedback, intake, kernel, notes, runs, sandbox, table
from grader.assignment import Assignment, own_signs, read_assignments
from grader.execute import execute
from grader.intake import Returned
from grader.notes import Notes
from grader.repair import repair
from grader.runs import Run
from grader.sandbox import Sandbox
from grader.score import Score, score
from grader.typed import NOTHING, Typed, TypedPoints

WORKERS = os.cpu_count() or 1
CHANGED = "the file has changed since points were typed; read it again"


def grade(
    folder: str | os.PathLike[str],
    out: str | os.PathLike[str],
    homework: str | os.PathLike[str],
    *,
    cell_seconds: float = 60,
    total_seconds: float = 600,
) -> list[dict[str, str]]:
    """Grade every file in a folder; write grades.csv and a page of feedback for each.

    Points that a teacher typed into grades.csv for answers that are read by hand
    win over everything, as long as the file that they were given for is the same. A notebook that
    ran through before, and has not changed, is not run again.

    Args:
        folder: of returned files.
        out: a folder, made if need be; not inside the other.
        homework: a folder with source/NAME/NAME.ipynb.
        cell_seconds: after which a cell is interrupted.
        total_seconds: after which the rest of a notebook is not run.
    Returns:
        The rows of the table.
    Raises:
        ValueError: nothing to grade, an assignment or table that cannot be used, or a machine
            on which the package cannot be imported.
        OSError: a folder cannot be read, or the results cannot be written.
    """
    folder, out = Path(folder), Path(out)
    files = intake.returned_files(folder)
    if out.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{out} is in {folder}; expected a folder elsewhere for the results.")
    assignments = read_assignments(Path(homework))
    firsts = own_signs(assignments)
    returned = [intake.take_in(folder, file, firsts) for file in files]
    chosen = sandbox.choose()
    say(chosen.words)
    asyncio.run(kernel.require_package(chosen))
    out.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / "lock", timeout=0):
            limits = {"cell_seconds": cell_seconds, "total_seconds": total_seconds}
            grading = _Grading(assignments, returned, out, chosen, **limits)
            asyncio.run(grading.run())
    except Timeout:
        raise ValueError(f"Another run writes into {out}; wait until it is over.") from None
    return grading.table()


class _Grading:
    """One run over a folder: a loop over its files, and the table that it fills."""

    def __init__(
        self,
        assignments: dict[str, Assignment],
        returned: list[Returned],
        out: Path,
        chosen: Sandbox,
        **limits: float,
    ):
        self.returned, self.out = returned, out
        self.pipeline = _Pipeline(assignments, out, chosen, limits)
        titles = {name: assignment.titles for name, assignment in assignments.items()}
        old = table.read(out / "grades.csv", titles)
        self.titles = titles
        self.typed = TypedPoints(old, returned, assignments)
        # Those of an earlier run stand until they are replaced, should this one be interrupted.
        self.rows = self.typed.rows()

    async def run(self) -> None:
        """Grade every file; the table is written after each."""
        (self.out / "feedback").mkdir(parents=True, exist_ok=True)
        if (before := self.out / "grades.csv").exists():
            write_atomically(self.out / "grades-before.csv", before.read_bytes())
        self._write()
        workers, known, done = asyncio.Semaphore(WORKERS), notes.on_files(self.returned), []

        async def one(number: int, each: Returned) -> None:
            async with workers:
                started = time.monotonic()
                typed = self.typed.of(each)
                row = await self.pipeline.row(number, each, typed, known[each.file])
                self.rows[each.file] = row
                self._write()
                done.append(each)
                points = "not graded"
                if row["automatic"]:
                    points = f"{row['automatic']} of {row['maximum']}"
                seconds = time.monotonic() - started
                line = f"{len(done)}/{len(self.returned)} {each.file}: {points}, {seconds:.1f} s"
                say(line + (f" ({row['note']})" if row["note"] else ""))

        await asyncio.gather(*(one(number, each) for number, each in enumerate(self.returned)))

    def _write(self) -> None:
        rows = self.table()
        known = {row["assignment"] for row in rows} | {each.assignment for each in self.returned}
        titles = {name: own for name, own in self.titles.items() if name in known}
        table.write(self.out / "grades.csv", rows, titles)

    def table(self) -> list[dict[str, str]]:
        """The rows so far, in the order of the files, whoever was finished first; and at the end
        those of files that are gone, if points were typed into them."""
        own = [self.rows[each.file] for each in self.returned if each.file in self.rows]
        return own + self.typed.gone


@dataclass(frozen=True)
class _Pipeline:
    """From a returned file to its row and its page: Returned → Repaired → Run → Score."""

    assignments: dict[str, Assignment]
    out: Path
    sandbox: Sandbox
    limits: dict[str, float]

    async def row(
        self, number: int, each: Returned, typed: dict[str, Typed], known: Notes
    ) -> dict[str, str]:
        """Grade a file and write its page.

        Args:
            number: of the file in this run.
            each: the file.
            typed: points by grade id.
            known: notes on it.
        Returns:
            Its row of the table.
        """
        if any(it.stale for it in typed.values()):
            known = Notes(own=(CHANGED,)) + known
        row = {
            "student": each.student,
            "file": each.file,
            "assignment": each.assignment or "",
            "automatic": "",
            "maximum": "",
            "fingerprint": each.fingerprint,
        }
        try:
            if each.assignment is None or each.trouble:
                known += await self._page(each, new_notebook(), {}, {}, known)
                row |= {task: str(it) for task, it in typed.items()}
            else:
                assignment = self.assignments[each.assignment]
                repaired = repair(assignment.source, assignment.release, each.cells)
                run, unkept = await self._run(number, repaired.notebook)
                known += unkept + notes.on_run(repaired, run)
                scored = score(assignment, run, typed)
                known = Notes(own=scored.misread) + known + Notes(shown=scored.beside)
                known += await self._page(each, run.notebook, scored.points, scored.remarks, known)
                row |= _cells(scored, typed)
        except Exception as error:  # whatever a returned file may bring about
            known += Notes(shown=(f"could not be graded: {type(error).__name__}: {error}",))
            row |= {task: str(it) for task, it in typed.items() if str(it)}
        return row | {"note": str(known)}

    async def _run(self, number: int, notebook: NotebookNode) -> tuple[Run, Notes]:
        """The run of a notebook, an earlier one if it was kept, and whether it can be kept."""
        key = runs.key(notebook, self.sandbox, **self.limits)
        kept = self.out / "runs" / f"{key[:32]}.ipynb"
        if found := runs.load(kept, key, notebook):
            return found, Notes()
        run = await execute(notebook, self.sandbox, number, **self.limits)
        try:
            runs.save(kept, key, run)
        except Exception as error:  # what cannot be kept must not cost the points
            note = f"the run could not be kept: {type(error).__name__}: {error}"
            return run, Notes(own=(note,))
        return run, Notes()

    async def _page(
        self,
        each: Returned,
        notebook: NotebookNode,
        points: dict[str, float | None],
        remarks: dict[str, str],
        known: Notes,
    ) -> Notes:
        """Write a page of feedback; a note if that fails."""
        try:
            target = self.out / "feedback" / f"{each.file}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            title = f"{each.assignment or each.file}: {each.student}"
            # In a thread, so that a page that takes long keeps nobody's clock from ticking.
            given = title, notebook, points, remarks, known.shown
            write_atomically(target, await asyncio.to_thread(feedback.page, *given))
        except Exception as error:  # a page that cannot be made must not cost the points
            return Notes(shown=(f"no page of feedback: {type(error).__name__}: {error}",))
        return Notes()


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
