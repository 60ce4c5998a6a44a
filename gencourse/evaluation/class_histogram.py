"""Which digits a model draws, and how evenly."""

import torch

from gencourse.evaluation import judge


def class_shares(images: torch.Tensor, of: str = "digits") -> torch.Tensor:
    """The share of each of the ten classes among the judge's guesses of images, (10,)."""
    return shares_of(judge.probabilities(images, of))


def shares_of(probabilities: torch.Tensor) -> torch.Tensor:
    """The share of each class among the likeliest of probabilities (N, classes), (classes,)."""
    classes = probabilities.shape[1]
    return torch.bincount(probabilities.argmax(1), minlength=classes) / len(probabilities)


def kl_to_uniform(shares: torch.Tensor) -> float:
    """KL(shares ‖ uniform) in nats: 0 if all classes are as frequent, log K if there is one."""
    return (torch.xlogy(shares, shares).sum() + torch.tensor(len(shares)).log()).item()
