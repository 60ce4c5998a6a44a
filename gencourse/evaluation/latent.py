"""Where codes lie, and how far from them a point is."""

import torch

from gencourse.priors import Shape


def grid(codes: torch.Tensor, steps: int = 40) -> torch.Tensor:
    """A regular grid over the box that holds all the codes (N, 2).

    (steps * steps, 2), row by row from the bottom left.
    """
    low, high = codes.min(0).values, codes.max(0).values
    axes = [torch.linspace(a, b, steps) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    across, up = torch.meshgrid(*axes, indexing="xy")
    return torch.stack([across, up], -1).reshape(-1, 2)


def distance_to_nearest(points: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The distance from each point (M, d) to the nearest of the codes (N, d), (M,)."""
    return torch.cat([torch.cdist(some, codes).min(1).values for some in points.split(500)])


def spread(codes: torch.Tensor) -> float:
    """The root mean square distance of codes (N, latent_dim) from their mean."""
    return (codes - codes.mean(0)).square().sum(1).mean().sqrt().item()


def binned_means(
    positions: torch.Tensor, values: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean position and the mean value of eight bins, (8,) and (8,).

    Each bin holds equally many of the positions (N,), in their order, with their values (N,).
    """
    order = positions.argsort().tensor_split(8)
    centres = torch.stack([positions[chosen].mean() for chosen in order])
    return centres, torch.stack([values[chosen].mean() for chosen in order])


def nearest_part(codes: torch.Tensor, shape: Shape) -> torch.Tensor:
    """The part of a `Shape` that each code (N, latent_dim) lies in or next to, (N,)."""
    parts = torch.arange(20_000) % shape.parts
    there = shape.sample_of(parts)
    return torch.cat([parts[torch.cdist(some, there).argmin(1)] for some in codes.split(500)])
