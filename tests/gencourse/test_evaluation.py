"""The judge: what it knows, what it shrugs at, and whom it draws as often."""

import math

import pytest
import torch
from torch.nn import functional

from gencourse.data import DataError, clothes
from gencourse.evaluation import judge
from gencourse.evaluation.class_histogram import class_shares, kl_to_uniform, shares_of
from gencourse.models.reference_classifier import ReferenceClassifier
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


@pytest.mark.slow
def test_the_judge_can_be_trained_again(digits):
    """As the command that remakes the weights does, on a part small enough to wait for."""
    train, test = digits.train, digits.test
    fresh = ReferenceClassifier()
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


def test_shares_of_answers_that_are_known():
    answers = torch.tensor([[0.9, 0.1, 0.0], [0.2, 0.5, 0.3], [0.6, 0.4, 0.0], [0.4, 0.3, 0.3]])
    assert shares_of(answers).tolist() == [0.75, 0.25, 0]
