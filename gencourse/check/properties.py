"""What the checks ask of a result: that it is there, its shape and its gradients."""

from collections.abc import Iterable
from types import UnionType
from typing import Any

import torch

from gencourse.check.mistakes import close
from gencourse.check.report import Answer, Mistake, require


def written(found: Any) -> Any:
    """What a function gave; raises Mistake if it is nothing: the body is still to be written."""
    if found is None or found is ...:
        raise Mistake("Not written yet: the function gives nothing. (Is there a return?)")
    return found


def of_kind(found: Any, kind: type | UnionType, words: str) -> Any:
    """What a function gave; raises Mistake unless it is of that kind; words: what was expected."""
    require(isinstance(written(found), kind), f"{words}; got {type(found).__name__}.")
    return found


def as_numbers(found: Any) -> torch.Tensor:
    """A float32 tensor of whatever a reader gave: a tensor, an array, a number, a list of them."""
    if isinstance(found, list | tuple):
        return torch.stack([as_numbers(part) for part in found])
    return torch.as_tensor(found).detach().float()


def shaped(found: Any, shape: tuple, why: str = "", of: str = "The result has") -> torch.Tensor:
    """The result as numbers of this shape; why, of: words for the message."""
    found = as_numbers(written(found))
    right = found.shape == shape
    require(right, f"{of} shape {tuple(found.shape)}; expected {shape or 'one number'}{why}.")
    return found


def one_number(found: Any, why: str = "") -> torch.Tensor:
    """The result as a tensor without dimensions."""
    return shaped(found, (), why)


def require_keys(found: Any, expected: Iterable[str], things: str) -> None:
    """Raise Mistake unless it is a dict with these keys; things: what the message calls them."""
    of_kind(found, dict, "Expected a dict")
    require(
        set(found) == set(expected),
        f"The {things} are {', '.join(map(str, found)) or 'none'}; expected {', '.join(expected)}.",
    )


def require_gradients(answer: Answer, right: Answer, **given: torch.Tensor) -> None:
    """Raise Mistake unless the result's sum has the gradients that `right` has, for all tensors."""
    tensors = [tensor.clone().requires_grad_() for tensor in given.values()]
    found = answer(*tensors)
    require(
        isinstance(found, torch.Tensor) and found.requires_grad,
        "No gradient passes through your function, and nothing could be trained with it: no "
        "detach, item, no_grad or numpy in it.",
    )
    slopes = torch.autograd.grad(found.sum(), tensors, allow_unused=True)
    expected = torch.autograd.grad(right(*tensors).sum(), tensors)
    for name, slope, right_slope in zip(given, slopes, expected, strict=True):
        name = name.replace("_", " ")
        require(slope is not None, f"No gradient reaches the {name}: do not detach it.")
        if not close(slope, right_slope, rtol=1e-3, atol=1e-5):
            raise Mistake(f"The value is right, but its gradient for the {name} is not.")
