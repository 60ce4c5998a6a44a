"""What long runs found, and the table that shows it."""

import pytest

from gencourse.benchmark import race
from gencourse.benchmark.published import published, runs_of


def test_a_table_of_one_seed_has_no_spread():
    row = {"name": "toy", "quality": {"AE: sharp": 0.5}, "sd": {"AE: sharp": None}}
    assert "sharp                 0.50" in repr(race.Table(row, ["AE"]))


def test_the_published_race_has_five_seeds_of_every_entrant():
    for which in ("digits", "clothes"):
        row = published("scoreboard")[which]
        assert row["seeds"] == [0, 1, 2, 3, 4] == list(range(len(row["runs"])))
        for key, mean in row["quality"].items():
            assert mean == pytest.approx(sum(run[key] for run in row["runs"]) / 5)
        assert runs_of(row, "recall")["GAN"] == [run["GAN: recall"] for run in row["runs"]]
        assert set(runs_of(row, "copies")) == set(race.ENTRANTS) - {"GAN"}
        table = race.Table(row, ["real", *race.ENTRANTS])
        _, *lines = repr(table).split("\n")
        assert [line.split()[0] for line in lines] == list(race.FORMS)
        assert lines[0].count("±") == len(race.ENTRANTS) - 1
        page = table._repr_html_()
        assert page.count("<tr>") == 1 + len(race.FORMS) and page.count("–") == 3
