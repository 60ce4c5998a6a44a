"""Data sets: MNIST and some clothes, embedded in the package; relatives; toys in the plane."""

from gencourse.data.dataset import DataError, Dataset, Split
from gencourse.data.embedded_clothes import clothes
from gencourse.data.embedded_mnist import mnist
from gencourse.data.gaussians import Gaussians, ring, square_grid
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
    "square_grid",
]
