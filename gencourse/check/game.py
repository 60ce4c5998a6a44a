"""What the checks of a game's two losses share; only the words of the GAN and the AAE differ."""

import torch
from torch.nn import functional

from gencourse.check.report import as_numbers, require, require_written

ON_REAL, ON_MADE = torch.tensor([2.0, 1.0, 0.5]), torch.tensor([-1.0, 0.3, 3.0])


def critics_loss(answer, swapped, half, things):
    """Properties of −log D(real) − log(1 − D(made)), a mean; the rest are words."""
    found = _number(answer(ON_REAL, ON_MADE))
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
    for size in torch.tensor([200.0]), torch.tensor([-200.0]):
        require(
            _number(answer(size, -size)).isfinite(),
            "Logits of ±200 overflow: use softplus, not log and sigmoid.",
        )


def players_loss(answer, swapped):
    """Properties of −log D(made), a mean."""
    found = _number(answer(ON_MADE))
    as_real, as_made = functional.softplus(-ON_MADE).mean(), functional.softplus(ON_MADE).mean()
    require(
        not torch.allclose(found, -as_made),
        "This is the saturating loss, log(1 − D): expected −log D.",
    )
    require(not torch.allclose(found, as_made), f"The labels are swapped: {swapped}")
    require(not torch.allclose(found, -as_real), "The sign is wrong.")
    require(
        torch.allclose(found, as_real, atol=1e-5),
        f"Expected {as_real:.4f} nats; got {found:.4f}.",
    )
    require(
        _number(answer(torch.tensor([-200.0]))).isfinite(),
        "Logits of ±200 overflow: use softplus, not log and sigmoid.",
    )


def _losses(on_real, on_made):
    return functional.softplus(-on_real).mean(), functional.softplus(on_made).mean()


def _number(found):
    require_written(found)
    found = as_numbers(found)
    require(
        found.ndim == 0, f"The result has shape {tuple(found.shape)}; expected one number, a mean."
    )
    return found
