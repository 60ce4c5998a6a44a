"""What codes are good for: on codes whose worth is known."""

import pytest
import torch

from gencourse.benchmark import choice
from gencourse.data import Split
from gencourse.evaluation import moments, purposes
from gencourse.results import published, runs_of
from gencourse.training import reproducible


class Oracle:
    """A model whose codes are what somebody else says of the images."""

    def __init__(self, says, draws=None):
        self.encode = says
        self.decode = draws


@pytest.fixture(autouse=True)
def seeded():
    with reproducible(0):
        yield


@pytest.fixture
def splits(digits):
    few, rest = digits.train.few(100), slice(2000)
    return few, *(Split(s.images[rest], s.labels[rest]) for s in (digits.train, digits.test))


def knowing(*splits):
    """Codes that are the true labels, with a little noise."""
    labels = {
        image.numpy().tobytes(): y for s in splits for image, y in zip(*s_pair(s), strict=True)
    }

    def encode(images):
        known = torch.stack([labels[image.numpy().tobytes()] for image in images])
        return torch.nn.functional.one_hot(known, 10) + 0.05 * torch.randn(len(images), 10)

    return Oracle(encode)


def s_pair(split):
    return split.images, split.labels


def guessing():
    return Oracle(lambda images: torch.randn(len(images), 10))


def test_codes_that_know_the_class_classify_and_cluster(splits):
    few, train, test = splits
    sage, fool = knowing(*splits), guessing()
    assert purposes.classify(sage, few, test) == 0
    assert purposes.classify(fool, few, test) == pytest.approx(0.9, abs=0.05)
    assert purposes.cluster(sage, train, test) > 0.9  # k-means may split one heap and join two
    assert purposes.cluster(fool, train, test) < 0.25


def test_codes_that_know_the_slant_explain_it(splits):
    _, train, test = splits
    assert purposes.regress(Oracle(lambda x: moments.slant(x)[:, None]), train, test) > 0.95
    assert purposes.regress(guessing(), train, test) < 0.1


def test_half_way_is_judged(digits):
    images = digits.test.images[:401]
    halves = []

    def decode(codes):
        halves.append(codes)
        return images[: len(codes)]

    assert purposes.interpolate(Oracle(lambda x: x.mean((1, 2, 3))[:, None], decode), images) > 0.9
    means = images.mean((1, 2, 3))
    assert torch.allclose(halves[0][:, 0], (means[:200] + means[201:]) / 2)
    blank = Oracle(lambda x: x.flatten(1), lambda codes: torch.zeros(len(codes), 1, 28, 28))
    assert purposes.interpolate(blank, images) == 0


def test_the_choice_measures_every_entrant_for_every_purpose(monkeypatch, few):
    monkeypatch.setattr(choice.data, "mnist", lambda: few)
    monkeypatch.setattr(choice, "STEPS", 1)
    monkeypatch.setattr(
        few.train.__class__, "few", lambda self, n: Split(*s_pair(self)), raising=True
    )
    monkeypatch.setattr(choice, "ENTRANTS", dict(list(choice.ENTRANTS.items())[:3]))
    measured, seconds = choice.digits(seed=0)
    assert seconds > 0
    for name in choice.ENTRANTS:
        assert set(measured[name]) == {
            "plausible",
            "Fréchet",
            "classify",
            "cluster",
            "regress",
            "interpolate",
        }


def test_the_published_choice_has_three_seeds_of_every_entrant():
    for which in ("digits", "clothes"):
        row = published("choice")[which]
        assert row["seeds"] == [0, 1, 2]
        coders = {name for name in choice.ENTRANTS if not name.startswith("GAN")}
        for purpose in ("plausible", "Fréchet"):
            assert set(runs_of(row, purpose)) == set(choice.ENTRANTS)
        for purpose in ("classify", "cluster", "regress", "interpolate"):
            runs = runs_of(row, purpose)
            assert set(runs) == coders and all(len(values) == 3 for values in runs.values())
            assert all(0 <= value <= 1 for values in runs.values() for value in values)
