"""The door for images and the door for labels: what is wrong is named, and only its own cure."""

import math

import numpy as np
import pytest
import torch

from gencourse import figures
from gencourse.data import DataError, Dataset, Split, augmentations, mnist
from gencourse.data.dataset import check_images, check_labels
from gencourse.data.rotation import rotated
from gencourse.evaluation import (
    downstream,
    image_moments,
    judge,
    likelihood,
    scoreboard,
    sharpness,
)
from gencourse.evaluation.class_histogram import class_shares
from gencourse.models import (
    AAE,
    GAN,
    VAE,
    VAEGAN,
    Autoencoder,
    Classifier,
    ClusteringAAE,
    LabelledAAE,
    SemiSupervisedAAE,
)
from gencourse.models.reference_classifier import ReferenceClassifier
from gencourse.training import fit

GOOD = torch.rand(6, 1, 28, 28)
LABELS = torch.arange(6)
SPLIT = Split(GOOD, LABELS)
DATASET = Dataset("six", SPLIT, SPLIT, tuple("012345"))
EIGHT_BITS = (GOOD * 255).byte()

CURES = {
    "8 bits": "divide 8-bit images by 255",
    "signed": "(images + 1) / 2",
    "nan": "not numbers (NaN)",
    "scale": "images.float().div(255) makes them so",
    "float": "images.float() makes them so",
    "channel": "images.unsqueeze(1)",
    "batch": "images.unsqueeze(0)",
    "unfold": "images.view(-1, 1, 28, 28)",
    "first": "images.permute(0, 3, 1, 2)",
    "dataset": "data.train.images",
    "split": "split.images",
    "stack": "torch.stack(images)",
    "tensor": "torch.as_tensor(images, dtype=torch.float32)",
    "one": "expected at least one",
    "example": "Such as mnist().train.images",
}
WRONG = {
    "NumPy": (GOOD.numpy(), "tensor", "a numpy.ndarray"),
    "NumPy, 8 bits": (EIGHT_BITS.numpy(), "tensor", "a numpy.ndarray"),
    "8 bits": (EIGHT_BITS, "scale", "torch.uint8"),
    "8 bits, black and white": ((GOOD > 0.5).byte(), "float", "torch.uint8"),
    "whole numbers": (EIGHT_BITS.long(), "scale", "torch.int64"),
    "yes and no": (GOOD > 0.5, "float", "torch.bool"),
    "double": (GOOD.double(), "float", "torch.float64"),
    "double to 255": (GOOD.double() * 255, "scale", "torch.float64"),
    "half": (GOOD.half(), "float", "torch.float16"),
    "to 255": (GOOD * 255, "8 bits", "pixels run from"),
    "from minus one": (GOOD * 2 - 1, "signed", "pixels run from -"),
    "normalised": ((GOOD - 0.1307) / 0.3081, None, "pixels run from -"),
    "too bright": (GOOD * 300, None, "pixels run from"),
    "nan": (torch.full_like(GOOD, math.nan), "nan", "pixels run from nan"),
    "a nan": (GOOD.clone().index_fill_(0, torch.tensor([3]), math.nan), "nan", "nan"),
    "infinite": (GOOD / 0, None, "to inf"),
    "no channel": (GOOD[:, 0], "channel", "(6, 28, 28)"),
    "no channel, to 255": (GOOD[:, 0] * 255, "channel", "(6, 28, 28)"),
    "one image": (GOOD[0], "batch", "(1, 28, 28)"),
    "flat": (GOOD.flatten(1), "unfold", "(6, 784)"),
    "channels last": (GOOD.permute(0, 2, 3, 1), "first", "(6, 28, 28, 1)"),
    "other size": (torch.rand(6, 1, 32, 32), None, "(6, 1, 32, 32)"),
    "colour": (torch.rand(6, 3, 28, 28), None, "(6, 3, 28, 28)"),
    "two channels": (torch.rand(6, 2, 28, 28), None, "(6, 2, 28, 28)"),
    "a number": (torch.tensor(0.5), None, "shape ()"),
    "none": (GOOD[:0], "one", "there are no images"),
    "Dataset": (DATASET, "dataset", "a gencourse.data.dataset.Dataset"),
    "Split": (SPLIT, "split", "a gencourse.data.dataset.Split"),
    "tensors": (list(GOOD), "stack", "a list"),
    "a pair": ((GOOD, LABELS), "stack", "a tuple"),
    "numbers": (GOOD.tolist(), "tensor", "a list"),
    "an empty list": ([], "tensor", "a list"),
    "nothing": (None, "example", "a NoneType"),
    "a name": ("mnist", "example", "a str"),
    "the function": (mnist, "example", "functools"),
}


def complaint(door, *given):
    with pytest.raises(DataError) as raised:
        door(*given)
    return str(raised.value)


@pytest.mark.parametrize("sort", WRONG)
def test_wrong_images_are_named_with_their_own_cure_and_no_other(sort):
    images, cure, words = WRONG[sort]
    said = complaint(check_images, images, (1, 28, 28))
    assert words in said
    assert [name for name, text in CURES.items() if text in said] == ([cure] if cure else [])


@pytest.mark.parametrize("sort", [sort for sort, (_, cure, _) in WRONG.items() if cure])
def test_a_cure_cures(sort):
    """What the message says can be done as it stands, for whatever it is said of."""
    images, cure, _ = WRONG[sort]
    said = {
        "8 bits": lambda: images / 255,
        "signed": lambda: (images + 1) / 2,
        "scale": lambda: images.float().div(255),
        "float": lambda: images.float(),
        "channel": lambda: images.unsqueeze(1),
        "batch": lambda: images.unsqueeze(0),
        "unfold": lambda: images.view(-1, 1, 28, 28),
        "first": lambda: images.permute(0, 3, 1, 2),
        "dataset": lambda: images.train.images,
        "split": lambda: images.images,
        "stack": lambda: torch.stack(images),
        "tensor": lambda: torch.as_tensor(images, dtype=torch.float32),
    }
    leads_on = {"NumPy, 8 bits": 255, "no channel, to 255": 255}  # to the next message
    if cure in said and sort not in ("a pair", "an empty list"):
        check_images(said[cure]() / leads_on.get(sort, 1), (1, 28, 28))


@pytest.mark.parametrize("sort", WRONG)
def test_where_no_shape_is_known_the_same_holds(sort):
    """A Split takes grey and colour of any size."""
    images, cure, words = WRONG[sort]
    if sort in ("colour", "other size"):
        assert len(Split(images, LABELS)) == 6
        return
    said = complaint(Split, images, LABELS)
    assert words in said
    if cure not in ("unfold", "batch"):  # these cannot be told without a shape
        assert [name for name, text in CURES.items() if text in said] == ([cure] if cure else [])


def doors():
    """Each name with a call that takes images."""
    encoding = {
        "autoencoder": Autoencoder(),
        "vae": VAE(),
        "vae-gan": VAEGAN(),
        "aae": AAE(),
        "labelled": LabelledAAE(),
        "clustering": ClusteringAAE(),
        "semi-supervised": SemiSupervisedAAE(SPLIT),
    }
    for name, model in encoding.items():
        model.eval()
        yield f"encode {name}", model.encode
        yield f"reconstruct {name}", model.reconstruct
    yield "sample", lambda images: encoding["vae"].encode(images, sample=True)
    for name in ("clustering", "semi-supervised"):
        yield f"assign {name}", encoding[name].assign
        yield f"scores {name}", encoding[name].scores
    yield "predict semi-supervised", encoding["semi-supervised"].predict
    yield "predict", Classifier().eval().predict
    labelled = (LabelledAAE(), Classifier(), ReferenceClassifier())
    for model in (*encoding.values(), GAN(), *labelled[1:]):
        labels = [LABELS] if isinstance(model, (LabelledAAE, *map(type, labelled))) else []
        yield (
            f"fit {type(model).__name__}",
            lambda images, model=model, labels=labels: fit(model, images, *labels, epochs=1),
        )
    for name in ("look", "probabilities", "confidence", "features"):
        yield f"judge {name}", getattr(judge, name)
    yield "class_shares", class_shares
    vae = encoding["vae"]
    yield "bound", lambda images: likelihood.importance_weighted_bound(vae, images, 1)
    yield "rate", lambda images: likelihood.rate_and_distortion(vae, images)
    yield "active units", lambda images: likelihood.active_units(vae, images)
    yield "interpolate", lambda images: downstream.interpolate(vae, images)
    yield "measure generated", lambda images: scoreboard.measure(images, GOOD)
    yield "measure real", lambda images: scoreboard.measure(GOOD, images)
    yield "check_images", lambda images: check_images(images, (1, 28, 28))


DOORS = dict(doors())


OF_ANY_SHAPE = {
    "ink": image_moments.ink,
    "slant": image_moments.slant,
    "laplacian": sharpness.laplacian_variance,
    "sharp, generated": lambda images: sharpness.laplacian_ratio(images, GOOD),
    "sharp, real": lambda images: sharpness.laplacian_ratio(GOOD, images),
    "saturated": sharpness.saturated_share,
    "fine": sharpness.fine_share,
    "augment": augmentations.augment,
    "shift": augmentations.shift,
    "rows": lambda images: figures.image_rows({"a": images}),
    "blocks": lambda images: figures.image_blocks({"a": images}),
}


@pytest.mark.parametrize("door", OF_ANY_SHAPE)
def test_a_door_that_knows_no_shape_is_the_same_door(door):
    for sort, (images, _, _) in WRONG.items():
        if sort not in ("other size", "colour"):
            assert complaint(OF_ANY_SHAPE[door], images) == complaint(check_images, images)
    OF_ANY_SHAPE[door](GOOD)


def test_a_picture_to_be_turned_is_looked_at():
    for wrong in (GOOD[0] * 255, GOOD[0] * 2 - 1, GOOD[0, 0], EIGHT_BITS[0]):
        said = complaint(rotated, wrong, torch.zeros(2))
        assert said == complaint(check_images, wrong[None])


@pytest.mark.parametrize("door", DOORS)
def test_every_door_is_the_same_door(door):
    for images, _, _ in WRONG.values():
        assert complaint(DOORS[door], images) == complaint(check_images, images, (1, 28, 28))
    DOORS[door](GOOD)


def test_a_model_of_colour_says_what_it_was_made_for():
    model = VAE(image_shape=(3, 16, 12))
    for images, cure in (
        (torch.rand(6, 16, 12, 3), "images.permute(0, 3, 1, 2)"),
        (torch.rand(3, 16, 12), "images.unsqueeze(0)"),
        (torch.rand(6, 576), "images.view(-1, 3, 16, 12)"),
        (torch.rand(6, 16, 12), ""),  # grey: no one cure
        (GOOD, ""),
    ):
        said = complaint(model.encode, images)
        assert "expected float32 of shape (N, 3, 16, 12)" in said and said.endswith(
            ("puts the channels first.", "makes a batch of one.", "unfolds them.", "12).")
        )
        assert cure in said
        assert cure or "images." not in said


@pytest.mark.parametrize("classes", [6, 2.0, range(6), None, (), [0, 1, 2, 3, 4, 5]])
def test_classes_are_names(classes):
    with pytest.raises(ValueError, match="classes are .*; expected a list"):
        Dataset("six", SPLIT, SPLIT, classes)


def test_pixels_a_little_below_zero_are_not_of_minus_one_to_one():
    assert complaint(check_images, GOOD - 0.1).endswith("expected [0, 1].")
    assert "sigmoid in place of a tanh" in complaint(check_images, GOOD * 2 - 1)


def test_a_little_beyond_the_ends_is_rounding():
    check_images(GOOD * 1.0001 - 0.00005)


@pytest.mark.parametrize(
    ("splits", "words"),
    [
        ((GOOD, SPLIT), "got a torch.Tensor; expected a Split(images, labels)"),
        ((SPLIT, (GOOD, LABELS)), "got a tuple; expected a Split(images, labels)"),
        ((SPLIT, DATASET), "got a gencourse.data.dataset.Dataset; expected a Split"),
        ((SPLIT, None), "got a NoneType; expected a Split"),
        ((SPLIT, Split(torch.rand(6, 3, 28, 28), LABELS)), "shape (N, 1, 28, 28)"),
        ((Split(GOOD, LABELS + 1), SPLIT), "labels run from 1 to 6; expected 0 to 5"),
        ((SPLIT, Split(GOOD, LABELS + 1)), "labels run from 1 to 6; expected 0 to 5"),
    ],
)
def test_wrong_splits_are_named(splits, words):
    assert words in complaint(Dataset, "wrong", *splits, tuple("012345"))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (LABELS.float(), "type torch.float32; expected int64 of shape (6,): labels.long() makes"),
        (LABELS.int(), "labels.long() makes them so"),
        (LABELS.byte(), "labels.long() makes them so"),
        (LABELS[:4], "shape (4,) and type torch.int64; expected int64 of shape (6,), one label"),
        (torch.eye(10)[LABELS], "shape (6, 10) and type torch.float32; expected int64 of shape"),
        (LABELS[:, None], "expected int64 of shape (6,), one label an image"),
        (LABELS.numpy(), "labels are a numpy.ndarray; expected a tensor of torch's"),
        (LABELS.tolist(), "labels are a list; expected a tensor of torch's"),
        (None, "labels are a NoneType; expected a tensor of torch's"),
        (LABELS - 2, "labels run from -2 to 3; expected 0"),
        (LABELS + 5, "labels run from 5 to 10; expected 0 to 9"),
    ],
)
def test_wrong_labels_are_named(labels, words):
    doors = [
        lambda labels: check_labels(labels, 6, classes=10),
        lambda labels: fit(LabelledAAE(), GOOD, labels, epochs=1),
        lambda labels: fit(Classifier(), GOOD, labels, epochs=1),
        lambda labels: fit(ReferenceClassifier(), GOOD, labels, epochs=1),
    ]
    for door in doors:
        assert words in complaint(door, labels)
    if "to 10" not in words:  # a Split does not know how many classes there are
        assert words in complaint(Split, GOOD, labels)


def test_a_label_that_is_not_known_is_minus_one_and_only_where_that_is_of_use():
    unknown = torch.tensor([-1, 0, -1, 9, -1, -1])
    fit(LabelledAAE(), GOOD, unknown, epochs=1)
    for door in (
        lambda: Split(GOOD, unknown),
        lambda: fit(Classifier(), GOOD, unknown, epochs=1),
    ):
        assert "labels run from -1 to 9; expected 0" in complaint(door)
    said = complaint(fit, LabelledAAE(), GOOD, unknown - 1)
    assert said == "labels run from -2 to 8; expected 0 to 9, −1 where it is not known."


def test_numpys_images_are_images_once_they_are_tensors():
    images = torch.as_tensor(np.random.default_rng(0).random((6, 1, 28, 28)), dtype=torch.float32)
    assert VAE().encode(images).shape == (6, 2)
