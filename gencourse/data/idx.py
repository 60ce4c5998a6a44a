"""Read the IDX files in which MNIST and its relatives are published.

The format: two zero bytes, a type code (8 for unsigned bytes), the number of
dimensions, each dimension as a big-endian 32-bit number, then the values.
"""

import gzip
import hashlib
import lzma
import struct
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

from gencourse.data.dataset import DataError, Split

OPENERS: dict[str, Callable] = {".xz": lzma.open, ".gz": gzip.open}
ADVICE = "the file is damaged: fetch or install it again."


def read_idx(path: Path | str, md5: str | None = None) -> torch.Tensor:
    """The unsigned bytes in an IDX file, plain or compressed with xz or gzip.

    md5: what the MD5 of the unpacked bytes must be, if that is known.

    Returns:
        uint8 tensor of the shape that the file declares.
    Raises:
        DataError: the file is missing, cannot be unpacked, or is not what it should be.
    """
    path = Path(path)
    try:
        with OPENERS.get(path.suffix, open)(path, "rb") as file:
            content = file.read()
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing; install the package or the data set again.") from error
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({error}); {ADVICE}") from error
    if md5 and hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise DataError(f"{path} does not have the checksum {md5}; {ADVICE}")
    if len(content) < 4 or content[:3] != b"\x00\x00\x08" or len(content) < 4 + 4 * content[3]:
        raise DataError(f"{path} is not an IDX file of unsigned bytes; {ADVICE}")
    shape = struct.unpack_from(f">{content[3]}I", content, 4)
    values = torch.frombuffer(bytearray(content), dtype=torch.uint8)[4 + 4 * len(shape) :]
    if values.numel() != torch.Size(shape).numel():
        raise DataError(f"{path} declares {shape} but holds {values.numel()} values; {ADVICE}")
    return values.view(shape)


def to_split(images: torch.Tensor, labels: torch.Tensor) -> Split:
    """uint8 images (N, 28, 28) and labels (N,) as a Split."""
    return Split(images.unsqueeze(1).to(torch.float32).div_(255), labels.to(torch.int64))


def read_splits(
    folder: Path, checksums: Mapping[str, str | None], ending: str
) -> tuple[Split, Split]:
    """The training and the test Split of a data set that was packed file by file.

    checksums: for training images and labels, then test images and labels, the name of the
        file, without its ending, and its MD5 once unpacked, if that is known.
    """
    paths = [folder / (name + ending) for name in checksums]
    with ThreadPoolExecutor() as pool:  # unpacking leaves Python free: read side by side
        files = list(pool.map(read_idx, paths, checksums.values()))
    return to_split(*files[:2]), to_split(*files[2:])
