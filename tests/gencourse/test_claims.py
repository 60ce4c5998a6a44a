"""Claims: printed with ✓ or ✗, refused where that is asked, and recorded when they shall be."""

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


FAILURES = pytest.mark.parametrize(
    ("value", "relation"), [(3, "<"), (1, ">"), (float("nan"), "<"), (1, "==")]
)


@FAILURES
def test_a_claim_that_does_not_hold_stops_no_reader(value, relation, capsys):
    claim("It is so", value, relation, 2)
    failed, advice = capsys.readouterr().out.splitlines()
    assert failed.startswith("✗ It is so: ") and "chance" in advice


@FAILURES
def test_in_the_tests_it_raises(value, relation, monkeypatch):
    monkeypatch.setenv("GENCOURSE_STRICT", "1")
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


def test_below_a_claim_that_fails_stands_what_was_published_for_it(evidence, capsys):
    known = {"sentence": "It is so", "values": [1.0, None, 2.0, 3.0]}
    evidence["01"] = {"claims": [known, known | {"sentence": "Not that"}]}
    claim("It is so", 1.5, "<", 2)
    assert capsys.readouterr().out == "✓ It is so: 1.5 < 2\n"
    claim("It is so", 2.5, "<", 2)
    assert "\n    Published: 2 ± 1, 3 seeds. Close to the bound" in capsys.readouterr().out


def test_what_no_seed_changes_has_no_deviation():
    assert room.in_words([1.5]) == room.in_words([1.5, 1.5]) == "1.5"


def test_claims_leave_rows_whether_they_hold_or_not(tmp_path, monkeypatch):
    file = tmp_path / "claims.jsonl"
    monkeypatch.setenv("GENCOURSE_CLAIMS", str(file))
    claim("Größer", torch.tensor(3), ">", 2)
    claim("It is so", float("nan"), "<", 2)
    first, second = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert (first["sentence"], first["value"]) == ("Größer", 3) and second["value"] != second[
        "value"
    ]
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
