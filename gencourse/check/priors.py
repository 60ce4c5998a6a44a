"""Self-checks of the priors of homework 4 and of the project, which draw codes at random."""

import math

import torch

from gencourse.check.properties import of_kind
from gencourse.check.report import Answer, Mistake, require, require_none, self_check


@self_check
def heads_prior(answer: Answer) -> None:
    """Check `answer(n, classes)`: one-hot rows (n, classes), float32, each class as likely."""
    n, classes = 7000, 7
    found = _drawn(answer, n, classes, classes)
    one_hot = ((found == 0) | (found == 1)).all() and (found.sum(1) == 1).all()
    require(one_hot, "A row is not one-hot: expected a single 1, and 0 for all other classes.")
    _require_anew(found, _drawn(answer, n, classes, classes))
    counts = found.sum(0)
    rare = int((counts - n / classes).abs().argmax())
    mistakes = {
        f"The class {int(counts.argmin())} is never drawn.": counts.min() == 0,
        f"Of {n} rows {int(counts[rare])} are of the class {rare}; expected about "
        f"{n // classes}.": abs(counts[rare] - n / classes) >= 200,
    }
    require_none(mistakes)
    for _ in range(3):
        _drawn(answer, 2, 50, 50)  # fewer rows than classes, seldom with the last of them
    first, *others = (_drawn(answer, 1, 50, 50) for _ in range(4))
    if all(torch.equal(other, first) for other in others):
        raise Mistake("A single row is always of the same class: draw the class of each row.")


@self_check
def ring_prior(answer: Answer) -> None:
    """Check `answer(n)`: points (n, 2), float32, at a uniform angle, their distance from 0
    Normal(1, 0.1), from torch's random numbers."""
    found = _drawn(answer, 8000, 2)
    require(found.isfinite().all(), "Some numbers are not finite.")
    _require_anew(found, _drawn(answer, 8000, 2))
    angles, others = (torch.atan2(points[:, 1], points[:, 0]) for points in (found, answer(8000)))
    eighths = ((angles / (2 * math.pi)) % 1 * 8).long() % 8
    least, most = eighths.bincount(minlength=8).aminmax()
    kinds = (1000 * angles).round().unique().numel()
    few = kinds <= 2000
    distance = found.norm(dim=1)
    mean, deviation = distance.mean(), distance.std()
    within = ((distance - 1).abs() < 0.1).float().mean()
    anew = (angles - others).abs().median() > 1e-3
    mistakes = {
        "Part of the circle is empty: expected angles from 0 to 2π, one a point.": least == 0,
        f"One eighth of the circle has {most / 8000:.0%} of the points and another "
        f"{least / 8000:.0%}; expected about 12% in each.": least <= 800 or most >= 1200,
        f"There are only {kinds} different angles among 8000: any angle must be possible.": few,
        "Two calls give the same angles: draw them at random, not in equal steps.": not anew,
        "All points are equally far from 0: the distance needs its noise.": deviation <= 0.02,
        f"The distance from 0 has standard deviation {deviation:.2f}; expected 0.1 (its "
        "square is the variance).": not 0.08 < deviation < 0.13,
        f"The distance from 0 is {mean:.2f} on average; expected 1.": abs(mean - 1) >= 0.03,
        f"{within:.0%} of the points are within one standard deviation of the ring; expected 68%, "
        "as a normal distribution has.": within <= 0.65,
    }
    require_none(mistakes)
    _drawn(answer, 1, 2)
    _require_torch(answer)


@self_check
def prior(answer: Answer) -> None:
    """Check `answer(n)`: new codes in each call, (n, d), float32, from torch's random numbers."""
    found = _drawn(answer, 64, None)
    require(found.isfinite().all(), "Some numbers are not finite.")
    for n in 5, 1:
        require(
            _drawn(answer, n, found.shape[1]).isfinite().all(),
            f"For n = {n} some numbers are not finite: a code must not depend on the others.",
        )
    if torch.equal(found, found[:1].expand_as(found)):
        raise Mistake("All codes of one call are the same: draw each by itself.")
    _require_anew(found, answer(64))
    _require_torch(answer)


def _drawn(answer, n, width, *more):
    """What answer(n, *more) gives, a float32 tensor (n, width); width: None if any will do."""
    of, things = ("", "numbers") if width else (" of codes", "codes")
    found = of_kind(answer(n, *more), torch.Tensor, f"Expected a tensor{of}").detach()
    shape, type_ = tuple(found.shape), found.dtype
    fits = shape == (n, width) if width else len(shape) == 2 and shape[0] == n
    mistakes = {
        f"For n = {n} the result has shape {shape}; expected ({n}, {width or 'd'}).": not fits,
        f"The {things} are of {type_}; expected torch.float32.": type_ != torch.float32,
    }
    require_none(mistakes)
    return found


def _require_anew(found, again):
    """Raise Mistake if two calls gave the same codes."""
    if torch.equal(found, again):
        raise Mistake("Two calls give the same: a prior must draw anew in each.")


def _require_torch(answer):
    """Raise Mistake unless torch's random numbers make the codes."""
    torch.manual_seed(1)
    found = answer(64)
    torch.manual_seed(1)
    require(
        torch.equal(found, answer(64)),
        "After the same torch.manual_seed the codes differ: draw them with torch, so that a seed "
        "reaches them.",
    )
