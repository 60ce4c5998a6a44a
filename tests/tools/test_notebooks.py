"""From text to notebook: the pairs agree, outputs are kept, and no edit is lost."""

import base64
import io
import re
import shutil

import nbformat
import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_rgb
from PIL import Image

from gencourse import files
from gencourse.figures.style import DIGITS, MODELS, ROLES
from tools import notebooks as tool
from tools.notebooks import FOLDER, NOTEBOOKS, TEXTS, contents, notebook_of, read

SHORT = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A short chapter

Some words.

```{code-cell}
six = 6
```

More words.

```{code-cell}
---
mystnb:
  figure:
    caption: >-
      A caption that
      goes on.
    name: fig-short
  image:
    alt: 'A picture: with a colon.'
---
print(7 * six)
```
"""


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A short chapter that has been run."""
    text = tmp_path_factory.mktemp("once") / "short.md"
    text.write_text(SHORT)
    assert tool.run(text)
    return text


@pytest.fixture
def text(once, tmp_path):
    for path in (once, notebook_of(once)):
        shutil.copy(path, tmp_path)
    return tmp_path / once.name


def change(path, old, new):
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def stored(text):
    return nbformat.read(notebook_of(text), as_version=4)


def state(text):
    return {path: path.read_bytes() for path in text.parent.rglob("*") if path.is_file()}


def test_every_notebook_has_a_text():
    handed_out = sorted(FOLDER.glob("homework/source/*/*.ipynb"))
    assert [notebook_of(text) for text in TEXTS] == NOTEBOOKS + handed_out


def test_nothing_lies_beside_the_notebooks_that_nbgrader_hands_out():
    """nbgrader copies into its release whatever lies there, be it the solutions."""
    found = {path.suffix for path in FOLDER.glob("homework/source/**/*") if path.is_file()}
    assert found == {".ipynb"}


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.stem)
def test_a_notebook_is_that_of_its_text(text):
    made, kept = read(text), stored(text)
    say = f"say make sync, or after a change of code make notebooks NAMES={text.stem}"
    assert contents(kept) == contents(made), say
    assert [cell.id for cell in kept.cells] == [cell.id for cell in made.cells], say
    assert kept.metadata == made.metadata, say


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.stem)
def test_captions_and_alt_texts_can_be_read_where_the_figure_is_made(text):
    blocks = re.findall(r"^```\{code-cell\}\n---\n(.*?)\n---$", text.read_text(), re.M | re.S)
    assert blocks
    for line in "\n".join(blocks).split("\n"):
        assert len(line) <= 100, line


def test_two_runs_give_the_same_bytes(once, text):
    notebook_of(text).unlink()
    assert tool.run(text) and not tool.run(text)
    assert notebook_of(text).read_bytes() == notebook_of(once).read_bytes()
    assert [cell.id for cell in stored(text).cells] == ["c00", "c01", "c02", "c03"]


def test_changed_prose_and_alt_text_keep_the_outputs(text):
    change(text, "Some words.", "Other words.\n\n+++\n\nA new cell.")
    change(text, "goes on.", "goes on and on.")
    change(text, "with a colon", "with another colon")
    assert tool.sync(text) and not tool.sync(text)
    cells = stored(text).cells
    assert cells[0].source.endswith("Other words.") and cells[1].source == "A new cell."
    about = cells[4].metadata.mystnb
    assert about.figure.caption == "A caption that goes on and on."
    assert about.image.alt == "A picture: with another colon."
    assert cells[4].outputs[0].text == "42\n" and cells[4].execution_count == 2
    assert [cell.id for cell in cells] == ["c00", "c01", "c02", "c03", "c04"]


ADDED = "```{code-cell}\nsix = 6\n```\n"
CODE = [
    ("7 * six", "8 * six", "  print(8 * six)"),
    (ADDED, ADDED + "\n```{code-cell}\nseven = 7\n```\n", "  seven = 7"),
    (ADDED, "", "lines were removed"),
]


@pytest.mark.parametrize(("old", "new", "named"), CODE, ids=["changed", "added", "removed"])
def test_changed_code_is_not_given_the_old_outputs(old, new, named, text):
    change(text, old, new)
    change(text, "Some words.", "Other words.")
    before = state(text)
    with pytest.raises(ValueError, match="make notebooks NAMES=short") as refusal:
        tool.sync(text)
    assert named in str(refusal.value) and state(text) == before


def test_a_chapter_that_was_never_run_is_not_stored(text):
    notebook_of(text).unlink()
    with pytest.raises(ValueError, match="make notebooks NAMES=short"):
        tool.sync(text)
    assert not notebook_of(text).exists()


@pytest.mark.parametrize("make", [tool.run, tool.sync])
@pytest.mark.parametrize(
    ("old", "new"),
    [("More words.", "Words by hand."), ("7 * six", "six * 7"), ("with a colon", "by hand")],
    ids=["prose", "code", "alt text"],
)
def test_what_was_edited_in_the_notebook_is_not_lost(make, old, new, text):
    change(notebook_of(text), old, new)
    change(text, "Some words.", "Other words.")
    before = state(text)
    with pytest.raises(ValueError, match="edited by hand") as refusal:
        make(text)
    shown = [line for line in str(refusal.value).split("\n") if line.startswith("+")]
    assert any(new in line for line in shown) and state(text) == before


def test_an_edit_by_hand_that_the_text_has_too_is_none(text):
    change(notebook_of(text), "More words.", "Words by hand.")
    change(text, "More words.", "Words by hand.")
    assert tool.sync(text)
    change(text, "Words by hand.", "Words again.")
    assert tool.sync(text) and stored(text).cells[2].source == "Words again."


def test_another_address_in_text_and_notebook_is_no_edit_by_hand(text):
    """make address replaces it in both."""
    change(text, "More words.", "See https://github.com/one/course and one.github.io/course.")
    tool.sync(text)
    for path in (text, notebook_of(text)):
        change(path, "github.com/one/course", "github.com/an-other/place")
        change(path, "one.github.io/course", "an-other.github.io/place")
    change(text, "Some words.", "Other words.")
    assert tool.sync(text)
    assert "an-other/place and an-other.github" in stored(text).cells[2].source


def test_a_cell_that_fails_leaves_the_notebook_as_it_was(text):
    change(text, "7 * six", "7 / 0")
    before = state(text)
    with pytest.raises(tool.CellExecutionError, match="ZeroDivisionError"):
        tool.run(text)
    assert state(text) == before


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_is_full_leaves_no_half_written_file(step, text, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    change(text, "Some words.", "Other words.")
    before = state(text)
    monkeypatch.setattr(files.os, step, full)
    with pytest.raises(OSError, match="no space left"):
        tool.sync(text)
    assert state(text) == before


@pytest.mark.parametrize("make", [tool.run, tool.sync])
def test_homework_is_not_run_and_lies_alone(make, tmp_path):
    text = tmp_path / "homework" / "hw9.md"
    text.parent.mkdir()
    text.write_text(SHORT)
    assert make(text) and not make(text)
    change(text, "7 * six", "7 / 0")
    assert make(text)
    assert notebook_of(text) == tmp_path / "homework" / "source" / "hw9" / "hw9.ipynb"
    cell = stored(text).cells[3]
    assert cell.source == "print(7 / 0)"
    assert cell.outputs == [] and cell.execution_count is None


def test_a_notebook_with_marks_of_a_merge_is_named(text):
    notebook_of(text).write_text("<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n")
    with pytest.raises(ValueError, match=r"short.ipynb is no notebook.*git checkout --ours"):
        tool.sync(text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: fig-short", "name: [", "cannot be read as the text of a notebook"),
        (SHORT[: SHORT.index("# A")], "", "has no kernelspec in its header"),
    ],
)
def test_a_text_that_is_none_is_named(old, new, said, text):
    change(text, old, new)
    before = state(text)
    with pytest.raises(ValueError, match=f"short.md {said}"):
        tool.sync(text)
    assert state(text) == before


LOST = {
    "two words": ("Some words.", "Some{}words.", "line 14: '{}' is a letter that some take"),
    "in code": ("six = 6", "six = '{}'", "line 17: '{}' is a letter"),
    "in a caption": ("goes on.", "goes{}on.", "line 28: '{}' is a letter"),
}
LETTERS = ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"]


def refused(text, make=tool.sync):
    before = state(text)
    with pytest.raises(ValueError, match=str(text)) as refusal:
        make(text)
    assert state(text) == before
    return str(refusal.value)


@pytest.mark.parametrize("letter", LETTERS, ids=ascii)
@pytest.mark.parametrize("place", LOST)
def test_a_letter_that_ends_a_line_for_some_is_named(place, letter, text):
    old, new, said = LOST[place]
    change(text, old, new.format(letter))
    assert said.format(f"{letter!r}"[1:-1]) in refused(text)


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| 1a2b3c"])
@pytest.mark.parametrize("place", ["Some words.\n", "six = 6\n", "    name: fig-short\n"])
def test_a_mark_of_a_merge_is_named_with_its_line(place, mark, text):
    number = text.read_text().split(place)[0].count("\n") + 2
    change(text, place, f"{place}{mark}\n")
    assert refused(text).endswith("a mark of a merge; take one of the two sides")
    assert f"line {number}: '{mark[:7]}'" in refused(text)


def test_no_other_page_has_a_mark_of_a_merge():
    pages = [
        *FOLDER.parent.glob("*.md"),
        *FOLDER.parent.glob("book/**/*.md"),
        FOLDER / "../_toc.yml",
    ]
    mark = next(pattern for pattern, what in tool.LOST.items() if "merge" in what)
    assert len(pages) > 5
    assert not [page for page in pages if any(map(mark.match, page.read_text().split("\n")))]


SIX = "```{code-cell}\nsix = 6\n```"
PROSE = {
    "in a list": "- a list:\n\n  ```{code-cell}\n  six = 6\n  ```",
    "in a quote": "> ```{code-cell}\n> six = 6\n> ```",
    "behind a blank": "``` {code-cell}\nsix = 6\n```",
    "with colons": ":::{code-cell}\nsix = 6\n:::",
    "in capitals": "```{Code-Cell}\nsix = 6\n```",
    "with a line": "```{code_cell}\nsix = 6\n```",
    "indented": "    ```{code-cell}\n    six = 6\n    ```",
    "with two signs": "``{code-cell}\nsix = 6\n``",
}


@pytest.mark.parametrize("homework", [False, True])
@pytest.mark.parametrize("sort", PROSE)
def test_a_cell_that_would_be_prose_is_named(sort, homework, text):
    if homework:
        (text.parent / "homework").mkdir()
        text = text.rename(text.parent / "homework" / "hw9.md")
    change(text, SIX, PROSE[sort])
    number = text.read_text().split("{c", 1)[0].split("{C", 1)[0].count("\n") + 1
    assert f"line {number}: a cell of code here would be prose" in refused(text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kernelspec:", "authors: [A, B]\nkernelspec:", "has 'authors' in its header"),
        ("kernelspec:", "mystnb:\n  render_image: 1\nkernelspec:", "has 'mystnb' in its header"),
        (
            "    name: fig-short",
            "    caption: Another.",
            "would have 'A', 'caption', 'that', 'goes'",
        ),
        (
            "    name: fig-short",
            "    name: fig-short # or so",
            "would have 'or', 'so' less or more",
        ),
    ],
)
def test_what_would_not_reach_the_notebook_is_named(old, new, said, text):
    change(text, old, new)
    assert said in refused(text)


def test_a_byte_order_mark_is_no_harm(text):
    text.write_text(text.read_text(), encoding="utf-8-sig")
    assert not tool.sync(text)


def test_a_text_is_myst_whatever_its_header_says(text):
    change(text, "format_name: myst", "format_name: markdown")
    assert not tool.sync(text)


def test_what_jupyterlab_adds_to_a_text_is_no_harm(text):
    change(text, "```{code-cell}", "```{code-cell} ipython3")
    change(
        text,
        "format_name: myst",
        "format_name: myst\n    format_version: 0.13\n    jupytext_version: 1.16.4",
    )
    assert not tool.sync(text)


def test_one_bad_text_does_not_stop_the_others(text, tmp_path, monkeypatch, capsys):
    bad = tmp_path / "bad.md"
    bad.write_text("No header.")
    monkeypatch.setattr(tool, "TEXTS", [bad, text])
    change(text, "Some words.", "Other words.")
    with pytest.raises(SystemExit, match="1 not written"):
        tool.main(["sync"])
    said = capsys.readouterr()
    assert said.out == "bad.md: not written\nshort.md: written\n"
    assert "bad.md has no kernelspec" in said.err
    tool.main(["sync", "short"])
    assert capsys.readouterr().out == "short.md: as it was\n"


def test_a_cell_without_end_does_not_stop_the_others(text, tmp_path, monkeypatch, capsys):
    endless = tmp_path / "endless.md"
    endless.write_text(SHORT.replace("six = 6", "import time\ntime.sleep(60)"))
    monkeypatch.setattr(tool, "PATIENCE", 1)
    monkeypatch.setattr(tool, "TEXTS", [endless, text])
    with pytest.raises(SystemExit, match="1 not written"):
        tool.main(["run"])
    said = capsys.readouterr()
    assert said.out == "endless.md: not written\nshort.md: as it was\n"
    assert "timed out" in said.err and not notebook_of(endless).exists()


def test_a_name_that_no_text_has_is_refused():
    with pytest.raises(SystemExit, match=r"no text begins with 09; there are 01_autoencoder"):
        tool.main(["sync", "01", "09"])


def test_the_beginning_of_a_name_is_enough():
    assert [text.stem for text in tool.chosen(["02", "01_auto"])] == [
        "01_autoencoder",
        "02_variational_autoencoder",
    ]
    assert tool.chosen([]) == tool.TEXTS


def test_a_figure_keeps_its_palette_beside_a_colour_map():
    """In 256 colours no colour of a model is lost."""
    dot = Image.new("RGB", (16, 16), MODELS["VAE"])
    plain = Image.new("RGB", (640, 480), "white")
    plain.paste(dot, (10, 10))
    mapped = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize((640, 480)),
            Image.linear_gradient("L").rotate(90).resize((640, 480)),
            Image.radial_gradient("L").resize((640, 480)),
        ],
    )
    mapped.paste(dot, (10, 10))
    for figure in (plain, mapped):
        file = io.BytesIO()
        figure.save(file, "PNG")
        small = tool.smaller(base64.b64encode(file.getvalue()).decode())
        stored = Image.open(io.BytesIO(base64.b64decode(small)))
        assert stored.mode == "P"
        assert stored.convert("RGB").getpixel((15, 15)) == dot.getpixel((0, 0))


def test_a_colour_bar_keeps_its_steps_beside_digits_and_greys():
    """As in the gallery of chapter 4: a map of two tones, dots half through it, digits, shades."""
    bar = 255 * colormaps["BrBG"](np.arange(256))[:, :3]
    under = (bar + 255 * np.array(to_rgb(ROLES["prior"]))) / 2
    dots = 255 * np.array([to_rgb(colour) for colour in DIGITS])
    shades = np.linspace(0, 255, 256)[:, None].repeat(3, axis=1)
    lines = [np.repeat(some, 2560 // len(some), axis=0) for some in (bar, under, dots, shades)]
    drawn = np.repeat(np.stack(lines), 10, axis=0).round().astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(drawn).save(file, "PNG")
    small = tool.smaller(base64.b64encode(file.getvalue()).decode())
    stored = Image.open(io.BytesIO(base64.b64decode(small)))
    assert stored.mode == "P"
    off = np.linalg.norm(drawn - np.asarray(stored.convert("RGB")).astype(float), axis=2)
    assert off[:20].max() < 12 and off[20:30].max() == 0
