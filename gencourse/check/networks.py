"""What the checks ask of a network, and one that asks something of its input."""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from gencourse.check.properties import of_kind
from gencourse.check.report import Mistake, require


class Flat(nn.Linear):
    """A linear layer that insists on flat images, or on codes."""

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        what = "encoder takes flat images" if self.in_features == 784 else "decoder takes codes"
        require(
            given.ndim == 2 and given.shape[1] == self.in_features,
            f"A network got {tuple(given.shape)}; expected (N, {self.in_features}). The {what}.",
        )
        return super().forward(given)


def flat(tensors: Iterable[torch.Tensor]) -> torch.Tensor:
    """All numbers of some tensors, parameters or gradients, in one tensor (count,)."""
    return torch.cat([tensor.detach().flatten() for tensor in tensors])


def weights_of(networks: Mapping[str, nn.Module]) -> dict[str, torch.Tensor]:
    """The parameters of each network as they now are, flat."""
    return {name: flat(network.parameters()) for name, network in networks.items()}


def parameters_of(optimizer: torch.optim.Optimizer) -> set[torch.Tensor]:
    """The parameters that an optimizer holds."""
    return {parameter for group in optimizer.param_groups for parameter in group["params"]}


def require_module(network: Any) -> None:
    """Raise Mistake unless it is a module that has parameters."""
    of_kind(network, nn.Module, "Expected a module, for instance nn.Sequential")
    require(
        list(network.parameters()),
        "The module has no parameters: layers in a plain list are not registered. Use "
        "nn.Sequential or nn.ModuleList.",
    )


def require_left_alone(network: nn.Module, name: str, after: str) -> None:
    """Raise Mistake if it is frozen or in evaluation mode; name, after: words."""
    require(network.training, f"{name} is left in evaluation mode, and it was in training mode.")
    if not all(parameter.requires_grad for parameter in network.parameters()):
        raise Mistake(f"{name} is left frozen: call requires_grad_(True) after {after}.")
