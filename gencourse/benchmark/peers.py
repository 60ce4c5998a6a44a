"""The peers: the recipe and the data loader that most readers meet first."""

import lzma
import time
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

from gencourse.data import embedded
from gencourse.data.torchvision_cpu import make_torchvision_importable
from gencourse.models import VAE


def loader(folder: str, batch_size: int) -> DataLoader:
    """A shuffling DataLoader over torchvision's own data set with ToTensor.

    folder: an empty one; the embedded files are unpacked there.
    """
    make_torchvision_importable()
    from torchvision import datasets, transforms  # here, for chapters read published runs only

    raw = Path(folder) / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in embedded.MNIST_FILES:
        with lzma.open(embedded.FOLDER / f"{name}.xz") as file:
            (raw / name).write_bytes(file.read())
    mnist = datasets.MNIST(folder, transform=transforms.ToTensor())
    return DataLoader(mnist, batch_size, shuffle=True)


class PlainVAE(VAE):
    """784-400-20, by Adam at 1e-3, in float32, the loss read at every step."""

    def __init__(self):
        super().__init__(20)
        self.encoder = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 40)
        )
        self.decoder = nn.Sequential(
            nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784), nn.Unflatten(1, (1, 28, 28))
        )

    def fit(self, loader: DataLoader, epochs: int = 10) -> float:
        """Train, and return the seconds that it took."""
        optimizer = torch.optim.Adam(self.parameters(), lr=1e-3)
        start, total = time.perf_counter(), 0.0
        for _ in range(epochs):
            for images, _ in loader:
                optimizer.zero_grad()
                loss = self.bound_loss(images)
                loss.backward()
                optimizer.step()
                total += loss.item()
        return time.perf_counter() - start
