"""Tables of mistakes: to each sentence the value, or the fact, by which the mistake is known.

The sentences themselves stand in the files of the chapters and the homework, but for those that
many of them say.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import torch

from gencourse.check.report import require


def close(found: torch.Tensor, expected: object, **tolerance: Any) -> bool:
    """Whether all numbers are as expected, within torch's tolerances or those given."""
    return torch.allclose(found, torch.as_tensor(expected, dtype=found.dtype), **tolerance)


OPPOSITE_SIGN = "The sign is wrong"
"""How all sentences begin that are said of the opposite sign; some go on to say why it is."""


class AnythingBut(NamedTuple):
    """In a table of mistakes: all values but the right one."""

    right: object


def name_mistakes(found: torch.Tensor, mistakes: Mapping[str, object], **tolerance: Any) -> None:
    """Raise Mistake with the first sentence whose wrong value was found; mistakes: sentence → the
    value that this mistake leads to, a tuple of such values, or AnythingBut the right one."""
    for sentence, wrong in mistakes.items():
        if isinstance(wrong, AnythingBut):
            made = not close(found, wrong.right, **tolerance)
        else:
            several = wrong if isinstance(wrong, tuple) else (wrong,)
            made = any(close(found, value, **tolerance) for value in several)
        require(not made, sentence)
