"""How near generated images come to real ones, as clouds of points in the judge's features."""

import torch

NEIGHBOURS = 5


def frechet_distance(a: torch.Tensor, b: torch.Tensor) -> float:
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


def precision_recall_coverage(
    generated: torch.Tensor, real: torch.Tensor
) -> tuple[float, float, float]:
    """How much of what is generated looks real, and how much of what is real is generated.

    Each point owns the ball that reaches to its fifth nearest neighbour of its own kind. Precision:
    the share of generated points inside some real ball. Only the narrower half of them count: the
    balls of a few odd real points hold almost anything, smudges too (the realism score of
    Kynkäänniemi and others leaves them out likewise). So real points themselves do not reach 1:
    compare. Recall: the share of real points inside some generated ball (Kynkäänniemi and others,
    2019). Coverage: the share of real balls that hold a generated point (Naeem and others, 2020).

    generated, real: points (N, d) and (M, d).
    Raises:
        ValueError: there are not more than five of each.
    """
    if min(len(generated), len(real)) <= NEIGHBOURS:
        raise ValueError(f"expected more than {NEIGHBOURS} points of each kind.")
    apart = torch.cdist(generated, real)
    reach = _reach(real)
    in_real = apart <= reach
    typical = reach <= reach.median()
    in_generated = apart <= _reach(generated)[:, None]
    precision = _share(in_real[:, typical].any(1))
    return precision, _share(in_generated.any(0)), _share(in_real.any(0))


def _share(hits):
    return hits.float().mean().item()


def _reach(points):
    """The distance of each point to its fifth nearest neighbour, (N,)."""
    # The nearest is the point itself.
    return torch.cdist(points, points).kthvalue(NEIGHBOURS + 1).values


def _root(matrix):
    """The symmetric square root of a covariance."""
    values, vectors = torch.linalg.eigh(matrix)
    return vectors * values.clamp(min=0).sqrt() @ vectors.T
