"""The receipt at the end of a notebook: what ran, on what, for how long."""

import platform
import time

import matplotlib
import numpy
import torch

from gencourse.settings import STARTED, seed
from gencourse.terminal import say
from gencourse.training import arithmetic, choose_device


def receipt() -> None:
    """Print versions, device, arithmetic, seed, and the seconds since gencourse was imported."""
    device = choose_device()
    rows = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "matplotlib": matplotlib.__version__,
        "device": f"{device.type}, {torch.get_num_threads()} threads",
        "arithmetic": arithmetic(device),
        "seed": seed(),
        "seconds": round(time.perf_counter() - STARTED),
    }
    say("\n".join(f"{name:<10} {value}" for name, value in rows.items()))
