"""The judge and the measurements, on cases whose answer is known."""

import math

import pytest
import torch
from torch.nn import functional

from gencourse import priors
from gencourse.data import DataError, clothes
from gencourse.evaluation import judge, latent
from gencourse.evaluation.class_histogram import class_shares, kl_to_uniform
from gencourse.training import fit, reproducible


@pytest.mark.slow
def test_the_judge_reads_the_test_digits(digits):
    guesses = judge.probabilities(digits.test.images).argmax(1)
    assert (guesses == digits.test.labels).double().mean() >= 0.992


def test_the_judge_is_sure_of_digits_and_of_nothing_else(digits):
    real = digits.test.images[:1000]
    torn = real.roll((14, 14), (2, 3))
    with reproducible(3):
        noise = torch.rand(1000, 1, 28, 28)
    mean = digits.train.images.mean(0, keepdim=True)
    sure = {
        "real": real,
        "torn": torn,
        "noise": noise,
        "mean": mean,
        "blank": torch.zeros(1, 1, 28, 28),
        "ink": torch.ones(1, 1, 28, 28),
        "blurred away": functional.avg_pool2d(real, 9, 1, 4),
    }
    confidence = {name: judge.confidence(images).mean().item() for name, images in sure.items()}
    assert confidence.pop("real") > 0.97
    assert all(value < 0.3 for value in confidence.values()), confidence


def test_the_judge_is_in_two_minds_about_a_blend(digits):
    ones = digits.test.images[digits.test.labels == 1][:100]
    zeros = digits.test.images[digits.test.labels == 0][:100]
    probabilities = judge.probabilities((ones + zeros) / 2).mean(0)
    assert judge.confidence((ones + zeros) / 2).mean() < 0.7
    assert set(probabilities.topk(2).indices.tolist()) == {0, 1}


def test_what_the_judge_gives(digits):
    few = digits.test.images[:5]
    assert judge.features(few).shape == (5, 64)
    assert torch.allclose(judge.probabilities(few).sum(1), torch.ones(5))
    with pytest.raises(DataError, match="divide 8-bit images by 255"):
        judge.confidence(few * 255)


@pytest.mark.slow
def test_the_judge_of_clothes_knows_them_and_nothing_else():
    wear = clothes().test
    guesses = judge.probabilities(wear.images, "clothes").argmax(1)
    assert (guesses == wear.labels).double().mean() > 0.89
    sure = judge.confidence(wear.images, "clothes").mean()
    for nothing in (wear.images.roll((14, 14), (2, 3)), torch.rand(500, 1, 28, 28)):
        assert judge.confidence(nothing, "clothes").mean() < sure - 0.4
    with pytest.raises(ValueError, match="no judge of 'cats'; expected one of digits, clothes"):
        judge.features(wear.images[:5], "cats")


def test_a_damaged_judge_is_named(tmp_path, monkeypatch):
    damaged = tmp_path / "judge-digits.safetensors"
    damaged.write_bytes(judge.weights("digits").read_bytes()[:-1] + b"!")
    monkeypatch.setattr(judge, "FOLDER", tmp_path)
    with pytest.raises(DataError, match="checksum.*python -m gencourse.evaluation.judge digits"):
        judge.shipped.__wrapped__()
    damaged.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        judge.shipped.__wrapped__()


def test_what_the_judge_is_shown(digits):
    images = digits.train.images[:64]
    targets = functional.one_hot(digits.train.labels[:64], 10).float()
    with reproducible(0):
        shifted = judge.shift(images)
        mixed, mixed_targets = judge.blend(images, targets)
        nothing, soft = judge.non_digits(images), judge.soften(images)
    centred = torch.zeros(1, 1, 28, 28)
    centred[..., 10:18, 10:18] = 1
    places = judge.shift(centred.repeat(500, 1, 1, 1))
    assert torch.equal(places.sum((1, 2, 3)), torch.full((500,), 64.0))
    assert len(places.unique(dim=0)) == 25  # five moves each way, none lost, none beyond
    for shown in (shifted, mixed, nothing, soft):
        assert shown.shape == images.shape
        assert shown.min() >= 0 and shown.max() <= 1.0001
    assert torch.allclose(mixed_targets.sum(1), torch.ones(64))
    assert torch.equal(soft[1::2], images[1::2])


@pytest.mark.slow
def test_the_judge_can_be_trained_again(digits):
    """As the command that remakes the weights does, on a part small enough to wait for."""
    train, test = digits.train, digits.test
    fresh = judge.Judge()
    fit(fresh, train.images[:6000], train.labels[:6000], epochs=4, batch_size=64)
    with torch.no_grad():
        guesses = fresh.head(fresh.body(test.images[:1000])).argmax(1)
    assert (guesses == test.labels[:1000]).double().mean() > 0.9


@pytest.mark.slow
def test_shares_and_their_divergence(digits):
    shares = class_shares(digits.test.images)
    true = digits.test.labels.bincount() / len(digits.test.labels)
    assert torch.allclose(shares, true, atol=0.003)
    assert kl_to_uniform(torch.full((10,), 0.1)) == pytest.approx(0, abs=1e-6)
    assert kl_to_uniform(torch.eye(10)[3]) == pytest.approx(math.log(10))
    half = torch.tensor([0.5, 0.5, 0, 0])
    assert kl_to_uniform(half) == pytest.approx(math.log(2))


def test_the_grid_covers_the_box_row_by_row():
    codes = torch.tensor([[0.0, -1.0], [4.0, 1.0], [2.0, 0.5]])
    grid = latent.grid(codes, steps=3)
    assert grid.tolist() == [[x, y] for y in (-1, 0, 1) for x in (0, 2, 4)]


def test_distance_spread_and_binned_means():
    codes = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    assert latent.distance_to_nearest(torch.tensor([[3.0, 0.0], [3.0, 5.0]]), codes).tolist() == [
        3,
        1,
    ]
    assert latent.spread(codes) == pytest.approx(2.5)
    positions, values = torch.tensor([4.0, 1, 2, 3]), torch.tensor([40.0, 10, 20, 30])
    centres, means = latent.binned_means(positions, values, bins=2)
    assert centres.tolist() == [1.5, 3.5] and means.tolist() == [15, 35]


def test_priors_have_the_densities_they_claim():
    point = torch.tensor([[1.0, -2.0]])
    expected = -0.5 * 5 - math.log(2 * math.pi)
    assert priors.gaussian(2).log_prob(point).item() == pytest.approx(expected, rel=1e-6)
    codes = torch.tensor([[0.0, 0.0], [2.0, 4.0]])
    assert priors.box_around(codes).log_prob(codes.mean(0, keepdim=True)).item() == pytest.approx(
        -math.log(8)
    )


def test_fitted_priors_find_what_the_codes_were_drawn_from():
    with reproducible(0):
        left = torch.randn(2000, 2) * 0.5 + torch.tensor([-5.0, 0.0])
        right = torch.randn(6000, 2) + torch.tensor([5.0, 0.0])
        codes = torch.cat([left, right])
        mixture, one = priors.mixture_fitted_to(codes, 2), priors.gaussian_fitted_to(codes)
        drawn = mixture.sample(20000)
        assert one.sample(5).shape == (5, 2)
    assert (drawn[:, 0] < 0).float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert drawn[drawn[:, 0] < 0].std(0).tolist() == pytest.approx([0.5, 0.5], abs=0.03)
    assert drawn[drawn[:, 0] > 0].mean(0).tolist() == pytest.approx([5, 0], abs=0.1)
    mean_log_probs = mixture.log_prob(codes).mean(), one.log_prob(codes).mean()
    assert mean_log_probs[0] > mean_log_probs[1] + 0.5
    assert one.distribution.mean.tolist() == pytest.approx(codes.mean(0).tolist(), abs=1e-5)


def test_a_seed_reaches_the_mixture():
    codes = torch.randn(500, 2)

    def fit(seed):
        with reproducible(seed):
            return priors.mixture_fitted_to(codes, 3).sample(4)

    assert torch.equal(fit(0), fit(0))
    assert not torch.equal(fit(0), fit(1))
