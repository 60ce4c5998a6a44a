"""A row of the benchmark: what is run, under which protocol, beside which reference."""

import platform
import statistics
from collections.abc import Callable
from dataclasses import dataclass

import torch

from gencourse.results.provenance import provenance
from gencourse.training import arithmetic, choose_device


@dataclass(frozen=True)
class Row:
    """One experiment that runs with any seed.

    name: how it is asked for.
    protocol: what is trained and measured, in words.
    reference: somebody else's figure, and where it is from.
    run: seed → (quality, seconds of training). Quality is figure → number; where several
        entrants are measured, entrant → figure → number. A list of numbers is kept for each
        seed, and not averaged.
    """

    name: str
    protocol: str
    reference: str
    run: Callable[[int], tuple[dict, float]]


def summary(row: Row, seeds: list[int], runs: list[tuple[dict, float]]) -> dict:
    """What is published of a row: means and standard deviations (n - 1) of its runs, and these."""
    qualities = [quality for quality, _ in runs]
    return {
        "name": row.name,
        "protocol": f"{row.protocol}; {hardware()}",
        "seeds": list(seeds),
        "quality": _over(qualities, statistics.mean),
        "sd": _over(qualities, _sd),
        "seconds": statistics.mean(seconds for _, seconds in runs),
        "reference": row.reference,
        "provenance": provenance(),
        "runs": qualities,
    }


def _over(qualities, statistic):
    """The statistic of each figure over the runs, in their shape."""
    return {
        key: _over([quality[key] for quality in qualities], statistic)
        if isinstance(value, dict)
        else statistic([quality[key] for quality in qualities])
        for key, value in qualities[0].items()
        if not isinstance(value, list)
    }


def _sd(values):
    return statistics.stdev(values) if len(values) > 1 else None


def as_text(published: dict) -> str:
    """A published row as a paragraph that fits a terminal; each entrant begins a line."""
    quality, sd = published["quality"], published["sd"]
    if any(isinstance(value, dict) for value in quality.values()):
        found = "".join(f"\n    {name}: {_figures(quality[name], sd[name])}" for name in quality)
    else:
        found = _figures(quality, sd)
    return (
        f"{published['name']}: {found}; {published['seconds']:.3g} s\n"
        f"    protocol: {published['protocol']}; seeds {published['seeds']}\n"
        f"    reference: {published['reference']}"
    )


def _figures(quality, sd):
    return ", ".join(
        f"{figure} {value:.4g}" + (f" ± {sd[figure]:.2g}" if sd[figure] is not None else "")
        for figure, value in quality.items()
    )


def hardware() -> str:
    """The device, in a few words."""
    device = choose_device()
    threads = f"{torch.get_num_threads()} threads"
    return f"{device.type} {platform.machine()}, {threads}, {arithmetic(device)}"
