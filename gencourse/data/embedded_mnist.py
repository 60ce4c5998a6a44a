"""MNIST, whole, read from files that travel inside the package: nothing is downloaded.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998
(CC BY-SA 3.0).
"""

from functools import cache
from pathlib import Path

from gencourse.data.dataset import Dataset
from gencourse.data.idx import read_splits

FOLDER = Path(__file__).parent / "embedded"

# MD5 of the files once unpacked.
CHECKSUMS = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@cache
def mnist():
    """The 60,000 training and 10,000 test digits.

    Returns:
        Dataset; `.train.images` float32 (60000, 1, 28, 28) in [0, 1],
        `.train.labels` int64 (60000,); `.test` likewise with 10,000.
        The same object at every call: do not change its tensors in place.
    Raises:
        DataError: an embedded file is missing or damaged.
    """
    return Dataset("mnist", *read_splits(FOLDER, CHECKSUMS), tuple("0123456789"))
