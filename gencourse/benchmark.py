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
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from gencourse.data import embedded_mnist, mnist, ring
from gencourse.evaluation import classes, fidelity, judge, likelihood, matching, sharpness
from gencourse.files import write_atomically
from gencourse.models import GAN, VAE, Autoencoder, PointGAN
from gencourse.training import arithmetic, choose_device, fit, reproducible

BATCH_SIZE = 256


def autoencoder_2(seed):
    """AE, latent size 2, 12 epochs, batch 256, grey MNIST; test MSE per pixel"""
    model, seconds = _trained(Autoencoder, seed, latent=2, epochs=12)
    images = mnist().test.images
    return {"mse": (model.reconstruct(images) - images).square().mean().item()}, seconds


def vae_2(seed):
    """VAE, latent size 2, 16 epochs, batch 256, grey MNIST; negative bound of the test digits"""
    model, seconds = _trained(VAE, seed, latent=2, epochs=16)
    return {"bound": _bound(model, seed)}, seconds


def vae_20(seed):
    """VAE, latent size 20, 5 epochs, batch 240, grey MNIST; negative bound of the test digits; \
ratio: seconds of the plain recipe to ours, in the same process (10 epochs, `plain_bound`)"""
    model, seconds = _trained(VAE, seed, latent=20, epochs=5, batch_size=240)
    plain, plain_seconds = _plain_vae_20(seed)
    quality = {"bound": _bound(model, seed), "ratio": plain_seconds / seconds}
    return {**quality, "plain_bound": plain}, seconds


def gan(seed):
    """GAN, 12 epochs, batch 256, grey MNIST; 10,000 samples against the test digits; a class \
counts from a hundredth of the samples; frechet: in the judge's features, not Inception's"""
    model, seconds = _trained(GAN, seed, latent=32, epochs=12)
    real = mnist().test.images
    with reproducible(seed):
        made = model.generate(len(real))
    shares = classes.class_shares(made)
    quality = {
        "classes": (shares >= 0.01).sum().item(),
        "histogram_kl": classes.kl_to_uniform(shares),
        "laplacian_ratio": sharpness.laplacian_ratio(made, real),
        "frechet": fidelity.frechet_distance(judge.features(made), judge.features(real)),
    }
    return quality, seconds


def ring_of_eight(seed):
    """packed GAN (2), 8,000 steps of 128, ring of radius 1, sd .02; 2,500 points; a mode counts \
from a tenth of its even share, a point is good within 3 sd"""
    gaussians = ring()
    with reproducible(seed):
        model, points = PointGAN(penalty=0.0, pack=2), gaussians.sample(25_600)[:, None]
        history = fit(model, points, epochs=40, batch_size=128, seed=seed)
        modes, good = matching.modes_covered(model.generate(2500)[:, 0], gaussians)
    _not_interrupted(history)
    return {"modes": modes, "good_share": good}, history.seconds


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
    "vae-2": (vae_2, "keras.io's convolutional VAE, 30 epochs, train bound 146.95"),
    "vae-20": (vae_20, "784-400-20 of pytorch/examples, 10 epochs: 105.6 in 103 s; ratio 1"),
    "gan": (gan, "a plain DCGAN of 32 channels: KL .085, Laplacian ratio 1.05 after 98 s"),
    "ring": (ring_of_eight, "modes, at half this sd: GAN 6.3, PacGAN2 7.9 (Lin and others, 2018)"),
    "data": (data, "torchvision MNIST with ToTensor in a DataLoader, in the same run: ratio 1"),
}


def _trained(kind, seed, latent, epochs, batch_size=BATCH_SIZE):
    """A model of this kind, trained anew on MNIST, and the seconds it took."""
    with reproducible(seed):
        model = kind(latent)
    images = mnist().train.images
    history = fit(model, images, epochs=epochs, batch_size=batch_size, seed=seed)
    _not_interrupted(history)
    return model, history.seconds


def _not_interrupted(history):
    if history.interrupted:
        raise KeyboardInterrupt


def _bound(model, seed):
    with reproducible(seed):
        rate, distortion = likelihood.rate_and_distortion(model, mnist().test.images)
    return (rate + distortion).mean().item()


def _plain_vae_20(seed):
    """The bound and the seconds of the recipe that most readers meet first.

    784-400-20, Adam 1e-3, batches of 128 from a DataLoader over torchvision's data set
    with ToTensor, ten epochs of float32, the loss read at every step.
    """

    class Plain(VAE):
        def __init__(self):
            super().__init__(latent=20)
            self.encoder = nn.Sequential(
                nn.Flatten(), nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 40)
            )
            self.decoder = nn.Sequential(
                nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784), nn.Unflatten(1, (1, 28, 28))
            )

    with reproducible(seed), tempfile.TemporaryDirectory() as folder:
        model, loader = Plain(), DataLoader(_torchvision_mnist(folder), 128, shuffle=True)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        start, total = time.perf_counter(), 0.0
        for _ in range(10):
            for images, _ in loader:
                optimizer.zero_grad()
                loss = model.bound_loss(images)
                loss.backward()
                optimizer.step()
                total += loss.item()
        seconds = time.perf_counter() - start
    return _bound(model.eval(), seed), seconds


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
