"""make claims: what the texts say, what was measured, and what of it stands today."""

import json

import pytest

from gencourse.results import evidence as room
from tools import notebooks
from tools.claims import __main__ as command
from tools.claims import page, rows
from tools.claims.text import code_apart_from_claims, named, said_in, successors

HEADER = """\
---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
SETUP = "from gencourse import seed\nfrom gencourse.claims import claim"
CELLS = [
    SETUP,
    'claim("The seed", seed(), "<", 2)',
    'for name in "ab":\n    claim(f"{name} of the seed", seed() / 2, "<", 9)',
]
SAID = ["The seed", "a of the seed", "b of the seed"]
REWORDED = [
    SETUP,
    'claim("What was sown", seed(), "<", 100)  # with a remark',
    'for name in "ab":\n    claim(f"The seed of {name}", seed() / 2, "<=", 9)',
]


@pytest.fixture
def write(tmp_path):
    """Writes the text of a chapter of these cells."""

    def write(name, cells):
        path = tmp_path / f"{name}.md"
        code = "\n".join(f"```{{code-cell}}\n{cell}\n```\n" for cell in cells)
        path.write_text(f"{HEADER}\n# The {name}\n\n{code}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def book(tmp_path, monkeypatch, write):
    """A book of one chapter, without evidence."""
    text = write("toy", CELLS)
    monkeypatch.setattr(notebooks, "TEXTS", [text])
    monkeypatch.setattr(notebooks, "CHAPTERS", [text])
    monkeypatch.setattr(command, "FOLDER", tmp_path / "build")
    for module in (command, rows, room):
        monkeypatch.setattr(module, "FILE", tmp_path / "claims.json")
    room.evidence.cache_clear()
    yield text
    room.evidence.cache_clear()


@pytest.fixture
def measured(book):
    """The same, whose claims were measured with the seeds 1 and 2."""
    found = {
        seed: [
            {"sentence": sentence, "value": value, "commit": "0123", "torch": "2",
             "date": "2026-11-30", "processor": "A|B", "threads": 1}
            for sentence, value in zip(SAID, (seed, seed / 2, seed / 2), strict=True)
        ]
        for seed in (1, 2)
    }  # fmt: skip
    rows.write(rows.FILE, {"toy": rows.of_runs(said_in(CELLS), found)})
    return book


def values():
    known = json.loads(room.FILE.read_text())["toy"]
    return {row["sentence"]: row["values"] for row in known["claims"]}


def test_claims_are_read_with_what_is_filled_in():
    said = said_in(CELLS)
    assert [claim.words for claim in said] == [("The seed",), (None, " of the seed")]
    assert named(said, "a of the seed") == (said[1], ("a",)) and named(said, "no seed") is None
    assert said[1].sentence(("b",)) == "b of the seed"


@pytest.mark.parametrize(
    "call",
    ['claim(words, 1, "<", 2)', 'claim("So", 1, "<", most)', 'claim("So", 1, "=<", 2)',
     'claim("So", 1, "<", bound=2)'],
)  # fmt: skip
def test_a_claim_of_another_form_is_shown(call):
    with pytest.raises(ValueError, match=r"expected claim\(.*got claim\("):
        said_in([call])


def test_words_and_bounds_change_no_digest_but_code_before_it_does():
    digests = [claim.digest for claim in said_in(CELLS)]
    assert [claim.digest for claim in said_in(REWORDED)] == digests
    assert [claim.digest for claim in said_in([SETUP, "x = 1", *CELLS[1:]])] != digests
    later = [*CELLS[:2], CELLS[2].replace("ab", "abc")]
    assert [
        claim.digest == digest for claim, digest in zip(said_in(later), digests, strict=True)
    ] == [True, False]
    assert code_apart_from_claims(CELLS) == code_apart_from_claims(REWORDED)


def test_of_two_claims_of_one_code_nobody_knows_which_is_gone():
    two, one = (
        said_in(['claim("A", x, "<", 1)\nclaim("B", x, ">", 0)']),
        said_in(['claim("B", x, ">", 0)']),
    )
    assert list(successors(two, one).values()) == [None, None]
    assert successors(one, two) == {"x #1": two[0]}


def test_rewording_carries_the_evidence_and_what_is_gone_loses_it(measured):
    rows.carry("toy", said_in(CELLS), said_in(REWORDED))
    assert values() == {
        "What was sown": [1, 2],
        "The seed of a": [0.5, 1],
        "The seed of b": [0.5, 1],
    }
    rows.carry("toy", said_in(REWORDED), said_in(REWORDED[:2]))
    assert values() == {"What was sown": [1, 2]}


def test_a_value_that_its_claim_forbids_is_named_and_a_row_of_no_claim(measured):
    chapter = room.evidence()["toy"]
    assert rows.contradicted(said_in(CELLS), chapter) == ["The seed: 2 with seed 2, expected < 2"]
    assert not rows.contradicted(said_in(REWORDED), chapter)
    assert rows.orphans(said_in(CELLS), chapter) == []
    assert rows.orphans(said_in(CELLS[:2]), chapter) == ["a of the seed", "b of the seed"]


def test_the_page_says_how_the_evidence_stands(measured, write):
    told = page.page([measured], room.evidence())
    assert "- The seed: \\< 2\n  - measured: 1.5 ± 0.71 (1, 2)\n" in told and "A\\|B" in told
    write("toy", [SETUP, "x = 1", *CELLS[1:], 'claim("New", x, "==", 1)'])
    told = page.page([measured], room.evidence())
    assert (
        "  - measured before a change: 1.5" in told and "- New: == 1\n  - not yet measured" in told
    )


def test_what_is_missing_is_named(measured, capsys):
    assert command.main(["--missing"]) == 1
    assert "toy: seed() #1: 2 seeds\n" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--seeds", "-1"], ["--chapters", "99"]])
def test_a_bad_word_stops_the_command_before_any_run(words, book):
    with pytest.raises(SystemExit, match=r"-1|99"):
        command.main(words)


@pytest.mark.slow
def test_every_seed_is_run_kept_and_published(book, write, capsys):
    before = book.read_bytes()
    assert command.main(["--seeds", "1", "2"]) == 0
    assert values() == {"The seed": [1, 2], "a of the seed": [0.5, 1], "b of the seed": [0.5, 1]}
    assert "toy: published\n  The seed: 2 with seed 2, expected < 2\n" in capsys.readouterr().out
    assert book.read_bytes() == before
    write("toy", [*CELLS, "1 / 0"])
    assert command.main(["--seeds", "3"]) == 1
    assert "toy, seed 3: failed: " in capsys.readouterr().out and values()["The seed"] == [1, 2]


def test_what_is_filled_in_belongs_to_the_claim():
    """In another order, or another thing, it is another claim, and no number is carried to it."""
    first = said_in(['claim(f"{a} beats {b}", x, ">", 0)'])
    for words in ("{b} is beaten by {a}", "{a} beats {c}"):
        assert list(successors(first, said_in([f'claim(f"{words}", x, ">", 0)'])).values()) == [
            None
        ]
    reworded = said_in(['claim(f"{a} is before {b}", x, ">", 0)'])
    assert list(successors(first, reworded).values()) == reworded


def test_a_sentence_that_one_run_says_twice_is_refused():
    row = {"sentence": "a of the seed", "value": 1}
    with pytest.raises(ValueError, match="two claims say with seed 3: a of the seed"):
        rows.of_runs(said_in(CELLS), {3: [row, row]})
