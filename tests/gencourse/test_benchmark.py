"""The benchmark: its rows run, and are written with means and spread."""

import json
import math

import pytest
import torch

from gencourse import benchmark
from gencourse.benchmark import peers, race, rows
from gencourse.benchmark.row import Row, as_text
from gencourse.evaluation.table import FORMATS
from gencourse.weights import recipes


def test_the_benchmark_writes_means_and_spread(tmp_path, monkeypatch, capsys):
    def toy(seed):
        return {"mse": float(seed)}, 2.0

    monkeypatch.setitem(benchmark.ROWS, "toy", Row("toy", "a protocol", "somebody's figure", toy))
    file = tmp_path / "rows.json"
    benchmark.main(["toy", "--seeds", "1", "3", "--json", str(file)])
    (row,) = json.loads(file.read_text())
    assert row["name"] == "toy" and row["seeds"] == [1, 3]
    assert row["quality"] == {"mse": 2.0} and row["sd"] == {"mse": pytest.approx(2**0.5)}
    assert row["seconds"] == 2.0 and row["reference"] == "somebody's figure"
    assert row["protocol"].startswith("a protocol; ")
    assert row["provenance"]["torch"] == torch.__version__
    assert "toy: mse 2 ± 1.4; 2 s" in capsys.readouterr().out


def test_one_seed_has_no_spread(monkeypatch):
    def toy(seed):
        return {"mse": 1.0}, 1.0

    monkeypatch.setitem(benchmark.ROWS, "toy", Row("toy", "a protocol", "", toy))
    assert benchmark.run(["toy"], [0])[0]["sd"] == {"mse": None}


def test_an_unknown_row_is_named(capsys):
    with pytest.raises(SystemExit):
        benchmark.main(["nonsense"])
    assert "no row nonsense; there are autoencoder-2, vae-2" in capsys.readouterr().err


def test_the_row_of_the_autoencoder_runs(monkeypatch, few):
    monkeypatch.setattr(rows, "mnist", lambda: few)
    quality, seconds = rows.autoencoder_2(seed=0)
    assert 0 < quality["mse"] < 1 and seconds > 0


def test_the_row_of_the_data_reads_both_ways():
    quality, seconds = rows.data(seed=0)
    assert quality["ratio"] > 1
    assert seconds == quality["seconds_per_epoch"] > 0


@pytest.mark.parametrize(
    "name", ["vae-2", "gan", "aae-2-swissroll", "aae-semi-100", "aae-cluster-30"]
)
def test_the_rows_of_the_models_run(name, monkeypatch, few):
    monkeypatch.setattr(rows, "mnist", lambda: few)
    monkeypatch.setattr(recipes, "mnist", lambda: few)
    quality, seconds = benchmark.ROWS[name].run(0)
    assert all(math.isfinite(value) for value in quality.values()) and seconds > 0
    assert (
        set(quality)
        == {
            "vae-2": {"bound"},
            "aae-2-swissroll": {"auc", "mse"},
            "aae-semi-100": {"error"},
            "aae-cluster-30": {"accuracy", "accuracy_one"},
            "gan": {"classes", "histogram_kl", "laplacian_ratio", "frechet"},
        }[name]
    )


def test_the_rows_of_the_convolutions_draw_by_the_seed_and_know_their_making():
    (first, seconds), (second, same) = (benchmark.ROWS["gan-conv"].run(seed) for seed in (0, 1))
    assert seconds == same > 60
    assert first["plausible"] > 0.7 and first != second


def test_the_row_of_the_vae_compares_with_the_plain_recipe(monkeypatch, few):
    monkeypatch.setattr(rows, "mnist", lambda: few)
    batch = [(few.train.images[:256], few.train.labels[:256])]
    monkeypatch.setattr(peers, "loader", lambda folder, batch_size: batch)
    quality, seconds = rows.vae_20(seed=0)
    assert set(quality) == {"bound", "ratio", "plain_bound"}
    assert quality["ratio"] > 0 and seconds > 0


def test_a_row_may_keep_lists_and_a_name_may_be_the_beginning_of_several(monkeypatch, capsys):
    def toy(seed):
        return {"mse": 1.0, "centre": [float(seed), 2.0]}, 1.0

    for name in ("toy-a", "toy-b"):
        monkeypatch.setitem(benchmark.ROWS, name, Row(name, "a protocol", "", toy))
    assert benchmark.main(["toy", "--seeds", "4"]) is None
    said = capsys.readouterr().out
    assert said.count("mse 1") == 2 and "centre" not in said
    (row,) = benchmark.run(["toy-a"], [4, 5])
    assert row["quality"] == {"mse": 1.0}
    assert [run["centre"] for run in row["runs"]] == [[4.0, 2.0], [5.0, 2.0]]


def test_a_whole_name_means_one_row_though_others_begin_so():
    assert benchmark.rows_meant_by("vae-2") == ["vae-2"]
    assert benchmark.rows_meant_by("aae-semi-100") == ["aae-semi-100"]
    assert benchmark.rows_meant_by("scoreboard") == ["scoreboard-digits", "scoreboard-clothes"]
    assert benchmark.rows_meant_by("") == list(benchmark.ROWS)
    assert benchmark.rows_meant_by("nonsense") == []


def test_each_entrant_is_printed_on_a_line():
    row = {
        "name": "toy", "protocol": "a protocol", "seeds": [0], "seconds": 2.0, "reference": "none",
        "quality": {"AE": {"sharp": 0.5, "recall": 1.0}, "GAN": {"sharp": 2.0}},
        "sd": {"AE": {"sharp": 0.1, "recall": None}, "GAN": {"sharp": 0.3}},
    }  # fmt: skip
    first, *lines = as_text(row).split("\n")
    assert first == "toy: "
    assert lines[:2] == ["    AE: sharp 0.5 ± 0.1, recall 1", "    GAN: sharp 2 ± 0.3; 2 s"]


def test_the_race_measures_every_entrant_alike(monkeypatch, few):
    monkeypatch.setattr(race.data, "mnist", lambda: few)
    monkeypatch.setattr(race, "STEPS", 2)
    measured, seconds = race.digits(seed=0)
    assert seconds > 0
    for name in race.ENTRANTS:
        missing = {"copies"} if name == "GAN" else set()
        assert set(measured[name]) == set(FORMATS) - missing | {"centre"}
        assert len(measured[name]["centre"]) == 64
    assert "seconds" not in measured["real"] and "sharp" in measured["real"]


def test_a_benchmark_that_is_stopped_loses_no_finished_run(monkeypatch, tmp_path):
    trained, stopped_at = [], [3]

    def toy(seed):
        if seed in stopped_at:
            raise KeyboardInterrupt
        trained.append(seed)
        return {"AE": {"mse": seed / 7}}, 1.0

    monkeypatch.setitem(benchmark.ROWS, "toy", Row("toy", "a protocol", "", toy))
    command = ["toy", "--seeds", "1", "2", "3", "--json", str(tmp_path / "rows.json")]
    with pytest.raises(SystemExit, match="what is finished is kept"):
        benchmark.main(command)
    assert not (tmp_path / "rows.json").exists()
    stopped_at.clear()
    benchmark.main(command)
    assert trained == [1, 2, 3]
    (row,) = json.loads((tmp_path / "rows.json").read_text())
    assert [run["AE"]["mse"] for run in row["runs"]] == [1 / 7, 2 / 7, 3 / 7]
    # A benchmark that has finished trains anew when it is asked again.
    benchmark.main(command)
    assert trained == [1, 2, 3, 1, 2, 3]
