"""Write a file so that nobody ever reads half of it, and tell files by what is in them."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

PACKAGE = Path(__file__).parent


def write_atomically(path: Path | str, content: bytes) -> None:
    """Write bytes beside `path`, then rename: the old file or the new one, never a part.

    Raises:
        OSError: the folder cannot be written to, or the disk is full; the old
            file, if there was one, is as it was.
    """
    path = Path(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def digest_below(folder: Path, counts: Callable[[Path], bool]) -> str:
    """A short digest of the names and the contents of those files below a folder that count.

    counts: whether a file does, by its path within the folder.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if counts(name) and path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{content} {name.as_posix()}\n".encode())
    return digest.hexdigest()[:16]
