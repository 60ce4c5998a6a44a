"""Which digits a model draws, and how evenly."""

import torch

from gencourse.evaluation import judge


def class_shares(images, of="digits"):
    """The share of each of the ten classes among the judge's guesses, (10,)."""
    guesses = judge.probabilities(images, of).argmax(1)
    return torch.bincount(guesses, minlength=10) / len(guesses)


def kl_to_uniform(shares):
    """KL(shares ‖ uniform) in nats: 0 if all classes are as frequent, log K if there is one."""
    return (torch.xlogy(shares, shares).sum() + torch.tensor(len(shares)).log()).item()
