"""What the checks ask of an optimizer."""

from collections.abc import Mapping, Sequence

import torch

from gencourse.check.report import require


def require_learning_rate(group: Mapping, rate: float) -> None:
    """Raise Mistake unless a group of parameters is trained at this rate."""
    found = group["lr"]
    require(abs(found - rate) < 1e-9, f"The learning rate is {found:g}; expected {rate:g}.")


def require_defaults(adam: torch.optim.Adam) -> None:
    """Raise Mistake unless an Adam's lesser settings are those of torch."""
    defaults = torch.optim.Adam([torch.ones(1)]).defaults
    for name in "weight_decay", "amsgrad", "maximize":
        found, usual = adam.param_groups[0][name], defaults[name]
        sentence = f"The Adam's {name} is {found}; expected {usual}, as torch sets it."
        require(found == usual, sentence)


def require_no_closure(args: Sequence, kwargs: Mapping) -> None:
    """Raise Mistake if an optimizer's step was given a closure: a hook would look too early."""
    require(
        not any(callable(value) for value in (*args[1:], *kwargs.values())),
        "optimizer.step() got a function; here call backward() first, and then step() without one.",
    )
