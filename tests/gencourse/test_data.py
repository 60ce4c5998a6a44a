"""The data: complete, checked, offline, and clear about what is wrong."""

import gzip
import math
import re
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from gencourse.data import (
    DataError,
    Split,
    clothes,
    dataset,
    embedded,
    fashion_mnist,
    kmnist,
    mnist,
    relatives,
    ring,
)
from gencourse.data.augmentations import augment, shift
from gencourse.data.idx import read_idx
from gencourse.data.non_digits import blend, non_digits, soften
from gencourse.data.rotation import rotated
from gencourse.evaluation import image_moments
from gencourse.training import reproducible
from tools import pack_clothes

ROOT = Path(__file__).parent.parent.parent


def idx(tensor):
    """The bytes of an IDX file that holds a uint8 tensor."""
    shape = struct.pack(f">{tensor.ndim}I", *tensor.shape)
    return b"\x00\x00\x08" + bytes([tensor.ndim]) + shape + tensor.numpy().tobytes()


def test_mnist_is_whole(digits):
    assert digits.train.images.shape == (60000, 1, 28, 28)
    assert digits.test.images.shape == (10000, 1, 28, 28)
    assert digits.train.images.dtype == torch.float32
    assert digits.train.labels.dtype == torch.int64
    assert digits.train.images.min() == 0 and digits.train.images.max() == 1
    # Known facts of MNIST: its first labels, its class counts, its mean pixel.
    assert digits.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert digits.test.labels.bincount().tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert digits.train.images.mean().item() == pytest.approx(0.1307, abs=1e-4)


@pytest.mark.slow
def test_mnist_loads_quickly_without_a_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("the default path asked for a network")

    monkeypatch.setattr(socket, "socket", refuse)
    start = time.perf_counter()
    mnist.__wrapped__()
    assert time.perf_counter() - start < 8  # two seconds on an idle machine


def test_the_clothes_are_a_part_of_fashion_mnist():
    some = clothes()
    assert some.train.images.shape == (10_000, 1, 28, 28)
    assert some.test.images.shape == (2_000, 1, 28, 28)
    # Known facts of Fashion-MNIST: its first labels, a boot and a T-shirt first; its mean pixel.
    assert some.train.labels[:5].tolist() == [9, 0, 0, 3, 0]
    assert some.test.labels[:5].tolist() == [9, 2, 1, 1, 6]
    assert some.train.labels.bincount().min() > 900
    assert some.train.images.mean().item() == pytest.approx(0.286, abs=2e-3)
    assert [some.classes[label] for label in some.train.labels[:2]] == ["boot", "T-shirt"]


def test_the_clothes_can_be_packed_again(tmp_path, monkeypatch):
    raw, packed = tmp_path / "FashionMNIST" / "raw", tmp_path / "packed"
    raw.mkdir(parents=True)
    packed.mkdir()
    values = torch.randint(256, (12, 28, 28), dtype=torch.uint8)
    for stem in ("train", "t10k"):
        (raw / f"{stem}-images-idx3-ubyte").write_bytes(idx(values))
        (raw / f"{stem}-labels-idx1-ubyte").write_bytes(idx(torch.arange(12).byte() % 10))
    monkeypatch.setattr(pack_clothes, "SIZES", {"train": 7, "t10k": 5})
    pack_clothes.pack(tmp_path, packed)
    assert torch.equal(read_idx(packed / "fashion-train-images-idx3-ubyte.xz"), values[:7])
    labels = read_idx(packed / "fashion-t10k-labels-idx1-ubyte.xz")
    assert labels.tolist() == list(range(5))
    assert {f"{name}.xz" for name in embedded.CLOTHES_FILES} == {
        path.name for path in packed.iterdir()
    }


@pytest.mark.slow
def test_a_damaged_embedded_file_is_named(tmp_path, monkeypatch):
    for path in embedded.FOLDER.glob("*.xz"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(embedded, "FOLDER", tmp_path)
    victim = tmp_path / "t10k-labels-idx1-ubyte.xz"
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 0xFF
    victim.write_bytes(content)
    with pytest.raises(DataError, match="t10k-labels.*fetch or install it again"):
        mnist.__wrapped__()
    victim.unlink()
    with pytest.raises(DataError, match="t10k-labels.*is missing"):
        mnist.__wrapped__()


def test_a_damaged_gzip_file_is_named(tmp_path):
    path = tmp_path / "images.gz"
    content = bytearray(gzip.compress(idx(torch.arange(200, dtype=torch.uint8))))
    content[20:30] = b"\xff" * 10
    path.write_bytes(content)
    with pytest.raises(DataError, match="images.gz cannot be read"):
        read_idx(path)


def test_a_file_with_other_content_fails_its_checksum(tmp_path):
    path = tmp_path / "labels.gz"
    path.write_bytes(gzip.compress(idx(torch.tensor([1, 2], dtype=torch.uint8))))
    assert read_idx(path).tolist() == [1, 2]
    with pytest.raises(DataError, match="checksum"):
        read_idx(path, md5="0" * 32)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x00\x0d\x01", b"PNG...", idx(torch.ones(3, dtype=torch.uint8))[:-1]]
)
def test_what_is_no_idx_file_is_refused(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DataError, match="fetch or install it again"):
        read_idx(path)


def test_fashion_mnist_from_torchvisions_folder_and_from_debians(tmp_path, monkeypatch):
    images = torch.randint(256, (30, 28, 28), dtype=torch.uint8)
    labels = torch.randint(10, (30,), dtype=torch.uint8)
    raw, debian = tmp_path / "FashionMNIST" / "raw", tmp_path / "debian"
    raw.mkdir(parents=True)
    debian.mkdir()
    for stem in ("train", "t10k"):
        for kind, tensor in (("images-idx3", images), ("labels-idx1", labels)):
            (raw / f"{stem}-{kind}-ubyte").write_bytes(idx(tensor))
            (debian / f"{stem}-{kind}-ubyte.gz").write_bytes(gzip.compress(idx(tensor)))
    monkeypatch.setattr(relatives, "DEBIAN_FASHION_MNIST", debian)
    for whole in (fashion_mnist(tmp_path), fashion_mnist()):
        assert torch.equal(whole.train.images[:, 0], images / 255)
        assert torch.equal(whole.test.labels, labels.long())
        assert whole.classes[9] == "boot"
    (raw / "train-images-idx3-ubyte").write_bytes(b"garbage")
    with pytest.raises(DataError, match="damaged, delete"):
        fashion_mnist(tmp_path)


def test_missing_relatives_say_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(relatives, "DEBIAN_FASHION_MNIST", tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"download=True.*dataset-fashion-mnist.*clothes\(\)"):
        fashion_mnist()
    with pytest.raises(DataError, match=r'kmnist\(root="data", download=True\)'):
        kmnist()
    with pytest.raises(DataError, match="could not read KMNIST"):
        kmnist(tmp_path)


def test_offline_download_is_one_clear_error(tmp_path, monkeypatch):
    def offline(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", offline)
    with pytest.raises(DataError, match="with a network"):
        kmnist(tmp_path, download=True)


@pytest.mark.parametrize(
    ("images", "complaint"),
    [
        (torch.zeros(2, 28, 28), "expected float32 of shape"),
        (torch.zeros(2, 1, 28, 28, dtype=torch.uint8), "expected float32"),
        (torch.full((2, 1, 28, 28), 255.0), "divide 8-bit images by 255"),
        (torch.full((2, 1, 28, 28), float("nan")), "expected \\[0, 1\\]"),
        (torch.zeros(0, 1, 28, 28), "no images"),
    ],
)
def test_wrong_images_are_named(images, complaint):
    with pytest.raises(DataError, match=complaint):
        dataset.check_images(images)


def test_wrong_labels_are_named():
    with pytest.raises(DataError, match="one label an image"):
        Split(torch.zeros(2, 1, 28, 28), torch.zeros(3, dtype=torch.int64))


@pytest.mark.slow
def test_torchvision_imports_beside_any_torch():
    code = (
        "from gencourse.data.torchvision_cpu import make_torchvision_importable as make; make(); "
    )
    code += "make(); "
    code += "from torchvision import datasets, transforms, utils; print('fine')"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout == "fine\n", found.stderr


@pytest.mark.slow
def test_what_notebooks_import_does_without_torchvision():
    """It is half a second, and shared objects that a CPU build of torch cannot load."""
    notebooks = "".join(path.read_text() for path in sorted(ROOT.glob("notebooks/**/*.ipynb")))
    found = set(re.findall(r"(?:from|import) gencourse[\w.]*(?: import [\w, ]+)?", notebooks))
    assert {"from gencourse.results import published, runs_of"} < found
    code = "; ".join(["import sys", *sorted(found), "print('torchvision' in sys.modules)"])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n", run.stderr


def test_the_peers_load_their_data_by_torchvision(tmp_path):
    code = "import sys; from gencourse.benchmark import peers; "
    code += "images, labels = next(iter(peers.loader(sys.argv[1], 8))); print(*images.shape)"
    command = [sys.executable, "-c", code, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.stdout == "8 1 28 28\n", run.stderr


def test_a_turned_picture_turns_counter_clockwise(digits):
    """By quarters of a turn nothing is interpolated: they are those of torch.rot90."""
    picture = digits.train.images[0]
    quarters = rotated(picture, torch.arange(5) * (math.pi / 2))
    for quarter, image in enumerate(quarters):
        assert torch.allclose(image, torch.rot90(picture, quarter, (1, 2)), atol=1e-3)
    eighth = rotated(picture, torch.tensor([math.pi / 4]))
    assert eighth.shape == (1, 1, 28, 28) and eighth.min() >= 0 and eighth.max() <= 1
    assert eighth.sum() == pytest.approx(picture.sum().item(), rel=0.05)


def images(n):
    return torch.rand(n, 1, 28, 28)


def test_few_examples_are_even_drawn_anew_and_true(digits):
    with reproducible(0):
        some, other = digits.train.few(100), digits.train.few(100)
    assert some.labels.bincount().tolist() == [10] * 10
    assert not torch.equal(some.images, other.images)
    first = (digits.train.images == some.images[0]).flatten(1).all(1)
    assert digits.train.labels[first].tolist() == [some.labels[0].item()]


def test_few_examples_of_data_that_lack_a_class():
    labels = torch.tensor([0, 0, 3, 3, 3])
    assert Split(images(5), labels).few(4).labels.tolist() == [0, 0, 3, 3]


@pytest.mark.parametrize("n", [0, 5, 105, 70_000])
def test_few_examples_that_cannot_be_drawn(digits, n):
    with pytest.raises(DataError, match="cannot be drawn evenly"):
        digits.train.few(n)


@pytest.mark.parametrize("n", [-10, 10.0, "10", True])
def test_how_few_is_a_whole_number(digits, n):
    with pytest.raises(ValueError, match="n is .*; expected a whole number of 0 or more"):
        digits.train.few(n)


def test_settings_are_chosen_on_training_digits_alone(digits):
    chosen = digits.for_choosing()
    assert (len(chosen.train), len(chosen.test)) == (55_000, 5_000)
    assert torch.equal(torch.cat([chosen.train.labels, chosen.test.labels]), digits.train.labels)
    assert torch.equal(chosen.test.images, digits.train.images[55_000:])


@pytest.mark.parametrize("n", [60_000, 0, -1, 2.5])
def test_something_is_left_to_train_on(digits, n):
    with pytest.raises(ValueError, match="n is"):
        digits.for_choosing(n)


def test_an_augmented_image_is_nearly_the_image_and_differs_each_time(digits):
    some = digits.train.images[:2000]
    with reproducible(0):
        seen, again = augment(some), augment(some)
    assert seen.shape == some.shape and seen.min() >= 0 and seen.max() <= 1 + 1e-5
    assert not torch.equal(seen, again)
    assert seen.sum().item() == pytest.approx(some.sum().item(), rel=0.05)
    # Slanted to both sides alike, moved to both sides alike.
    change = image_moments.slant(seen) - image_moments.slant(some)
    assert abs(change.mean()) < 0.02 and 0.05 < change.std() < 0.5
    columns = torch.arange(28.0)
    centre = [(x.sum((1, 2)) * columns).sum(1) / x.sum((1, 2, 3)) for x in (some, seen)]
    moved = centre[1] - centre[0]
    assert abs(moved.mean()) < 0.2 and 0.5 < moved.std() < 3


def test_what_the_judge_is_shown(digits):
    images = digits.train.images[:64]
    targets = functional.one_hot(digits.train.labels[:64], 10).float()
    with reproducible(0):
        shifted = shift(images)
        mixed, mixed_targets = blend(images, targets)
        nothing, soft = non_digits(images), soften(images)
    centred = torch.zeros(1, 1, 28, 28)
    centred[..., 10:18, 10:18] = 1
    places = shift(centred.repeat(500, 1, 1, 1))
    assert torch.equal(places.sum((1, 2, 3)), torch.full((500,), 64.0))
    assert len(places.unique(dim=0)) == 25  # five moves each way, none lost, none beyond
    for shown in (shifted, mixed, nothing, soft):
        assert shown.shape == images.shape
        assert shown.min() >= 0 and shown.max() <= 1.0001
    assert torch.allclose(mixed_targets.sum(1), torch.ones(64))
    assert torch.equal(soft[1::2], images[1::2])


@pytest.mark.parametrize("change", [augment, shift, soften, non_digits])
def test_colour_and_other_sizes_are_changed_likewise(change):
    some = torch.rand(64, 3, 16, 12)
    before = some.clone()
    changed = change(some)
    assert changed.shape == some.shape and not torch.equal(changed, some)
    assert torch.equal(some, before)  # not in place


def test_a_ring_lies_where_it_says():
    eight = ring(modes=8, radius=2.0)
    assert torch.allclose(eight.centres.norm(dim=1), torch.full((8,), 2.0))
    gaps = (eight.centres - eight.centres.roll(1, 0)).norm(dim=1)
    assert torch.allclose(gaps, gaps[:1].expand(8), atol=1e-5)
    assert eight.centres.mean(0).tolist() == pytest.approx([0, 0], abs=1e-6)
    # At a centre the density is 1 / 8 of a Gaussian's peak; the others are too far away.
    peak = 1 / (8 * 2 * math.pi * 0.02**2)
    assert eight.log_prob(eight.centres[:1]).item() == pytest.approx(math.log(peak), rel=1e-5)
    with pytest.raises(ValueError, match="sd is 0"):
        ring(sd=0)
    with pytest.raises(ValueError, match="modes is 0"):
        ring(modes=0)
