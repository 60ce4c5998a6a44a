"""Move the project to another repository on GitHub: python tools/address.py owner/name."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "_config.yml"
# Runs before anything is installed, so it needs Python alone.


def replace_everywhere(slug: str) -> list[Path]:
    """Write `slug` where files under git show today's address, and the address of its pages.

    Args:
        slug: "owner/name", as GitHub spells it.
    Returns:
        The files that were changed.
    Raises:
        ValueError: the slug is none, or _config.yml has no address.
    """
    if not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", slug):
        raise ValueError(f"SLUG is {slug!r}; say make address SLUG=owner/name")
    old = re.search(r"url: https://github\.com/(\S+)", CONFIG.read_text(encoding="utf-8"))
    if not old:
        raise ValueError(f"{CONFIG.name} has no line 'url:' with an address on GitHub")
    pairs = [(address(old[1]), address(slug)) for address in (str, _pages)]
    changed = []
    for name in _tracked():
        path = ROOT / name
        if path.is_symlink() or not path.is_file():
            continue
        before = after = path.read_bytes()
        for today, tomorrow in pairs:
            after = after.replace(today.encode(), tomorrow.encode())
        if after != before:
            _replace(path, after)
            changed.append(path)
    return changed


def _pages(slug):
    """Where GitHub shows the pages of a repository."""
    return slug.replace("/", ".github.io/")


def _tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return filter(None, listed.stdout.decode().split("\0"))


def _replace(path, content):
    """The old file or the new one, never a part of it, with the mode that it had."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(temporary, path.stat().st_mode)
    os.replace(temporary, path)


if __name__ == "__main__":
    try:
        for path in replace_everywhere(sys.argv[1] if len(sys.argv) > 1 else ""):
            print(path.relative_to(ROOT))
    except ValueError as error:
        sys.exit(str(error))
