"""Who is trained by which loss: each model as boxes, what flows forward, and what comes back."""

import math
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from gencourse.figures.style import ROLES, WIDTH, in_the_style

Place = tuple[float, float]

SLOPE = "#666666"  # of the dashed lines that gradients take


@dataclass(frozen=True)
class _Diagram:
    """boxes: name → (place, role). flows: pairs of names. slopes: corners from a loss to what it
    moves, each with the networks' ends of the line as arrowheads."""

    boxes: dict[str, tuple[Place, str]]
    flows: tuple[tuple[str, str], ...]
    slopes: tuple[tuple[tuple[Place, ...], tuple[Place, ...]], ...]


_COPY: dict[str, tuple[Place, str]] = {
    "$x$": ((0.7, 0), ""),
    "encoder": ((2.5, 0), "encoder"),
    "$z$": ((4.3, 0), ""),
    "decoder": ((6.1, 0), "decoder"),
    "$\\hat x$": ((7.9, 0), ""),
    "surprise": ((9.7, 0), "loss"),
}
_COPYING = (
    ("$x$", "encoder"), ("encoder", "$z$"), ("$z$", "decoder"), ("decoder", "$\\hat x$"),
    ("$\\hat x$", "surprise"),
)  # fmt: skip
# From below the loss, under everything, up into decoder and encoder.
_BY_SURPRISE = (
    ((9.7, -0.4), (9.7, -0.95), (2.5, -0.95), (2.5, -0.42)),
    ((6.1, -0.95), (6.1, -0.42)),
)

DIAGRAMS = {
    "AE": _Diagram(_COPY, _COPYING, (_BY_SURPRISE,)),
    "VAE": _Diagram(
        _COPY | {
            "rate": ((4.3, 1.4), "loss"), "prior": ((6.1, 1.4), "prior"),
            "noise": ((4.3, -1.5), ""),
        },
        (*_COPYING, ("$z$", "rate"), ("prior", "rate"), ("noise", "$z$")),
        (_BY_SURPRISE, (((3.7, 1.4), (2.5, 1.4), (2.5, 0.42)), ())),
    ),
    "GAN": _Diagram(
        {
            "prior": ((0.8, 0), "prior"), "$z$": ((2.1, 0), ""),
            "generator": ((3.7, 0), "generated"), "$G(z)$": ((5.5, 0), ""),
            "critic": ((7.1, 0), "discriminator"), "$x$": ((5.5, 1.3), ""),
            "critic's loss": ((9.5, 0.6), "loss"), "generator's loss": ((9.5, -0.6), "loss"),
        },
        (
            ("prior", "$z$"), ("$z$", "generator"), ("generator", "$G(z)$"), ("$G(z)$", "critic"),
            ("$x$", "critic"), ("critic", "critic's loss"), ("critic", "generator's loss"),
        ),
        (
            (((9.5, 1.0), (9.5, 1.5), (7.1, 1.5), (7.1, 0.42)), ()),
            (((9.5, -1.0), (9.5, -1.4), (3.7, -1.4), (3.7, -0.42)), ()),
        ),
    ),
    "AAE": _Diagram(
        _COPY | {
            "critic": ((6.1, 1.9), "discriminator"), "prior": ((4.3, 2.9), "prior"),
            "critic's loss": ((9.4, 2.5), "loss"), "regularization": ((9.4, 1.4), "loss"),
        },
        (
            *_COPYING, ("$z$", "critic"), ("prior", "critic"), ("critic", "critic's loss"),
            ("critic", "regularization"),
        ),
        (
            _BY_SURPRISE,
            (((9.4, 2.9), (9.4, 3.3), (6.1, 3.3), (6.1, 2.32)), ()),
            (((9.4, 1.0), (9.4, 0.8), (2.5, 0.8), (2.5, 0.42)), ()),
        ),
    ),
}  # fmt: skip


@in_the_style
def diagram(model: str) -> None:
    """The networks of a model, what flows through them, and the way of each loss's gradient.

    model: "AE", "VAE", "GAN" or "AAE".

    Raises:
        ValueError: another name.
    """
    if model not in DIAGRAMS:
        raise ValueError(f"there is no diagram {model!r}; expected one of {', '.join(DIAGRAMS)}.")
    drawn = DIAGRAMS[model]
    heights = [y for (_, y), _ in drawn.boxes.values()] + [
        y for line, _ in drawn.slopes for _, y in line
    ]
    low, high = min(heights) - 0.55, max(heights) + 0.55
    _, axes = plt.subplots(figsize=(WIDTH, (high - low) * WIDTH / 10.9))
    axes.set(xlim=(0.2, 11.2), ylim=(low, high), aspect="equal")
    axes.set_axis_off()
    for start, end in drawn.flows:
        _flow(axes, *(_Box(name, *drawn.boxes[name]) for name in (start, end)))
    for lines in drawn.slopes:
        for corners in filter(None, lines):
            _slope(axes, corners)
    for name, (place, role) in drawn.boxes.items():
        _Box(name, place, role).draw(axes)


@dataclass(frozen=True)
class _Box:
    name: str
    place: Place
    role: str

    @property
    def half(self) -> Place:
        """Half of its width and of its height."""
        if not self.role:
            return (0.25 if len(self.name) < 4 or "hat" in self.name else 0.5, 0.3)
        return (0.085 * len(self.name) + 0.14, 0.36)

    def draw(self, axes: Axes) -> None:
        (x, y), (wide, high) = self.place, self.half
        if self.role:
            colour = "white" if self.role == "loss" else ROLES[self.role]
            axes.add_patch(
                FancyBboxPatch(
                    (x - wide, y - high), 2 * wide, 2 * high, facecolor=colour, edgecolor="black",
                    boxstyle="round,pad=0,rounding_size=0.12", linewidth=1.2,
                )
            )  # fmt: skip
        axes.text(x, y, self.name, ha="center", va="center_baseline", fontsize=11)

    def edge(self, other: Place) -> Place:
        """Where the line to another place leaves it, with a small distance."""
        (x, y), (wide, high) = self.place, self.half
        dx, dy = other[0] - x, other[1] - y
        share = min(wide / abs(dx) if dx else 9, high / abs(dy) if dy else 9)
        share += 0.06 / math.hypot(dx, dy)
        return x + share * dx, y + share * dy


def _flow(axes: Axes, start: _Box, end: _Box) -> None:
    arrow = {"arrowstyle": "-|>", "color": "black", "shrinkA": 0, "shrinkB": 0}
    ends = end.edge(start.place), start.edge(end.place)
    axes.annotate("", *ends, arrowprops=arrow)


def _slope(axes: Axes, corners: tuple[Place, ...]) -> None:
    axes.plot(*zip(*corners, strict=True), color=SLOPE, linestyle=(0, (4, 2)), linewidth=1.4)
    arrow = {"arrowstyle": "-|>", "color": SLOPE, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", corners[-1], corners[-2], arrowprops=arrow)
