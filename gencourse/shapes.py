"""Shapes for the latent plane: priors that can be sampled, and need no density.

A shape is made of parts that are equally likely: petals, or stretches of an arm.
All are about as wide as a standard Gaussian.
"""

import math

import torch

from gencourse import priors


class Shape:
    """A prior of numbered parts; `draw` gives a code (N, latent) in each of the parts (N,)."""

    def __init__(self, parts, draw):
        self.parts = parts
        self.draw = draw

    def sample(self, n):
        """`n` codes, (n, latent)."""
        return self.draw(torch.randint(self.parts, (n,)))

    def sample_of(self, parts):
        """A code in each of these parts (N,), (N, latent); where a part is −1, in any."""
        anywhere = torch.randint(self.parts, parts.shape, device=parts.device)
        return self.draw(torch.where(parts < 0, anywhere, parts))


def petals(parts=10):
    """Long Gaussians around a centre, one a part (Makhzani and others, 2016, fig. 4)."""

    def draw(part):
        along, across = 1.4 + 0.35 * torch.randn(len(part)), 0.1 * torch.randn(len(part))
        return _turned(along, across, part * (2 * math.pi / parts))

    return Shape(parts, draw)


def swiss_roll(parts=10):
    """A spiral of a turn and a fifth, evenly inked, in stretches from the centre outwards."""

    def draw(part):
        # The length of a spiral from its centre grows as the square of the angle.
        way = (part + torch.rand(len(part))) / parts
        angle = 3 * math.pi * (0.04 + 0.96 * way).sqrt()
        radius = 0.24 * angle + 0.06 * torch.randn(len(part))
        return _turned(radius, torch.zeros_like(radius), angle)

    return Shape(parts, draw)


def ring(parts=10):
    """A circle with a soft rim, in equal arcs."""

    def draw(part):
        angle = (part + torch.rand(len(part))) * (2 * math.pi / parts)
        radius = 1.5 + 0.1 * torch.randn(len(part))
        return _turned(radius, torch.zeros_like(radius), angle)

    return Shape(parts, draw)


def points_in(picture, n):
    """`n` points where a picture (H, W) has ink, as often as there is ink, (n, 2).

    The picture's longer side goes from −2 to 2; its first row is at the top.

    Raises:
        ValueError: the picture is not (H, W), or has no ink.
    """
    picture = torch.as_tensor(picture, dtype=torch.float32)
    if picture.ndim != 2 or not picture.isfinite().all() or picture.min() < 0 or not picture.any():
        raise ValueError(
            "expected a picture (H, W) of numbers of 0 or more, some above 0; got "
            f"{tuple(picture.shape)}."
        )
    height, width = picture.shape
    row, column = torch.unravel_index(picture.flatten().multinomial(n, True), picture.shape)
    x, y = column + torch.rand(n) - width / 2, height / 2 - row - torch.rand(n)
    return torch.stack([x, y], dim=1) * (4 / max(height, width))


def along(strokes, n, width=0.08):
    """`n` points along hand-drawn lines, evenly by length, (n, 2), with a soft edge.

    strokes: a list of lines, each a list of at least two points (x, y).
    width: the standard deviation across the line.

    Raises:
        ValueError: no stroke has any length.
    """
    lines = [torch.as_tensor(line, dtype=torch.float32) for line in strokes if len(line) > 1]
    starts = torch.cat([line[:-1] for line in lines] or [torch.zeros(1, 2)])
    steps = torch.cat([line.diff(dim=0) for line in lines] or [torch.zeros(1, 2)])
    lengths = steps.norm(dim=1)
    if not lengths.any():
        raise ValueError("there is no line in this drawing; expected two different points in one.")
    chosen = lengths.multinomial(n, True)
    return starts[chosen] + torch.rand(n, 1) * steps[chosen] + width * torch.randn(n, 2)


PRIORS = {"petals": petals, "swiss roll": swiss_roll, "ring": ring}
"""Shapes by name; "gaussian" is known too, in any number of dimensions."""


def prior(which, latent):
    """The prior of that name, or the given one, if its codes have `latent` numbers.

    Raises:
        ValueError: an unknown name, or codes of another size.
    """
    if which == "gaussian":
        return priors.gaussian(latent)
    if isinstance(which, str):
        if which not in PRIORS:
            raise ValueError(
                f"prior is {which!r}; expected one of gaussian, {', '.join(PRIORS)}, or something "
                "with sample(n)."
            )
        which = PRIORS[which]()
    if (shape := tuple(which.sample(1).shape)) != (1, latent):
        raise ValueError(f"the prior's sample(1) is {shape}; expected (1, {latent}).")
    return which


def _turned(along, across, angle):
    x = along * angle.cos() - across * angle.sin()
    return torch.stack([x, along * angle.sin() + across * angle.cos()], dim=1)
