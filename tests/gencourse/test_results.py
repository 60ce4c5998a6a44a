"""What long runs found, and the table that shows it."""

import json
import re
import subprocess

import pytest
import torch

from gencourse import results
from gencourse.benchmark import ROWS, race
from gencourse.evaluation.table import FORMATS
from gencourse.results import RACES, provenance, published, runs_of, table


def test_a_table_of_one_seed_has_no_spread():
    row = {"name": "toy", "quality": {"AE": {"sharp": 0.5}}, "sd": {"AE": {"sharp": None}}}
    assert "sharp                 0.50" in repr(table(row, ["AE"]))


def test_the_published_race_has_five_seeds_of_every_entrant():
    for which in ("digits", "clothes"):
        row = published("scoreboard")[which]
        assert row["seeds"] == [0, 1, 2, 3, 4] == list(range(len(row["runs"])))
        for name, figures in row["quality"].items():
            for key, mean in figures.items():
                assert mean == pytest.approx(sum(run[name][key] for run in row["runs"]) / 5)
        assert runs_of(row, "recall")["GAN"] == [run["GAN"]["recall"] for run in row["runs"]]
        assert set(runs_of(row, "copies")) == set(race.ENTRANTS) - {"GAN"}
        shown = table(row, ["real", *race.ENTRANTS])
        _, *lines = repr(shown).split("\n")
        assert [line.split()[0] for line in lines] == list(FORMATS)
        assert lines[0].count("±") == len(race.ENTRANTS) - 1
        page = shown._repr_html_()
        assert page.count("<tr>") == 1 + len(FORMATS) and page.count("–") == 3


def test_a_result_or_a_measure_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="'races'; expected one of scoreboard, choice"):
        published("races")
    with pytest.raises(ValueError, match="'sharpness' was not measured; expected one of plausible"):
        runs_of(published("scoreboard")["digits"], "sharpness")


@pytest.mark.parametrize("name", RACES)
def test_what_is_published_follows_the_protocol_of_its_row_and_says_where_it_is_from(name):
    for subject, row in published(name).items():
        assert row["protocol"].startswith(ROWS[f"{name}-{subject}"].protocol + "; ")
        origin = row["provenance"]
        assert set(origin) >= {"commit", "torch", "date", "processor", "threads"}
        # What is not known is said not to be.
        assert "note" in origin or None not in origin.values()


def test_results_are_written_so_that_one_can_read_them(tmp_path):
    content = [{"name": "toy", "seeds": [0, 1], "sd": {"größer": None}, "runs": [[], {}]}]
    results.write(tmp_path / "toy.json", content)
    text = (tmp_path / "toy.json").read_text(encoding="utf-8")
    assert json.loads(text) == content
    assert ' "seeds": [0, 1],\n' in text and '"sd": {"größer": null},\n' in text


def test_the_origin_of_a_result_can_be_told():
    told = provenance.provenance()
    assert told["torch"] == torch.__version__ and told["threads"] == torch.get_num_threads()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", told["date"]) and told["processor"]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of one module in a repository of its own."""
    folder = tmp_path / "package"
    (folder / "results").mkdir(parents=True)
    (folder / "__init__.py").touch()
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "first"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    monkeypatch.setattr(provenance, "PACKAGE", folder)
    for told in (provenance.commit, provenance.package_digest):
        monkeypatch.setattr(provenance, told.__name__, told.__wrapped__)
    return folder


def test_the_commit_says_when_modules_differ_from_it(package):
    assert re.fullmatch(r"[0-9a-f]{40}", provenance.commit())
    (package / "results" / "claims.json").touch()
    assert re.fullmatch(r"[0-9a-f]{40}", provenance.commit())
    (package / "__init__.py").write_text("changed = True")
    assert re.fullmatch(r"[0-9a-f]{40} with changes", provenance.commit())


def test_a_package_that_is_installed_in_somebody_elses_repository_has_no_commit(
    package, monkeypatch
):
    installed = package / "site-packages" / "gencourse"
    installed.mkdir(parents=True)
    (installed / "__init__.py").touch()
    monkeypatch.setattr(provenance, "PACKAGE", installed)
    assert provenance.commit() is None


def test_the_digest_of_the_package_is_that_of_its_files_but_for_the_evidence(package):
    before = provenance.package_digest()
    (package / "results" / "claims.json").write_text("{}")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "module.pyc").touch()
    assert provenance.package_digest() == before
    (package / "results" / "choice.json").write_text("{}")
    assert provenance.package_digest() != before
