"""Claims: printed when they hold, refused when they do not, and recorded when they shall be."""

import json
import os
import subprocess
import sys

import pytest
import torch

from gencourse.claims import ClaimError, claim
from gencourse.data import DataError
from gencourse.results import evidence as room


@pytest.mark.parametrize(
    ("relation", "bound"), [("<", 2), ("<=", 1), (">", 0.5), (">=", 1), ("==", 1)]
)
def test_a_claim_that_holds_is_printed_with_number_and_bound(relation, bound, capsys):
    claim("One is one", torch.tensor(1.0), relation, bound)
    assert capsys.readouterr().out == f"✓ One is one: 1 {relation} {bound:.4g}\n"


@pytest.mark.parametrize(
    ("value", "relation"), [(3, "<"), (1, ">"), (float("nan"), "<"), (1, "==")]
)
def test_a_claim_that_does_not_hold_raises(value, relation):
    with pytest.raises(ClaimError, match="does not hold here: It is so: "):
        claim("It is so", value, relation, 2)


def test_an_unknown_relation_is_named():
    with pytest.raises(ValueError, match="expected one of <, <="):
        claim("It is so", 1, "=<", 2)


@pytest.fixture
def evidence(monkeypatch):
    """The published evidence, which a test may fill."""
    known = {}
    monkeypatch.setattr(room, "evidence", lambda: known)
    return known


def of(sentence, **values):
    return {"sentence": sentence, "relation": "<", "bound": 2, "values": values}


def test_below_a_claim_of_the_book_stands_its_spread_over_the_seeds(evidence, capsys):
    values = {"bfloat16": [1.0, 2.0, 3.0], "float32": [1.0, 1.0, 1.0]}
    evidence["01"] = {"claims": [of("It is so", **values), of("Not that", **values)]}
    claim("It is so", 1.5, "<", 2)
    assert capsys.readouterr().out == (
        "✓ It is so: 1.5 < 2\n    3 seeds in bfloat16: 2 ± 1; 3 seeds in float32: 1 ± 0\n"
    )


def test_it_is_said_where_no_seed_changes_anything(evidence, capsys):
    evidence["01"] = {"claims": [of("It is so", bfloat16=[1.5, 1.5], float32=[1.5, 1.5])]}
    claim("It is so", 1.5, "<", 2)
    assert capsys.readouterr().out == "✓ It is so: 1.5 < 2\n    the same with every seed\n"


def test_a_sentence_that_two_claims_have_or_none_is_without_spread(evidence, capsys):
    twice = of("It is so", float32=[1.0, 2.0])
    evidence.update({"01": {"claims": [twice]}, "02": {"claims": [twice]}})
    claim("It is so", 1, "<", 2)
    claim("Something else", 1, "<", 2)
    assert capsys.readouterr().out == "✓ It is so: 1 < 2\n✓ Something else: 1 < 2\n"


def test_a_run_that_did_not_come_to_the_claim_does_not_count():
    assert room.mean_and_sd([1.0, None, 3.0]) == "2 ± 1.4"
    assert room.mean_and_sd([None, 3.0]) == "–"


def test_claims_that_leave_rows_do_so_whether_they_hold_or_not(tmp_path, monkeypatch, capsys):
    file = tmp_path / "claims.jsonl"
    monkeypatch.setenv("GENCOURSE_CLAIMS", str(file))
    monkeypatch.setenv("GENCOURSE_CHAPTER", "01_autoencoder")
    monkeypatch.setenv("GENCOURSE_SEED", "3")
    monkeypatch.setenv("GENCOURSE_ARITHMETIC", "float32")
    claim("Größer", torch.tensor(3), ">", 2)
    claim("It is so", float("nan"), "<", 2)
    assert capsys.readouterr().out == "✓ Größer: 3 > 2\n✗ It is so: nan < 2\n"
    first, second = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert first["sentence"] == "Größer" and first["holds"] and not second["holds"]
    assert (first["value"], first["relation"], first["bound"]) == (3, ">", 2)
    assert first["chapter"] == "01_autoencoder" and second["number"] == first["number"] + 1
    assert (first["seed"], first["arithmetic"]) == (3, "float32")
    assert first["torch"] == torch.__version__ and {"commit", "processor", "date"} <= set(first)


def test_a_file_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("GENCOURSE_CLAIMS", str(tmp_path / "missing" / "claims.jsonl"))
    with pytest.raises(FileNotFoundError, match="GENCOURSE_CLAIMS.*missing/claims.jsonl"):
        claim("It is so", 1, "<", 2)


def test_a_row_that_is_cut_short_is_not_passed_over(tmp_path, monkeypatch):
    file = tmp_path / "claims.jsonl"
    code = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
        "from gencourse.claims import claim\n"
        "for i in range(9): claim('so ' * 50, i, '>=', 0)"
    )
    environment = os.environ | {"GENCOURSE_CLAIMS": str(file)}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert said.returncode == 1 and b"of a row: is the disk full?" in said.stderr


@pytest.mark.parametrize("value", [None, "a", 1j, torch.zeros(2), 10**400])
def test_what_is_no_number_is_refused_with_the_sentence(value):
    with pytest.raises(ValueError, match="It is so: got .*; expected one number"):
        claim("It is so", value, "<", 2)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"01": 1}', b'{"01": {"claims": [{}]}}'])
def test_damaged_evidence_is_named_and_fails_no_claim(content, tmp_path, monkeypatch, capsys):
    file = tmp_path / "claims.json"
    file.write_bytes(content)
    monkeypatch.setattr(room, "FILE", file)
    room.evidence.cache_clear()
    with pytest.raises(DataError, match="claims.json is damaged .*make claims"):
        room.evidence()
    claim("It is so", 1, "<", 2)
    assert capsys.readouterr().out == "✓ It is so: 1 < 2\n"
    room.evidence.cache_clear()


@pytest.mark.slow
def test_several_processes_add_whole_rows_to_one_file(tmp_path):
    file = tmp_path / "claims.jsonl"
    code = "from gencourse.claims import claim\nfor i in range(100): claim('so ' * 500, i, '>=', 0)"
    environment = os.environ | {"GENCOURSE_CLAIMS": str(file)}
    processes = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL)
        for _ in range(3)
    ]
    assert [process.wait() for process in processes] == [0, 0, 0]
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert sorted(row["value"] for row in rows) == sorted(3 * list(range(100)))
