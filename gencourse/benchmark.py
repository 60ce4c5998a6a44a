"""The benchmark: quality and seconds of what the book trains, beside published figures.

python -m gencourse.benchmark                                   every row
python -m gencourse.benchmark autoencoder-2 --seeds 0 1 2 --json results.json

Everything is trained anew. Quality is a mean over seeds with its standard
deviation (n - 1); seconds are of training alone (of one pass, in the row
`data`), and mean something on an otherwise idle machine only.
"""

import argparse
import json
import lzma
import platform
import statistics
import tempfile
import time
from collections import deque
from pathlib import Path

import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from gencourse.data import embedded_mnist, mnist
from gencourse.files import write_atomically
from gencourse.models import Autoencoder
from gencourse.training import arithmetic, choose_device, fit, reproducible

BATCH_SIZE = 256


def autoencoder_2(seed):
    """AE, latent size 2, 12 epochs, batch 256, grey MNIST; test MSE per pixel"""
    digits = mnist()
    with reproducible(seed):
        model = Autoencoder(latent=2)
    history = fit(model, digits.train.images, epochs=12, batch_size=BATCH_SIZE, seed=seed)
    if history.interrupted:
        raise KeyboardInterrupt
    error = (model.reconstruct(digits.test.images) - digits.test.images).square().mean().item()
    return {"mse": error}, history.seconds


def data(seed):
    """loading one shuffled pass of 60,000 images, batch 256; ratio: DataLoader's seconds to ours"""
    images, labels = mnist().train.images, mnist().train.labels
    with reproducible(seed), tempfile.TemporaryDirectory() as folder:
        loader = DataLoader(_torchvision_mnist(folder), BATCH_SIZE, shuffle=True)
        ours = _seconds(lambda: _slices(images, labels))
        theirs = _seconds(lambda: deque(loader, maxlen=0))
    return {"seconds_per_epoch": ours, "ratio": theirs / ours}, ours


# name → (what runs with a seed and gives quality and seconds, the reference)
ROWS = {
    "autoencoder-2": (autoencoder_2, "convolutional AE, 20 epochs, train MSE .038"),
    "data": (data, "torchvision MNIST with ToTensor in a DataLoader, in the same run: ratio 1"),
}


def _torchvision_mnist(folder):
    """torchvision's own data set with ToTensor, on the embedded files unpacked into `folder`."""
    raw = Path(folder) / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in embedded_mnist.CHECKSUMS:
        with lzma.open(embedded_mnist.FOLDER / f"{name}.xz") as file:
            (raw / name).write_bytes(file.read())
    return datasets.MNIST(folder, transform=transforms.ToTensor())


def _slices(images, labels):
    for chosen in torch.randperm(len(images)).split(BATCH_SIZE):
        images[chosen], labels[chosen]


def _seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(names, seeds):
    """The rows as a list of dictionaries, one a name; each function runs once a seed."""
    results = []
    for name in names:
        function, reference = ROWS[name]
        runs = [function(seed) for seed in seeds]
        figures = {key: [quality[key] for quality, _ in runs] for key in runs[0][0]}
        results.append(
            {
                "name": name,
                "protocol": f"{function.__doc__}; {hardware()}",
                "seeds": list(seeds),
                "quality": {key: statistics.mean(values) for key, values in figures.items()},
                "sd": {
                    key: statistics.stdev(values) if len(values) > 1 else None
                    for key, values in figures.items()
                },
                "seconds": statistics.mean(seconds for _, seconds in runs),
                "reference": reference,
            }
        )
        print(as_text(results[-1]), flush=True)
    return results


def as_text(row):
    """One row of the table, as a paragraph that fits a terminal."""
    quality = ", ".join(
        f"{key} {value:.4g}" + (f" ± {row['sd'][key]:.2g}" if row["sd"][key] is not None else "")
        for key, value in row["quality"].items()
    )
    return (
        f"{row['name']}: {quality}; {row['seconds']:.3g} s\n"
        f"    protocol: {row['protocol']}; seeds {row['seeds']}\n"
        f"    reference: {row['reference']}"
    )


def hardware():
    """The device, in a few words."""
    device = choose_device()
    threads = f"{torch.get_num_threads()} threads"
    return f"{device.type} {platform.machine()}, {threads}, {arithmetic(device)}"


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m gencourse.benchmark", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(ROWS)}; all if none"
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--json", metavar="FILE", help="write the rows there too")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in ROWS]
    if unknown:
        parser.error(f"no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    results = run(options.names or list(ROWS), options.seeds)
    if options.json:
        write_atomically(options.json, json.dumps(results, indent=2).encode())


if __name__ == "__main__":
    main()
