"""What a clustering is worth, once each of its heads has been given a name."""

import torch


def names_of_heads(scores, labels, votes=100):
    """For each head the commonest label among the images that it is surest of, (heads,).

    Nothing else is learned from the labels. (Makhzani and others, 2016, ask the one surest
    image, which is sometimes an odd one.)

    scores: of the heads for some images, (N, heads). Logits, because probabilities of 1 tie.
    labels: of the same images, (N,).
    """
    return labels[scores.topk(min(votes, len(scores)), dim=0).indices].mode(0).values


def neighbour_error(codes, labels, known_codes, known_labels, neighbours=5):
    """The share of codes (N, d) whose nearest known codes (M, d) outvote their label."""
    wrong = 0
    for some, truth in zip(codes.split(500), labels.split(500), strict=True):
        nearest = torch.cdist(some, known_codes).topk(neighbours, largest=False).indices
        wrong += (known_labels[nearest].mode(1).values != truth).sum().item()
    return wrong / len(codes)
