"""The game: who is trained against what, and what the players pay.

The models of this course differ in *who is trained against what*. So a model is a set of networks
and a list of steps; what is listed is what runs, in that order, on every batch, and one loop
(gencourse.training) serves them all. Elsewhere, `training_step` and `configure_optimizers` say the
same in two places.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from gencourse.validate import named, real, several, whole

LEARNING_RATE = 4e-3
"""Of Adam, at the peak of its schedule, where a model does not say another."""


@dataclass(frozen=True, eq=False)
class Term:
    """One term of a step's loss.

    name: what the history and the figures call it.
    loss: takes the tensors of a batch, gives a scalar, in nats per image.
    weight: what it is multiplied by in the sum; the history has it unweighted.
    every: it is computed on every so many-th batch only, and multiplied by as much there (lazy
        regularization: Karras and others, 2020).
    """

    name: str
    loss: Callable[..., torch.Tensor]
    weight: float = 1.0
    every: int = 1

    def __post_init__(self):
        if not isinstance(self.name, str) or not callable(self.loss):
            raise ValueError(
                f"a term has {named(self.name)} and {named(self.loss)}; expected a name and a "
                'function of a batch, such as Term("loss", self.loss), without a call behind it.'
            )
        real(self.weight, f"the weight of the term {self.name!r}")
        whole(self.every, f"`every` of the term {self.name!r}")


@dataclass(frozen=True, eq=False)
class Step:
    """Some networks move, with one optimiser, down the sum of some terms.

    moves: the networks whose parameters this step changes; it changes no others, nor those that
        were frozen (requires_grad False) when training began.
    terms: of the loss.
    learning_rate: the peak of the one-cycle schedule.
    warm_up: the share of the training in which the rate rises to its peak.
    betas: Adam's two decay rates. The second is below Adam's usual .999: trainings here are of
        one or two thousand steps, and must forget the slopes of the first of them.
    after: called after each step, without gradients, with the share of the training that is
        done, in (0, 1].
    """

    moves: Sequence[nn.Module]
    terms: Sequence[Term]
    learning_rate: float = LEARNING_RATE
    betas: tuple[float, float] = (0.9, 0.98)
    warm_up: float = 0.3
    after: Callable[[float], None] | None = None

    def __post_init__(self):
        terms = several(self.terms, "the terms of a step", Term, '[Term("loss", self.loss)]')
        object.__setattr__(self, "terms", terms)  # frozen: no other way
        moves = several(self.moves, f"the networks of {self}", nn.Module, "[self.encoder]")
        object.__setattr__(self, "moves", moves)
        if len({term.name for term in terms}) < len(terms):
            raise ValueError(f"{self} has two terms of one name; expected a name for each.")
        if all(term.every > 1 for term in terms):
            raise ValueError(f"{self} has none for every batch; expected one with every=1.")

    def __str__(self) -> str:
        return f"the step of {' and '.join(repr(term.name) for term in self.terms)}"

    def parameters(self) -> list[nn.Parameter]:
        """The parameters that this step may change, each once."""
        every = (parameter for network in self.moves for parameter in network.parameters())
        return list(dict.fromkeys(every))


def negative_log_likelihood(logits: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    r"""−log p(x | z) of each image (N, C, H, W), in nats, (N,): the reconstruction loss.

    The prose calls it surprise. Each pixel is a probability of ink (Bernoulli):
    −log p(x | z) = −Σᵢ [xᵢ log x̂ᵢ + (1 − xᵢ) log(1 − x̂ᵢ)], x̂ = sigmoid(logits).

    Grey pixels are taken as they are, so the figure has a floor above zero
    (about 46 nats on MNIST) and cannot be compared with one of binarised images.
    """
    per_pixel = functional.binary_cross_entropy_with_logits(
        logits.float(), images, reduction="none"
    )
    return per_pixel.flatten(1).sum(1)


def bce_real(logits: torch.Tensor) -> torch.Tensor:
    """−log D, D = sigmoid(logits), in nats: binary cross-entropy with the target "real", 1."""
    return functional.softplus(-logits)


def bce_fake(logits: torch.Tensor) -> torch.Tensor:
    """−log(1 − D), D = sigmoid(logits), in nats: the same with the target "fake", 0."""
    return functional.softplus(logits)


def r1(discriminator: Callable[[torch.Tensor], torch.Tensor], real: torch.Tensor) -> torch.Tensor:
    """|∇ₓ logit D(x)|², the mean over the logits of real data: steep is unstable.

    (The penalty R1 of Mescheder, Geiger and Nowozin, 2018, eq. 9; they weigh it with γ / 2.)
    Always in float32: the slope of a slope does not survive bfloat16.

    discriminator: gives logits of any shape.
    """
    with torch.autocast(real.device.type, enabled=False):
        real = real.detach().requires_grad_()
        logits = discriminator(real)
        (slope,) = torch.autograd.grad(logits.sum(), real, create_graph=True)
        return slope.square().sum() / logits.numel()
