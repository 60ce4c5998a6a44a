"""A recipe: everything that determines a model's weights, but the seed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from gencourse.training import fit, reproducible


@dataclass(frozen=True, eq=False)
class Recipe:
    """How a model comes to be.

    name: what it is called; part of the names of its files.
    make: gives the untrained model.
    data: gives the tensors that it is trained on, images first.
    epochs, batch_size: of the training.
    keeps: the networks that travel, by the beginnings of their parameters' names; all if empty.
    rounds: those of them that a page draws with, likewise: their weights travel as eight bits
        have them.
    """

    name: str
    make: Callable[[], nn.Module]
    data: Callable[[], tuple[torch.Tensor, ...]]
    epochs: int
    batch_size: int = 256
    keeps: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()


def untrained(recipe: Recipe, seed: int) -> Any:
    """The model before its training, the first weights drawn from the seed."""
    with reproducible(seed):
        return recipe.make()


def train(recipe: Recipe, seed: int) -> Any:
    """The model, trained now; `model.history` tells of its training.

    Raises:
        KeyboardInterrupt: the training was stopped before its end.
    """
    model = train_as_far_as_it_goes(recipe, seed)
    if model.history.interrupted:
        raise KeyboardInterrupt
    return model


def train_as_far_as_it_goes(recipe: Recipe, seed: int) -> Any:
    """The same for a reader, who may stop it and keep what was learned."""
    model = untrained(recipe, seed)
    model.history = fit(
        model, *recipe.data(), epochs=recipe.epochs, batch_size=recipe.batch_size, seed=seed
    )
    return model
