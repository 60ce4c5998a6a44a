"""Do two sets of points come from one distribution? (Two-sample tests.)"""

import torch
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from gencourse.data import Gaussians


def two_sample_auc(a: torch.Tensor, b: torch.Tensor) -> float:
    """How well a classifier tells points a (N, d) from points b (M, d): .5 not at all, 1 always.

    The area under its ROC curve on held-out points, by five-fold cross-validation
    (the classifier two-sample test of Lopez-Paz and Oquab, 2017).
    """
    points = torch.cat([a, b]).numpy()
    origin = torch.cat([torch.zeros(len(a)), torch.ones(len(b))]).numpy()
    classifier = HistGradientBoostingClassifier(random_state=int(torch.randint(2**31, ())))
    # Shuffled: the folds must not follow the order in which the points came.
    order = torch.randperm(len(points)).numpy()
    says = cross_val_predict(classifier, points[order], origin[order], method="predict_proba")
    return roc_auc_score(origin[order], says[:, 1])


def modes_covered(points: torch.Tensor, gaussians: Gaussians) -> tuple[int, float]:
    """How many modes are covered, and which share of points (N, 2) is good.

    A point is good if it lies within three standard deviations of the nearest centre.
    A mode is covered if it gets a tenth of its even share of the points, N / (10 K), as
    good points; stricter than the usual one point (Lin and others, 2018), which stray
    points between two modes give for nothing.
    """
    nearest = torch.cdist(points, gaussians.centres).min(1)
    good = nearest.values < 3 * gaussians.sd
    modes = len(gaussians.centres)
    counts = torch.bincount(nearest.indices[good], minlength=modes)
    covered = counts >= max(1, len(points) / (10 * modes))
    return int(covered.sum()), good.float().mean().item()
