"""What the tests of the grader share: a folder with homework 0 and another one."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from answers import graded, make_homework, source_notebook


@pytest.fixture(scope="session")
def homework(tmp_path_factory):
    other = new_notebook(
        cells=[
            new_code_cell("# Task 1: half\n### BEGIN SOLUTION\nhalf = 0.5\n### END SOLUTION"),
            new_code_cell("# Test 1: half\nassert half == 0.5"),
        ]
    )
    other.cells[0].metadata = graded("half", solution=True)
    other.cells[1].metadata = graded("half-test", points=1)
    folder = tmp_path_factory.mktemp("homework")
    return make_homework(folder, hw0_numbers=source_notebook(), hw9_halves=other)
