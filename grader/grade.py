"""Grade a folder of returned notebooks, each on its own."""

import asyncio
import copy
import os
import time
from collections import Counter
from pathlib import Path

from filelock import FileLock, Timeout
from nbformat.v4 import new_notebook
from nbgrader.utils import determine_grade

from gencourse.files import write_atomically
from gencourse.terminal import say
from grader import feedback, intake, kernel, runs, sandbox, table
from grader.assignment import own_signs, read_assignments
from grader.cells import about, is_read_by_hand, is_test, name
from grader.execute import execute
from grader.notes import strange, told
from grader.repair import is_untouched, is_written_near, repair
from grader.typed import WAS, TypedPoints

WORKERS = os.cpu_count() or 1
LONGEST_NOTE = 2000
ELSEWHERE = "To be read by a teacher: nothing here, but text was added nearby."


def grade(folder, out, homework, *, cell_seconds=60, total_seconds=600):
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
        OSError: the results cannot be written.
    """
    folder, out = Path(folder), Path(out)
    files = intake.returned_files(folder)
    if out.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{out} is in {folder}; expected a folder elsewhere for the results.")
    assignments = read_assignments(homework)
    firsts = own_signs(assignments)
    returned = [intake.take_in(folder, file, firsts) for file in files]
    chosen = sandbox.choose()
    say(chosen.words)
    asyncio.run(kernel.require_package(chosen))
    out.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / "lock", timeout=0):
            grading = _Grading(assignments, returned, out, chosen, cell_seconds, total_seconds)
            asyncio.run(grading.run())
    except Timeout:
        raise ValueError(f"Another run writes into {out}; wait until it is over.") from None
    return grading.table()


class _Grading:
    def __init__(self, assignments, returned, out, chosen, cell_seconds, total_seconds):
        self.assignments, self.returned, self.out, self.sandbox = assignments, returned, out, chosen
        self.limits = {"cell_seconds": cell_seconds, "total_seconds": total_seconds}
        self.count = Counter((each.student, each.assignment) for each in returned)
        self.same = {}
        for each in returned:
            if each.fingerprint:
                self.same.setdefault(each.fingerprint, []).append(each.file)
        titles = {name: assignment.titles for name, assignment in assignments.items()}
        old = table.read(out / "grades.csv", titles)
        self.typed = TypedPoints(old, returned, assignments)
        # Those of an earlier run stand until they are replaced, should this one be interrupted.
        self.rows = self.typed.rows()

    async def run(self):
        (self.out / "feedback").mkdir(parents=True, exist_ok=True)
        if (before := self.out / "grades.csv").exists():
            write_atomically(self.out / "grades-before.csv", before.read_bytes())
        self._write()
        workers, done = asyncio.Semaphore(WORKERS), []

        async def one(number, each):
            async with workers:
                started = time.monotonic()
                row = await self._row(number, each)
                self.rows[each.file] = row
                self._write()
                done.append(each)
                points = "not graded"
                if row["automatic"]:
                    points = f"{row['automatic']} of {row['maximum']}"
                seconds = time.monotonic() - started
                line = f"{len(done)}/{len(self.returned)} {each.file}: {points}, {seconds:.1f} s"
                line += f" ({row['note']})" if row["note"] else ""
                say(line)

        await asyncio.gather(*(one(number, each) for number, each in enumerate(self.returned)))

    def _write(self):
        known = {row["assignment"] for row in self.table()}
        known |= {each.assignment for each in self.returned}
        titles = {
            name: assignment.titles
            for name, assignment in self.assignments.items()
            if name in known
        }
        table.write(self.out / "grades.csv", self.table(), titles)

    def table(self):
        """The rows so far, in the order of the files, whoever was finished first; and at the end
        those of files that are gone, if points were typed into them."""
        own = [self.rows[each.file] for each in self.returned if each.file in self.rows]
        return own + self.typed.gone

    async def _row(self, number, each):
        row = {
            "student": each.student,
            "file": each.file,
            "assignment": each.assignment or "",
            "automatic": "",
            "maximum": "",
            "fingerprint": each.fingerprint,
        }
        notes, own = [], []  # those for the student too, and the teacher's own
        typed = self.typed.of(each)
        if any(points.startswith(WAS) for points in typed.values()):
            own.append("the file has changed since points were typed; read it again")
        if others := [file for file in self.same.get(each.fingerprint, []) if file != each.file]:
            own.append(f"the same content as {', '.join(others)}")
        if (several := self.count[each.student, each.assignment]) > 1 and each.assignment:
            notes.append(f"{each.student} returned {several} files; each has its row")
        notes += [note for note in (each.note, each.trouble) if note]
        try:
            if each.trouble:
                row |= typed
                await self._write_page(each, new_notebook(), {}, {}, notes)
            else:
                row |= await self._graded(number, each, notes, own)
        except Exception as error:  # whatever a returned file may bring about
            notes.append(f"could not be graded: {type(error).__name__}: {error}")
            row |= {task: points for task, points in typed.items() if points}
        return row | {"note": "; ".join(own + notes)[:LONGEST_NOTE]}

    async def _graded(self, number, each, notes, own):
        """Points of one notebook by column; adds to both kinds of notes."""
        assignment = self.assignments[each.assignment]
        notebook, repaired = repair(assignment.source, assignment.release, each.cells)
        key = runs.key(notebook, self.sandbox, **self.limits)
        kept = self.out / "runs" / f"{key[:32]}.ipynb"
        found = runs.load(kept, key, notebook)
        outcomes, believed = found or await execute(notebook, self.sandbox, number, **self.limits)
        if not found:
            try:
                runs.save(kept, key, notebook, outcomes, believed)
            except Exception as error:  # what cannot be kept must not cost the points
                own.append(f"the run could not be kept: {type(error).__name__}: {error}")
        if not believed:
            notes.append("a test that must fail was not reported as failed: no points")
        notes += repaired + told(notebook, outcomes)
        own += strange(notebook)
        points, remarks = {}, {}
        for index, cell in enumerate(notebook.cells):
            task = about(cell).get("grade_id")
            if is_test(cell):
                passed = believed and outcomes[index].passed
                points[task] = _earned(cell) if passed else 0
            elif is_read_by_hand(cell):
                points[task], remarks[task] = self._by_hand(each, notebook, index)
                typed = self.typed.of(each).get(task, "")
                if points[task] is None and typed and not typed.startswith(WAS):
                    most = f"{assignment.worth[task]:g}"
                    own.insert(0, f"{name(cell)}: {typed!r} is no number from 0 to {most}")
                elif remarks[task] == ELSEWHERE:
                    notes.append(f"text added near {name(cell)}")
        automatic = sum(points[about(cell)["grade_id"]] for cell in notebook.cells if is_test(cell))
        waiting = [assignment.worth[task] for task, score in points.items() if score is None]
        await self._write_page(each, notebook, points, remarks, notes)
        typed = self.typed.of(each)
        written = {
            task: typed.get(task, "") if score is None else f"{score:g}"
            for task, score in points.items()
        }
        return written | {
            "automatic": f"{automatic:g}",
            "total": f"{sum(score or 0 for score in points.values()):g}",
            "maximum": f"{sum(assignment.worth.values()):g}",
            "to grade by hand": f"{sum(waiting):g}",
        }

    async def _write_page(self, each, notebook, points, remarks, notes):
        try:
            target = self.out / "feedback" / f"{each.file}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            title = f"{each.assignment or each.file}: {each.student}"
            # In a thread, so that a page that takes long keeps nobody's clock from ticking.
            given = title, notebook, points, remarks, notes
            write_atomically(target, await asyncio.to_thread(feedback.page, *given))
        except Exception as error:  # a page that cannot be made must not cost the points
            notes.append(f"no page of feedback: {type(error).__name__}: {error}")

    def _by_hand(self, each, notebook, index):
        """The points that a teacher gave for an answer, None if none yet, and a remark."""
        assignment = self.assignments[each.assignment]
        task = about(notebook.cells[index])["grade_id"]
        typed = self.typed.of(each).get(task, "")
        try:
            points = float(typed.replace(",", "."))
        except ValueError:
            points = None
        untouched = is_untouched(notebook.cells[index], assignment.release)
        if points is not None and 0 <= points <= assignment.worth[task]:
            return points, "No answer." if untouched and not points else ""
        if untouched and not typed:
            return (None, ELSEWHERE) if is_written_near(notebook, index) else (0, "No answer.")
        return None, "To be read by a teacher."


def _earned(cell):
    """Points of a test that passed, by nbgrader's rule: all, or as many as its last line says."""
    kept = copy.copy(cell)
    # By that rule a warning earns nothing. It may come from anywhere, and need not be a mistake.
    kept.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    points, _ = determine_grade(kept)
    return points
