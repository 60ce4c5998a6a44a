"""Where a result comes from: code, versions, processor, date."""

import platform
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, CalledProcessError, check_output

import torch

from gencourse.files import PACKAGE, digest_below

EVIDENCE = "claims.json"


def provenance() -> dict[str, str | int | None]:
    """What a result must say of itself so that somebody can make it again."""
    return {
        "commit": commit(),
        "torch": torch.__version__,
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor(),
        "threads": torch.get_num_threads(),
    }


@cache
def commit() -> str | None:
    """The commit that the package's code stands at, None where git does not know.

    " with changes" follows where modules or the texts of the chapters differ from it.
    """
    try:
        # Installed below somebody's own repository, the package is not of it.
        _git("ls-files", "--error-unmatch", "__init__.py")
        changed = _git("status", "--porcelain", "--", "*.py", ":/notebooks/*.md")
        return _git("rev-parse", "HEAD").strip() + (" with changes" if changed else "")
    except (OSError, CalledProcessError):
        return None


def _git(*words):
    return check_output(["git", *words], cwd=PACKAGE, stderr=DEVNULL, text=True)


@cache
def processor() -> str:
    """The processor's name, or as much of it as the system tells."""
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


@cache
def package_digest() -> str:
    """A digest of the package as it is installed: code, data, weights, results.

    The evidence of the claims does not count: what it is made from cannot depend on it.
    """

    def counts(path):
        hidden = path.name.startswith(".") or "__pycache__" in path.parts
        return not hidden and path != Path("results", EVIDENCE)

    return digest_below(PACKAGE, counts)
