"""What a clustering is worth, once each of its heads has been given a name."""

import torch


def names_of_heads(scores: torch.Tensor, labels: torch.Tensor, votes: int = 100) -> torch.Tensor:
    """For each head the commonest label among the images that it is surest of, (heads,).

    Nothing else is learned from the labels. (Makhzani and others, 2016, ask the one surest
    image, which is sometimes an odd one.)

    scores: of the heads for some images, (N, heads). Logits, because probabilities of 1 tie.
    labels: of the same images, (N,).
    """
    return labels[scores.topk(min(votes, len(scores)), dim=0).indices].mode(0).values
