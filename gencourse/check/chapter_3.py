"""Self-checks of chapter 3, which homework 3 uses too.

The game of homework 4 has the same two losses; only the words differ.
"""

import torch
from torch.nn.functional import softplus

from gencourse.check.mistakes import OPPOSITE_SIGN, AnythingBut, close, name_mistakes
from gencourse.check.properties import one_number, require_gradients
from gencourse.check.report import Answer, Mistake, require, self_check

ON_REAL, ON_MADE = torch.tensor([2.0, 1.0, 0.5]), torch.tensor([-1.0, 0.3, 3.0])


@self_check
def discriminator_loss(answer: Answer) -> None:
    """Check `answer(on_real, on_made)`: the mean loss of logits, (N,) or (N, 1), in nats."""
    half = "the discriminator learns from real and from made samples."
    require_discriminator_loss(answer, "real should pass as real.", half, things="samples")


@self_check
def generator_loss(answer: Answer) -> None:
    """Check `answer(on_made)`: the mean of −log D of logits, (N,) or (N, 1), in nats."""
    swapped = "the generator wants its samples to pass as real."
    require_generator_loss(answer, swapped, things="samples")


@self_check
def slope_penalty(answer: Answer) -> None:
    """Check `answer(critic, images)`: the mean over images (N, 1, 28, 28) of the squared slope of
    the critic's logits (N, 1) in the pixels, through which the critic can be trained (R1)."""
    critic = _Bowl()
    images = torch.rand(4, 1, 28, 28) * torch.tensor([0.2, 0.5, 1.0, 2.0]).view(4, 1, 1, 1)
    squared = images.square().flatten(1).sum(1) * 9  # the slope in each pixel is 3 x
    right = squared.mean()
    found = one_number(answer(critic, images), ", a mean over the images")
    mistakes = {
        "You took the length of the slope; expected its square.": squared.sqrt().mean(),
        "You summed over the images: expected their mean.": squared.sum(),
        "You averaged over the pixels: expected the sum of their squared slopes.": right / 784,
        "The slopes are those of the mean logit, a fourth for four images: take the sum of the "
        "logits.": right / 16,
        "The ½ of γ/2 belongs to the weight: expected the squared slope itself.": right / 2,
        f"Expected {right:.5g} for a critic with logits 3/2 · Σ x²; got {found:.5g}.": AnythingBut(
            right
        ),
    }
    name_mistakes(found, mistakes, rtol=1e-3)
    penalty = answer(critic, images)
    critic.weight.grad = None
    if isinstance(penalty, torch.Tensor) and penalty.requires_grad:
        penalty.backward()
    slope = critic.weight.grad
    if slope is None:
        raise Mistake(
            "No gradient reaches the critic, so that it never learns to be flat: say "
            "create_graph=True."
        )
    require(
        close(slope, 2 * right / 3, rtol=1e-3),
        f"The critic's weight gets a gradient of {slope:.5g}; expected {2 * right / 3:.5g}.",
    )


class _Bowl(torch.nn.Module):
    """A critic whose logit is weight / 2 · Σ x², and its slope in each pixel weight · x."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor(3.0))

    def forward(self, images):
        return self.weight / 2 * images.square().flatten(1).sum(1, keepdim=True)


def require_discriminator_loss(answer: Answer, swapped: str, half: str, things: str) -> None:
    """Raise Mistake unless it is −log D(real) − log(1 − D(made)), a mean; the rest are words."""

    def nats(on_real, on_made):
        return softplus(-on_real).mean() + softplus(on_made).mean()

    found = _of_both_shapes(answer, ON_REAL, ON_MADE)
    right = nats(ON_REAL, ON_MADE)
    share = 0.5 if close(found, right / 2, atol=1e-5) else 1.0
    mistakes = {
        f"{OPPOSITE_SIGN}.": -right,
        f"The labels are swapped: {swapped}": nats(ON_MADE, ON_REAL),
        f"One half is missing: {half}": (softplus(-ON_REAL).mean(), softplus(ON_MADE).mean()),
        f"You summed over the {things}: expected their mean.": 3 * right,
        f"Expected {right:.4f} nats; got {found:.4f}.": AnythingBut(share * right),
    }
    name_mistakes(found, mistakes, atol=1e-5)
    given = {"logits_on_what_is_real": ON_REAL, "logits_on_what_is_made": ON_MADE}
    require_gradients(answer, lambda *logits: share * nats(*logits), **given)
    for real, made in (200.0, -200.0), (-200.0, 200.0), (200.0, 200.0), (-200.0, -200.0):
        _require_nats(answer, (real, made), share * 200 * ((real < 0) + (made > 0)))


def require_generator_loss(answer: Answer, swapped: str, things: str) -> None:
    """Raise Mistake unless it is −log D(made), a mean; the rest are words."""
    found = _of_both_shapes(answer, ON_MADE)
    right, as_made = softplus(-ON_MADE).mean(), softplus(ON_MADE).mean()
    mistakes = {
        "This is the saturating loss, log(1 − D): expected −log D.": -as_made,
        f"The labels are swapped: {swapped}": as_made,
        f"{OPPOSITE_SIGN}.": -right,
        f"You summed over the {things}: expected their mean.": 3 * right,
        f"Expected {right:.4f} nats; got {found:.4f}.": AnythingBut(right),
    }
    name_mistakes(found, mistakes, atol=1e-5)
    require_gradients(answer, lambda made: softplus(-made).mean(), logits=ON_MADE)
    for size in 200.0, -200.0:
        _require_nats(answer, (size,), 200.0 * (size < 0))


def _require_nats(answer, sizes, expected):
    """That logits of these sizes, ±200, cost so many nats."""
    found = one_number(answer(*(torch.tensor([size]) for size in sizes)), ", a mean")
    require(found.isfinite(), "Logits of ±200 overflow: use softplus, not log and sigmoid.")
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
            found.append(one_number(answer(*given), ", a mean"))
        except (RuntimeError, ValueError, IndexError) as error:
            stopped.append(error)
    if not found:
        raise stopped[0]
    if stopped or not torch.allclose(found[0], found[-1], equal_nan=True):
        how = "stops for one shape" if stopped else "depends on their shape"
        raise Mistake(
            f"Your loss {how}; logits come as (N,) and as (N, 1): make the targets with "
            "torch.ones_like."
        ) from (stopped[0] if stopped else None)
    return found[0]
