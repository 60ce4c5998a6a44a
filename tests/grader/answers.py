"""Answers to the homework, right and wrong, and what a student must not find out; and homework 0,
a small one, with what is returned for it."""

import json
import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.cells import about, is_answer
from grader.release import read_source, release, student_version

HOMEWORK = Path(__file__).parents[2] / "notebooks" / "homework"


def source(name):
    return read_source(HOMEWORK / "source" / name / f"{name}.ipynb")


def answered(name, mistakes=()):
    """The released notebook with the teacher's answers in it, or with mistakes in those."""
    ours = source(name)
    theirs = student_version(ours)
    for right, cell in zip(ours.cells, theirs.cells, strict=True):
        if is_answer(right):
            lines = right.source.split("\n")
            cell.source = "\n".join(line for line in lines if "### " not in line)
            if about(right)["grade_id"] in mistakes:
                before, after = mistakes[about(right)["grade_id"]]
                assert cell.source.count(before) == 1
                cell.source = cell.source.replace(before, after)
    return theirs


def secrets(name):
    """The lines of solutions and hidden tests that say something."""
    text = "\n".join(cell.source for cell in source(name).cells)
    hidden = re.findall(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END", text, re.S)
    given = "\n".join(cell.source for cell in student_version(source(name)).cells)
    lines = {line.strip() for part in hidden for line in part.split("\n")}
    return {line for line in lines if len(line) > 30 and line not in given}


DOUBLE = """# Task 1: double
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""
DOUBLE_TEST = """# Test 1: double
assert double(1) == 2
### BEGIN HIDDEN TESTS
assert double(-21) == -42, "a secret of the teacher's"
### END HIDDEN TESTS"""
MEAN = """# Task 2: mean
def mean(values):
    ### BEGIN SOLUTION
    return sum(values) / len(values)
    ### END SOLUTION
"""
MEAN_TEST = "# Test 2: mean\nassert mean([1, 2, 6]) == 3"
WHY = "**Answer 3**\n\n### BEGIN SOLUTION\nBecause the teacher says so.\n### END SOLUTION"
# What a student might write, and no interrupt would stop.
DEAF = "import time\nwhile True:\n    try: time.sleep(1)\n    except: pass"
TITLES = {"double-test": "Task 1: double /2", "mean-test": "Task 2: mean /3"}
TITLES = {"hw0_numbers": TITLES | {"why": "Answer 3: why /5"}}
SOLVED = {"double": "# Task 1: double\ndef double(x):\n    return 2 * x"}
SOLVED |= {"mean": "# Task 2: mean\ndef mean(values):\n    return sum(values) / len(values)"}


def graded(grade_id, *, points=None, solution=False):
    about = {"grade_id": grade_id, "grade": points is not None, "solution": solution}
    about |= {"locked": not solution, "task": False, "schema_version": 3}
    return {"nbgrader": about | ({"points": points} if points is not None else {})}


def source_notebook():
    return new_notebook(
        cells=[
            new_markdown_cell("# Numbers"),
            new_code_cell("import math"),
            new_code_cell(DOUBLE, metadata=graded("double", solution=True)),
            new_code_cell(DOUBLE_TEST, metadata=graded("double-test", points=2)),
            new_code_cell(MEAN, metadata=graded("mean", solution=True)),
            new_code_cell(MEAN_TEST, metadata=graded("mean-test", points=3)),
            new_markdown_cell(WHY, metadata=graded("why", points=5, solution=True)),
        ]
    )


def make_homework(folder, **notebooks):
    for name, notebook in notebooks.items():
        path = folder / "source" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    release(folder)
    return folder


def handed_out(homework):
    path = homework / "release" / "hw0_numbers" / "hw0_numbers.ipynb"
    return nbformat.read(path, as_version=4)


def solve(notebook, **answers):
    """Write answers into the cells of that grade id."""
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return notebook


def without_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = {}
        cell.id = "same"
    return notebook


def returned(homework, **answers):
    return solve(handed_out(homework), **{**SOLVED, **answers})


def a_task_1_that(does):
    return f"# Task 1: double\ndef double(x):\n    {does}\n    return 2 * x"


def write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
