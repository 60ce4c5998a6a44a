"""Self-checks of what draws random numbers: seeds and priors."""

import math

import torch

from gencourse.check.properties import written
from gencourse.check.report import Answer, require, self_check


def _draw(answer, n, width, *more):
    """What answer(n, *more) gives, a float32 tensor (n, width)."""
    found = answer(n, *more)
    written(found)
    require(isinstance(found, torch.Tensor), f"Expected a tensor; got {type(found).__name__}.")
    require(
        found.shape == (n, width),
        f"For n = {n} the result has shape {tuple(found.shape)}; expected ({n}, {width}).",
    )
    require(
        found.dtype == torch.float32, f"The numbers are of {found.dtype}; expected torch.float32."
    )
    return found.detach()


def _require_anew(found, again):
    require(
        not torch.equal(found, again),
        "Two calls give the same: a prior must draw anew in each.",
    )


def _require_torch(answer):
    torch.manual_seed(1)
    found = answer(64)
    torch.manual_seed(1)
    require(
        torch.equal(found, answer(64)),
        "After the same torch.manual_seed the codes differ: draw them with torch, so that a seed "
        "reaches them.",
    )


@self_check
def prior(answer: Answer) -> None:
    """Check `answer(n)`: new codes in each call, (n, d), float32, from torch's random numbers."""
    found = answer(64)
    written(found)
    require(
        isinstance(found, torch.Tensor), f"Expected a tensor of codes; got {type(found).__name__}."
    )
    require(
        found.ndim == 2 and len(found) == 64,
        f"For n = 64 the result has shape {tuple(found.shape)}; expected (64, d).",
    )
    require(
        found.dtype == torch.float32, f"The codes are of {found.dtype}; expected torch.float32."
    )
    require(found.isfinite().all(), "Some numbers are not finite.")
    for n in 5, 1:
        require(
            _draw(answer, n, found.shape[1]).isfinite().all(),
            f"For n = {n} some numbers are not finite: a code must not depend on the others.",
        )
    require(
        not torch.equal(found, found[:1].expand_as(found)),
        "All codes of one call are the same: draw each by itself.",
    )
    _require_anew(found, answer(64))
    _require_torch(answer)


@self_check
def heads_prior(answer: Answer) -> None:
    """Check `answer(n, classes)`: one-hot rows (n, classes), float32, each class as likely."""
    n, classes = 7000, 7
    found = _draw(answer, n, classes, classes)
    require(
        ((found == 0) | (found == 1)).all() and (found.sum(1) == 1).all(),
        "A row is not one-hot: expected a single 1, and 0 for all other classes.",
    )
    _require_anew(found, _draw(answer, n, classes, classes))
    counts = found.sum(0)
    require(counts.min() > 0, f"The class {int(counts.argmin())} is never drawn.")
    rare = int((counts - n / classes).abs().argmax())
    require(
        abs(counts[rare] - n / classes) < 200,
        f"Of {n} rows {int(counts[rare])} are of the class {rare}; expected about {n // classes}.",
    )
    for _ in range(3):
        _draw(answer, 2, 50, 50)  # fewer rows than classes, seldom with the last of them
    first, *others = (_draw(answer, 1, 50, 50) for _ in range(4))
    require(
        any(not torch.equal(other, first) for other in others),
        "A single row is always of the same class: draw the class of each row.",
    )


@self_check
def ring_prior(answer: Answer) -> None:
    """Check `answer(n)`: points (n, 2), float32, at a uniform angle, their distance from 0
    Normal(1, 0.1), from torch's random numbers."""
    found = _draw(answer, 8000, 2)
    require(found.isfinite().all(), "Some numbers are not finite.")
    _require_anew(found, _draw(answer, 8000, 2))
    angles, others = (torch.atan2(points[:, 1], points[:, 0]) for points in (found, answer(8000)))
    eighths = ((angles / (2 * math.pi)) % 1 * 8).long() % 8
    counts = eighths.bincount(minlength=8)
    require(
        counts.min() > 0, "Part of the circle is empty: expected angles from 0 to 2π, one a point."
    )
    require(
        counts.min() > 800 and counts.max() < 1200,
        f"One eighth of the circle has {counts.max() / 8000:.0%} of the points and another "
        f"{counts.min() / 8000:.0%}; expected about 12% in each.",
    )
    kinds = (1000 * angles).round().unique().numel()
    require(
        kinds > 2000,
        f"There are only {kinds} different angles among 8000: any angle must be possible.",
    )
    require(
        (angles - others).abs().median() > 1e-3,
        "Two calls give the same angles: draw them at random, not in equal steps.",
    )
    distance = found.norm(dim=1)
    require(
        distance.std() > 0.02, "All points are equally far from 0: the distance needs its noise."
    )
    require(
        0.08 < distance.std() < 0.13,
        f"The distance from 0 has standard deviation {distance.std():.2f}; expected 0.1 (its "
        "square is the variance).",
    )
    require(
        abs(distance.mean() - 1) < 0.03,
        f"The distance from 0 is {distance.mean():.2f} on average; expected 1.",
    )
    within = ((distance - 1).abs() < 0.1).float().mean()
    require(
        within > 0.65,
        f"{within:.0%} of the points are within one standard deviation of the ring; expected 68%, "
        "as a normal distribution has.",
    )
    _draw(answer, 1, 2)
    _require_torch(answer)
