"""Data sets: MNIST embedded in the package, its relatives, and toys in the plane."""

from gencourse.data.dataset import DataError, Dataset, Split
from gencourse.data.embedded_mnist import mnist
from gencourse.data.gaussians import Gaussians, ring, square_grid
from gencourse.data.relatives import fashion_mnist, kmnist

__all__ = [
    "DataError",
    "Dataset",
    "Gaussians",
    "Split",
    "fashion_mnist",
    "kmnist",
    "mnist",
    "ring",
    "square_grid",
]
