"""Write a file so that nobody ever reads half of it, and tell files by what is in them."""

import hashlib
import os
import tempfile
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


def source_digest(*rooms: str) -> str:
    """A short digest of the source code in these rooms of the package, or in all of it.

    rooms: names of folders or files of the package, such as "models" and "training.py".
    """
    digest = hashlib.sha256()
    for room in rooms or (".",):
        place = PACKAGE / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
