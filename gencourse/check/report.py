"""How a self-check speaks."""

import os
import random
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
import torch

from gencourse.training import reproducible

SEED = 8191
"""Of the checks: one that hardly anybody sets, so that an answer that seeds is noticed."""
# `nbgrader validate`, a student's own trial, takes a cell that only prints for a success.
_STRICT = ContextVar("strict", default=os.environ.get("NBGRADER_EXECUTION") == "validate")


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


def report(properties: Callable, answer: Callable, seeds=False):
    """Call `properties(answer)` and print what it found, in one sentence; see also `strict`.

    `properties` raises Mistake with the mistake's name. An answer that gives
    nothing, or an Ellipsis, counts as not yet written; one that raises is
    reported with its error, and so is one that changes a tensor it was given or, unless `seeds`,
    the seed. Random numbers come from one seed and, afterwards,
    go on as if nothing had been drawn.
    """
    try:
        with _undisturbed():
            properties(_well_behaved(answer, seeds))
    except Mistake as mistake:
        _say(str(mistake), mistake)
    except Exception as error:  # whatever a reader's own function may raise
        lines = str(error).strip().split("\n")
        words = lines[0][:200] + (" …" if len(lines) > 1 or len(lines[0]) > 200 else "")
        _say(f"your function stopped with {type(error).__name__}: {words}", error)
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
    require(
        value is not None and value is not ...,
        "Not written yet: the function gives nothing. (Is there a return?)",
    )


def require_no_closure(args, kwargs):
    """Raise Mistake if an optimizer's step was given a closure: a hook would look too early."""
    require(
        not any(callable(value) for value in (*args[1:], *kwargs.values())),
        "optimizer.step() got a function; here call backward() first, and then step() without one.",
    )


def require_gradients(answer, right, **given):
    """Raise Mistake unless the result's gradients, of its sum, are those of `right`.

    given: names and tensors, for both functions.
    """
    given = {name: tensor.clone().requires_grad_() for name, tensor in given.items()}
    found = answer(*given.values())
    require(
        isinstance(found, torch.Tensor) and found.requires_grad,
        "No gradient passes through your function, and nothing could be trained with it: no "
        "detach, item, no_grad or numpy in it.",
    )
    tensors = list(given.values())
    slopes = torch.autograd.grad(found.sum(), tensors, allow_unused=True)
    expected = torch.autograd.grad(right(*tensors).sum(), tensors)
    for name, slope, right_slope in zip(given, slopes, expected, strict=True):
        name = name.replace("_", " ")
        require(slope is not None, f"No gradient reaches the {name}: do not detach it.")
        require(
            torch.allclose(slope, right_slope, rtol=1e-3, atol=1e-5),
            f"The value is right, but its gradient for the {name} is not.",
        )


def as_numbers(value):
    """A float32 tensor of whatever a reader gave: a tensor, an array, a number, a list of them."""
    if isinstance(value, list | tuple):
        return torch.stack([as_numbers(part) for part in value])
    return torch.as_tensor(value).detach().float()


def as_row(numbers):
    """Numbers for a message: (1, -2, 0.5)."""
    return f"({', '.join(f'{number:.3g}' for number in numbers)})"


def _well_behaved(answer, seeds):
    """The answer, with an eye on what it should leave alone."""

    def watched(*given, **named):
        tensors = [value for value in (*given, *named.values()) if torch.is_tensor(value)]
        before, seed = [tensor.detach().clone() for tensor in tensors], torch.initial_seed()
        found = answer(*given, **named)
        require(
            all(map(torch.equal, before, tensors)),
            "Your function changed a tensor that it was given, and whoever called it still needs "
            "it: write x = x - 1 instead of x -= 1, x.neg() instead of x.neg_().",
        )
        require(
            seeds or torch.initial_seed() == seed,
            "Your function seeds the random numbers, so every call draws the same ones: leave "
            "manual_seed to the notebook.",
        )
        return found

    return watched


@contextmanager
def _undisturbed():
    """Seed the random numbers of torch, numpy and Python, switch gradients on; restore after."""
    of_numpy, of_python = np.random.get_state(), random.getstate()
    try:
        with reproducible(SEED), torch.enable_grad():
            np.random.seed(0)
            random.seed(0)
            yield
    finally:
        np.random.set_state(of_numpy)
        random.setstate(of_python)
