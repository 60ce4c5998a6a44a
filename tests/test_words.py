"""What speaks to the reader: claims, self-checks, settings, receipt, benchmark."""

import json
import math
import re
from pathlib import Path

import pytest
import torch

import gencourse
from gencourse import benchmark, check
from gencourse.claims import ClaimError, claim
from gencourse.receipt import receipt
from gencourse.training import History


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


def difference(power=2, dims=(1, 2, 3)):
    return lambda a, b: (a - b).abs().pow(power).mean(dims)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (difference(), "✓ That is right."),
        (lambda a, b: ..., "Not written yet"),
        (lambda a, b: None, "Not written yet"),
        (lambda a, b: (a - b).square().mean(), "You averaged over the images too"),
        (lambda a, b: (a - b).square().sum((1, 2, 3)), "You summed over the pixels"),
        (difference(power=1), "did you forget to square"),
        (lambda a, b: -(a - b).square().mean((1, 2, 3)), "The sign is wrong"),
        (lambda a, b: (a - b).square().mean((2, 3)), r"has shape \(3, 1\)"),
        (lambda a, b: a @ b[0, 0, 0, 0, 0], "stopped with IndexError"),
        (difference(power=3), "Expected 0, 1/4 and 1"),
    ],
)
def test_the_check_of_squared_error_names_the_mistake(answer, sentence, capsys):
    check.squared_error(answer)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert re.search(sentence, said), said


def closed_form(location, variance, logarithm):
    return 0.5 * (location**2 + variance - 1 - logarithm)


def right_rate(location, log_scale):
    return closed_form(location, torch.exp(2 * log_scale), 2 * log_scale).sum(1)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (right_rate, "✓ That is right."),
        (lambda m, s: ..., "Not written yet"),
        (lambda m, s: -right_rate(m, s), "The sign is wrong"),
        (lambda m, s: right_rate(m, s).mean(), "averaged over the images"),
        (lambda m, s: right_rate(m, s) / 2, "averaged over the dimensions"),
        (lambda m, s: right_rate(m, s)[:, None].expand(-1, 2), r"has shape \(3, 2\)"),
        (lambda m, s: closed_form(m, s.exp(), s).sum(1), "log σ² = 2 log σ"),
        (lambda m, s: 2 * right_rate(m, s), "factor ½ is missing"),
        (lambda m, s: right_rate(m, s) + 1, "expected 2.5 nats; got 3.5"),
    ],
)
def test_the_check_of_the_rate_names_the_mistake(answer, sentence, capsys):
    check.kl_divergence(answer)
    said = capsys.readouterr().out
    assert re.search(sentence, said), said


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda m, s, e: m + s * e, "✓ That is right."),
        (lambda m, s, e: None, "Not written yet"),
        (lambda m, s, e: m + e, "The scale is not used"),
        (lambda m, s, e: s * e, "The location is not used"),
        (lambda m, s, e: m + s**2 * e, "multiplied by the variance"),
        (lambda m, s, e: m + s.exp() * e, "not as its logarithm"),
        (lambda m, s, e: m + s * torch.randn(1, 2), "use the noise that is given"),
        (lambda m, s, e: (m + s * e).sum(), "has shape"),
        (lambda m, s, e: m - s * e, "expected 2; got 0"),
    ],
)
def test_the_check_of_the_sample_names_the_mistake(answer, sentence, capsys):
    check.reparametrisation(answer)
    said = capsys.readouterr().out
    assert re.search(sentence, said), said


def soft(a):
    return torch.nn.functional.softplus(a)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda r, m: soft(-r).mean() + soft(m).mean(), "✓ That is right."),
        (lambda r, m: (soft(-r).mean() + soft(m).mean()) / 2, "✓ That is right."),
        (lambda r, m: ..., "Not written yet"),
        (lambda r, m: -soft(-r).mean() - soft(m).mean(), "The sign is wrong"),
        (lambda r, m: soft(r).mean() + soft(-m).mean(), "The labels are swapped"),
        (lambda r, m: soft(-r).mean(), "One half is missing"),
        (lambda r, m: soft(-r).sum() + soft(m).sum(), "You summed"),
        (lambda r, m: soft(-r) + soft(m), "expected one number"),
        (lambda r, m: soft(-r).mean() + soft(m).mean() + 1, "Expected "),
        (lambda r, m: (-((r.exp() / (1 + r.exp())).log()) + soft(m)).mean(), "overflow"),
    ],
)
def test_the_check_of_the_critics_loss_names_the_mistake(answer, sentence, capsys):
    check.discriminator_loss(answer)
    said = capsys.readouterr().out
    assert re.search(sentence, said), said


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda m: soft(-m).mean(), "✓ That is right."),
        (lambda m: None, "Not written yet"),
        (lambda m: -soft(m).mean(), "This is the saturating loss"),
        (lambda m: soft(m).mean(), "The labels are swapped"),
        (lambda m: -soft(-m).mean(), "The sign is wrong"),
        (lambda m: soft(-m), "expected one number"),
        (lambda m: soft(-m).sum(), "Expected "),
        (lambda m: -m.sigmoid().log().mean(), "overflow"),
    ],
)
def test_the_check_of_the_forgers_loss_names_the_mistake(answer, sentence, capsys):
    check.generator_loss(answer)
    said = capsys.readouterr().out
    assert re.search(sentence, said), said


def line(a, b, steps):
    return torch.lerp(a, b, torch.linspace(0, 1, steps)[:, None])


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (line, "✓ That is right."),
        (lambda a, b, n: line(a, b, n).double().numpy(), "✓ That is right."),
        (lambda a, b, n: list(line(a, b, n)), "✓ That is right."),
        (lambda a, b, n: ..., "Not written yet"),
        (lambda a, b, n: line(b, a, n), "You walk backwards"),
        (lambda a, b, n: line(a, b, n + 1)[1:], "first code should be the start"),
        (lambda a, b, n: line(a, b, n + 1)[:-1], "last code should be the end"),
        (lambda a, b, n: line(a, b, n + 1), "has shape (6, 2)"),
        (lambda a, b, n: a + (b - a) * torch.linspace(0, 1, n)[:, None] ** 2, "steps differ"),
    ],
)
def test_the_check_of_interpolation_names_the_mistake(answer, sentence, capsys):
    check.interpolation(answer)
    assert sentence in capsys.readouterr().out


@pytest.mark.parametrize("text", ["-1", "1.5", "seven", "", str(2**32)])
def test_a_bad_seed_is_named(text, monkeypatch):
    monkeypatch.setenv("GENCOURSE_SEED", text)
    with pytest.raises(ValueError, match="GENCOURSE_SEED is .*expected a whole number"):
        gencourse.seed()


def test_where_weights_are_kept(monkeypatch, tmp_path):
    monkeypatch.delenv("GENCOURSE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert gencourse.cache_folder() == tmp_path / "gencourse"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert gencourse.cache_folder() == Path.home() / ".cache" / "gencourse"


def test_the_receipt_says_what_ran(monkeypatch, capsys):
    monkeypatch.setenv("GENCOURSE_SEED", "4")
    receipt()
    said = dict(row.split(maxsplit=1) for row in capsys.readouterr().out.splitlines())
    assert said["torch"] == torch.__version__
    assert said["seed"] == "4"
    assert int(said["seconds"]) >= 0
    assert {"python", "numpy", "matplotlib", "device", "arithmetic"} <= set(said)


def test_the_benchmark_writes_means_and_spread(tmp_path, monkeypatch, capsys):
    def toy(seed):
        """a protocol"""
        return {"mse": float(seed)}, 2.0

    monkeypatch.setitem(benchmark.ROWS, "toy", (toy, "somebody's figure"))
    file = tmp_path / "rows.json"
    benchmark.main(["toy", "--seeds", "1", "3", "--json", str(file)])
    (row,) = json.loads(file.read_text())
    assert row["name"] == "toy" and row["seeds"] == [1, 3]
    assert row["quality"] == {"mse": 2.0} and row["sd"] == {"mse": pytest.approx(2**0.5)}
    assert row["seconds"] == 2.0 and row["reference"] == "somebody's figure"
    assert row["protocol"].startswith("a protocol; ")
    assert "toy: mse 2 ± 1.4; 2 s" in capsys.readouterr().out


def test_one_seed_has_no_spread(monkeypatch):
    def toy(seed):
        """a protocol"""
        return {"mse": 1.0}, 1.0

    monkeypatch.setitem(benchmark.ROWS, "toy", (toy, ""))
    assert benchmark.run(["toy"], [0])[0]["sd"] == {"mse": None}


def test_an_unknown_row_is_named(capsys):
    with pytest.raises(SystemExit):
        benchmark.main(["nonsense"])
    assert "no row nonsense; there are autoencoder-2, vae-2" in capsys.readouterr().err


def test_the_row_of_the_autoencoder_runs(monkeypatch, few):
    monkeypatch.setattr(benchmark, "mnist", lambda: few)
    quality, seconds = benchmark.autoencoder_2(seed=0)
    assert 0 < quality["mse"] < 1 and seconds > 0


def test_the_row_of_the_data_reads_both_ways():
    quality, seconds = benchmark.data(seed=0)
    assert quality["ratio"] > 1
    assert seconds == quality["seconds_per_epoch"] > 0


@pytest.mark.parametrize("name", ["vae-2", "gan"])
def test_the_rows_of_the_models_run(name, monkeypatch, few):
    monkeypatch.setattr(benchmark, "mnist", lambda: few)
    quality, seconds = benchmark.ROWS[name][0](seed=0)
    assert all(math.isfinite(value) for value in quality.values()) and seconds > 0
    assert (
        set(quality)
        == {
            "vae-2": {"bound"},
            "gan": {"classes", "histogram_kl", "laplacian_ratio", "frechet"},
        }[name]
    )


def test_the_row_of_the_vae_compares_with_the_plain_recipe(monkeypatch, few):
    monkeypatch.setattr(benchmark, "mnist", lambda: few)
    monkeypatch.setattr(
        benchmark,
        "_torchvision_mnist",
        lambda _: list(zip(few.train.images[:256], few.train.labels[:256], strict=True)),
    )
    quality, seconds = benchmark.vae_20(seed=0)
    assert set(quality) == {"bound", "ratio", "plain_bound"}
    assert quality["ratio"] > 0 and seconds > 0


def test_a_history_is_comparable():
    assert History({"a": [1.0]}, 1.0) == History({"a": [1.0]}, 1.0)
