"""How a self-check speaks: it calls what the reader wrote, and prints one sentence."""

import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any

import numpy as np
import torch

from gencourse.terminal import say
from gencourse.training import reproducible

SEED = 8191
"""Of the checks: one that hardly anybody sets, so that an answer that seeds is noticed."""
Answer = Callable[..., Any]
"""What a reader wrote: a function, of whatever its check says."""
# `nbgrader validate`, a student's own trial, takes a cell that only prints for a success.
_STRICT = ContextVar("strict", default=os.environ.get("NBGRADER_EXECUTION") == "validate")


class Mistake(Exception):
    """A named mistake in a reader's answer; the message is what the reader sees."""


@contextmanager
def strict() -> Iterator[None]:
    """In this block a check raises AssertionError where it would print a mistake, and is silent
    otherwise: `with check.strict(): check.perceptron(perceptron)` is a test."""
    before = _STRICT.set(True)
    try:
        yield
    finally:
        _STRICT.reset(before)


def self_check(
    properties: Callable[[Answer], None] | None = None, *, seeds: bool = False
) -> Callable[..., Any]:
    """Make `properties(answer)` print what it found, in one sentence; see also `strict`.

    `properties` raises Mistake with the mistake's name. An answer that gives nothing, or an
    Ellipsis, counts as not yet written; one that raises is reported with its error, and so is one
    that changes a tensor it was given or, unless `seeds`, the seed. Random numbers come from one
    seed and, afterwards, go on as if nothing had been drawn.
    """
    if properties is None:
        return partial(self_check, seeds=seeds)

    @wraps(properties)
    def check(answer: Answer) -> None:
        try:
            with _undisturbed():
                properties(_well_behaved(answer, seeds))
        except Exception as error:  # whatever a reader's own function may raise
            sentence = str(error)
            if not isinstance(error, Mistake):
                lines = sentence.strip().split("\n")
                words = lines[0][:200] + (" …" if len(lines) > 1 or len(lines[0]) > 200 else "")
                sentence = f"your function stopped with {type(error).__name__}: {words}"
            if _STRICT.get():
                raise AssertionError(sentence) from error
            say(f"✗ {sentence}")
        else:
            if not _STRICT.get():
                say("✓ That is right.")

    return check


def require(condition: object, mistake: str) -> None:
    """Raise Mistake unless the condition holds."""
    if not condition:
        raise Mistake(mistake)


def require_none(mistakes: Mapping[str, object]) -> None:
    """Raise Mistake with the first sentence that is true; mistakes: sentence → whether it is."""
    for sentence, true in mistakes.items():
        require(not true, sentence)


def as_row(numbers: Iterable[float]) -> str:
    """Numbers for a message: (1, -2, 0.5)."""
    return f"({', '.join(f'{number:.3g}' for number in numbers)})"


def _well_behaved(answer, seeds):
    """The answer, with an eye on what it should leave alone."""

    def watched(*given, **named):
        tensors = [value for value in (*given, *named.values()) if torch.is_tensor(value)]
        before, seed = [tensor.detach().clone() for tensor in tensors], torch.initial_seed()
        found = answer(*given, **named)
        changed, seeded = not all(map(torch.equal, before, tensors)), torch.initial_seed() != seed
        mistakes = {
            "Your function changed a tensor that it was given, and whoever called it still needs "
            "it: write x = x - 1 instead of x -= 1, x.neg() instead of x.neg_().": changed,
            "Your function seeds the random numbers, so every call draws the same ones: leave "
            "manual_seed to the notebook.": seeded and not seeds,
        }
        require_none(mistakes)
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
