"""What the checks of a game's two losses share; only the words of the GAN and the AAE differ."""

import torch
from torch.nn import functional

from gencourse.check.report import Mistake, as_numbers, require, require_gradients, require_written

ON_REAL, ON_MADE = torch.tensor([2.0, 1.0, 0.5]), torch.tensor([-1.0, 0.3, 3.0])


def critics_loss(answer, swapped, half, things):
    """Properties of −log D(real) − log(1 − D(made)), a mean; the rest are words."""
    found = _of_both_shapes(answer, ON_REAL, ON_MADE)
    as_real, as_made = _losses(ON_REAL, ON_MADE)
    exchanged = sum(_losses(ON_MADE, ON_REAL))
    require(not torch.allclose(found, -(as_real + as_made)), "The sign is wrong.")
    require(not torch.allclose(found, exchanged), f"The labels are swapped: {swapped}")
    require(
        not torch.allclose(found, as_real) and not torch.allclose(found, as_made),
        f"One half is missing: {half}",
    )
    require(
        not torch.allclose(found, 3 * (as_real + as_made)),
        f"You summed over the {things}: expected their mean.",
    )
    require(
        torch.allclose(found, as_real + as_made, atol=1e-5)
        or torch.allclose(found, (as_real + as_made) / 2, atol=1e-5),
        f"Expected {as_real + as_made:.4f} nats; got {found:.4f}.",
    )
    share = 1.0 if torch.allclose(found, as_real + as_made, atol=1e-5) else 0.5
    require_gradients(
        answer,
        lambda on_real, on_made: share * sum(_losses(on_real, on_made)),
        logits_on_what_is_real=ON_REAL,
        logits_on_what_is_made=ON_MADE,
    )
    for real, made in (200.0, -200.0), (-200.0, 200.0), (200.0, 200.0), (-200.0, -200.0):
        wrong = (real < 0) + (made > 0)
        _require_nats(answer, (real, made), share * 200 * wrong)


def players_loss(answer, swapped, things):
    """Properties of −log D(made), a mean; the rest are words."""
    found = _of_both_shapes(answer, ON_MADE)
    as_real, as_made = functional.softplus(-ON_MADE).mean(), functional.softplus(ON_MADE).mean()
    require(
        not torch.allclose(found, -as_made),
        "This is the saturating loss, log(1 − D): expected −log D.",
    )
    require(not torch.allclose(found, as_made), f"The labels are swapped: {swapped}")
    require(not torch.allclose(found, -as_real), "The sign is wrong.")
    require(
        not torch.allclose(found, 3 * as_real),
        f"You summed over the {things}: expected their mean.",
    )
    require(
        torch.allclose(found, as_real, atol=1e-5),
        f"Expected {as_real:.4f} nats; got {found:.4f}.",
    )
    require_gradients(answer, lambda made: functional.softplus(-made).mean(), logits=ON_MADE)
    for size in 200.0, -200.0:
        _require_nats(answer, (size,), 200.0 * (size < 0))


def _losses(on_real, on_made):
    return functional.softplus(-on_real).mean(), functional.softplus(on_made).mean()


def _require_nats(answer, sizes, expected):
    """That logits of these sizes, ±200, cost so many nats."""
    found = _number(answer(*(torch.tensor([size]) for size in sizes)))
    require(
        found.isfinite(),
        "Logits of ±200 overflow: use softplus, not log and sigmoid.",
    )
    require(
        abs(found - expected) < 0.01,
        f"Logits of {' and '.join(f'{size:g}' for size in sizes)} should cost {expected:g} nats; "
        f"got {found:g}. A logit on the wrong side costs its size: use softplus, not log and "
        "sigmoid.",
    )


def _of_both_shapes(answer, *logits):
    """The answer's number for logits (N,), after a look whether it is that of (N, 1)."""
    found, stopped = [], []
    for given in [each.clone() for each in logits], [each.clone()[:, None] for each in logits]:
        try:
            found.append(_number(answer(*given)))
        except (RuntimeError, ValueError, IndexError) as error:
            stopped.append(error)
    if not found:
        raise stopped[0]
    if stopped or not torch.allclose(*found, equal_nan=True):
        how = "stops for one shape" if stopped else "depends on their shape"
        raise Mistake(
            f"Your loss {how}; logits come as (N,) and as (N, 1): make the targets with "
            "torch.ones_like."
        ) from (stopped[0] if stopped else None)
    return found[0]


def _number(found):
    require_written(found)
    found = as_numbers(found)
    require(
        found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number, a mean."
    )
    return found
