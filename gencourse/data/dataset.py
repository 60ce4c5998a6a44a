"""What a data set is: labelled images, one tensor each for training and for testing.

Here is the one door for images, and the one for labels: whoever is given some by a reader passes
them through it, and nobody behind it looks again.
"""

from dataclasses import dataclass

import numpy as np
import torch

from gencourse.validate import named, several, whole

DIGIT = (1, 28, 28)
"""Channels, height and width of MNIST's digits and of the sets that were made in its image."""


class DataError(RuntimeError):
    """Data are missing, damaged or of the wrong form; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Split:
    """Images and their labels.

    images: float32, (N, C, H, W), C of 1 (grey) or 3 (colour), pixels in [0, 1].
    labels: int64, (N,), of 0 or more.

    Raises:
        DataError: a shape, a type, a pixel or a label is not as above.
    """

    images: torch.Tensor
    labels: torch.Tensor

    def __post_init__(self):
        check_images(self.images)
        check_labels(self.labels, len(self.images))

    def __len__(self) -> int:
        return len(self.images)

    def few(self, n: int) -> "Split":
        """`n` of the examples, drawn at random, as many of each class, as a Split.

        Raises:
            DataError: `n` cannot be shared evenly, or there are not so many of a class.
            ValueError: `n` is no whole number.
        """
        classes, sizes = self.labels.unique(return_counts=True)
        each, rest = divmod(whole(n, "n", least=0), len(classes))
        if rest or each < 1 or each > sizes.min():
            raise DataError(
                f"{n} examples cannot be drawn evenly from classes of sizes "
                f"{sizes.tolist()}; expected a multiple of their number."
            )
        order = torch.randperm(len(self))
        chosen = torch.cat([order[self.labels[order] == label][:each] for label in classes])
        return Split(self.images[chosen], self.labels[chosen])


@dataclass(frozen=True, eq=False)
class Dataset:
    """A training split, a test split, and the names of the classes 0, 1, 2, …

    Raises:
        DataError: a split is none, the splits' images differ in shape, or a label has no class.
        ValueError: the classes are no names.
    """

    name: str
    train: Split
    test: Split
    classes: tuple[str, ...]

    def __post_init__(self):
        several(self.classes, "classes", str, '("0", "1")')
        for split in (self.train, self.test):
            check_labels(check_split(split).labels, len(split), classes=len(self.classes))
        check_images(self.test.images, self.image_shape)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """(C, H, W) of each image."""
        return tuple(self.train.images.shape[1:])

    def for_choosing(self, n: int = 5000) -> "Dataset":
        """The same without its test split, whose place the last `n` training examples take.

        Choose settings on these, and look at the test split once, when all is chosen.

        Raises:
            ValueError: `n` is no whole number above 0, or leaves nothing to train on.
        """
        if whole(n, "n") >= len(self.train):
            raise ValueError(f"n is {n}; expected fewer than the {len(self.train)} for training.")
        images, labels = self.train.images, self.train.labels
        chosen = Split(images[:-n], labels[:-n]), Split(images[-n:], labels[-n:])
        return Dataset(self.name, *chosen, self.classes)


def check_split(split: Split) -> Split:
    """The split, if it is one; else raise DataError."""
    if not isinstance(split, Split):
        raise DataError(
            f"got {named(split)}; expected a Split(images, labels), such as mnist().train."
        )
    return split


def checked_shape(shape: object) -> tuple[int, ...]:
    """The shape (C, H, W) of a model's images, in Python's own numbers; else raise ValueError."""
    if isinstance(shape, np.ndarray | torch.Tensor):
        shape = shape.tolist()
    if not isinstance(shape, list | tuple) or len(shape) != 3 or shape[0] not in (1, 3):
        raise ValueError(
            f"image_shape is {shape!r}; expected (C, H, W), C of 1 for grey or 3 for colour."
        )
    channels, height, width = (whole(size, "a size in image_shape") for size in shape)
    return channels, height, width


def check_images(
    images: torch.Tensor, shape: tuple[int, ...] | None = None, name: str = "images"
) -> torch.Tensor:
    """The images, if they are float32, (N, C, H, W), N > 0, C of 1 or 3, pixels in [0, 1].

    shape: (C, H, W) that they must have, if that is known.
    name: what they are called, for the message.

    Raises:
        DataError: they are not; the message says what is wrong with them, and how to mend it.
    """
    if not isinstance(images, torch.Tensor):
        raise DataError(f"{name} are {named(images)}; expected a tensor of torch's. {_way(images)}")
    expected = f"expected float32 of shape (N, {', '.join(map(str, shape or ('C', 'H', 'W')))})"
    given = f"{name} have shape {tuple(images.shape)} and type {images.dtype}; {expected}"
    advice = _advice_on_shape(images, shape)
    if advice is not None:
        raise DataError(f"{given}.{advice}")
    if images.dtype != torch.float32:
        way = ".float().div(255)" if images.numel() and images.max() > 1 else ".float()"
        raise DataError(f"{given}: {name}{way} makes them so.")
    if images.numel() == 0:
        raise DataError(f"there are no {name}; expected at least one.")
    low, high = (value.item() for value in images.detach().aminmax())
    if not (low >= -1e-4 and high <= 1 + 1e-4):  # a blur or a resizing may overshoot by rounding
        raise DataError(f"pixels run from {low:g} to {high:g}; expected [0, 1]{_cure(low, high)}")
    return images


def check_labels(
    labels: torch.Tensor, n: int, classes: int | None = None, least: int = 0
) -> torch.Tensor:
    """The labels of `n` images, if they are int64, (n,), from `least` to below `classes`.

    classes: how many there are, if that is known.
    least: 0, or −1 where a label may be unknown.

    Raises:
        DataError: they are not.
    """
    if not isinstance(labels, torch.Tensor):
        raise DataError(
            f"labels are {named(labels)}; expected a tensor of torch's, as torch.as_tensor makes."
        )
    if labels.shape != (n,) or labels.dtype != torch.int64:
        way = ": labels.long() makes them so" if labels.shape == (n,) else ", one label an image"
        raise DataError(
            f"labels have shape {tuple(labels.shape)} and type {labels.dtype}; "
            f"expected int64 of shape ({n},){way}."
        )
    if n and not (least <= labels.min() and (classes is None or labels.max() < classes)):
        expected = "0 or more" if classes is None else f"0 to {classes - 1}"
        unknown = ", −1 where it is not known" if least < 0 else ""
        raise DataError(
            f"labels run from {labels.min()} to {labels.max()}; expected {expected}{unknown}."
        )
    return labels


def _way(thing):
    """How to come from what was given to images."""
    if isinstance(thing, Dataset):
        return "Give the images of one of its splits: data.train.images."
    if isinstance(thing, Split):
        return "Give its images: split.images."
    if isinstance(thing, list | tuple) and thing and isinstance(thing[0], torch.Tensor):
        return "torch.stack(images) makes one."
    if hasattr(thing, "__array__") or isinstance(thing, list | tuple):
        return "torch.as_tensor(images, dtype=torch.float32) makes one, with pixels in [0, 1]."
    return "Such as mnist().train.images."


def _advice_on_shape(images, shape):
    """None if the shape will do; else how to come to one that does, if that is plain."""
    if images.ndim == 4 and images.shape[1] in (1, 3):
        return None if shape is None or tuple(images.shape[1:]) == shape else ""
    if images.ndim == 3 and tuple(images.shape) == shape:
        return " images.unsqueeze(0) makes a batch of one."
    if images.ndim == 3 and (shape is None or (1, *images.shape[1:]) == shape):
        return " images.unsqueeze(1) adds the channel."
    if images.ndim == 4 and images.shape[-1] in (1, 3):
        return " images.permute(0, 3, 1, 2) puts the channels first."
    if shape and images.ndim == 2 and images.shape[1] == torch.Size(shape).numel():
        return f" images.view(-1, {', '.join(map(str, shape))}) unfolds them."
    return " C is 1 for grey and 3 for colour." if shape is None else ""


def _cure(low, high):
    """What to do about pixels that run from `low` to `high`."""
    if not (low == low and high == high):
        return ": some are not numbers (NaN); look where they were computed."
    if -1.001 <= low < -0.5 and high <= 1.001:
        return ": (images + 1) / 2 moves them there from [−1, 1], or a sigmoid in place of a tanh."
    if low >= 0 and 1 < high <= 255:
        return ": divide 8-bit images by 255."
    return "."
