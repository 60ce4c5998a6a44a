"""From the teacher's notebook to the student's: without solutions and hidden tests."""

import copy
from functools import partial

import nbformat
from nbgrader import preprocessors
from nbgrader.nbgraderformat import ValidationError

from gencourse.files import write_atomically
from gencourse.homework.cells import about, is_answer, is_test, marker

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


def read_source(path):
    """The teacher's notebook.

    Args:
        path: of an nbgrader source notebook.
    Returns:
        The notebook, its cells numbered, so that nothing in it depends on who saved it.
    Raises:
        ValueError: an answer or a test could not be told from the others by its first line,
            or there is nothing in it to grade.
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


def _check(notebook, path):
    if not any(about(cell).get("grade") for cell in notebook.cells):
        raise ValueError(f"{path} has nothing to grade; expected cells with nbgrader's points.")
    names = {}
    for cell in notebook.cells:
        if not (is_answer(cell) or is_test(cell)):
            continue
        name, first = about(cell)["grade_id"], marker(cell.source)
        if not first or "begin solution" in first or "begin hidden" in first:
            raise ValueError(
                f"{path}: the cell {name} begins with {first!r}; expected a line of its own, such "
                "as '# Task 1: loss' or '**Answer 1**', which the student sees too."
            )
        if name in names.values():
            raise ValueError(f"{path}: two cells have the grade id {name}; expected one of each.")
        if first in names:
            raise ValueError(
                f"{path}: the cells {names[first]} and {name} begin with the same line {first!r}; "
                "expected different lines, since a cell without metadata is known by its first."
            )
        names[first] = name
        # Otherwise nbgrader would clear the whole cell, its first line too.
        if is_answer(cell) and "BEGIN SOLUTION" not in cell.source:
            raise ValueError(
                f"{path}: the answer {name} has no '### BEGIN SOLUTION'; expected one after its "
                "first line."
            )


def student_version(source):
    """The notebook that students get; the teacher's is left as it is.

    Raises:
        ValueError: nbgrader finds fault with the teacher's notebook.
    """
    notebook, resources = copy.deepcopy(source), {}
    try:
        for step in STEPS:
            notebook, resources = step(enabled=True)(notebook, resources)
    except (RuntimeError, ValidationError) as error:
        raise ValueError(f"nbgrader cannot make the students' notebook: {error}") from error
    return notebook


def sources(homework):
    """The teacher's notebooks in a homework folder.

    Args:
        homework: a folder with source/NAME/NAME.ipynb.
    Returns:
        Their paths by their names, in order.
    Raises:
        ValueError: there are none.
    """
    paths = sorted((homework / "source").glob("*/*.ipynb"))
    named = {path.stem: path for path in paths if path.stem == path.parent.name}
    if not named:
        raise ValueError(f"{homework} has no assignments; expected source/NAME/NAME.ipynb in it.")
    return named


def release(homework):
    """Write release/NAME/NAME.ipynb for every source/NAME/NAME.ipynb.

    The same source gives the same bytes.

    Args:
        homework: a folder with source/NAME/NAME.ipynb.
    Returns:
        The written paths.
    Raises:
        ValueError: no source notebook, or one that could not be graded later; it says why.
    """
    written = []
    for name, path in sources(homework).items():
        notebook = student_version(read_source(path))
        target = homework / "release" / name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, (nbformat.writes(notebook) + "\n").encode())
        written.append(target)
    return written
