"""The prior of the AAE with heads: which, and independent of it, how."""

import torch
from torch.nn import functional

from gencourse.priors.base import Prior, require_range
from gencourse.validate import whole


class HeadAndStyle(Prior):
    """One of `heads` equally likely heads, one-hot, and beside it a standard Gaussian style."""

    def __init__(self, heads: int, style: int):
        super().__init__()
        self.heads, self.style = whole(heads, "heads"), whole(style, "style")

    def sample(self, n: int) -> torch.Tensor:
        return self._codes(torch.randint(self.heads, (n,), device=self.device))

    def sample_of(self, heads: torch.Tensor) -> torch.Tensor:
        """Codes with these heads (N,), each in a style of its own, (N, heads + style).

        Raises:
            ValueError: there is no such head.
        """
        require_range(heads, "heads", 0, self.heads)
        return self._codes(heads)

    def _codes(self, heads):
        chosen = functional.one_hot(heads, self.heads).float()
        style = torch.randn(len(heads), self.style, device=heads.device)
        return torch.cat([chosen, style], dim=1)
