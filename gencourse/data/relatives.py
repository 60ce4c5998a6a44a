"""Data sets of MNIST's shape, for whoever has them or may download them."""

from pathlib import Path

from gencourse.data.dataset import DataError, Dataset
from gencourse.data.embedded import CLOTHES, MNIST_FILES
from gencourse.data.idx import read_splits, to_split
from gencourse.data.torchvision_cpu import make_torchvision_importable

# Debian's package dataset-fashion-mnist installs here.
DEBIAN_FASHION_MNIST = Path("/usr/share/datasets/fashion-mnist")

KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")


def fashion_mnist(root: Path | str | None = None, download: bool = False) -> Dataset:
    """Fashion-MNIST: 60,000 and 10,000 pictures of clothes (Xiao, Rasul and Vollgraf, 2017).

    root: torchvision's data folder, the one that holds `FashionMNIST/raw`.
        Without it, the files of Debian's package dataset-fashion-mnist are read.
    download: let torchvision fetch the files into `root` if they are not there.

    Returns:
        Dataset of the same shapes as `mnist()`.
    Raises:
        DataError: the files are not there, cannot be fetched, or are damaged.
    """
    if root is None and DEBIAN_FASHION_MNIST.is_dir() and not download:
        names = dict.fromkeys(MNIST_FILES)  # which its relatives share
        train, test = read_splits(DEBIAN_FASHION_MNIST, names, ".gz")
    else:
        train, test = _from_torchvision("FashionMNIST", "fashion_mnist", root, download)
    return Dataset("fashion-mnist", train, test, CLOTHES)


def kmnist(root: Path | str | None = None, download: bool = False) -> Dataset:
    """KMNIST: 60,000 and 10,000 cursive kana (Clanuwat et al., 2018).

    Arguments, result and errors are those of `fashion_mnist`, without Debian's package.
    """
    train, test = _from_torchvision("KMNIST", "kmnist", root, download)
    return Dataset("kmnist", train, test, KANA)


def _from_torchvision(name, call, root, download):
    """The two splits of torchvision's data set of that name, which readers get by this call."""
    if root is None:
        others = ", install Debian's package dataset-fashion-mnist, or take clothes(), a part of it"
        raise DataError(
            f'{name} is not part of the course\'s package. Use {call}(root="data", download=True) '
            f"to fetch it once into the folder data, {call}(root=…) if you have it"
            f"{others if name == 'FashionMNIST' else ''}."
        )
    make_torchvision_importable()
    try:
        from torchvision import datasets  # here, because the default path does without it
    except ImportError as error:
        raise DataError(f"{name} is read by torchvision: pip install torchvision.") from error
    try:
        parts = [getattr(datasets, name)(root, train, download=download) for train in (True, False)]
    except Exception as error:  # torchvision raises many kinds; all mean: not to be had
        raise DataError(
            f"torchvision could not read {name} under {root} ({error}). "
            f"If it is not there, {call}(root={str(root)!r}, download=True) fetches it, with a "
            f"network; if it is damaged, delete {Path(root) / name} first."
        ) from error
    return [to_split(part.data, part.targets) for part in parts]
