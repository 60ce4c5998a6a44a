"""Weights in eight bits: whole numbers from −127 to 127, and a scale for each row.

A page has no room for more. A model that travels for the page is stored with the weights that the
page will have, so that both draw the same.
"""

import torch

STEPS = 127


def in_eight_bits(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The nearest whole numbers, int8, and what they are to be multiplied by, float32.

    weights: of a linear layer, (outputs, inputs); the scales are (outputs, 1).
    """
    weights = weights.detach().float()
    scales = weights.abs().amax(dim=1, keepdim=True) / STEPS
    # A row of nothing but zeros has no scale of its own.
    scales = scales.where(scales > 0, torch.ones(()))
    return (weights / scales).round().to(torch.int8), scales


def rounded(weights: torch.Tensor) -> torch.Tensor:
    """The same weights, float32, as eight bits have them."""
    whole, scales = in_eight_bits(weights)
    return whole * scales
