"""Answers to the homework, right and wrong, and what a student must not find out."""

import re
from pathlib import Path

from grader.cells import about, is_answer
from grader.release import read_source, student_version

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
