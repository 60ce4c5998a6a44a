"""What a hostile file does to the grader, its neighbours and its teacher: nothing.

Every attack is made for real.
"""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from answers import SOLVED, returned, write
from grader.grade import grade

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
    data = "dict.fromkeys(map(str, range(1_000_000)), 'x')"
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


# What each earns; what it loses is its own.
HOSTILE = {
    without_end: "5",
    marks: "5",
    many_cells: "5",
    many_keys: "5",
    many_buffers: "3",
    no_texts: "5",
}


@pytest.fixture(scope="module")
def rows(homework, tmp_path_factory):
    """All of them graded at once, and honest students among them."""
    folder = tmp_path_factory.mktemp("returned")
    for attack in HOSTILE:
        write(folder / f"{attack.__name__}_hw0_numbers.ipynb", attack(homework))
    for name in "honest", "many_honest":  # one after the other beside them
        write(folder / f"{name}_hw0_numbers.ipynb", returned(homework))
    (folder / "nested_hw0_numbers.ipynb").write_text("[" + "[]," * 15_000_000 + "[]]")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("grader.grade.PAGE", 10)
        graded = grade(folder, tmp_path_factory.mktemp("grades"), homework, cell_seconds=20)
    return {row["student"]: row for row in graded}


@pytest.mark.slow
@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_file_harms_itself_only(rows, attack):
    assert rows[attack.__name__]["automatic"] == HOSTILE[attack], rows[attack.__name__]
    for name in "honest", "many_honest":
        assert rows[name]["automatic"] == "5" and "stopped" not in rows[name]["note"]


@pytest.mark.slow
def test_a_hostile_file_gets_a_sentence(rows):
    assert "only the first 1000 of 150007 cells were read" in rows["many_cells"]["note"]
    assert "no page of feedback: it took more than" in rows["without_end"]["note"]
    assert "cut after 100000 characters" in rows["marks"]["note"]
    assert "no list of cells" in rows["nested"]["note"] or "memory" in rows["nested"]["note"]
