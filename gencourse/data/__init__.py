"""Data sets: MNIST and some clothes, embedded in the package; relatives; toys in the plane."""

from gencourse.data.dataset import DataError, Dataset, Split
from gencourse.data.embedded import clothes, mnist
from gencourse.data.gaussians import Gaussians, ring
from gencourse.data.relatives import fashion_mnist, kmnist

__all__ = [
    "DataError",
    "Dataset",
    "Gaussians",
    "Split",
    "clothes",
    "fashion_mnist",
    "kmnist",
    "mnist",
    "ring",
]
