"""How a self-check speaks."""

from collections.abc import Callable

import torch


class Mistake(Exception):
    """A named mistake in a reader's answer; the message is what the reader sees."""


def report(properties: Callable, answer: Callable):
    """Call `properties(answer)` and print what it found, in one sentence.

    `properties` raises Mistake with the mistake's name. An answer that gives
    nothing, or an Ellipsis, counts as not yet written; one that raises is
    reported with its error.
    """
    try:
        properties(answer)
    except Mistake as mistake:
        print(f"✗ {mistake}")
    except Exception as error:  # whatever a reader's own function may raise
        print(f"✗ your function stopped with {type(error).__name__}: {error}")
    else:
        print("✓ That is right.")


def require(condition, mistake):
    """Raise Mistake unless the condition holds."""
    if not condition:
        raise Mistake(mistake)


def require_written(value):
    """Raise Mistake if a function gave nothing: its body is still to be written."""
    require(value is not None and value is not ..., "Not written yet: the function gives nothing.")


def as_numbers(value):
    """A float32 tensor of whatever a reader gave: a tensor, an array, a number, a list of them."""
    if isinstance(value, list | tuple):
        return torch.stack([as_numbers(part) for part in value])
    return torch.as_tensor(value).detach().float()
