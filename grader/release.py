"""From the teacher's notebook to the student's: without solutions and hidden tests."""

import copy
import itertools
import re
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.nbgraderformat import ValidationError

from gencourse.files import write_atomically
from grader import table
from grader.cells import about, is_answer, is_test, marker

# nbgrader's own order: a second checksum when the hidden tests are gone.
STEPS = [
    preprocessors.LockCells,
    # A function with this body gives nothing, so that a notebook runs to its end unanswered.
    partial(preprocessors.ClearSolutions, code_stub={"python": "..."}),
    preprocessors.ClearOutput,
    preprocessors.CheckCellMetadata,
    preprocessors.ClearHiddenTests,
    preprocessors.ClearMarkScheme,
    preprocessors.ComputeChecksums,
    preprocessors.CheckCellMetadata,
]


RESERVED = {*table.FIRST, *table.LAST}
# Of code that answers, of text that answers, and of tests.
FIRST_LINES = {
    "code": r"# Task \d+: \S",
    "markdown": r"\*\*Answer \d+\*\*",
    "test": r"# Test \d+: \S",
}
EXPECTED = {"code": "'# Task 1: name'", "markdown": "'**Answer 1**'", "test": "'# Test 1: name'"}


MARK = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
"""As nbgrader knows them; it passes over all others without a word."""
HIDDEN = re.compile(r"BEGIN (?:SOLUTION|HIDDEN TESTS)[^\n]*\n(.*?)[^\n]*END ", re.S)
MEANT = [end + part for end in ("begin", "end", "start") for part in ("solution", "hidden", "mark")]
"""Two words that were meant for a mark, with a letter or two missing or wrong."""
LITTLE = {"of", "the", "and"}
SAYS = 24
"""Letters from which on a line gives something away; what is shorter stands anywhere."""


def read_source(path: Path) -> NotebookNode:
    """The teacher's notebook.

    Args:
        path: of an nbgrader source notebook.
    Returns:
        The notebook, its cells numbered, so that nothing in it depends on who saved it.
    Raises:
        ValueError: it is no notebook, an answer or a test could not be told from the others by its
            first line, the points do not add up, or there is nothing in it to grade. It names all
            faults.
        OSError: it cannot be read.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.nbformat_minor = 5
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = f"c{number:02d}"
    _check(notebook, path)
    return notebook


def _check(notebook: NotebookNode, path: Path) -> None:
    if not any(about(cell).get("grade") for cell in notebook.cells):
        raise ValueError(f"{path} has nothing to grade; expected cells with nbgrader's points.")
    faults: list[str] = []
    seen: dict[str, str] = {}
    points = {True: 0.0, False: 0.0}
    for cell in notebook.cells:
        if not (is_answer(cell) or is_test(cell)):
            continue
        task, first = about(cell)["grade_id"], cell.source.strip().split("\n")[0]
        kind = "test" if is_test(cell) else cell.cell_type
        points[is_test(cell)] += about(cell).get("points", 0) if about(cell).get("grade") else 0
        if not re.match(FIRST_LINES[kind], first):
            faults.append(
                f"the cell {task} begins with {first!r}; expected {EXPECTED[kind]}, by which it is "
                "known when its metadata are lost"
            )
        if task in RESERVED:
            faults.append(f"a cell has the grade id {task}, which is a column of the table")
        if task in seen.values():
            faults.append(f"two cells have the grade id {task}; expected one of each")
        if marker(first) in seen:
            faults.append(
                f"the cells {seen[marker(first)]} and {task} begin with the same line {first!r}; "
                "expected different ones"
            )
        seen[marker(first)] = task
        # Otherwise nbgrader would clear the whole cell, its first line too.
        if is_answer(cell) and "BEGIN SOLUTION" not in cell.source:
            faults.append(
                f"the answer {task} has no '### BEGIN SOLUTION'; expected one after its first line"
            )
    said = re.search(r"(\d+) points, (\d+) of them by machine", notebook.cells[0].source)
    machine, every = points[True], points[True] + points[False]
    if said and said[0] != f"{every:g} points, {machine:g} of them by machine":
        faults.append(
            f"its first cell says {said[0]!r}; expected '{every:g} points, {machine:g} of them by "
            "machine', the sums of its cells"
        )
    if faults:
        raise ValueError("\n".join(f"{path}: {fault}." for fault in faults))


def student_version(source: NotebookNode) -> NotebookNode:
    """The notebook that students get; the teacher's is left as it is.

    Raises:
        ValueError: nbgrader finds fault with the teacher's notebook, or students would see a part
            of a solution or of a hidden test. It names all such lines.
    """
    notebook = copy.deepcopy(source)
    resources: dict[str, object] = {}
    try:
        for step in STEPS:
            notebook, resources = step(enabled=True)(notebook, resources)
    except (RuntimeError, ValidationError) as error:
        raise ValueError(f"nbgrader cannot make the students' notebook: {error}") from error
    if faults := _leaks(source, notebook):
        raise ValueError("\n".join(f"students would see too much: {fault}." for fault in faults))
    return notebook


def _leaks(source: NotebookNode, notebook: NotebookNode) -> list[str]:
    """What is seen of solutions and hidden tests, or may be, since a mark is not as it should."""
    faults = []
    texts = [cell.source for cell in notebook.cells]
    for number, (cell, text) in enumerate(zip(source.cells, texts, strict=True)):
        where = f"the cell {about(cell).get('grade_id', number + 1)}"
        marks = MARK.findall(cell.source)
        if marks != [(end, what) for _, what in marks[::2] for end in ("BEGIN", "END")]:
            said = ", ".join(map(" ".join, marks))
            faults.append(f"{where} has the marks {said}; expected each BEGIN before its own END")
        faults += [
            f"{where} has the line {line.strip()!r}, which looks like a mark; expected one such as "
            "'### BEGIN SOLUTION' or '### END HIDDEN TESTS', or other words"
            for line in text.split("\n")
            if _like_a_mark(line, cell.cell_type == "code")
        ]
        # A test may say openly, before it is hidden, what it says again there.
        others = "\n".join(texts[:number] + texts[number + is_test(cell) :])
        faults += [
            f"{line!r} is a secret of {where}, and is shown; take it out there or here"
            for line in map(str.strip, "".join(HIDDEN.findall(cell.source)).split("\n"))
            if len(line) > SAYS and not line.endswith((":", "[", "(", "{")) and line in others
        ]
    return faults


def _like_a_mark(line: str, is_code: bool) -> bool:
    words = [word for word in re.findall("[a-z]+", line.casefold()) if word not in LITTLE]
    pairs = [*words, *map("".join, itertools.pairwise(words))] if len(words) < 7 else []
    meant = [*MEANT, "hiddentests"] if is_code else MEANT  # prose may speak of hidden tests
    return (is_code and line.lstrip().startswith("###")) or any(
        get_close_matches(pair, meant, 1, cutoff=0.85) for pair in pairs
    )


def sources(homework: Path) -> dict[str, Path]:
    """The teacher's notebooks in a homework folder.

    Args:
        homework: a folder with source/NAME/NAME.ipynb.
    Returns:
        Their paths by their names, in order.
    Raises:
        ValueError: there is no such folder, or no assignment in it.
    """
    if not homework.is_dir():
        raise ValueError(
            f"There is no homework folder {homework} in {Path.cwd()}; expected one with "
            "source/NAME/NAME.ipynb. Go to the project's folder, or name another with --homework."
        )
    paths = sorted((homework / "source").glob("*/*.ipynb"))
    named = {path.stem: path for path in paths if path.stem == path.parent.name}
    if not named:
        raise ValueError(f"{homework} has no assignments; expected source/NAME/NAME.ipynb in it.")
    return named


def release(homework: Path) -> list[Path]:
    """Write release/NAME/NAME.ipynb for every source/NAME/NAME.ipynb.

    The same source gives the same bytes.

    Args:
        homework: a folder with source/NAME/NAME.ipynb.
    Returns:
        The written paths.
    Raises:
        ValueError: no source notebook, or one that could not be graded later; it says why.
        OSError: one cannot be read, or its release cannot be written.
    """
    written = []
    for name, path in sources(homework).items():
        notebook = student_version(read_source(path))
        target = homework / "release" / name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, (nbformat.writes(notebook) + "\n").encode())
        written.append(target)
    return written
