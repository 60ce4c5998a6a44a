"""A phase of training: which loss, and which networks it may change.

The models of this course differ in *who is trained against what*. So a model
is a set of networks and a list of phases, and one loop (gencourse.training)
serves them all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True, eq=False)
class Phase:
    """One step of the game that is played on every batch.

    name: what the history and the figures call it.
    loss: takes the tensors of a batch, gives a scalar, in nats per image.
    trains: the networks whose parameters this phase changes; it changes no others,
        nor those that were frozen (requires_grad False) when training began.
    learning_rate: the peak of the one-cycle schedule.
    betas: Adam's two decay rates. The second is below Adam's usual .999: trainings here
        are of one or two thousand steps, and must forget the slopes of the first of them.
    after: called after each step, without gradients, with the share of the training that
        is done, in (0, 1].
    joins: the name of an earlier phase whose step it joins: the gradients of both are
        added, and that phase's optimiser takes one step with the sum.
    weight: what its loss is multiplied by in such a sum; the history has it unweighted.
    """

    name: str
    loss: Callable[..., torch.Tensor]
    trains: Sequence[nn.Module]
    learning_rate: float = 4e-3
    betas: tuple[float, float] = (0.9, 0.98)
    after: Callable[[float], None] | None = None
    joins: str | None = None
    weight: float = 1.0

    def parameters(self):
        """The parameters that this phase changes."""
        return [parameter for network in self.trains for parameter in network.parameters()]
