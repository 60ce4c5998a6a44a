"""What a trained model is good for besides inventing: one number for each purpose."""

import torch
from sklearn.cluster import KMeans

from gencourse.evaluation import clusters, judge, moments


def classify(model, few, test):
    """The share of a Split's images that the five nearest of a `few` labelled codes misname."""
    known = model.encode(few.images), few.labels
    return clusters.neighbour_error(model.encode(test.images), test.labels, *known)


def cluster(model, train, test, heaps=10):
    """The accuracy of k-means with so many heaps of codes, each named by its commonest label.

    train, test: Splits; heaps are found and named in the one and judged in the other.
    """
    start = int(torch.randint(2**31, ()))
    k_means = KMeans(heaps, n_init=5, random_state=start).fit(model.encode(train.images).numpy())
    found = torch.as_tensor(k_means.labels_)
    names = torch.stack([train.labels[found == heap].mode().values for heap in range(heaps)])
    predicted = k_means.predict(model.encode(test.images).numpy())
    return (names[torch.as_tensor(predicted)] == test.labels).double().mean().item()


def regress(model, train, test, neighbours=10):
    """The share of the slant's variance that the nearest known codes explain, R²; 1 is all.

    train, test: Splits; each test image gets the mean slant of its nearest `neighbours` there.
    """
    known, slants = model.encode(train.images), moments.slant(train.images)
    nearest = torch.cdist(model.encode(test.images), known).topk(neighbours, largest=False).indices
    truth = moments.slant(test.images)
    missed = (slants[nearest].mean(1) - truth).square().mean()
    return 1 - (missed / truth.var(correction=0)).item()


def interpolate(model, images, of="digits"):
    """The share of pictures half way between the codes of two images that are plausible.

    images: (N, 1, 28, 28), each of the first half paired with one of the second.
    of: what they show, "digits" or "clothes".
    """
    ones, others = model.encode(images).chunk(2)
    middle = model.decode((ones[: len(others)] + others) / 2)
    return (judge.confidence(middle, of) > judge.SURE).double().mean().item()
