"""Data sets that travel inside the package: MNIST whole, and a part of Fashion-MNIST.

Nothing is downloaded. LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998
(CC BY-SA 3.0). Xiao, Rasul and Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking
machine learning algorithms", 2017 (MIT licence, embedded/LICENSE-fashion-mnist.txt); its files
are made by tools/pack_clothes.py.
"""

from functools import cache
from pathlib import Path

from gencourse.data.dataset import Dataset
from gencourse.data.idx import read_splits

FOLDER = Path(__file__).parent / "embedded"

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "boot",
)  # fmt: skip

# MD5 of the files once unpacked.
MNIST_FILES = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
CLOTHES_FILES = {
    "fashion-train-images-idx3-ubyte": "56cb151f02f7a0ea897b87493b6c7586",
    "fashion-train-labels-idx1-ubyte": "6017ecad9bfe54bba7fcc9dc44bdedd4",
    "fashion-t10k-images-idx3-ubyte": "c02bf5be7718b1153b1992308017dc29",
    "fashion-t10k-labels-idx1-ubyte": "a4b1ac51fa4de730f5b7e05c501b832a",
}


@cache
def mnist() -> Dataset:
    """The 60,000 training and 10,000 test digits.

    `.train.images` is float32 (60000, 1, 28, 28) in [0, 1], `.train.labels` int64 (60000,);
    `.test` likewise with 10,000. The same object at every call: do not change its tensors in place.
    Raises DataError if a file is missing or damaged.
    """
    return Dataset("mnist", *read_splits(FOLDER, MNIST_FILES, ".xz"), DIGITS)


@cache
def clothes() -> Dataset:
    """The first 10,000 training and the first 2,000 test pictures of Fashion-MNIST.

    Of the same shapes as `mnist()`, with fewer images, and likewise the same object at every call.
    Raises DataError if a file is missing or damaged.
    """
    return Dataset("clothes", *read_splits(FOLDER, CLOTHES_FILES, ".xz"), CLOTHES)
