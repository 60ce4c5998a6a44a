"""What codes are good for: on codes whose worth is known."""

import pytest
import torch

from gencourse.data import Split
from gencourse.evaluation import downstream, image_moments
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
    assert downstream.classify(sage, few, test) == 0
    assert downstream.classify(fool, few, test) == pytest.approx(0.9, abs=0.05)
    assert downstream.cluster(sage, train, test) > 0.9  # k-means may split one heap and join two
    assert downstream.cluster(fool, train, test) < 0.25


def test_codes_that_know_the_slant_explain_it(splits):
    _, train, test = splits
    assert downstream.regress(Oracle(lambda x: image_moments.slant(x)[:, None]), train, test) > 0.95
    assert downstream.regress(guessing(), train, test) < 0.1


def test_half_way_is_judged(digits):
    images = digits.test.images[:401]
    halves = []

    def decode(codes):
        halves.append(codes)
        return images[: len(codes)]

    assert (
        downstream.interpolate(Oracle(lambda x: x.mean((1, 2, 3))[:, None], decode), images) > 0.9
    )
    means = images.mean((1, 2, 3))
    assert torch.allclose(halves[0][:, 0], (means[:200] + means[201:]) / 2)
    blank = Oracle(lambda x: x.flatten(1), lambda codes: torch.zeros(len(codes), 1, 28, 28))
    assert downstream.interpolate(blank, images) == 0


def test_neighbours_vote():
    """Three of five: the known codes at 0 are two of class 0 and three of class 1."""
    known = torch.tensor([0.0, 0.1, 0.2, 0.3, 0.4, 5.0, 5.1, 5.2, 5.3, 5.4])[:, None]
    labels = torch.tensor([0, 0, 1, 1, 1, 0, 0, 0, 0, 1])
    codes, truth = torch.tensor([[0.05], [5.1], [0.15]]), torch.tensor([0, 0, 1])
    assert downstream.neighbour_error(codes, truth, known, labels) == pytest.approx(1 / 3)
    assert downstream.neighbour_error(codes[1:], truth[1:], known, labels) == 0
