"""One door for numbers, and for what a message calls that which is none."""

import math
import numbers
import operator
from collections.abc import Iterable

import torch


def whole(number: object, name: str, least: int = 1, most: int | None = None) -> int:
    """`number` as Python's int, whichever library it comes from.

    Args:
        number: an int, or one of NumPy's or torch's; True and 1.0 are none.
        name: what it is called, for the message.
        least, most: the first and the last that will do.
    Raises:
        ValueError: it is no whole number, or out of this range.
    """
    value = _converted(number, operator.index)
    if value is None or value < least or (most is not None and value > most):
        expected = f"of {least} or more" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} is {number!r}; expected a whole number {expected}.")
    return value


def real(
    number: object,
    name: str,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """`number` as Python's float, whichever library it comes from.

    Args:
        number: a number, or one of NumPy's or torch's; True and "1" are none.
        name: what it is called, for the message.
        least: the smallest that will do.
        above, below: what it must be larger and smaller than.
    Raises:
        ValueError: it is no finite number, or out of this range.
    """
    numeric = isinstance(number, numbers.Real) or getattr(number, "ndim", None) == 0
    value = _converted(number, float) if numeric else None
    if value is None or not (value >= least and above < value < below):  # which nan is not
        expected = f" of {least:g} or more" if least > -math.inf else ""
        expected += f" above {above:g}" if above > -math.inf else ""
        expected += f" and below {below:g}" if below < math.inf else ""
        raise ValueError(f"{name} is {number!r}; expected a number{expected}.")
    return value


def seed(number: object) -> int:
    """A seed, from 0 to 2³² − 1: what torch, NumPy and scikit-learn all take.

    Raises:
        ValueError: it is none.
    """
    return whole(number, "seed", least=0, most=2**32 - 1)


def floats(given: object, name: str, *shape: int | str, error: type = ValueError) -> torch.Tensor:
    """`given`, if it is a tensor of finite float32 numbers, not empty; else raise `error`.

    name: what they are called, in the plural. shape: sizes, and names where any size will do.
    """
    if not isinstance(given, torch.Tensor):
        raise error(f"{name} are {named(given)}; expected a tensor of torch's.")
    sizes = zip(given.shape, shape, strict=False)
    fits = given.ndim == len(shape) and all(n == size or isinstance(n, str) for size, n in sizes)
    if not fits or given.dtype != torch.float32:
        raise error(
            f"{name} have shape {tuple(given.shape)} and type {given.dtype}; expected float32 of "
            f"shape ({', '.join(map(str, shape))}){': .float() makes them so' if fits else ''}."
        )
    if len(given) == 0:
        raise error(f"there are no {name}; expected at least one.")
    if not given.isfinite().all():
        raise error(f"{name} are not all finite numbers.")
    return given


def several(things: object, name: str, kind: type, example: str) -> list:
    """The things as a list, if there are any and all are of a kind; else raise ValueError.

    name: what they are called, in the plural.
    """
    listed = list(things) if isinstance(things, Iterable) else None
    if not listed or not all(isinstance(each, kind) for each in listed):
        given = named(things) if listed is None else f"[{', '.join(map(named, listed[:3]))}]"
        raise ValueError(f"{name} are {given}; expected a list, such as {example}.")
    return listed


def named(thing: object) -> str:
    """What a thing is, in a message: "the class VAE", "a numpy.ndarray"."""
    if isinstance(thing, type):
        return f"the class {thing.__name__}"
    name = f"{type(thing).__module__}.{type(thing).__name__}".removeprefix("builtins.")
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _converted(number, convert):
    """The number as Python's own; None if it cannot be converted, or is true or false."""
    # The name of its type, or of the type of what an array or tensor holds.
    kind = str(getattr(number, "dtype", type(number).__name__))
    try:
        return None if "bool" in kind else convert(number)
    except (TypeError, ValueError, RuntimeError, OverflowError):  # each library has its own
        return None
