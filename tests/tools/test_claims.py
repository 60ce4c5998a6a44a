"""make claims: every chapter with every seed, what was measured, and what is wrong with it."""

import json

import pytest

from gencourse.results import evidence as room
from tools.claims import __main__ as command
from tools.claims import evidence, page
from tools.claims.run import Run, RunError, digest_of
from tools.claims.text import Said, restated, said_in

HEADER = """\
---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
SETUP = """\
import torch
from gencourse import cache_folder, seed, settings
from gencourse.claims import claim"""
CELLS = [
    SETUP,
    'claim("Threads", torch.get_num_threads(), "==", 1)\n'
    'claim("Weights that were there before", len(list(cache_folder().iterdir())), "==", 0)',
    'claim("The seed", seed(), "<", 2)\nclaim("What stands below it", seed() / 3, "<", 2)',
    'claim("A bound that is measured", seed(), "<", 2 * seed())',
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
def book(tmp_path, monkeypatch):
    """A book without evidence or page; a test lists its chapters."""
    chapters = []
    monkeypatch.setattr(command, "CHAPTERS", chapters)
    monkeypatch.setattr(page, "CHAPTERS", chapters)
    monkeypatch.setattr(command, "FOLDER", tmp_path / "build")
    monkeypatch.setattr(page, "PAGE", tmp_path / "claims.md")
    for module in (command, room):
        monkeypatch.setattr(module, "FILE", tmp_path / "claims.json")
    room.evidence.cache_clear()
    yield chapters
    room.evidence.cache_clear()


@pytest.fixture
def unperformed(monkeypatch):
    """Runs that take no time: each finds its own seed, unless a test says what happens to it."""
    happens, performed = {}, []

    def perform(run):
        if run.seed in happens:
            raise happens[run.seed]
        performed.append(run.seed)
        run.kept.parent.mkdir(parents=True, exist_ok=True)
        run.kept.write_text(json.dumps([row("The seed", run.seed, seed=run.seed)]))

    monkeypatch.setattr(Run, "perform", perform)
    return happens, performed


def row(sentence, value, seed=0, arithmetic="float32", relation="<", bound=100):
    return {
        "chapter": "toy", "number": 1, "sentence": sentence, "value": float(value),
        "relation": relation, "bound": float(bound), "holds": True, "seed": seed,
        "arithmetic": arithmetic, "commit": "0123456789abcdef", "torch": "2.13.0",
        "date": "2026-11-26", "processor": "A|B", "threads": 1,
    }  # fmt: skip


def chapter(values, relation="<", bound=100, sentence="It is so"):
    return evidence.of_chapter(
        [
            [row(sentence, value, seed, arithmetic, relation, bound)]
            for arithmetic in ("float32", "bfloat16")
            for seed, value in enumerate(values)
        ]
    )


@pytest.mark.slow
def test_every_seed_is_run_and_what_it_measured_is_published(book, write, capfd, tmp_path):
    book.append(write("toy", CELLS))
    before = book[0].read_bytes()
    asked = ["--seeds", "1", "2", "--arithmetic", "float32"]
    assert command.main(asked) == 1
    known = json.loads((tmp_path / "claims.json").read_text())["toy"]
    assert [run["seed"] for run in known["runs"]["float32"]] == [1, 2]
    found = {claim["sentence"]: (claim["bound"], claim["values"]) for claim in known["claims"]}
    assert found == {
        "Threads": (1, {"float32": [1, 1]}),
        "Weights that were there before": (0, {"float32": [0, 0]}),
        "The seed": (2, {"float32": [1, 2]}),
        # The claim above does not hold with seed 2, and stops nothing.
        "What stands below it": (2, {"float32": [0.333333, 0.666667]}),
        "A bound that is measured": ({"float32": [2, 4]}, {"float32": [1, 2]}),
    }
    said = capfd.readouterr().out
    assert "toy: The seed: does not hold with seed 2 in float32: 2 < 2\n" in said
    assert "bounds are judged from 5 on" in said and "2 runs, 2 of them new" in said
    assert "The toy" in (tmp_path / "claims.md").read_text()
    assert book[0].read_bytes() == before and not (tmp_path / "build" / "cache").exists()
    command.main(asked)
    assert "2 runs, 0 of them new" in capfd.readouterr().out


@pytest.mark.slow
def test_another_error_than_a_claims_is_reported_and_nothing_is_published(
    book, write, capfd, tmp_path
):
    book.append(write("toy", [SETUP, 'claim("The seed", seed(), "<", 9)', "1 / 0"]))
    assert command.main(["--seeds", "1", "--arithmetic", "float32"]) == 1
    said = capfd.readouterr().out
    assert "toy, seed 1, float32: failed" in said and "ZeroDivisionError" in said
    assert json.loads((tmp_path / "claims.json").read_text()) == {}


@pytest.mark.slow
def test_code_that_changes_meanwhile_is_not_taken_for_what_ran(write, tmp_path):
    text = write("toy", ["1 + 1"])
    with pytest.raises(RunError, match="toy, seed 0, float32: the text or the package was changed"):
        Run(text, 0, "float32", "another digest", tmp_path).perform()


def test_a_command_that_is_stopped_goes_on_where_it_was(book, write, unperformed, monkeypatch):
    book.append(write("toy", ["1 + 1"]))
    happens, performed = unperformed
    happens[2] = KeyboardInterrupt()
    monkeypatch.setattr(command.os, "cpu_count", lambda: 1)
    asked = ["--seeds", "0", "1", "2", "3", "--arithmetic", "float32"]
    with pytest.raises(SystemExit, match="what is finished is kept"):
        command.main(asked)
    assert performed[:2] == [0, 1] and not room.FILE.exists()
    happens.clear()
    command.main(asked)
    assert sorted(performed) == [0, 1, 2, 3]
    (claim,) = json.loads(room.FILE.read_text())["toy"]["claims"]
    assert claim["values"] == {"float32": [0, 1, 2, 3]}


def test_a_chapter_that_was_not_asked_for_keeps_its_evidence(book, write, unperformed):
    book += [write("01_first", ["1 + 1"]), write("02_second", ["1 + 1"])]
    command.main(["--seeds", "0", "1", "--arithmetic", "float32"])
    command.main(["--seeds", "2", "3", "--arithmetic", "float32", "--chapters", "02"])
    known = json.loads(room.FILE.read_text())
    assert [known[name]["claims"][0]["values"]["float32"] for name in known] == [[0, 1], [2, 3]]


def test_fewer_runs_replace_no_evidence(book, write, unperformed, capsys):
    book.append(write("toy", ["1 + 1"]))
    command.main(["--seeds", "0", "1", "2", "--arithmetic", "float32"])
    assert command.main(["--seeds", "3", "4", "--arithmetic", "float32"]) == 1
    assert "toy: 2 runs replace no evidence from more; to publish" in capsys.readouterr().out
    (claim,) = json.loads(room.FILE.read_text())["toy"]["claims"]
    assert claim["values"] == {"float32": [0, 1, 2]}


def test_a_chapter_of_which_a_run_failed_keeps_its_evidence(book, write, unperformed, capsys):
    book.append(write("toy", ["1 + 1"]))
    happens, _ = unperformed
    command.main(["--seeds", "0", "1", "--arithmetic", "float32"])
    happens[3] = RunError("the reason")
    assert command.main(["--seeds", "2", "3", "--arithmetic", "float32"]) == 1
    assert "the reason" in capsys.readouterr().out
    (claim,) = json.loads(room.FILE.read_text())["toy"]["claims"]
    assert claim["values"] == {"float32": [0, 1]}


def test_a_run_is_known_by_the_code_of_its_text(write):
    first = digest_of(write("toy", ["1 + 1"]))
    assert digest_of(write("toy", ["1 + 1"])) == first != digest_of(write("toy", ["1 + 2"]))


def test_a_run_does_not_hang_on_the_bounds_that_its_claims_have(write):
    first = digest_of(write("toy", ['claim("It is so", seed(), "<", 2)  # now']))
    assert digest_of(write("toy", ['claim("It is so", seed(), ">=", -0.5)'])) == first
    others = ['claim("It is", seed(), "<", 2)', 'claim("It is so", seed() / 2, "<", 2)',
              'claim("It is so", seed(), "<", seed())']  # fmt: skip
    assert first not in {digest_of(write("toy", [other])) for other in others}


@pytest.mark.slow
def test_a_bound_that_moves_is_judged_by_what_was_measured_before(book, write, capsys):
    book.append(write("toy", CELLS))
    asked = ["--seeds", "1", "2", "--arithmetic", "float32"]
    command.main(asked)
    assert "The seed: does not hold with seed 2 in float32: 2 < 2" in capsys.readouterr().out
    write("toy", [cell.replace('seed(), "<", 2)', 'seed(), "<=", 4.5)') for cell in CELLS])
    command.main(asked)
    said = capsys.readouterr().out
    assert "2 runs, 0 of them new" in said and "The seed: does not hold" not in said
    claims = {
        claim["sentence"]: claim for claim in json.loads(room.FILE.read_text())["toy"]["claims"]
    }
    assert claims["The seed"]["relation"] == "<=" and claims["The seed"]["bound"] == 4.5
    assert claims["A bound that is measured"]["bound"] == {"float32": [2, 4]}


def test_the_claims_of_a_text_are_read_with_what_is_filled_in(write):
    path = write(
        "toy", ["%pip list", 'for name in "ab":\n    claim(f"{name} is (so)", 1, "<", -2)']
    )
    assert said_in(path) == [Said(r".+\ is\ \(so\)", "<", -2.0, exact=False)]
    rows = [row("a is (so)", 1), row("b is so", 1)]
    assert [each["bound"] for each in restated(rows, said_in(path))] == [-2.0, 100.0]


def test_a_row_that_several_claims_may_have_left_stays_as_it_is(write):
    cells = [
        'claim(f"{name} is so", 1, "<", 2)\nclaim("A is so", 1, "<", 3)',
        'claim(f"It {name}", 1, "<", 4)\nclaim(f"It is {name}", 1, "<", 5)',
    ]
    said = said_in(write("toy", cells))
    rows = [row(sentence, 1) for sentence in ("A is so", "B is so", "It is", "It is B")]
    assert [each["bound"] for each in restated(rows, said)] == [3, 2, 4, 100]


@pytest.mark.parametrize(
    "cell",
    [
        'claim("It is so", 1, "=<", 2)',
        'claim("It is so", 1, "<", bound=2)',
        "claim(*found)",
        'claim("It is " + word, 1, "<", 2)',
        'claim("It is so", 1, relation, 2)',
        "1 +",
    ],
)
def test_what_is_no_plain_claim_is_code_like_any_other(write, cell):
    first = write("toy", [cell])
    assert said_in(first) == []
    assert digest_of(first) != digest_of(write("other", [cell.replace("1", "3").replace("*", "")]))


def test_a_bound_that_is_no_number_is_left_to_the_run(write):
    cells = [f'claim("It is so", 1, "<", {bound})' for bound in ("None", "[1]", "1j", "10**400")]
    assert [claim.bound for claim in said_in(write("toy", cells))] == 4 * [None]


def test_two_commands_do_not_share_a_folder(book, write, unperformed):
    book.append(write("toy", ["1 + 1"]))
    command.FOLDER.mkdir()
    with (
        command.FileLock(command.FOLDER / "lock"),
        pytest.raises(SystemExit, match="another make claims is running"),
    ):
        command.main(["--seeds", "0", "--arithmetic", "float32"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--chapters", "99"], "no chapter begins with '99'; there are 01_autoencoder, 02_"),
        (["--arithmetic", "float16"], "choose from"),
        (["--seeds", "one"], "invalid int value: 'one'"),
    ],
)
def test_what_cannot_be_run_is_refused(arguments, said, capsys):
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert said in capsys.readouterr().err


def test_an_arithmetic_that_the_processor_does_not_have_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(command, "arithmetic", lambda device: "float32")
    with pytest.raises(SystemExit):
        command.main(["--arithmetic", "bfloat16"])
    assert "does not multiply in bfloat16" in capsys.readouterr().err


def test_the_values_of_a_claim_stand_in_the_order_of_the_seeds():
    runs = [[row("It is so", seed / 7, seed)] for seed in (2, 0, 1)]
    known = evidence.of_chapter(runs)
    assert [run["seed"] for run in known["runs"]["float32"]] == [0, 1, 2]
    assert known["claims"] == [
        {"sentence": "It is so", "relation": "<", "bound": 100,
         "values": {"float32": [0, 0.142857, 0.285714]}},
    ]  # fmt: skip


def test_claims_keep_their_order_though_a_run_did_not_come_to_all():
    whole = [row(sentence, 1, seed=1) for sentence in "abc"]
    broken = [row(sentence, 1, seed=0) for sentence in "ac"]
    claims = evidence.of_chapter([broken, whole])["claims"]
    assert [claim["sentence"] for claim in claims] == ["a", "b", "c"]
    assert claims[1]["values"] == {"float32": [None, 1]}


@pytest.mark.parametrize(
    ("values", "bound", "said"),
    [
        ([1, 1.1, 0.9, 1, 1], 1.5, None),
        ([1, 1.1, 0.9, 1, 1], 0.95, "does not hold with seed 0 in bfloat16: 1 < 0.95"),
        ([1, 1.1, 0.9, 1, 1], 1.11, "toy: It is so: < 1.11 is tight; a bound may lie from"),
        ([1, 1.1, 0.9, 1, 1], 3, "toy: It is so: < 3 is loose; a bound may lie from"),
        ([1, 1.1, 0.9, 1, float("nan")], 1.5, "measured nothing with seed 4 in float32"),
        ([1, 1.1, 0.9, 1], 1.5, "bounds are judged from 5 on"),
    ],
)
def test_what_is_wrong_with_a_claim_is_said(values, bound, said):
    found = list(evidence.problems({"toy": chapter(values, "<", bound)}))
    assert not found if said is None else any(said in problem for problem in found)


def test_a_bound_that_is_measured_is_judged_by_what_is_beyond_it():
    several = chapter([1, 2, 3, 4, 5], sentence="It is so")
    (claim,) = several["claims"]
    claim["bound"] = {name: [2, 3, 4, 5, 6] for name in claim["values"]}
    assert not list(evidence.problems({"toy": several}))
    claim["bound"]["float32"][4] = 4.5
    (found,) = evidence.problems({"toy": several})
    assert "does not hold with seed 4 in float32: 5 < 4.5" in found


def test_a_sentence_that_is_said_twice_is_found():
    known = {"first": chapter([1, 1.1, 0.9, 1, 1], "<", 1.5)}
    known["second"] = known["first"]
    assert [problem.split(";")[0] for problem in evidence.problems(known)] == [
        "first: It is so: said 2 times",
        "second: It is so: said 2 times",
    ]


def test_the_page_shows_every_value():
    known = {"01_toy": chapter([1, 1.25, 0.75], "<", 1.5, "A | b_c")}
    text = page.page(known, {"01_toy": "The *toy*"})
    assert text.startswith(page.HEAD)
    assert text.endswith(
        """
## [The *toy*](../notebooks/01_toy.ipynb)

Seeds 0, 1, 2, in this order. Run on 2026-11-26 at commit 0123456789ab, with torch 2.13.0 on \
A\\|B, threads: 1.

- A \\| b\\_c: \\< 1.5
  - bfloat16: 1 ± 0.25 (1, 1.25, 0.75)
  - float32: 1 ± 0.25 (1, 1.25, 0.75)
"""
    )


def test_the_page_says_which_commits_and_whether_there_were_changes():
    known = {"01_toy": chapter([1, 2, 3], "<", 5)}
    commits = [40 * "a" + " with changes", None, 40 * "b"]
    for run, commit in zip(known["01_toy"]["runs"]["float32"], commits, strict=True):
        run["commit"] = commit
    said = "at commit 0123456789ab, aaaaaaaaaaaa with changes, unknown, bbbbbbbbbbbb, with torch"
    assert said in page.page(known, {"01_toy": "The toy"})


def test_the_page_says_where_nothing_was_measured():
    known = {"01_toy": chapter([1, float("inf"), 3], "<", 1.5)}
    assert "float32: 2 ± 1.4 (1, –, 3)" in page.page(known, {"01_toy": "The toy"})


def test_the_titles_are_those_of_the_chapters(write):
    chapters = [write(name, ["1 + 1"]) for name in ("toy", "other")]
    assert page.titles_of(chapters, {"toy": {}}) == {"toy": "The toy"}
