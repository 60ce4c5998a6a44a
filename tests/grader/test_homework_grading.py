"""Homework: what students get, what comes back, and what it is worth, whatever it is."""

import asyncio
import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from filelock import FileLock
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook, MissingEntry

from answers import (
    DEAF,
    DOUBLE,
    DOUBLE_TEST,
    MEAN,
    SOLVED,
    TITLES,
    a_task_1_that,
    graded,
    handed_out,
    make_homework,
    returned,
    solve,
    source_notebook,
    without_metadata,
    write,
)
from grader import __main__ as command
from grader import feedback, sandbox, table
from grader.grade import grade
from grader.intake import Cell, take_in, who_and_what
from grader.kernel import KernelDied, started
from grader.limits import PROCESSORS
from grader.release import read_source, release, student_version
from grader.repair import repair

# What a file has in it, by its name; and what its two tests must earn.
CASES = {}
# The same for those that must be stopped. They alone have little time: no other case may fail on a
# machine that is busy.
HALTED = {}


def case(double, mean, note="", among=CASES):
    def keep(function):
        among[function.__name__] = (function, f"{double}", f"{mean}", note)
        return function

    return keep


@case(2, 3)
def solved(homework):
    return returned(homework)


@case(0, 0)
def untouched(homework):
    return handed_out(homework)


@case(0, 3)
def one_mistake(homework):
    return returned(homework, double="# Task 1: double\ndef double(x):\n    return abs(2 * x)")


@case(0, 3, "Test 1: double was stopped after 5 s", HALTED)
def endless(homework):
    return returned(homework, double=a_task_1_that("while True: pass"))


@case(0, 3, "Task 1: double could not be stopped", HALTED)
def deaf(homework):
    return returned(homework, double=f"# Task 1: double\n{DEAF}")


@case(0, 3, "Test 1: double called exit")
def leaves(homework):
    return returned(homework, double=a_task_1_that("import sys; sys.exit()"))


@case(0, 3, "Test 1: double called exit")
def leaves_by_name(homework):
    return returned(homework, double=a_task_1_that("exit()"))


@case(0, 3, "Test 1: double ended the kernel")
def leaves_at_once(homework):
    return returned(homework, double=a_task_1_that("import os; os._exit(0)"))


@case(0, 3, "Task 1: double ended the kernel")
def leaves_before(homework):
    return returned(homework, double="# Task 1: double\nimport os; os._exit(0)")


@case(0, 3, "Test 1: double ran out of memory")
def devours(homework):
    return returned(homework, double=a_task_1_that("x = bytearray(9 * 2**30)"))


@case(0, 3, "Test 1: double ran out of memory")
def devours_with_torch(homework):
    return returned(homework, double=a_task_1_that("import torch; x = torch.zeros(9 * 2**30)"))


@case(0, 3)
def asks(homework):
    return returned(homework, double=a_task_1_that("input('? ')"))


@case(0, 3, "Task 1: double stopped with SyntaxError")
def misspells(homework):
    return returned(homework, double="# Task 1: double\ndef double(x)\n    return 2 * x")


@case(0, 3, "Test 1: double stopped with FileNotFoundError")
def needs_a_file(homework):
    return returned(homework, double=a_task_1_that("open('mine.txt')"))


@case(0, 3, "Test 1: double ", HALTED)  # or ended: whatever the machine does first
def forks(homework):
    bomb = "import os\n    while True: os.fork()"
    return returned(homework, double=a_task_1_that(bomb))


@case(0, 3)
def raises_a_strange_error(homework):
    code = "raise type('E' * 200_000 + chr(27) + chr(0xd800), (Exception,), {})"
    return returned(homework, double=a_task_1_that(code))


@case(2, 3)
def writes_formulas(homework):
    notebook = returned(homework)
    notebook.cells[6].source = "$\\sigma$ and \\mu"
    return notebook


@case(2, 3, "Task 1: double names get_ipython: read it")
def looks_around(homework):
    return returned(homework, double=SOLVED["double"] + "\nget_ipython().history_manager")


@case(2, 3)
def talks(homework):
    return returned(homework, double=SOLVED["double"] + "\nprint('x' * 100_000_000)")


@case(2, 3)
def warns(homework):
    code = "import sys; print('a warning', file=sys.stderr)"
    return returned(homework, double=a_task_1_that(code))


@case(2, 3)
def litters(homework):
    code = "for i in range(50): open(f'file{i}', 'w').write('x' * 1000)"
    return returned(homework, double=a_task_1_that(code))


@case(2, 3)
def installs(homework):
    return returned(homework, double="!pip install nothing-of-that-name\n" + SOLVED["double"])


@case(0, 0, "read it")
def forges(homework):
    forged = """import IPython
shell = get_ipython()
run = shell.run_cell_async
async def forged(*args, **kwargs):
    result = await run("pass")
    return result
shell.run_cell_async = forged"""
    return returned(homework, double=f"# Task 1: double\n{forged}")


@case(0, 3, "Test 1: double was edited")
def edits_a_test(homework):
    easy = {"double-test": "# Test 1: double\nassert True"}
    return returned(homework, double="# Task 1: double\nnothing = 0", **easy)


@case(2, 3, "Test 1: double was missing")
def deletes_a_test(homework):
    notebook = returned(homework)
    del notebook.cells[3]
    return notebook


@case(0, 3, "the answer to Task 1: double is missing")
def deletes_an_answer(homework):
    notebook = returned(homework)
    del notebook.cells[2]
    return notebook


@case(2, 3, "3 answers without metadata")
def lost_metadata(homework):
    return without_metadata(returned(homework))


@case(2, 3, "3 answers without metadata")
def lost_metadata_and_first_lines(homework):
    notebook = without_metadata(returned(homework))
    for cell in notebook.cells:
        cell.source = cell.source.removeprefix("# Task 1: double\n")
    return notebook


@case(2, 3, "1 code cell added")
def helps_itself(homework):
    notebook = returned(homework, double="# Task 1: double\ndef double(x):\n    return helper(x)")
    notebook.cells.insert(2, new_code_cell("def helper(x):\n    return x + x"))
    return notebook


@case(2, 3, "found 2 times")
def answers_twice(homework):
    notebook = returned(homework)
    wrong = nbformat.from_dict(json.loads(json.dumps(notebook.cells[2])))
    wrong.source = "# Task 1: double\ndef double(x):\n    return"
    notebook.cells.insert(2, wrong)
    return notebook


@case(2, 3, "the answer to Task 2: mean was found in another cell")
def merges_cells(homework):
    notebook = returned(homework, double="\n".join(SOLVED.values()))
    del notebook.cells[4]
    return notebook


@case(2, 3)
def another_kernel(homework):
    notebook = returned(homework)
    notebook.metadata = {"kernelspec": {"name": "matlab", "display_name": "M"}, "widgets": 7}
    return notebook


@case(2, 3)
def an_older_format(homework):
    notebook = json.loads(json.dumps(returned(homework)))
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        del cell["id"]
        cell["source"] = cell["source"].splitlines(keepends=True)
    return notebook


BROKEN = {
    "empty": (b"", "is empty"),
    "page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "pdf": (b"%PDF-1.7 \xff\xfe", "a PDF"),
    "zip": (b"PK\x03\x04", "a zip file"),
    "half": (b'{"cells": [{"cell_type": "code", "sou', "only a part"),
    "list": (b"[1, 2]", "no list of cells"),
    "old": (b'{"worksheets": []}', "no list of cells"),
    "deep": (b"[" * 100_000, ""),
    "merged": (b'{\n<<<<<<< HEAD\n"cells"', "marks of a merge"),
}


@pytest.fixture(scope="session")
def results(homework, tmp_path_factory, made_once):
    """All cases and all broken files, graded in one run; rows by file, and the folder."""
    out, rows = made_once("results", lambda: graded_at_once(homework, tmp_path_factory))
    return {row["file"]: row for row in rows}, Path(out)


def graded_at_once(homework, tmp_path_factory):
    folder, out = tmp_path_factory.mktemp("returned"), tmp_path_factory.mktemp("grades")
    for name, (function, *_) in CASES.items():
        write(folder / f"{name}_hw0_numbers.ipynb", function(homework))
    for name, (content, _) in BROKEN.items():
        (folder / f"{name}_hw0_numbers.ipynb").write_bytes(content)
    write(folder / "essay.ipynb", new_notebook(cells=[new_markdown_cell("Something else")]))
    write(folder / "김민수.ipynb", returned(homework))
    write(folder / "=1+1_hw0_numbers.ipynb", returned(homework))
    for copy in ("hw0_numbers_이서연.ipynb", "Copy of hw0_numbers_이서연.ipynb"):
        write(folder / unicodedata.normalize("NFD", copy), returned(homework))
    (folder / "link_hw0_numbers.ipynb").symlink_to(folder / "solved_hw0_numbers.ipynb")
    (folder / "nowhere_hw0_numbers.ipynb").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe_hw0_numbers.ipynb")
    write(folder / "wrong_name_hw9_halves.ipynb", returned(homework))
    shutil.copy(folder / "solved_hw0_numbers.ipynb", folder / "copycat_hw0_numbers.ipynb")
    return str(out), grade(folder, out, homework)


@pytest.fixture(scope="session")
def halted(homework, tmp_path_factory, made_once):
    """Rows by file."""

    def rows():
        folder, out = tmp_path_factory.mktemp("returned"), tmp_path_factory.mktemp("grades")
        for name, (function, *_) in HALTED.items():
            write(folder / f"{name}_hw0_numbers.ipynb", function(homework))
        return grade(folder, out, homework, cell_seconds=5)

    return {row["file"]: row for row in made_once("halted", rows)}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_returned_notebook_earns(results, name):
    earns(results[0], name, *CASES[name][1:])


@pytest.mark.slow
@pytest.mark.parametrize("name", HALTED)
def test_a_notebook_that_must_be_stopped_earns(halted, name):
    earns(halted, name, *HALTED[name][1:])


def earns(rows, name, double, mean, note):
    row = rows[f"{name}_hw0_numbers.ipynb"]
    assert (row["double-test"], row["mean-test"]) == (double, mean), row
    assert note in row["note"], row
    assert row["student"] == name and row["assignment"] == "hw0_numbers"
    assert row["automatic"] == f"{int(double) + int(mean)}" and row["maximum"] == "10"


# What nbgrader's own autograde gives what it gives here, and where the two differ; one file after
# the other, in this order.
ALIKE = [
    solved,
    one_mistake,
    leaves,
    asks,
    misspells,
    edits_a_test,
    deletes_an_answer,
    merges_cells,
]
UNLIKE = {
    warns: (0, 3),
    deletes_a_test: (None, 3),
    leaves_at_once: (None, None),  # exit() ends their kernel sooner or later
    lost_metadata: (None, None),
    another_kernel: (None, None),
    answers_twice: (None, None),
    untouched: None,  # not graded at all, after the one before
}


@pytest.mark.slow
def test_nbgrader_gives_the_same_points_but_for_what_for_teachers_says(
    homework, results, tmp_path, monkeypatch
):
    name, course = "hw0_numbers", tmp_path / "course"
    programs = Path(sys.executable).parent  # nbgrader calls alembic by its name
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    shutil.copytree(homework / "source" / name, course / "source" / name)
    students = {f"{n:02d}": case for n, case in enumerate([*ALIKE, *UNLIKE])}
    for student, case in students.items():
        write(course / "submitted" / student / name / f"{name}.ipynb", case(homework))
    for word in ("generate_assignment", "autograde"):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", word, name, "--Execute.timeout=600"],
            cwd=course, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == (word == "autograde"), done.stderr  # it names what it left out
    theirs = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for student, case in students.items():
            with suppress(MissingEntry):
                notebook = book.find_submission_notebook(name, name, student)
                points = {part.name: part.auto_score for part in notebook.grades}
                theirs[case] = points["double-test"], points["mean-test"]
    for case in ALIKE:
        ours = results[0][f"{case.__name__}_hw0_numbers.ipynb"]
        assert theirs[case] == (float(ours["double-test"]), float(ours["mean-test"])), case.__name__
    assert {case: theirs.get(case) for case in UNLIKE} == UNLIKE


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_notebook_gets_a_row(results, name):
    row = results[0][f"{name}_hw0_numbers.ipynb"]
    assert BROKEN[name][1] in row["note"] and row["automatic"] == "", row


@pytest.mark.slow
def test_nothing_is_dropped(results):
    rows, out = results
    assert len(rows) == len(CASES) + len(BROKEN) + 10
    assert "expected the file's name to contain" in rows["essay.ipynb"]["note"]
    content = rows["김민수.ipynb"]
    assert content["assignment"] == "hw0_numbers" and content["automatic"] == "5"
    twice = [row for row in rows.values() if row["student"] == "이서연"]
    assert [row["automatic"] for row in twice] == ["5", "5"]
    assert all("returned 2 files" in row["note"] for row in twice)
    assert all((out / "feedback" / f"{row['file']}.html").exists() for row in twice)


@pytest.mark.slow
def test_a_link_is_not_followed_and_a_pipe_not_waited_for(results):
    for name, kind in ("link", "link"), ("nowhere", "link"), ("pipe", "pipe"):
        row = results[0][f"{name}_hw0_numbers.ipynb"]
        assert row["automatic"] == "" and f"is a {kind} " in row["note"]


@pytest.mark.slow
def test_the_content_tells_more_than_the_name(results):
    row = results[0]["wrong_name_hw9_halves.ipynb"]
    assert (row["assignment"], row["automatic"]) == ("hw0_numbers", "5")
    assert "named hw9_halves, but its content is hw0_numbers" in row["note"]


@pytest.mark.slow
def test_a_copy_is_noticed(results):
    rows, out = results
    note = rows["copycat_hw0_numbers.ipynb"]["note"]
    assert "the same content as" in note and " and 3 more" in note
    page = (out / "feedback" / "copycat_hw0_numbers.ipynb.html").read_text()
    assert "same content" not in page, "whose, is not for the student to know"
    page = (out / "feedback" / "looks_around_hw0_numbers.ipynb.html").read_text()
    assert "read it" not in page


@pytest.mark.slow
def test_everybody_gets_a_page(results):
    rows, out = results
    assert {f"{file}.html" for file in rows} == {
        str(page.relative_to(out / "feedback")) for page in (out / "feedback").rglob("*.html")
    }
    page = (out / "feedback" / "page_hw0_numbers.ipynb.html").read_text()
    assert "(not graded)" in page and "the file is a web page" in page


@pytest.mark.slow
def test_the_table_is_for_a_spreadsheet(results):
    rows, out = results
    content = (out / "grades.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert lines[0] == [
        "student", "file", "assignment", "Task 1: double /2", "Task 2: mean /3", "Answer 3: why /5",
        "automatic", "total", "maximum", "to grade by hand", "note", "fingerprint",
    ]  # fmt: skip
    assert "'=1+1" in [line[0] for line in lines], "a formula in a name must not be computed"
    assert {row["file"] for row in table.read(out / "grades.csv", TITLES)} == set(rows)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_table_of_several_assignments_keeps_them_apart(tmp_path, encoding):
    titles = {"hw1": {"a-test": "Task 1: a /2", "reflection": "Answer 2: reflection /4"}}
    titles["hw2"] = {"reflection": "Answer 2: reflection /4"}
    path = tmp_path / "grades.csv"
    rows = [{"assignment": "hw1", "a-test": "0", "reflection": "3", "file": "1"}]
    rows += [{"assignment": "hw2", "reflection": "", "file": "2"}]
    rows += [{"assignment": "hw2", "file": "no notebook"}, {"assignment": "", "file": "4"}]
    table.write(path, rows, titles)
    text = path.read_text("utf-8-sig")
    path.write_text(text, encoding=encoding)
    head, *lines = csv.reader(text.splitlines())
    kept = ["Task 1: a /2", "Answer 2: reflection /4 (hw1)", "Answer 2: reflection /4 (hw2)"]
    assert head[3:6] == kept
    expected = [["0", "3", "–"], ["–", "–", ""], ["–", "–", "–"], ["–", "–", "–"]]
    assert [line[3:6] for line in lines] == expected
    for row, again in zip(rows, table.read(path, titles), strict=True):
        assert row.items() <= again.items()
        assert ("reflection" in again) == ("reflection" in row)
    path.write_text(text.replace("Answer 2: reflection /4 (hw1)", "reflection"))
    assert table.read(path, titles)[0]["reflection"] == "3", "as the table was called before"


@pytest.mark.slow
def test_a_page_is_safe_to_open(results):
    page = (results[1] / "feedback" / "one_mistake_hw0_numbers.ipynb.html").read_text()
    assert "Content-Security-Policy" in page and "default-src 'none'" in page
    assert "a secret of the teacher" in page, "a student may see why points were lost"


def test_a_page_names_the_tasks_and_what_is_not_yet_read(homework):
    notebook = returned(homework, why="**Answer 3**\n\nBecause $a$.")
    notebook.cells[0].source += "\n\nBelow $10^{-3}$, or\n\n$$\\frac{a}{b}$$"
    points = {"double-test": 2, "mean-test": 0, "why": None}
    page = feedback.page("hw0", notebook, points, {}, []).decode()
    for name, task in ("Test 1: double", "double-test"), ("Answer 3", "why"):
        assert f'<a href="#{task}">{name}</a>' in page
    assert "Test cell" not in page and "not yet read; of 5.0" in page
    assert "Score: 2.0 / 2.0" in page and "Score: 0.0 / 3.0" in page
    assert "<msup><mn>10</mn>" in page and "<mfrac>" in page and "$10" not in page
    assert "Because $a$." in page, "a student's formula stays as it is"


def test_what_a_student_writes_does_not_run_in_the_page():
    script = '<script>alert(1)</script><meta http-equiv="refresh" content="0;url=http://x">'
    shown = {"output_type": "display_data", "data": {"text/html": script}, "metadata": {}}
    cells = [new_markdown_cell(script), new_code_cell(script, outputs=[nbformat.from_dict(shown)])]
    page = feedback.page("<b>title", new_notebook(cells=cells), {}, {}, [script]).decode()
    assert not re.search(r"<script[^>]*>alert|<meta[^>]*refresh|<b>title", page)


def test_the_release_keeps_secrets_and_its_bytes(homework):
    path = homework / "release" / "hw0_numbers" / "hw0_numbers.ipynb"
    content = path.read_bytes()
    for secret in (b"SOLUTION", b"HIDDEN", b"secret", b"2 * x", b"len(values)", b"says so"):
        assert secret not in content
    assert b"    ...\\n" in content and b"YOUR ANSWER HERE" in content
    release(homework)
    assert path.read_bytes() == content


LOOKS = "double-test has the line .*looks like a mark"
MISSPELT = [
    ("### BEGIN HIDDEN TESTS", "### begin hidden tests", LOOKS),
    ("### BEGIN HIDDEN TESTS", "### BEGIN HIDDNE TETS", LOOKS),
    ("### BEGIN HIDDEN TESTS", "# Begin hidden test", LOOKS),
    ("### BEGIN HIDDEN TESTS", "#BEGIN_HIDDEN_TESTS", LOOKS),
    ("### BEGIN HIDDEN TESTS", "# BEGIN of the hidden test", LOOKS),
    ("### BEGIN HIDDEN TESTS", "# hidden tests from here", LOOKS),
    ("### BEGIN HIDDEN TESTS", "### HIDDEN", LOOKS),
    ("### BEGIN HIDDEN TESTS", "# BEGIN SOLUTONI", LOOKS),
    ("### BEGIN HIDDEN TESTS", "", "double-test has the marks END HIDDEN TESTS; expected"),
    ("### END HIDDEN TESTS", "### END HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS", "has the marks"),
    ("### END HIDDEN TESTS", "### END HIDDEN TESTS\n### Begin hidden tests\nx = 1", LOOKS),
    ("### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TESTS\n### END SOLUTION", "has the marks"),
]
HARMLESS = [
    (0, "\nThere are hidden tests, too. Write one hidden layer. At the end of it the solution."),
    (1, "\n# one hidden layer\n# the end of the epoch\n# solution and test"),
]
SHOWN = [
    (0, '\nHint: `assert double(-21) == -42, "a secret of the teacher\'s"`'),
    (1, "\n# return sum(values) / len(values)"),
    (2, "\n# return sum(values) / len(values)"),
    (4, "\n# return sum(values) / len(values)"),
    (5, "\n# Because the teacher says so."),
]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda cells: cells.__delitem__(slice(2, None)), "nothing to grade"),
        (lambda cells: cells[4].update(source=DOUBLE), "begin with the same line"),
        (lambda cells: cells[4].update(source="# Task 2: a\n1"), "no '### BEGIN SOLUTION'"),
        (lambda cells: cells[4].update(source="### BEGIN SOLUTION"), "expected '# Task 1: name'"),
        (lambda cells: cells[5].update(source="assert True"), "expected '# Test 1: name', by wh"),
        (lambda cells: cells[6].update(source="Because"), r"expected '\*\*Answer 1\*\*'"),
        (
            lambda cells: cells[0].update(source="10 points, 6 of them by machine"),
            "says '10 points, 6 of them by machine'; expected '10 points, 5 of them by machine'",
        ),
        (
            lambda cells: [cells[at].update(source="x") for at in (3, 5)],
            r"double-test begins with 'x'(?s:.*)mean-test begins with 'x'",
        ),
        (lambda cells: cells[4].update(source=MEAN.replace("END", "AND")), "nbgrader cannot"),
        *[
            (lambda cells, mark=mark: cells[3].update(source=DOUBLE_TEST.replace(*mark)), message)
            for *mark, message in MISSPELT
        ],
        *[
            (
                lambda cells, at=at, line=line: cells[at].update(source=cells[at].source + line),
                "is shown",
            )
            for at, line in SHOWN
        ],
        (lambda cells: cells[4].metadata.nbgrader.update(grade_id="double"), "two cells"),
    ],
)
def test_a_source_that_could_not_be_graded_or_tells_too_much_is_refused(tmp_path, change, message):
    notebook = source_notebook()
    change(notebook.cells)
    nbformat.write(notebook, tmp_path / "a.ipynb")
    with pytest.raises(ValueError, match=message):
        student_version(read_source(tmp_path / "a.ipynb"))


@pytest.mark.parametrize(("at", "line"), HARMLESS)
def test_words_that_are_no_mark_are_handed_out(tmp_path, at, line):
    notebook = source_notebook()
    notebook.cells[at].source += line
    nbformat.write(notebook, tmp_path / "a.ipynb")
    assert student_version(read_source(tmp_path / "a.ipynb")).cells[at].source.endswith(line)


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("hw2_vae.ipynb", "hw2_vae.ipynb"),
        ("hw2_vae (1).ipynb", "hw2_vae (1).ipynb"),
        ("Copy of hw2_vae.ipynb", "Copy of hw2_vae.ipynb"),
        ("hw2_vae의 사본.ipynb", "hw2_vae의 사본.ipynb"),
        ("김민수_hw2_vae.ipynb", "김민수"),
        ("hw2_vae-20231234 이서연.ipynb", "20231234 이서연"),
        ("김민수_hw2_vae의 사본 (2).ipynb", "김민수"),
        ("Copy of Copy of Kim_hw2-vae.ipynb", "Kim"),
        ("HW2 VAE Kim-Copy1.ipynb", "Kim"),
        ("hw2_vae_Kim - 복사본.ipynb.txt", "Kim"),
        ("사본 - hw2_vae_Kim.ipynb", "Kim"),
        ("hw2_vae_Kim copy 2.ipynb", "Kim"),
        ("박지훈/hw2_vae.ipynb", "박지훈"),
        ("kim/hw2_vae-1.ipynb", "kim"),
        ("kim/hw2_vae_(2)-11.ipynb", "kim"),
        ("hw2_vae-1.ipynb", "hw2_vae-1.ipynb"),
        ("kim/hw2_vae-1-2.ipynb", "kim"),
        ("upload/hw2_vae_20231234.ipynb", "20231234"),
    ],
)
def test_who_and_what_a_name_tells(name, student):
    assert who_and_what(Path(name), ["hw2_vae", "hw1_autoencoder"]) == (student, "hw2_vae")


def test_a_name_within_a_word_is_none():
    assert who_and_what(Path("myproject2.ipynb"), ["project"])[1] is None
    assert who_and_what(Path("hw2_vae2_Kim.ipynb"), ["hw2_vae", "hw2_vae2"])[1] == "hw2_vae2"


def test_a_returned_file_may_say_anything(tmp_path):
    cells = [{"source": 3}, {"metadata": []}, {"source": ["a", 1]}, {"source": "\ud800"}]
    cells += [{"metadata": {"nbgrader": {"grade_id": []}}, "attachments": {"a": 1, "b": {"c": 2}}}]
    (tmp_path / "hw2_vae.ipynb").write_text(json.dumps({"cells": cells}))
    taken = take_in(tmp_path, Path("hw2_vae.ipynb"), {"hw2_vae": set()})
    assert [cell.text for cell in taken.cells] == ["3", "", "a1", "?", ""]
    assert not taken.trouble and not any(cell.grade_id for cell in taken.cells)


@pytest.mark.slow
def test_a_last_line_says_how_many_points(tmp_path):
    notebook = new_notebook(
        cells=[
            new_code_cell("# Task 1: half\n### BEGIN SOLUTION\nhalf = 0.5\n### END SOLUTION"),
            new_code_cell("# Test 1: half\n2 if half == 0.5 else 1 / 2"),
        ]
    )
    notebook.cells[0].metadata = graded("half", solution=True)
    notebook.cells[1].metadata = graded("half-test", points=2)
    homework = make_homework(tmp_path / "homework", hw8_half=notebook)
    for half in ("0.5", "0.4"):
        answered = student_version(notebook)
        write(tmp_path / "in" / f"{half} hw8_half.ipynb", solve(answered, half=f"half = {half}"))
    rows = grade(tmp_path / "in", tmp_path / "out", homework)
    assert [row["half-test"] for row in rows] == ["0.5", "2"]


def test_a_task_that_was_left_out_keeps_its_stub(homework):
    path = homework / "source" / "hw0_numbers" / "hw0_numbers.ipynb"
    source = read_source(path)
    stubs = student_version(source)
    cells = [
        Cell(cell.cell_type, cell.source, cell.metadata.get("nbgrader", {}).get("grade_id"), {})
        for cell in stubs.cells
    ]
    notebook, notes = repair(source, stubs, cells)
    assert [cell.source for cell in notebook.cells[2::2]] == [
        cell.source for cell in stubs.cells[2::2]
    ]
    assert notes == []


def test_the_order_is_the_assignments_own(homework):
    source = read_source(homework / "source" / "hw0_numbers" / "hw0_numbers.ipynb")
    cells = [
        Cell("code", text, None, {})
        for text in ("first = 1", SOLVED["mean"], "behind = 2", SOLVED["double"], "last = 3")
    ]
    notebook, notes = repair(source, student_version(source), cells)
    told = [cell.source.split("\n")[0] for cell in notebook.cells if cell.cell_type == "code"]
    assert told == ["first = 1", "import math", "# Task 1: double", "last = 3", "# Test 1: double",
                    "# Task 2: mean", "behind = 2", "# Test 2: mean"]  # fmt: skip
    assert "3 code cells added by the student; run as well" in notes


@pytest.mark.slow
def test_points_given_by_hand_are_kept_for_the_same_file(homework, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    answered = returned(homework, why="**Answer 3**\n\nBecause.")
    write(folder / "kim_hw0_numbers.ipynb", answered)
    write(folder / "lee_hw0_numbers.ipynb", returned(homework))
    kim, lee = grade(folder, out, homework)
    assert (kim["why"], kim["to grade by hand"], kim["total"]) == ("", "5", "5")
    assert (lee["why"], lee["to grade by hand"], lee["total"]) == ("0", "0", "5")

    def typed(points, encoding, separator):
        rows = table.read(out / "grades.csv", TITLES)
        rows[0]["why"] = points
        with open(out / "grades.csv", "w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, rows[0], delimiter=separator)
            writer.writeheader()
            writer.writerows(rows)
        return grade(folder, out, homework)[0]

    kim = typed("4,5", "cp949", ";")
    assert (kim["why"], kim["to grade by hand"], kim["total"]) == ("4.5", "0", "9.5")
    assert "4.5 / 5" in (out / "feedback" / "kim_hw0_numbers.ipynb.html").read_text()
    kim = typed("6", "utf-8-sig", ",")
    assert (kim["why"], kim["to grade by hand"]) == ("6", "5"), "left for the teacher to mend"
    assert kim["note"].startswith("Answer 3: '6' is no number from 0 to 5")
    assert "'6'" not in (out / "feedback" / "kim_hw0_numbers.ipynb.html").read_text()
    typed("4", "utf-8-sig", ",")
    write(folder / "kim_hw0_numbers.ipynb", solve(answered, why="**Answer 3**\n\nOr not."))
    for _ in range(2):
        kim = grade(folder, out, homework)[0]
        assert (kim["why"], kim["total"]) == ("was 4", "5"), "another answer, not yet read"
        assert kim["note"] == "the file has changed since points were typed; read it again"
    assert table.read(out / "grades-before.csv", TITLES)[0]["why"] == "was 4"
    (folder / "kim_hw0_numbers.ipynb").write_text("")
    assert grade(folder, out, homework)[0]["why"] == "was 4"


@pytest.mark.slow
def test_points_follow_a_file_that_is_renamed_or_gone(homework, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    answered = returned(homework, why="**Answer 3**\n\nBecause.")
    write(folder / "a_hw0_numbers.ipynb", answered)
    write(folder / "b_hw0_numbers.ipynb", solve(answered, why="**Answer 3**\n\nOr not."))
    rows = grade(folder, out, homework)
    table.write(out / "grades.csv", [row | {"why": "3"} for row in rows], TITLES)
    (folder / "a_hw0_numbers.ipynb").rename(folder / "kim_hw0_numbers.ipynb")
    (folder / "b_hw0_numbers.ipynb").unlink()
    for _ in range(2):
        kim, gone = grade(folder, out, homework)
        assert (kim["student"], kim["why"], kim["total"]) == ("kim", "3", "8")
        assert (gone["student"], gone["why"]) == ("b", "3")
        assert gone["note"].count("no longer in the folder") == 1
        assert table.read(out / "grades.csv", TITLES)[1]["why"] == "3"


@pytest.mark.slow
def test_two_runs_do_not_write_into_one_table(homework, tmp_path):
    write(tmp_path / "in" / "a_hw0_numbers.ipynb", returned(homework))
    (tmp_path / "out").mkdir()
    with (
        FileLock(tmp_path / "out" / "lock"),
        pytest.raises(ValueError, match="Another run writes into"),
    ):
        grade(tmp_path / "in", tmp_path / "out", homework)


def test_points_are_found_when_a_task_is_worth_more(tmp_path):
    row = dict.fromkeys([*table.FIRST, *table.LAST], "") | {"assignment": "a", "why": "3"}
    table.write(tmp_path / "t.csv", [row], {"a": {"why": "Answer 3: why /4"}})
    assert table.read(tmp_path / "t.csv", {"a": {"why": "Answer 3: why /5"}})[0]["why"] == "3"


def test_a_table_may_hold_anything(tmp_path):
    row = dict.fromkeys([*table.FIRST, *table.LAST], "") | {"note": "half a sign \ud800"}
    table.write(tmp_path / "t.csv", [row], {})
    assert table.read(tmp_path / "t.csv", {})[0]["note"].startswith("half a sign")
    head = ",".join([*table.FIRST, *table.LAST])
    (tmp_path / "t.csv").write_text(f"{head}\n" + "x" * 200_000)
    with pytest.raises(ValueError, match="is no table of grades"):
        table.read(tmp_path / "t.csv", {})


@pytest.mark.slow
def test_what_has_not_changed_is_not_run_again(homework, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    write(folder / "kim_hw0_numbers.ipynb", one_mistake(homework))
    write(folder / "lee_hw0_numbers.ipynb", endless(homework))
    first = grade(folder, out, homework, cell_seconds=3)
    page = (out / "feedback" / "kim_hw0_numbers.ipynb.html").read_text()

    def ran():
        return {path: path.stat().st_mtime_ns for path in (out / "runs").iterdir()}

    kept = ran()
    assert len(kept) == 1, "not what had to be stopped, for which there may be time later"
    assert grade(folder, out, homework, cell_seconds=3) == first and ran() == kept
    assert (out / "feedback" / "kim_hw0_numbers.ipynb.html").read_text() == page
    (folder / "lee_hw0_numbers.ipynb").unlink()
    assert len(grade(folder, out, homework, cell_seconds=4)) == 1, "nothing was typed for lee"
    assert len(ran()) == 2, "another limit may change what happens"
    write(folder / "kim_hw0_numbers.ipynb", returned(homework))
    assert grade(folder, out, homework, cell_seconds=4)[0]["automatic"] == "5"
    assert len(ran()) == 3
    for path in ran():
        path.write_text("{")
    grade(folder, out, homework, cell_seconds=4)
    assert sum(path.read_text() != "{" for path in ran()) == 1, "a spoilt run is none"


@pytest.mark.slow
def test_points_given_by_hand_outlive_a_run_that_fails(homework, tmp_path, monkeypatch):
    folder, out = tmp_path / "in", tmp_path / "out"
    write(folder / "kim_hw0_numbers.ipynb", returned(homework, why="**Answer 3**\n\nBecause."))
    rows = grade(folder, out, homework)
    table.write(out / "grades.csv", [rows[0] | {"why": "4"}], TITLES)

    shutil.rmtree(out / "runs")
    with monkeypatch.context() as broken:
        broken.setattr("grader.grade.SPARE", -600)  # so that there is no time at all
        [row] = grade(folder, out, homework)
    assert "could not be graded: it took more than 0 s" in row["note"] and "double-test" not in row
    [row] = grade(folder, out, homework)
    assert (row["why"], row["total"]) == ("4", "9")


@pytest.mark.slow
def test_what_a_notebook_has_no_time_for_is_not_run(homework, tmp_path):
    slow = returned(homework, double="# Task 1: double\nimport time; time.sleep(9)")
    write(tmp_path / "in" / "kim_hw0_numbers.ipynb", slow)
    [row] = grade(tmp_path / "in", tmp_path / "out", homework, total_seconds=2)
    assert row["automatic"] == "0" and "Test 2: mean was not run: the notebook's" in row["note"], (
        row
    )


@pytest.mark.slow
def test_names_that_look_the_same_are_two_files(homework, tmp_path):
    (tmp_path / "in").mkdir()
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "김민수_hw0_numbers.ipynb")
        (tmp_path / "in" / name).write_text("")
    with open(os.fsencode(tmp_path / "in") + b"/\xb1\xe8_hw0_numbers.ipynb", "w"):
        pass  # a name from a Korean Windows, in a zip file
    for name in r"\udcb1\udce8", r"\xb1\xe8", "\u2003", "\u2002", "\x01", "\x02":
        (tmp_path / "in" / f"{name}_hw0_numbers.ipynb").write_text("")
    rows = grade(tmp_path / "in", tmp_path / "out", homework)
    assert len(rows) == len(table.read(tmp_path / "out" / "grades.csv", TITLES)) == 9
    assert len({row["file"] for row in rows}) == 9
    assert len({row["student"] for row in rows}) == 8
    assert [row["student"] for row in rows].count("김민수") == 2


@pytest.mark.slow
def test_an_answer_in_a_cell_of_its_own_is_read(homework, tmp_path):
    notebook = returned(homework)
    notebook.cells.append(new_markdown_cell("Because."))
    write(tmp_path / "in" / "kim_hw0_numbers.ipynb", notebook)
    [row] = grade(tmp_path / "in", tmp_path / "out", homework)
    assert (row["why"], row["to grade by hand"]) == ("", "5")


def question_written_into(notebook):
    notebook.cells[-2].source += "\n\nBecause."


def text_before(notebook):
    notebook.cells.insert(-1, new_markdown_cell("Because."))


def text_without_its_first_line(notebook):
    notebook.cells[-1] = new_markdown_cell("Because.")


@pytest.mark.slow
def test_an_answer_beside_its_cell_waits_and_typed_points_win(tmp_path):
    source = source_notebook()
    source.cells.insert(-1, new_markdown_cell("**Question 3** (5 points). Why?"))
    home = make_homework(tmp_path / "home", hw0_numbers=source)
    folder, out = tmp_path / "in", tmp_path / "out"
    write(folder / "empty_hw0_numbers.ipynb", handed_out(home))
    for put in question_written_into, text_before, text_without_its_first_line:
        beside = handed_out(home)
        put(beside)
        write(folder / f"{put.__name__}_hw0_numbers.ipynb", beside)
    empty, *others = grade(folder, out, home)
    assert (empty["why"], empty["to grade by hand"], empty["note"]) == ("0", "0", "")
    for row in others:
        assert (row["why"], row["to grade by hand"]) == ("", "5"), row
        assert "text added near Answer 3" in row["note"]
    path = out / "grades.csv"
    typed = table.read(path, TITLES)
    for row, points in zip(typed, "2345", strict=True):
        row["why"] = points
    table.write(path, typed, TITLES)
    again = grade(folder, out, home)
    assert [(row["why"], row["total"]) for row in again] == [(points, points) for points in "2345"]


@pytest.mark.slow
def test_a_machine_without_the_package_is_refused(homework, tmp_path, monkeypatch):
    write(tmp_path / "in" / "a_hw0_numbers.ipynb", returned(homework))
    walls()
    empty = tmp_path / "elsewhere" / "gencourse"
    empty.mkdir(parents=True)
    monkeypatch.setattr(sandbox, "PACKAGE", empty)
    with pytest.raises(ValueError, match="cannot be imported where the notebooks run"):
        grade(tmp_path / "in", tmp_path / "out", homework)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_table_that_is_none_is_not_overwritten(homework, tmp_path):
    write(tmp_path / "in" / "kim_hw0_numbers.ipynb", returned(homework))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "grades.csv").write_text("my own notes")
    with pytest.raises(ValueError, match="no table of grades.*Move it away"):
        grade(tmp_path / "in", tmp_path / "out", homework)
    assert (tmp_path / "out" / "grades.csv").read_text() == "my own notes"


# What would outlive the grader, if it could.
STAYS = """# Task 1: double
import ctypes, os
for _ in range(5):
    if not os.fork():
        os.setsid()
        ctypes.CDLL(None).prctl(1, 0)
        os.execvp('sleep', ['sleep', '98765'])
while True:
    pass
"""


def sleepers():
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    return sum(line.startswith(b"sleep\x0098765") for line in lines)


def within(seconds, holds):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.2)
    return holds()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_the_finished_rows_only_and_the_next_goes_on(
    homework, tmp_path, how
):
    write(tmp_path / "in" / "a_hw0_numbers.ipynb", returned(homework))
    write(tmp_path / "in" / "b_hw0_numbers.ipynb", returned(homework, double=STAYS))
    words = ["grade", tmp_path / "in", "--homework", homework, "--seconds=600"]
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert "notebook" in process.stdout.readline()
        assert "a_hw0_numbers.ipynb: 5 of 10" in process.stdout.readline()
        assert within(300, lambda: sleepers() == 5)
        process.send_signal(how)
        _, errors = process.communicate(timeout=300)
    finally:
        process.kill()
    assert within(300, lambda: sleepers() == 0), "nothing outlives the grader"
    if how == signal.SIGINT:
        assert process.returncode == 1 and errors.startswith("Stopped. The rows of"), errors
    out = tmp_path / "in-grades"
    [row] = table.read(out / "grades.csv", TITLES)
    assert row["student"] == "a" and row["automatic"] == "5"
    [kept] = (out / "runs").iterdir()
    written = kept.stat().st_mtime_ns
    swift = returned(homework, double=SOLVED["double"] + "  # b")
    write(tmp_path / "in" / "b_hw0_numbers.ipynb", swift)
    rows = grade(tmp_path / "in", out, homework, cell_seconds=600)
    assert [(row["student"], row["automatic"]) for row in rows] == [("a", "5"), ("b", "5")]
    assert len(table.read(out / "grades.csv", TITLES)) == 2
    assert kept.stat().st_mtime_ns == written, "it was not run again"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_without_korean_gets_its_line_for_every_file(
    homework, tmp_path, monkeypatch, encoding
):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding)
    for stream in "stdout", "stderr":
        monkeypatch.setattr(sys, stream, terminal)
    names = ["김민수_hw0_numbers.ipynb", "kim_hw0_numbers.ipynb", "이서연\x1b[2J_hw0_numbers.ipynb"]
    for name in names:
        write(tmp_path / "과제" / name, handed_out(homework))
    command.main(["grade", str(tmp_path / "과제"), "--homework", str(homework)])
    said = terminal.buffer.getvalue().decode(encoding)
    for name in "???", "kim", r"???\x1b[2J":
        assert f" {name}_hw0_numbers.ipynb: 0 of 10" in said
    assert "/??-grades" in said and "\x1b" not in said
    rows = table.read(tmp_path / "과제-grades" / "grades.csv", TITLES)
    assert {row["file"].replace(r"\x1b", "\x1b") for row in rows} == set(names)
    with pytest.raises(SystemExit, match=r"/\?\?\?\[2J is no folder"):
        command.main(["grade", str(tmp_path / "없음\x1b[2J"), "--homework", str(homework)])


@pytest.mark.parametrize(
    ("make", "message"),
    [(lambda folder: None, "is no folder"), (lambda folder: folder.mkdir(), "is empty")],
)
def test_a_folder_with_nothing_in_it_is_refused(homework, tmp_path, make, message):
    make(tmp_path / "in")
    with pytest.raises(SystemExit, match=message):
        command.main(["grade", str(tmp_path / "in"), "--homework", str(homework)])


def test_results_do_not_go_among_what_was_returned(homework, tmp_path):
    write(tmp_path / "kim_hw0_numbers.ipynb", returned(homework))
    with pytest.raises(ValueError, match="expected a folder elsewhere"):
        grade(tmp_path, tmp_path / "out", homework)


def test_a_folder_without_assignments_is_refused(tmp_path):
    with pytest.raises(ValueError, match="has no assignments; expected source/NAME/NAME.ipynb"):
        release(tmp_path)


def test_the_command_passes_the_times_on(monkeypatch, tmp_path):
    given = {}
    monkeypatch.setattr(command, "grade", lambda *places, **limits: given.update(limits))
    command.main(["grade", str(tmp_path)])
    assert given == {"cell_seconds": 60, "total_seconds": 600}
    command.main(["grade", str(tmp_path), "--seconds", "5", "--minutes", "0.5"])
    assert given == {"cell_seconds": 5, "total_seconds": 30}


@pytest.mark.parametrize("word", ["0", "-1", "nan", "inf", "long"])
def test_a_time_is_positive(word, capsys):
    with pytest.raises(SystemExit):
        command.main(["grade", "folder", f"--seconds={word}"])
    assert f"{word!r} is no positive number" in capsys.readouterr().err


def test_the_command_releases(homework, capsys):
    command.main(["release", "--homework", str(homework)])
    assert "hw0_numbers.ipynb" in capsys.readouterr().out


def test_the_homework_is_below_the_working_folder(homework, tmp_path, monkeypatch, capsys):
    shutil.copytree(homework, tmp_path / "notebooks" / "homework")
    monkeypatch.chdir(tmp_path)
    command.main(["release"])
    assert capsys.readouterr().out.startswith("notebooks/homework/release/hw0_numbers/")


@pytest.mark.parametrize("words", [["release"], ["grade", "in"]])
def test_a_homework_folder_that_is_not_there_is_named(tmp_path, monkeypatch, words):
    write(tmp_path / "in" / "kim_hw0_numbers.ipynb", {})
    monkeypatch.chdir(tmp_path)
    expected = f"no homework folder notebooks/homework in {tmp_path};.*another with --homework"
    with pytest.raises(SystemExit, match=expected):
        command.main(words)
    with pytest.raises(SystemExit, match="no homework folder elsewhere in"):
        command.main([*words, "--homework", "elsewhere"])


# What the walls keep out: a kernel behind them tries, and says what it got.
ATTEMPTS = {
    "network": "import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
    "teacher's file": "open({secret!r}).read()",
    "teacher's folder": "import os; os.listdir({folder!r})",
    "writing to the system": "open('/usr/mark', 'w')",
    "writing to the root": "open('/mark', 'w')",
    "writing to the devices": "open('/dev/mark', 'w')",
    "filling the memory": "[open(f'/dev/shm/{{i}}', 'wb').write(bytes(10**8)) for i in range(6)]",
    "writing to the package": "import gencourse; open(gencourse.__file__, 'a')",
    "a process outside": "import os; os.kill({pid}, 0)",
    "root": "import os; os.setuid(0); open('/etc/mark', 'w')",
    "a large file": "open('large', 'wb').write(bytes(600_000_000))",
    "the folder of the sockets": "open({wire!r} + '/mark', 'w')",
    "sockets of the host": "import socket; socket.socket(40, socket.SOCK_STREAM)",
    "keys of the host": "import socket; socket.socket(38, socket.SOCK_SEQPACKET)",
    "names of keys": "open('/proc/keys').read()",
    "shared memory": "import mmap; mmap.mmap(-1, 1000)",
    "memory as a file": "import os; os.memfd_create('a')",
    "the first process's memory": "open('/proc/1/mem', 'r+b')",
}
# System calls, with arguments that would be allowed: -1 is no process, key, number or place.
ATTEMPTS |= {
    f"the call {name}": "import ctypes\nlibrary = ctypes.CDLL(None, use_errno=True)\n"
    f"library.syscall({number}, *{arguments})\nassert ctypes.get_errno() not in (1, 38)"
    for name, number, arguments in [
        *((name, PROCESSORS[os.uname().machine][1][name], (0, -3, 0, 0, 0, 0)) for name in
          PROCESSORS[os.uname().machine][1].keys() - {"socket", "mmap", "clone"}),
        ("clone", PROCESSORS[os.uname().machine][1]["clone"], (0x10000011, 0, 0, 0, 0)),
        ("of another kind", 0x40000000, ()),
    ]
}  # fmt: skip


def walls():
    """Bubblewrap as this machine has it; CI must."""
    name = "bubblewrap as root" if os.geteuid() == 0 else "bubblewrap"
    if not shutil.which("bwrap") and not os.environ.get("CI"):
        pytest.skip("bubblewrap is not installed")  # grading does without it, less safely
    return sandbox.SANDBOXES[name]


async def attempts(box, **facts):
    with sandbox.workspace(box, 1) as place:
        async with started(place, 60) as kernel:
            tried = {
                name: await kernel.run(code.format(wire=str(place.wire), **facts), 20)
                for name, code in ATTEMPTS.items()
            }
            if os.geteuid() == 0 and not box.as_nobody:
                return tried  # root's processes have no limit
            tried["the processes"] = await kernel.run(
                "import os\ntry:\n    while True: os.fork() or os._exit(os.system('sleep 9'))\n"
                "except OSError: print('no more')", 20,
            )  # fmt: skip
    return tried


def without_root():
    """As an ordinary user has it, whoever runs the test."""
    walls()
    return sandbox.SANDBOXES["bubblewrap"]


@pytest.mark.slow
@pytest.mark.parametrize("box", [walls, without_root])
def test_what_walls_keep_out(tmp_path, box):
    import socket

    (tmp_path / "secret").write_text("hidden tests")
    outside = subprocess.Popen(["sleep", "60"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        tried = asyncio.run(
            attempts(
                box(),
                port=server.getsockname()[1],
                secret=str(tmp_path / "secret"),
                folder=str(tmp_path),
                pid=outside.pid,
            )
        )
    outside.kill()
    outside.wait()
    bomb = tried.pop("the processes", None)
    assert not [name for name, outcome in tried.items() if outcome.passed]
    assert not bomb or (bomb.passed and "no more" in bomb.outputs[0].text)


def test_a_bubblewrap_that_does_not_work_is_quoted(tmp_path, monkeypatch):
    broken = tmp_path / "bwrap"
    broken.write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n"
    )
    broken.chmod(0o755)
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{path}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    choose = sandbox.choose.__wrapped__  # the tests remember what it said of this machine
    words = choose().words
    assert "it said: 'bwrap: setting up uid map: Permission denied'" in words
    assert "sysctl kernel.apparmor_restrict_unprivileged_userns=0" in words
    assert "install bubblewrap" not in words and "can use the network" in words
    monkeypatch.setattr(shutil, "which", lambda name: None)
    words = choose().words
    assert "For walls, install bubblewrap." in words and "sysctl" not in words


@pytest.mark.slow
@pytest.mark.parametrize("name", ["user", "limits"])
def test_what_is_left_without_walls(name):
    """Memory, files and time have limits; the words say that the rest has not."""
    box = sandbox.SANDBOXES[name]
    if box.as_nobody and os.geteuid() != 0:
        pytest.skip("only root can give each notebook a user")  # others have no such mode

    async def tried():
        with sandbox.workspace(box, 1) as place:
            async with started(place, 60) as kernel:
                return [
                    await kernel.run("x = bytearray(9 * 2**30)", 10),
                    await kernel.run("open('large', 'wb').write(bytes(600_000_000))", 20),
                    await kernel.run("while True: pass", 1),
                    await kernel.run("print(1)", 10),
                ]

    try:
        *refused, allowed = asyncio.run(tried())
    except RuntimeError:
        if name == "limits":
            raise
        # There `choose` finds that the mode does not work, and takes the next.
        pytest.skip("this Python is in a folder that other users may not enter")  # such as /root
    assert not any(outcome.passed for outcome in refused) and allowed.passed
    assert "can use the network" in box.words.replace("\n", " ")


@pytest.mark.slow
def test_a_kernel_that_cannot_be_stopped_is_ended():
    async def tried():
        with sandbox.workspace(sandbox.SANDBOXES["limits"], 1) as place:
            async with started(place, 60) as kernel:
                begun = time.monotonic()
                with pytest.raises(KernelDied, match="could not be stopped after 1 s"):
                    await kernel.run(DEAF, 1)
                return time.monotonic() - begun

    assert asyncio.run(tried()) < 20
