"""Write a file so that nobody ever reads half of it."""

import os
import tempfile
from pathlib import Path


def write_atomically(path, content):
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
