"""Where codes lie, and how far from them a point is."""

import torch


def grid(codes, steps=40):
    """A regular grid over the box that holds all the codes (N, 2).

    Returns:
        (steps * steps, 2), row by row from the bottom left.
    """
    low, high = codes.min(0).values, codes.max(0).values
    axes = [torch.linspace(a, b, steps) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    across, up = torch.meshgrid(*axes, indexing="xy")
    return torch.stack([across, up], -1).reshape(-1, 2)


def distance_to_nearest(points, codes):
    """The distance from each point (M, latent) to the nearest of the codes (N, latent), (M,)."""
    return torch.cat([torch.cdist(some, codes).min(1).values for some in points.split(500)])


def spread(codes):
    """The root mean square distance of codes (N, latent) from their mean."""
    return (codes - codes.mean(0)).square().sum(1).mean().sqrt().item()


def binned_means(positions, values, bins=8):
    """The mean of the values over bins of the positions that hold equally many.

    Returns:
        The mean position and the mean value of each bin, (bins,) and (bins,).
    """
    order = positions.argsort().tensor_split(bins)
    centres = torch.stack([positions[chosen].mean() for chosen in order])
    return centres, torch.stack([values[chosen].mean() for chosen in order])


def nearest_part(codes, shape, samples=20_000):
    """The part of a `Shape` that each code (N, latent) lies in or next to, (N,)."""
    parts = torch.arange(samples) % shape.parts
    there = shape.sample_of(parts)
    return torch.cat([parts[torch.cdist(some, there).argmin(1)] for some in codes.split(500)])
