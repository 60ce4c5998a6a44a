"""Make the embedded clothes from the whole Fashion-MNIST, which torchvision can fetch.

python -m tools.pack_clothes FOLDER     where FOLDER/FashionMNIST/raw holds its files
"""

import lzma
import struct
import sys
from pathlib import Path

from gencourse.data.embedded import FOLDER
from gencourse.data.relatives import fashion_mnist
from gencourse.files import write_atomically

SIZES = {"train": 10_000, "t10k": 2_000}


def pack(root: str, folder: Path = FOLDER) -> None:
    """Write the first pictures of the set in torchvision's folder `root`, and their labels."""
    whole = fashion_mnist(root)
    for stem, split in zip(SIZES, (whole.train, whole.test), strict=True):
        images = (255 * split.images[: SIZES[stem], 0]).round().byte()
        labels = split.labels[: SIZES[stem]].byte()
        for name, values in {"images-idx3": images, "labels-idx1": labels}.items():
            head = b"\x00\x00\x08" + struct.pack(f">B{values.ndim}I", values.ndim, *values.shape)
            packed = lzma.compress(head + values.numpy().tobytes(), preset=9)
            write_atomically(folder / f"fashion-{stem}-{name}-ubyte.xz", packed)


if __name__ == "__main__":
    pack(sys.argv[1])
