"""Data sets: MNIST embedded in the package, its relatives through torchvision."""

from gencourse.data.dataset import DataError, Dataset, Split
from gencourse.data.embedded_mnist import mnist
from gencourse.data.relatives import fashion_mnist, kmnist

__all__ = ["DataError", "Dataset", "Split", "fashion_mnist", "kmnist", "mnist"]
