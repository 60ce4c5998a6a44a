"""What the checks ask of a prior, which draws codes at random."""

import torch

from gencourse.check.mistakes import require_none
from gencourse.check.properties import of_kind
from gencourse.check.report import Answer, Mistake, require


def drawn(answer: Answer, n: int, width: int | None, *more: int) -> torch.Tensor:
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


def require_anew(found: torch.Tensor, again: torch.Tensor) -> None:
    """Raise Mistake if two calls gave the same codes."""
    if torch.equal(found, again):
        raise Mistake("Two calls give the same: a prior must draw anew in each.")


def require_torch(answer: Answer) -> None:
    """Raise Mistake unless torch's random numbers make the codes."""
    torch.manual_seed(1)
    found = answer(64)
    torch.manual_seed(1)
    require(
        torch.equal(found, answer(64)),
        "After the same torch.manual_seed the codes differ: draw them with torch, so that a seed "
        "reaches them.",
    )
