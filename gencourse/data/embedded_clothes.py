"""Clothes: a part of Fashion-MNIST that travels inside the package, pixel for pixel.

Xiao, Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine
learning algorithms", 2017 (MIT licence, embedded/LICENSE-fashion-mnist.txt). The files are
made by gencourse.data.pack_clothes.
"""

from functools import cache
from pathlib import Path

from gencourse.data.dataset import Dataset
from gencourse.data.idx import read_splits
from gencourse.data.relatives import CLOTHES

FOLDER = Path(__file__).parent / "embedded"

# MD5 of the files once unpacked.
CHECKSUMS = {
    "fashion-train-images-idx3-ubyte": "56cb151f02f7a0ea897b87493b6c7586",
    "fashion-train-labels-idx1-ubyte": "6017ecad9bfe54bba7fcc9dc44bdedd4",
    "fashion-t10k-images-idx3-ubyte": "c02bf5be7718b1153b1992308017dc29",
    "fashion-t10k-labels-idx1-ubyte": "a4b1ac51fa4de730f5b7e05c501b832a",
}


@cache
def clothes():
    """The first 10,000 training and the first 2,000 test pictures of Fashion-MNIST.

    Returns:
        Dataset of the same shapes as `mnist()`, with fewer images. The same object at every
        call: do not change its tensors in place.
    Raises:
        DataError: an embedded file is missing or damaged.
    """
    return Dataset("clothes", *read_splits(FOLDER, CHECKSUMS), CLOTHES)
