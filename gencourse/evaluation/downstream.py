"""What a trained model is good for besides inventing: one number for each downstream task."""

import torch
from sklearn.cluster import KMeans
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from gencourse.data import Split
from gencourse.evaluation import image_moments, judge
from gencourse.models import LatentVariableModel


def neighbour_error(
    codes: torch.Tensor, labels: torch.Tensor, known_codes: torch.Tensor, known_labels: torch.Tensor
) -> float:
    """The share of codes (N, d) whose five nearest known codes (M, d) outvote their label."""
    neighbours = KNeighborsClassifier(5).fit(known_codes.numpy(), known_labels.numpy())
    return 1 - neighbours.score(codes.numpy(), labels.numpy())


def classify(model: LatentVariableModel, few: Split, test: Split) -> float:
    """The share of a Split's images that the five nearest of a `few` labelled codes misname."""
    known = model.encode(few.images), few.labels
    return neighbour_error(model.encode(test.images), test.labels, *known)


def cluster(model: LatentVariableModel, train: Split, test: Split, heaps: int = 10) -> float:
    """The accuracy of k-means with so many heaps of codes, each named by its commonest label.

    train, test: Splits; heaps are found and named in the one and judged in the other.
    """
    start = int(torch.randint(2**31, ()))
    k_means = KMeans(heaps, n_init=5, random_state=start).fit(model.encode(train.images).numpy())
    found = torch.as_tensor(k_means.labels_)
    names = torch.stack([train.labels[found == heap].mode().values for heap in range(heaps)])
    predicted = k_means.predict(model.encode(test.images).numpy())
    return (names[torch.as_tensor(predicted)] == test.labels).double().mean().item()


def regress(model: LatentVariableModel, train: Split, test: Split) -> float:
    """The share of the slant's variance that the nearest known codes explain, R²; 1 is all.

    train, test: Splits; each test image gets the mean slant of its ten nearest there.
    """
    known, slants = model.encode(train.images), image_moments.slant(train.images)
    nearest = KNeighborsRegressor(10).fit(known.numpy(), slants.numpy())
    truth = image_moments.slant(test.images)
    return nearest.score(model.encode(test.images).numpy(), truth.numpy())


def interpolate(model: LatentVariableModel, images: torch.Tensor, of: str = "digits") -> float:
    """The share of pictures half way between the codes of two images that are plausible.

    images: (N, C, H, W), each of the first half paired with one of the second.
    of: what they show, "digits" or "clothes".
    """
    ones, others = model.encode(images).chunk(2)
    middle = model.decode((ones[: len(others)] + others) / 2)
    return (judge.confidence(middle, of) > judge.SURE).double().mean().item()
