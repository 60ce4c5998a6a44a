"""The evidence bound of a model whose code is one number: clouds, and what each of them pays."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch

from gencourse.figures.inputs import equally_many, some
from gencourse.figures.style import PALE, ROLES, WIDTH, in_the_style


@in_the_style
def bound(
    z: torch.Tensor,
    posterior: torch.Tensor,
    clouds: Mapping[str, tuple[torch.Tensor, float, float]],
    surprise: float,
) -> None:
    """Above, each cloud over the posterior; below it what it pays, and the line −log p(x).

    Args:
        z: codes of one number (K,).
        posterior: the density p(z | x) at each, (K,).
        clouds: name → (the density q(z | x) at each (K,), distortion, rate), in nats.
        surprise: −log p(x), in nats.
    Raises:
        ValueError: there are no clouds, or a shape is not as above.
    """
    some(clouds, "clouds")
    figure = plt.figure(figsize=(WIDTH, 4.4))
    grid = figure.add_gridspec(2, len(clouds), height_ratios=[1, 2])
    below = figure.add_subplot(grid[1, :])
    for column, (name, (density, distortion, rate)) in enumerate(clouds.items()):
        equally_many(z=z, posterior=posterior, **{name: density})
        above = figure.add_subplot(grid[0, column])
        above.fill_between(z, posterior, color=PALE, linewidth=0)
        above.plot(z, density, color=ROLES["encoder"])
        above.set(yticks=[], xlabel="z", ylim=(0, 2.5 * posterior.max().item()), title=name)
        decoder = below.bar(column, distortion, 0.5, color=ROLES["decoder"])
        prior = below.bar(column, rate, 0.5, distortion, color=ROLES["prior"])
        total = distortion + rate
        below.plot([column + 0.29] * 2, [surprise, total], color="black", linewidth=1.5)
        if total > 1.2 * surprise:  # else there is no room
            below.text(column + 0.32, (total + surprise) / 2, "gap", va="center")
    line = below.axhline(surprise, color="black", linestyle="--", linewidth=1.2)
    below.set(ylabel="nats", xticks=[], xlim=(-0.5, len(clouds) - 0.5))
    below.set_ylim(0, 1.1 * below.get_ylim()[1])
    below.legend([line, decoder, prior], ["−log p(x)", "distortion", "rate"], loc="upper right")
