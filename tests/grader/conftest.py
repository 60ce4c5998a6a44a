"""What the tests of the grader share: a folder with homework 0 and another one, and what is done
once for all of them."""

import json
import os
from functools import cache

import pytest
from filelock import FileLock
from nbformat.v4 import new_code_cell, new_notebook

from answers import graded, make_homework, source_notebook
from grader import kernel, sandbox


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


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """made_once(name, make) is what `make` gives, as JSON: the first worker who needs it makes it,
    the others read it. Grading a class takes all processors, so nobody loses by waiting."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # that of all workers

    def made(name, make):
        path = folder / f"{name}.json"
        with FileLock(f"{path}.lock"):
            if not path.exists():
                path.write_text(json.dumps(make()))
        return json.loads(path.read_text())

    return made


@pytest.fixture(scope="session", autouse=True)
def one_look():
    """Every grading first tries what the machine can do, for seconds; here once in each worker."""
    really, tried = kernel.require_package, set()

    async def require_package(box):
        if (box, sandbox.PACKAGE) not in tried:
            await really(box)
            tried.add((box, sandbox.PACKAGE))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kernel, "require_package", require_package)
        patched.setattr(sandbox, "choose", cache(sandbox.choose))
        yield
