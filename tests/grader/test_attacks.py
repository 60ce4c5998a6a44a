"""What a hostile file does to the grader, its neighbours and its teacher: nothing.

Every attack is made for real.
"""

import csv
import shutil
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from answers import (
    HOMEWORK,
    SOLVED,
    a_task_1_that,
    answered,
    graded,
    make_homework,
    returned,
    solve,
    write,
)
from grader import sandbox, table
from grader.grade import grade
from grader.intake import take_in
from grader.release import student_version

SEND = """
import zmq
from ipykernel.kernelbase import Kernel
kernel = Kernel.instance()
def send(kind, content, **more):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent(), **more)
"""


def attacking(homework, code):
    return returned(homework, double=f"{SOLVED['double']}\n{SEND}\n{code}")


def with_texts(homework, *texts):
    notebook = returned(homework)
    notebook.cells += [new_markdown_cell(text) for text in texts]
    return notebook


def without_end(homework):
    """Text whose rendering takes very long."""
    return with_texts(homework, *["[" * 99_000] * 9)


def marks(homework):
    """Signs that Unicode sorts, one by one."""
    return with_texts(homework, "a" + "\u0301\u0323" * 99_000)


def many_cells(homework):
    notebook = returned(homework)
    notebook.cells += [new_code_cell("1")] * 150_000
    return notebook


def many_keys(homework):
    data = "dict.fromkeys(map(str, range(300_000)), 'x')"
    return attacking(homework, f"send('display_data', {{'data': {data}}})")


def many_buffers(homework):
    code = "send('display_data', {'data': {}}, buffers=[bytes(120 * 2**20)] * 36)"
    return attacking(homework, code)


def no_texts(homework):
    return attacking(
        homework,
        """
for kind in 'stream', 'display_data', 'execute_result', 'error':
    for content in [], 7, None, {}, {'data': []}, {'data': {'text/plain': [1], 'image/png': {}}}:
        send(kind, content)
    send(kind, {'name': [], 'text': {}, 'ename': 1, 'evalue': [], 'traceback': {'a': 1}})
    send(kind, {'name': 'x', 'text': 'y', 'ename': 'x', 'evalue': 'y', 'traceback': [1, [], {}]})
""",
    )


# What each earns; what it loses is its own. On a slow machine those with large messages lose more.
HOSTILE = {
    without_end: {"5"},
    marks: {"5"},
    many_cells: {"5"},
    many_keys: {"3", "5"},
    many_buffers: {"3"},
    no_texts: {"5"},
}


@pytest.fixture(scope="module")
def rows(homework, tmp_path_factory, made_once):
    """All of them graded at once, and honest students among them."""
    done = made_once("attacks", lambda: graded_at_once(homework, tmp_path_factory))
    return {row["student"]: row for row in done}


def graded_at_once(homework, tmp_path_factory):
    folder = tmp_path_factory.mktemp("returned")
    for attack in HOSTILE:
        write(folder / f"{attack.__name__}_hw0_numbers.ipynb", attack(homework))
    for name in "honest", "many_honest":  # one after the other beside them
        write(folder / f"{name}_hw0_numbers.ipynb", returned(homework))
    (folder / "nested_hw0_numbers.ipynb").write_text("[" + "[]," * 15_000_000 + "[]]")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("grader.grade.PAGE", 10)
        return grade(folder, tmp_path_factory.mktemp("grades"), homework, cell_seconds=10)


@pytest.mark.slow
@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_file_harms_itself_only(rows, attack):
    assert rows[attack.__name__]["automatic"] in HOSTILE[attack], rows[attack.__name__]
    for name in "honest", "many_honest":
        assert rows[name]["automatic"] == "5" and "stopped" not in rows[name]["note"]


@pytest.mark.slow
def test_a_hostile_file_gets_a_sentence(rows):
    assert "only the first 1000 of 150007 cells were read" in rows["many_cells"]["note"]
    assert "no page of feedback: it took more than" in rows["without_end"]["note"]
    assert "cut after 100000 characters" in rows["marks"]["note"]
    nested = rows["nested"]["note"]  # by a machine that has the time and the memory, or has not
    assert "no list of cells" in nested or "could not be read: it" in nested


@pytest.mark.parametrize(
    "name", ["kim;=1+1;", "=1+1", ';"=1+1', "'=1", ";'+1", "a;-1\t@b", "a, -1"]
)
def test_a_name_is_no_formula(tmp_path, name):
    row = dict.fromkeys([*table.FIRST, *table.LAST], "") | {"file": name}
    table.write(tmp_path / "t.csv", [row], {})
    assert table.read(tmp_path / "t.csv", {})[0]["file"] == name
    for separator in ",;\t":
        with open(tmp_path / "t.csv", encoding="utf-8-sig", newline="") as file:
            cells = [cell for line in csv.reader(file, delimiter=separator) for cell in line]
        assert not [cell for cell in cells if cell.lstrip('"').startswith(tuple("=+-@"))]


@pytest.mark.slow
def test_points_that_are_no_number_are_none(tmp_path):
    """A test's last line says how many points there are, and a student's class may say it."""
    teacher = new_notebook(
        cells=[
            new_code_cell("# Task 1: half\n### BEGIN SOLUTION\nhalf = 0.5\n### END SOLUTION"),
            new_code_cell("# Test 1: half\nhalf"),
        ]
    )
    teacher.cells[0].metadata = graded("half", solution=True)
    teacher.cells[1].metadata = graded("half-test", points=2)
    homework = make_homework(tmp_path / "homework", hw8_half=teacher)
    words = {"nan": "nan", "9": "9", "-1": "-1", "inf": "inf", "0.5": "0.5", "1e400": "1e400"}
    for name, word in words.items():
        said = f"half = type('Half', (), {{'__repr__': lambda self: {word!r}}})()"
        write(
            tmp_path / "in" / f"{name} hw8_half.ipynb", solve(student_version(teacher), half=said)
        )
    rows = {row["student"]: row for row in grade(tmp_path / "in", tmp_path / "out", homework)}
    for name in words:
        row = rows.get(name) or rows[f"{name} hw8_half.ipynb"]  # a number is no name
        assert row["half-test"] == ("0.5" if name == "0.5" else "0"), row
        assert name == "0.5" or "Test 1: half gave what is no number of its points" in row["note"]


@pytest.mark.slow
def test_names_of_any_length_get_a_row_a_page_and_their_note(homework, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    strange = returned(homework, double=SOLVED["double"] + "\nget_ipython().history_manager")
    for number in range(12):
        write(folder / f"{number:02d}{'x' * 220}_hw0_numbers.ipynb", strange)
    write(folder / f"{'가' * 78}_hw0_numbers.ipynb", strange)
    rows = grade(folder, out, homework)
    assert len(list((out / "feedback").iterdir())) == 13
    assert all("names get_ipython: read it" in row["note"] for row in rows)
    assert not any("no page" in row["note"] for row in rows)


def test_brackets_without_end_are_named(tmp_path):
    for name, deep in ("a", "[" * 100_000), ("b", '{"cells": ' + '[{"source":' * 50_000):
        (tmp_path / name).write_text(deep)
        said = take_in(tmp_path, Path(name), {}).trouble
        assert "brackets in brackets without end" in said


# What makes tests pass that no task was solved for.
FORGERIES = {
    "drops_assertions": """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Drop())""",
    "rewrites_tests": """
def rewritten(lines):
    return ['pass'] if '# Test' in ''.join(lines) else lines
get_ipython().input_transformers_cleanup.append(rewritten)""",
    "lets_the_old_planted_test_fail": """
def rewritten(lines):
    return lines if 'assert False' in ''.join(lines) else ['pass']
get_ipython().input_transformers_post.append(rewritten)""",
    "runs_nothing": "get_ipython().run_cell_async.__func__.__code__ = (lambda: 0).__code__",
    "runs_something_else": """
shell = get_ipython()
run = shell.run_cell_async
async def other(*given, **more):
    return await run('pass')
shell.run_cell_async = other""",
    "answers_well": f"""
{SEND}
send = kernel.session.send
def well(stream, kind, content=None, **more):
    if kind == 'error':
        return
    if isinstance(content, dict) and content.get('status') == 'error':
        content = {{'status': 'ok', 'execution_count': 1, 'user_expressions': {{}}, 'payload': []}}
    return send(stream, kind, content, **more)
kernel.session.send = well""",
    "does_something_else": f"""
{SEND}
async def well(*given, **more):
    return {{'status': 'ok', 'execution_count': 1, 'user_expressions': {{}}, 'payload': []}}
kernel.do_execute = well""",
    "calls_errors_strange": """
class Strange(AssertionError): pass
import builtins
builtins.AssertionError = Strange""",
    "equals_everything": """
class Yes:
    def __eq__(self, other):
        return True
def double(x):
    return Yes()
mean = double""",
}


@pytest.mark.slow
def test_a_forgery_is_seen(homework, tmp_path):
    for name, code in FORGERIES.items():
        notebook = returned(homework, double=f"# Task 1: double{code}", mean="# Task 2: mean")
        write(tmp_path / "in" / f"{name}_hw0_numbers.ipynb", notebook)
    write(tmp_path / "in" / "honest_hw0_numbers.ipynb", returned(homework))
    rows = {row["student"]: row for row in grade(tmp_path / "in", tmp_path / "out", homework)}
    assert rows["honest"]["automatic"] == "5" and not rows["honest"]["note"]
    for name in FORGERIES:
        row = rows[name]
        assert "read it" in row["note"] or row["automatic"] == "0", row
        if name != "equals_everything":
            assert row["automatic"] == "0", row
    assert rows["drops_assertions"]["note"].startswith("FORGED: a test that must fail")


@pytest.mark.slow
def test_a_self_check_that_does_not_speak_is_noted(tmp_path):
    """A test that passes by whatever means, but in which the self-check did not say its ✓."""
    name = "project"
    quiet = "import sys, os; sys.stdout = open(os.devnull, 'w')"
    notebook = answered(name)
    notebook.cells.insert(2, new_code_cell(quiet))
    write(tmp_path / "in" / f"quiet_{name}.ipynb", notebook)
    [row] = grade(tmp_path / "in", tmp_path / "out", HOMEWORK)
    assert "passed without its ✓: read it" in row["note"], row


@pytest.mark.slow
def test_files_that_are_used_up_cost_no_other_points(homework, tmp_path):
    """As by mistake: nothing is closed."""
    leak = "# Task 1: double\nkept = []\nwhile True:\n    kept.append(open('/dev/null'))"
    write(tmp_path / "in" / "kim_hw0_numbers.ipynb", returned(homework, double=leak))
    [row] = grade(tmp_path / "in", tmp_path / "out", homework)
    assert (row["double-test"], row["mean-test"]) == ("0", "3"), row
    assert "FORGED" not in row["note"] and "Task 1: double stopped with OSError" in row["note"]


@pytest.mark.slow
def test_a_neighbour_who_burns_the_processors_costs_nobody_points(homework, tmp_path):
    burn = "import os\nfor _ in range(60):\n    if not os.fork():\n        while os.getpid(): pass"
    hostile = returned(homework, double=f"{SOLVED['double']}\n{burn}")
    write(tmp_path / "in" / "a_hw0_numbers.ipynb", hostile)
    work = "import time; end = time.process_time() + 0.3\n    while time.process_time() < end: pass"
    slow = returned(homework, double=a_task_1_that(work))
    write(tmp_path / "in" / "b_hw0_numbers.ipynb", slow)
    rows = grade(tmp_path / "in", tmp_path / "out", homework, cell_seconds=15)
    assert rows[1]["automatic"] == "5" and not rows[1]["note"]


@pytest.mark.parametrize("where", ["homework", "in", "out"])
def test_a_place_that_notebooks_see_is_refused(homework, tmp_path, monkeypatch, where):
    """As in a clone within a virtual environment: hidden tests and grades could be read."""
    if not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed")
    places = {name: tmp_path / "apart" / name for name in ("homework", "in", "out")}
    places[where] = tmp_path / "environment" / "clone" / where
    shutil.copytree(homework, places["homework"])
    write(places["in"] / "kim_hw0_numbers.ipynb", returned(homework))
    (tmp_path / "link").symlink_to(tmp_path / "environment")
    monkeypatch.setattr(sandbox, "SYSTEM", [*sandbox.SYSTEM, str(tmp_path / "link")])
    with pytest.raises(ValueError, match=f"{where} is in .*link, which every returned notebook"):
        grade(places["in"], places["out"], places["homework"])
