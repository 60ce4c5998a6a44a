"""The assignments: what a right answer earns, a mistake costs, and an empty page tells."""

import builtins
import dis
import os
import re
import subprocess
import sys
from pathlib import Path
from types import CodeType

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from answers import (
    HOMEWORK,
    a_task_1_that,
    answered,
    make_homework,
    returned,
    secrets,
    source,
)
from grader.cells import about, is_answer, is_read_by_hand, is_test
from grader.cells import name as title
from grader.grade import grade
from grader.release import release, sources, student_version

NAMES = ["hw1_autoencoder", "hw2_vae", "hw3_gan", "hw4_aae", "project"]
REFLECTION = "reflection"

# One mistake a task, as students make them: answer → (what is right, what they wrote).
MISTAKES = {
    "hw1_autoencoder": {
        "perceptron": ("*layers[:-1]", "*layers"),
        "principal": ("(test - mean)", "(test - test.mean(0))"),
    },
    "hw2_vae": {
        "rate": ("return 0.5", "return -0.5"),
        "one_pass": ("beta * rates", "(beta if optimizer else 1) * rates"),
        "gaussian_surprise": ("squares.mean().sqrt()", "squares.mean()"),
    },
    "hw3_gan": {
        "block": ("momentum=0.2", "0.2"),
        "discriminator_step": (".detach()", ""),
    },
    "hw4_aae": {
        "make_critic": ("nn.ReLU()", "nn.BatchNorm1d(256), nn.ReLU()"),
        "encoder_loss": ("softplus(-on_codes)", "softplus(on_codes)"),
        "phases": ('"regularization": [encoder]', '"regularization": [encoder, decoder]'),
    },
    "project": {"my_prior": ("dim=1)", "dim=1).double()")},
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, made_once):
    """All assignments graded at once, answered, with mistakes, and as they were given out: the
    folder of results, and the rows."""
    out, rows = made_once("homework", lambda: graded_at_once(tmp_path_factory))
    return Path(out), {(row["student"], row["assignment"]): row for row in rows}


@pytest.fixture
def rows(graded):
    return graded[1]


def graded_at_once(tmp_path_factory):
    """Those with mistakes without the long trainings, which ran with the right answers."""
    right, wrong, out = map(tmp_path_factory.mktemp, ("right", "wrong", "grades"))
    for name in NAMES:
        nbformat.write(answered(name), right / f"right_{name}.ipynb")
        nbformat.write(student_version(source(name)), right / f"empty_{name}.ipynb")
        mistaken = untrained(answered(name, MISTAKES[name]))
        nbformat.write(mistaken, wrong / f"wrong_{name}.ipynb")
    swift = {name: untrained(source(name)) for name in NAMES}
    home = make_homework(tmp_path_factory.mktemp("homework"), **swift)
    rows = grade(right, out, HOMEWORK, cell_seconds=300)
    return str(out), rows + grade(wrong, out.with_name("others"), home, cell_seconds=300)


def test_the_assignments():
    assert list(sources(HOMEWORK)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_release_is_that_of_the_source(name, tmp_path):
    (tmp_path / "source" / name).mkdir(parents=True)
    original = HOMEWORK / "source" / name / f"{name}.ipynb"
    (tmp_path / "source" / name / original.name).write_bytes(original.read_bytes())
    (made,) = release(tmp_path)
    kept = HOMEWORK / "release" / name / original.name
    assert made.read_bytes() == kept.read_bytes(), "run make homework"


@pytest.mark.parametrize("name", NAMES)
def test_the_release_keeps_its_secrets(name):
    kept = (HOMEWORK / "release" / name / f"{name}.ipynb").read_text()
    assert "### " not in re.sub(r"\"#{2,3} \d", "", kept)
    lines = secrets(name)
    assert len(lines) > 10
    text = "\n".join(cell.source for cell in nbformat.reads(kept, 4).cells)
    assert not [line for line in lines if line in text]


@pytest.mark.parametrize("name", NAMES)
def test_an_assignment_has_what_is_promised(name):
    cells = source(name).cells
    by_hand = [cell for cell in cells if is_read_by_hand(cell)]
    assert any(about(cell)["grade_id"] == REFLECTION for cell in by_hand)
    assert len(by_hand) >= 3 and all("For the marker:" in cell.source for cell in by_hand)
    assert "of them by machine" in cells[0].source, "read_source then compares the sums"
    for cell in by_hand:
        rubric = cell.source.split("For the marker:")[1]
        given = re.findall(r"(?:^|[,;]) ?(\d+) (?:points? )?for", rubric)
        assert sum(map(int, given)) == about(cell)["points"], rubric
    tests = [cell for cell in cells if is_test(cell)]
    assert all("### BEGIN HIDDEN TESTS" in cell.source for cell in tests)


IMPORTED = {"check", "functional", "math", "mnist", "nn", "torch"}


def loaded(code):
    """All global names that code reads, in its functions as well."""
    names = {
        instruction.argval
        for instruction in dis.get_instructions(code)
        if instruction.opname in ("LOAD_NAME", "LOAD_GLOBAL")
    }
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return names.union(*map(loaded, inner))


@pytest.mark.parametrize("name", NAMES)
def test_a_test_leaves_the_names_of_students_alone(name):
    """It gives only names that nobody gives, and reads what is imported and the answer: a student
    may have a helper of any name, and other data under ours."""
    for cell in source(name).cells:
        if is_test(cell):
            code = compile(cell.source, about(cell)["grade_id"], "exec")
            stored = {
                instruction.argval
                for instruction in dis.get_instructions(code)
                if instruction.opname in ("STORE_NAME", "STORE_GLOBAL", "DELETE_NAME")
            }
            assert stored <= {"_hidden_tests"}, about(cell)["grade_id"]
            answer = about(cell)["grade_id"].removesuffix("-test")
            assert loaded(code) - set(dir(builtins)) <= {"_hidden_tests", answer} | IMPORTED


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_solution_gets_full_marks(name, rows):
    row = rows["right", name]
    tests = [about(cell) for cell in source(name).cells if is_test(cell)]
    worth = {test["grade_id"]: test["points"] for test in tests}
    assert {task: float(row[task]) for task in worth} == worth, row["note"]
    waiting = sum(about(cell)["points"] for cell in source(name).cells if is_read_by_hand(cell))
    assert float(row["to grade by hand"]) == waiting and not row["note"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_released_notebook_gets_none(name, rows):
    row = rows["empty", name]
    assert float(row["total"]) == 0 and float(row["to grade by hand"]) == 0


def lost(name, rows):
    """The tests that the mistakes cost, as they are called in their first lines."""
    right, wrong = rows["right", name], rows["wrong", name]
    tests = {about(cell)["grade_id"]: cell for cell in source(name).cells if is_test(cell)}
    return {task: title(tests[task]) for task in tests if right[task] != wrong[task]}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_costs_its_own_points_only(name, rows):
    tasks = lost(name, rows)
    assert {task.removesuffix("-test") for task in tasks} == set(MISTAKES[name])
    assert all(float(rows["wrong", name][task]) == 0 for task in tasks)


def checks(notebook):
    """How many cells of tests say a sentence to the student."""
    return sum("check." in cell.source for cell in notebook.cells if is_test(cell))


@pytest.mark.slow
def test_the_release_runs_to_its_end_unanswered(tmp_path):
    """One after the other in one kernel, which forgets all names in between."""
    given = {name: student_version(source(name)) for name in NAMES}
    together = new_notebook()
    for notebook in given.values():
        together.cells += [new_code_cell("%reset -f"), *notebook.cells]
    NotebookClient(together, timeout=600, resources={"metadata": {"path": tmp_path}}).execute()
    for name, notebook in given.items():
        outputs = [cell.outputs for cell in notebook.cells if is_test(cell)]
        said = "".join(output.get("text", "") for output in sum(outputs, []))
        assert "✓" not in said, name
        assert said.count("✗ Not written yet") == checks(notebook), name


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_solution_runs_to_its_end(name, graded):
    """Also the cells that nobody grades, which put the parts together."""
    answers = {cell.source for cell in answered(name).cells if is_answer(cell)}
    kept = [nbformat.read(path, 4) for path in (graded[0] / "runs").iterdir()]
    [run] = [run for run in kept if answers <= {cell.source for cell in run.cells}]
    code = [cell for cell in run.cells if cell.cell_type == "code"]
    assert len(code) == sum(cell.cell_type == "code" for cell in source(name).cells)
    assert [cell.source for cell in code if not cell.metadata["run"]["passed"]] == []


def untrained(notebook):
    """Without the cells that nobody grades, which train for long; those of text and the imports
    stay."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kept = [cell for cell in notebook.cells if about(cell) or cell not in code[1:]]
    return new_notebook(cells=kept)


@pytest.fixture(scope="module")
def validated(homework, tmp_path_factory, made_once):
    """What `nbgrader validate`, or a student's Validate button, says of notebooks."""
    folder = tmp_path_factory.mktemp("validated")
    notebooks = {name: student_version(source(name)) for name in NAMES}
    notebooks["right"] = answered("project")
    notebooks |= {f"wrong_{name}": untrained(answered(name, MISTAKES[name])) for name in NAMES}
    why = "**Answer 3**\n\nBecause."
    hidden = "# Task 1: double\ndef double(x):\n    return abs(2 * x)"
    notebooks["hidden"] = returned(homework, double=hidden, why=why)
    warns = a_task_1_that("import sys; print('a warning', file=sys.stderr)")
    notebooks["warns"] = returned(homework, double=warns, why=why)

    def said():
        files = [f"{name}.ipynb" for name in notebooks]
        for file, notebook in zip(files, notebooks.values(), strict=True):
            nbformat.write(notebook, folder / file)
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", "validate", *files, "--Execute.timeout=600"],
            cwd=folder, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    parts = re.split(r"(?=VALIDATION FAILED ON|Success!)", made_once("validated", said))
    return dict(zip(notebooks, parts[1:], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nbgrader_validate_sees_what_is_not_yet_written(name, validated):
    notebook, said = student_version(source(name)), validated[name]
    waiting = sum(is_read_by_hand(cell) for cell in notebook.cells)
    checked = checks(notebook)
    assert checked and f"VALIDATION FAILED ON {checked + waiting} CELL(S)" in said
    assert said.count("    AssertionError: Not written yet") == checked


@pytest.mark.slow
def test_nbgrader_validate_is_content_with_the_solution(validated):
    assert "Success!" in validated["right"]


def failed(said):
    """The tests that it names, by their first lines."""
    return sorted(re.findall(r"^ *# (Test \d+: \w+)$", said, re.M))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nbgrader_validate_sees_the_mistakes_that_cost_points(name, validated, rows):
    """And perhaps more: a hidden test forgives a mistake in an earlier task, a visible one not."""
    assert set(lost(name, rows).values()) <= set(failed(validated[f"wrong_{name}"]))


@pytest.mark.slow
def test_nbgrader_validate_has_no_hidden_tests_and_minds_warnings(validated):
    """For teachers says so. What `make grade` gives these two is in test_homework_grading."""
    assert "Success!" in validated["hidden"]
    assert failed(validated["warns"]) == ["Test 1: double"]


@pytest.mark.slow
def test_nbgrader_itself_gives_the_same_points(tmp_path, rows, monkeypatch):
    name = "hw1_autoencoder"
    programs = Path(sys.executable).parent  # nbgrader calls alembic by its name
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "source" / name).mkdir(parents=True)
    nbformat.write(source(name), tmp_path / "source" / name / f"{name}.ipynb")
    (tmp_path / "submitted" / "wrong" / name).mkdir(parents=True)
    returned = tmp_path / "submitted" / "wrong" / name / f"{name}.ipynb"
    nbformat.write(untrained(answered(name, MISTAKES[name])), returned)
    for command in ("generate_assignment", "autograde"):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", command, name, "--Execute.timeout=600"],
            cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        graded = book.find_submission_notebook(name, name, "wrong")
        points = {part.name: part.auto_score for part in graded.grades}
    ours = rows["wrong", name]
    tests = [about(cell)["grade_id"] for cell in source(name).cells if is_test(cell)]
    assert {task: points[task] for task in tests} == {task: float(ours[task]) for task in tests}
