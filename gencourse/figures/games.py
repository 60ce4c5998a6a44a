"""The game of generator and discriminator, on toys whose answer can be seen."""

import matplotlib.pyplot as plt
from matplotlib.colors import ListedColormap

from gencourse.figures.style import ROLES, WIDTH


def critic(x, real, made, best, learned):
    """Above, two densities over x (K,); below, the best discriminator and the learned one."""
    x, real, made, best, learned = (line.numpy() for line in (x, real, made, best, learned))
    _, (above, below) = plt.subplots(2, 1, figsize=(WIDTH, 4.2), sharex=True, height_ratios=[2, 3])
    above.fill_between(x, real, color=ROLES["real"], alpha=0.25, linewidth=0)
    above.fill_between(x, made, color=ROLES["generated"], alpha=0.5, linewidth=0)
    for density, name in ((real, "real"), (made, "generated")):
        peak = density.argmax()
        above.annotate(
            name, (x[peak], density[peak]), (0, 4), textcoords="offset points", ha="center",
            color=ROLES[name],
        )  # fmt: skip
    above.set(yticks=[], ylabel="density")
    above.set_ylim(0, 1.25 * max(real.max(), made.max()))
    below.plot(x, best, color="black", linewidth=1.2, label="p / (p + q)")
    below.plot(x, learned, color=ROLES["discriminator"], linestyle="--", label="learned D")
    below.set(xlabel="x", ylabel="D(x)", ylim=(-0.03, 1.03))
    below.legend()


def point_runs(rows, gaussians, titles):
    """Points of several runs over the centres that they should hit, a row for each setting.

    Args:
        rows: name → points (N, runs, 2).
        titles: name → a short text above each panel.
    """
    runs = next(iter(rows.values())).shape[1]
    _, panels = plt.subplots(
        len(rows), runs, figsize=(WIDTH, (WIDTH / runs + 0.35) * len(rows)), squeeze=False
    )
    reach = 1.4 * gaussians.centres.abs().max().item()
    for line, (name, points) in zip(panels, rows.items(), strict=True):
        for run, axes in enumerate(line):
            axes.scatter(*gaussians.centres.T, s=70, color="#dddddd", linewidths=0)
            axes.scatter(*points[:, run].T, s=3, color=ROLES["generated"], linewidths=0, alpha=0.3)
            axes.set(xticks=[], yticks=[], xlim=(-reach, reach), ylim=(-reach, reach))
            axes.set_title(titles[name][run], fontsize=11)
            axes.set_aspect("equal")
            axes.spines[:].set(visible=True, color="#c8c8c8")
        line[0].set_ylabel(name)


def sensitivity(outcomes, rates, betas, runs):
    """What became of each run, over learning rate and β₁.

    Args:
        outcomes: (rate, β₁) → for each run (modes covered, share of good points).
        runs: how many in each.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    colours = ListedColormap(plt.get_cmap("viridis")([0.15, 0.4, 0.62, 0.82, 1.0]))
    for row, beta in enumerate(betas):
        for column, rate in enumerate(rates):
            for run, (modes, good) in enumerate(outcomes[rate, beta]):
                place = column + (run - (runs - 1) / 2) * 0.27
                dots = axes.scatter(
                    place, row, s=480, c=[good], cmap=colours, vmin=0, vmax=1, linewidths=0
                )
                axes.text(
                    place, row, str(modes), ha="center", va="center", fontweight="bold",
                    color="black" if good > 0.6 else "white",
                )  # fmt: skip
    axes.set(xlabel="learning rate", ylabel="Adam's β₁")
    axes.set_xticks(range(len(rates)), [f"{rate:g}" for rate in rates])
    axes.set_yticks(range(len(betas)), [f"{beta:g}" for beta in betas])
    axes.set(xlim=(-0.6, len(rates) - 0.4), ylim=(-0.6, len(betas) - 0.4))
    bar = figure.colorbar(dots, ax=axes, ticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    bar.set_label("share of good points")
