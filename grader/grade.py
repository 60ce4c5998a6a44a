"""Grade a folder of returned notebooks, each on its own."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from nbformat.v4 import new_notebook

from gencourse.files import write_atomically
from gencourse.terminal import say
from grader import intake, kernel, notes, sandbox, table
from grader.apart import Ended, apart
from grader.assignment import own_signs, read_assignments
from grader.intake import Returned
from grader.notes import Notes
from grader.pipeline import Graded, Pipeline, ungraded
from grader.sandbox import workspace
from grader.typed import TypedPoints

WORKERS = os.cpu_count() or 1
READING = 300
"""Seconds in which a file is read; a large one needs two, and more on a machine that is busy."""
PAGE = 60
"""Seconds in which a page is made; a long one needs five."""
SPARE = 120
"""Seconds more than a notebook has, for kernels that are slow to start and to end."""


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
    returned = asyncio.run(_taken_in(folder, files, own_signs(assignments)))
    chosen = sandbox.choose()
    if chosen.walls:
        for place in folder, out, Path(homework):
            sandbox.require_hidden(place)
    say(chosen.words)
    asyncio.run(kernel.require_package(chosen))
    out.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / "lock", timeout=0):
            limits = {"cell_seconds": cell_seconds, "total_seconds": total_seconds}
            pipeline = Pipeline(assignments, out, chosen, limits)
            grading = _Grading(pipeline, returned)
            asyncio.run(grading.run())
    except Timeout:
        raise ValueError(f"Another run writes into {out}; wait until it is over.") from None
    return grading.table()


async def _taken_in(folder: Path, files: list[Path], firsts: dict[str, set[str]]) -> list[Returned]:
    """Every file read, in processes of their own."""
    workers = asyncio.Semaphore(WORKERS)

    async def one(file: Path) -> Returned:
        async with workers:
            try:
                async with apart(intake.take_in, folder, file, firsts) as told:
                    return await told(READING)
            except Ended as end:
                returned = intake.by_name(file, firsts)
                returned.trouble = f"the file could not be read: {end}"
                return returned

    return await asyncio.gather(*map(one, files))


class _Grading:
    """One run over a folder: a loop over its files, and the table that it fills."""

    def __init__(self, pipeline: Pipeline, returned: list[Returned]):
        self.pipeline, self.returned, self.out = pipeline, returned, pipeline.out
        self.titles = {name: own.titles for name, own in pipeline.assignments.items()}
        old = table.read(self.out / "grades.csv", self.titles)
        self.typed = TypedPoints(old, returned, pipeline.assignments)
        # Those of an earlier run stand until they are replaced, should this one be interrupted.
        self.rows = self.typed.rows()
        self.known = notes.on_files(returned)

    async def run(self) -> None:
        """Grade every file; the table is written after each."""
        (self.out / "feedback").mkdir(parents=True, exist_ok=True)
        if (before := self.out / "grades.csv").exists():
            write_atomically(self.out / "grades-before.csv", before.read_bytes())
        self._write()
        workers = asyncio.Semaphore(WORKERS)
        done: list[Returned] = []
        unsure: list[int] = []

        async def one(number: int) -> None:
            async with workers:
                each, started = self.returned[number], time.monotonic()
                graded = await self._graded(number)
                done.append(each)
                if not graded.sure and min(len(self.returned), WORKERS) > 1:
                    unsure.append(number)
                self._say(f"{len(done)}/{len(self.returned)}", graded, started)

        await asyncio.gather(*map(one, range(len(self.returned))))
        # What another student's file did to the machine must not cost anybody points: whoever was
        # stopped has it to himself now.
        for number in sorted(unsure):
            started = time.monotonic()
            self._say("again, alone:", await self._graded(number), started)

    async def _graded(self, number: int) -> Graded:
        """Grade a file, and put its row into the table."""
        each = self.returned[number]
        typed, known = self.typed.of(each), self.known[each.file]
        graded = None
        try:
            with workspace(self.pipeline.sandbox, number) as place:
                async with apart(self.pipeline.grade, place, each, typed, known) as told:
                    graded = await told(self.pipeline.limits["total_seconds"] + SPARE)
                    await told(PAGE)
        except (Ended, OSError) as end:
            if graded:  # a page that cannot be made must not cost the points
                graded.row["note"] = f"no page of feedback: {end}; {graded.row['note']}"
            else:
                known = Notes(shown=(f"could not be graded: {end}",)) + known
                graded = Graded(ungraded(each, typed, known), sure=False)
                with suppress(Ended):
                    async with apart(
                        self.pipeline.page, each, new_notebook(), {}, {}, known
                    ) as told:
                        await told(PAGE)
        self.rows[each.file] = graded.row
        self._write()
        return graded

    def _say(self, place: str, graded: Graded, started: float) -> None:
        row, seconds = graded.row, time.monotonic() - started
        points = f"{row['automatic']} of {row['maximum']}" if row["automatic"] else "not graded"
        line = f"{place} {row['file']}: {points}, {seconds:.1f} s"
        say(line + (f" ({row['note']})" if row["note"] else ""))

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
