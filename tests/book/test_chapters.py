"""The notebooks: their style, and the time they take. `make notebooks-test` runs them."""

import base64
import json
import re

import jupytext
import nbformat
import pytest

from tools import notebooks as tool
from tools.notebooks import NOTEBOOKS

SECONDS = re.compile(r"\d\d:\d\d:\d\d\.\d+")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def lines(cell):
    return [line for line in cell.source.split("\n") if line.strip()]


def outputs(notebook):
    return [(cell, output) for cell in code(notebook) for output in cell.outputs]


def test_the_picture_of_readme_and_intro_is_that_of_chapter_6():
    (path,) = [path for path in NOTEBOOKS if path.stem.startswith("06")]
    (shown,) = [
        output.data["image/png"]
        for cell, output in outputs(nbformat.read(path, as_version=4))
        if cell.metadata.get("mystnb", {}).get("figure", {}).get("name") == "fig-sharp-head"
    ]
    kept = path.parents[1] / "book" / "_static" / "blurred_and_sharp.png"
    assert kept.read_bytes() == base64.b64decode(shown)


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_every_cell_has_been_run_in_order(notebook):
    counts = [cell.execution_count for cell in code(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_cells_are_short(notebook):
    for cell in code(notebook):
        assert len(lines(cell)) <= 30, cell.source
        assert max(map(len, cell.source.split("\n"))) <= 88, cell.source
    typical = sorted(len(lines(cell)) for cell in code(notebook))
    assert typical[len(typical) // 2] <= 10


def test_at_most_two_code_cells_in_a_row(notebook):
    kinds = "".join(cell.cell_type[0] for cell in notebook.cells)
    assert "ccc" not in kinds


def test_prose_and_code_are_in_balance(notebook):
    words = sum(len(c.source.split()) for c in notebook.cells if c.cell_type == "markdown")
    ratio = words / sum(len(lines(cell)) for cell in code(notebook))
    assert 3 <= ratio <= 10


def test_anatomy(notebook):
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert notebook.cells[0].source.startswith("# ")
    parts = ("**You will see**", "redict", "## Exercises", "## Two questions", "## What we saw")
    for part in parts:
        assert part in text
    assert len(lines(notebook.cells[1])) <= 10
    assert "google.colab" in notebook.cells[1].source and "--no-deps" in notebook.cells[1].source
    assert notebook.cells[-1].source.endswith("receipt()")
    assert sum("claim(" in cell.source for cell in code(notebook)) >= 5


def test_folded_solutions(notebook):
    solutions = [cell for cell in code(notebook) if cell.source.startswith("# A solution")]
    assert solutions
    for cell in solutions:
        assert "hide-cell" in cell.metadata.tags and cell.metadata.jupyter.source_hidden
        assert any("✓" in output.get("text", "") for output in cell.outputs)


def test_every_figure_has_alt_text_and_a_caption(notebook):
    pictures = [cell for cell, output in outputs(notebook) if "image/png" in output.get("data", {})]
    assert pictures
    for cell in pictures:
        about = cell.metadata.get("mystnb", {})
        assert len(about.get("image", {}).get("alt", "")) > 20, cell.source
        assert about["figure"]["caption"] and about["figure"]["name"].startswith("fig-")


def test_no_litter(notebook, path):
    for cell, output in outputs(notebook):
        assert output.output_type != "error", cell.source
        assert output.get("name") != "stderr", cell.source
        assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})
        assert not re.search(r"Warning|it/s\]|\d+%\|", output.get("text", "")), cell.source
    assert "widgets" not in notebook.metadata  # a stored widget asks other hosts for its scripts
    text = path.read_text()
    assert not SECONDS.search(text), "stored with times: use make notebooks"
    assert "/home/" not in text and "/root/" not in text
    assert len(text) <= 1.5e6
    assert notebook.metadata.kernelspec.name == "python3"
    json.loads(text)


@pytest.mark.slow
def test_a_run_is_stored_and_a_cell_that_takes_too_long_is_named(tmp_path, monkeypatch, capsys):
    path, text = tmp_path / "short.ipynb", tmp_path / "short.md"
    cells = [nbformat.v4.new_markdown_cell("text"), nbformat.v4.new_code_cell("print(6 * 7)")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    text.write_text(jupytext.writes(notebook, fmt=tool.FORMAT))
    tool.run(text)
    stored = nbformat.read(path, as_version=4).cells[1]
    assert stored.outputs[0].text == "42\n" and "execution" not in stored.metadata
    monkeypatch.setattr(tool, "LONGEST", 0)
    tool.run(text)
    assert "no reader waits so long: print(6 * 7)" in capsys.readouterr().out
