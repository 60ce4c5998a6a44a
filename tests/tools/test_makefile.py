"""make removes what it made, and nothing else, whatever the project's folder is called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Spaces, a quote, letters of two scripts, and what make and the shell would expand.
PLACES = ["My Courses/it's 한글/gencourse", 'a "b"/$HOME $(x) `date`/gencourse']


@pytest.fixture(params=PLACES)
def clone(request, tmp_path):
    """A clone in a folder of an odd name, with decoys wherever a name could be cut in two."""
    folder = tmp_path / request.param
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
    # What is tested is the command as it stands here, committed or not.
    shutil.copy(ROOT / "Makefile", folder)
    for part in [folder, *folder.parents]:
        if part == tmp_path:
            break
        decoy = part.with_name(part.name.split()[0])
        decoy.mkdir(exist_ok=True)
        (decoy / "thesis.txt").write_text("the only copy")
    # A stand-in for Python says what it was asked, so that no training runs.
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$GENCOURSE_CACHE" "$@" > "$PWD/asked.txt"\n')
    python.chmod(0o755)
    os.utime(folder / "requirements.txt", (0, 0))
    os.utime(folder / "pyproject.toml", (0, 0))
    (folder / ".venv" / ".ready").touch()
    return folder


def make(folder, *words):
    return subprocess.run(["make", *words], cwd=folder, capture_output=True, text=True)


def strangers(tmp_path, folder):
    return {
        path.relative_to(tmp_path) for path in tmp_path.rglob("*") if folder not in path.parents
    }


@pytest.mark.parametrize("target", ["notebooks-test", "notebooks", "clean"])
def test_nothing_but_what_was_built_is_removed(target, clone, tmp_path):
    built = clone / "_build" / "cache" / "old.safetensors"
    built.parent.mkdir(parents=True)
    built.touch()
    before = strangers(tmp_path, clone)
    tracked = subprocess.run(["git", "ls-files"], cwd=clone, capture_output=True).stdout
    done = make(clone, target)
    assert done.returncode == 0, done.stderr
    assert not built.exists()
    assert strangers(tmp_path, clone) == before
    kept = subprocess.run(["git", "ls-files", "--deleted"], cwd=clone, capture_output=True)
    assert tracked and not kept.stdout
    if target != "clean":
        assert (clone / "asked.txt").read_text().split("\n")[0] == str(clone / "_build" / "cache")


def test_elsewhere_make_removes_nothing(clone, tmp_path):
    mine = tmp_path / "elsewhere" / ".venv"
    mine.mkdir(parents=True)
    done = make(mine.parent, "-f", str(clone / "Makefile"), "clean")
    assert done.returncode and "Run make in the project's own folder" in done.stderr
    assert mine.exists()


@pytest.mark.parametrize("name", ["O'Brien", "week 1; touch harmed", '한글 "$HOME" `touch harmed`'])
def test_the_folder_of_submissions_may_be_called_anything(name, clone):
    done = make(clone, "grade", f"SUBMISSIONS={name}", "OPTIONS=--seconds 5")
    asked = (clone / "asked.txt").read_text().split("\n")
    assert done.returncode == 0 and asked[-3:-1] == ["--", name], done.stderr
    assert "--seconds" in asked and not (clone / "harmed").exists()


@pytest.mark.parametrize("slug", ["", "nonsense", "a/b; touch harmed", "a/$(touch harmed)"])
def test_an_address_that_is_none_is_refused(slug, clone):
    shutil.copytree(ROOT / "tools", clone / "tools", dirs_exist_ok=True)
    done = make(clone, "address", f"SLUG={slug}")
    assert done.returncode and "say make address SLUG=owner/name" in done.stderr
    assert not (clone / "harmed").exists()
