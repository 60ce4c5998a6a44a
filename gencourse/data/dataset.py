"""What a data set is: labelled images, one tensor each for training and for testing."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import torch


class DataError(RuntimeError):
    """Data are missing, damaged or of the wrong form; the message says what to do."""


@dataclass(frozen=True)
class Split:
    """Images and their labels.

    images: float32, (N, 1, 28, 28), pixels in [0, 1].
    labels: int64, (N,).

    Raises:
        DataError: a shape, a type or a pixel is not as above.
    """

    images: torch.Tensor
    labels: torch.Tensor

    def __post_init__(self):
        check_images(self.images)
        if self.labels.shape != (len(self.images),) or self.labels.dtype != torch.int64:
            raise DataError(
                f"labels have shape {tuple(self.labels.shape)} and type {self.labels.dtype}; "
                f"expected int64 of shape ({len(self.images)},), one label an image."
            )

    def __len__(self):
        return len(self.images)

    def few(self, n):
        """`n` of the examples, drawn at random, as many of each class, as a Split.

        Raises:
            DataError: `n` cannot be shared evenly, or there are not so many of a class.
        """
        classes, sizes = self.labels.unique(return_counts=True)
        each, rest = divmod(n, len(classes))
        if rest or each < 1 or each > sizes.min():
            raise DataError(
                f"{n} examples cannot be drawn evenly from classes of sizes "
                f"{sizes.tolist()}; expected a multiple of their number."
            )
        order = torch.randperm(len(self))
        of_class = [order[self.labels[order] == label][:each] for label in classes]
        chosen = torch.cat(of_class)
        return Split(self.images[chosen], self.labels[chosen])


@dataclass(frozen=True)
class Dataset:
    """A training split, a test split, and the names of the classes 0, 1, 2, …"""

    name: str
    train: Split
    test: Split
    classes: tuple[str, ...]

    @cached_property
    def fingerprint(self):
        """A short digest of the training split: the same data, the same digest."""
        digest = hashlib.sha256()
        for tensor in (self.train.images, self.train.labels):
            digest.update(tensor.contiguous().numpy().data)
        return digest.hexdigest()[:16]


def check_images(images):
    """Raise DataError unless `images` is float32, (N, 1, 28, 28), N > 0, in [0, 1]."""
    if images.dtype != torch.float32 or images.ndim != 4 or images.shape[1:] != (1, 28, 28):
        raise DataError(
            f"images have shape {tuple(images.shape)} and type {images.dtype}; "
            "expected float32 of shape (N, 1, 28, 28)."
        )
    if len(images) == 0:
        raise DataError("there are no images; expected at least one.")
    low, high = images.min().item(), images.max().item()
    if not (low >= -1e-4 and high <= 1 + 1e-4):  # a blur or a resizing may overshoot by rounding
        raise DataError(
            f"pixels run from {low:g} to {high:g}; expected [0, 1]: divide 8-bit images by 255."
        )
