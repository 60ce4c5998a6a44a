"""Runs of a benchmark that was stopped, so that the same command goes on where it was."""

import hashlib
import json
from pathlib import Path

import torch

from gencourse.benchmark.row import Row, hardware
from gencourse.files import write_atomically
from gencourse.results.provenance import package_digest
from gencourse.settings import cache_folder


def run_or_read(row: Row, seed: int) -> tuple[dict, float]:
    """Quality and seconds of the row with that seed: kept from before, or run now and kept.

    Raises:
        OSError: nothing can be kept in the cache folder.
    """
    path = kept_in(row.name, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        quality, seconds = json.loads(path.read_text())
    else:
        quality, seconds = row.run(seed)
        write_atomically(path, json.dumps([quality, seconds]).encode())
    return quality, seconds


def forget(name: str, seed: int) -> None:
    """The command has finished: the next one trains everything anew."""
    kept_in(name, seed).unlink(missing_ok=True)


def kept_in(name: str, seed: int) -> Path:
    """The file of one run, named by everything that its numbers depend on."""
    about = json.dumps([package_digest(), torch.__version__, hardware()])
    digest = hashlib.sha256(about.encode()).hexdigest()[:16]
    return cache_folder() / "benchmark" / f"{name}-{seed}-{digest}.json"
