"""How near made images come to real ones, as clouds of points in the judge's features."""

import torch


def frechet_distance(a, b):
    """The Fréchet distance between Gaussians fitted to points a (N, d) and b (M, d).

    |μ_a − μ_b|² + tr(Σ_a + Σ_b − 2 (Σ_a Σ_b)^½), the FID of Heusel and others (2017).
    In the judge's features it compares with itself only, not with published FIDs.
    """
    a, b = a.double(), b.double()
    cov_a, cov_b = (torch.atleast_2d(torch.cov(points.T)) for points in (a, b))
    root = _root(cov_a)
    cross = _root(root @ cov_b @ root)  # has the trace of (Σ_a Σ_b)^½ and is symmetric
    shift = (a.mean(0) - b.mean(0)).square().sum()
    return (shift + (cov_a + cov_b - 2 * cross).trace()).item()


def precision_recall_coverage(made, real, neighbours=5):
    """How much of what is made looks real, and how much of what is real is made.

    Each point owns the ball that reaches to its k-th nearest neighbour of its own kind.
    Precision: the share of made points inside some real ball. Only the narrower half of them
    count: the balls of a few odd real points hold almost anything, smudges too (the realism
    score of Kynkäänniemi and others leaves them out likewise). So real points themselves do
    not reach 1: compare. Recall: the share of
    real points inside some made ball (Kynkäänniemi and others, 2019). Coverage: the
    share of real balls that hold a made point (Naeem and others, 2020).

    Args:
        made, real: points (N, d) and (M, d), each more than `neighbours`.
    """
    if min(len(made), len(real)) <= neighbours:
        raise ValueError(f"expected more than {neighbours} points of each kind.")
    apart = torch.cdist(made, real)
    reach = _reach(real, neighbours)
    near_real = apart <= reach
    typical = reach <= reach.median()
    near_made = apart <= _reach(made, neighbours)[:, None]
    return tuple(
        hits.any(dim).float().mean().item()
        for hits, dim in ((near_real[:, typical], 1), (near_made, 0), (near_real, 0))
    )


def _reach(points, neighbours):
    """The distance of each point to its k-th nearest neighbour, (N,)."""
    return torch.cdist(points, points).kthvalue(neighbours + 1).values  # the nearest is itself


def _root(matrix):
    """The symmetric square root of a covariance."""
    values, vectors = torch.linalg.eigh(matrix)
    return vectors * values.clamp(min=0).sqrt() @ vectors.T
