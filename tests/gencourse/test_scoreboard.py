"""The scoreboard: real digits score as real, ruined ones do not."""

import pytest
import torch
from torch.nn import functional

from gencourse.data import clothes
from gencourse.evaluation.scoreboard import COLUMNS, measure, scoreboard
from gencourse.models import GAN, VAE
from gencourse.training import reproducible


@pytest.mark.slow
def test_real_digits_score_as_real_digits(digits):
    row = measure(digits.test.images[:1000], digits.test.images[1000:2000])
    assert row["plausible"] > 0.95 and row["uneven"] < 0.05
    assert row["sharp"] == pytest.approx(1, abs=0.1) and row["black"] == pytest.approx(1, abs=0.1)
    assert row["Fréchet"] < 15 and min(row["recall"], row["coverage"]) > 0.85


@pytest.mark.slow
def test_blurred_and_repeated_digits_do_not(digits):
    real = digits.test.images[1000:2000]
    blurred = functional.avg_pool2d(real, 3, 1, 1)
    assert measure(blurred, real)["sharp"] < 0.5 and measure(blurred, real)["black"] < 0.8
    sevens = digits.test.images[digits.test.labels == 7][:500]
    row = measure(sevens, real)
    assert row["uneven"] > 2 and row["recall"] < 0.3 and row["coverage"] < 0.3


@pytest.mark.slow
def test_blur_and_noise_are_not_precise(digits):
    real, others = digits.test.images[:1000], digits.test.images[1000:2000]
    with reproducible(0):
        noise = torch.rand(1000, 1, 28, 28)
    precision = {
        name: measure(made, real)["precision"]
        for name, made in {
            "real": others,
            "blurred": functional.avg_pool2d(others, 3, 1, 1),
            "noise": noise,
        }.items()
    }
    assert precision["real"] > precision["blurred"] + 0.1 and precision["noise"] < 0.05


def test_clothes_are_measured_by_their_own_judge():
    real, others = clothes().test.images.split(1000)
    row = measure(others, real, "clothes")
    assert row["plausible"] > 0.6 and row["uneven"] < 0.05 and row["Fréchet"] < 15
    assert row["fine"] == pytest.approx(1, abs=0.1)


@pytest.mark.slow
def test_the_table_has_a_row_for_each_model(digits):
    with reproducible(0):
        board = scoreboard({"VAE": VAE(2), "GAN": GAN(2)}, digits)
    head, *lines = repr(board).split("\n")
    assert head.split() == list(COLUMNS)
    assert [line[:12].strip() for line in lines] == ["real digits", "VAE", "GAN"]
    assert {len(line) for line in lines} == {len(head)}
    assert "copies" in board["VAE"] and "copies" not in board["GAN"]
    assert lines[2].split()[1] == "–"
    assert torch.tensor(list(board["GAN"].values())).isfinite().all()
    page = board._repr_html_()
    assert page.count("<tr>") == 4 and page.count("<td>–</td>") == 2
    assert all(f'<th scope="col">{column}</th>' in page for column in COLUMNS)
