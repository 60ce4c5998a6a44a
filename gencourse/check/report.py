"""How a self-check speaks."""

import random
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
import torch

from gencourse.training import reproducible

_STRICT = ContextVar("strict", default=False)


class Mistake(Exception):
    """A named mistake in a reader's answer; the message is what the reader sees."""


@contextmanager
def strict():
    """In this block a check raises AssertionError where it would print a mistake, and is silent
    otherwise: `with check.strict(): check.perceptron(perceptron)` is a test."""
    before = _STRICT.set(True)
    try:
        yield
    finally:
        _STRICT.reset(before)


def report(properties: Callable, answer: Callable):
    """Call `properties(answer)` and print what it found, in one sentence; see also `strict`.

    `properties` raises Mistake with the mistake's name. An answer that gives
    nothing, or an Ellipsis, counts as not yet written; one that raises is
    reported with its error. Random numbers come from one seed and, afterwards,
    go on as if nothing had been drawn.
    """
    try:
        with _undisturbed():
            properties(answer)
    except Mistake as mistake:
        _say(str(mistake), mistake)
    except Exception as error:  # whatever a reader's own function may raise
        _say(f"your function stopped with {type(error).__name__}: {error}", error)
    else:
        if not _STRICT.get():
            print("✓ That is right.")


def _say(mistake, cause):
    if _STRICT.get():
        raise AssertionError(mistake) from cause
    print(f"✗ {mistake}")


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


@contextmanager
def _undisturbed():
    """Seed the random numbers of torch, numpy and Python, switch gradients on; restore after."""
    of_numpy, of_python = np.random.get_state(), random.getstate()
    try:
        with reproducible(0), torch.enable_grad():
            np.random.seed(0)
            random.seed(0)
            yield
    finally:
        np.random.set_state(of_numpy)
        random.setstate(of_python)
