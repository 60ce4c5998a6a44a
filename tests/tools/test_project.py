"""The project as a whole: one address, one book, commands that exist."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SLUG = re.search(r"url: https://github.com/(\S+)", (ROOT / "_config.yml").read_text())[1]
OWNER, NAME = SLUG.split("/")


def listed_by_git():
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in found.stdout.decode().split("\0") if name]


def tracked():
    """The project's own text files, without the tests, which need addresses of nobody."""
    suffixes = {".md", ".py", ".ipynb", ".yml", ".toml", ".cff", ".css", ".svg", ""}
    return [
        path
        for path in listed_by_git()
        if path.suffix in suffixes and path.relative_to(ROOT).parts[0] != "tests"
    ]


def test_everything_that_shows_the_address_shows_the_one_in_config():
    shown = {}
    for path in tracked():
        text = path.read_text()
        found = set(re.findall(r"github\.com/([\w.-]+/[\w-]+)", text))
        found |= {
            f"{owner}/{name}" for owner, name in re.findall(r"([\w-]+)\.github\.io/([\w-]+)", text)
        }
        if found:
            shown[path.relative_to(ROOT).as_posix()] = found
    assert {"CITATION.cff", "README.md", "pyproject.toml"} <= set(shown)
    assert any(name.startswith("notebooks/") for name in shown)
    assert all(found == {SLUG} for found in shown.values()), shown


def test_one_command_changes_the_address(tmp_path):
    subprocess.run(["git", "clone", "-q", str(ROOT), str(tmp_path / "copy")], check=True)
    copy = tmp_path / "copy"
    # What is tested is the command as it stands here, committed or not.
    (copy / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    shutil.copytree(ROOT / "tools", copy / "tools", dirs_exist_ok=True)
    before = subprocess.run(["git", "grep", "-lF", SLUG], cwd=copy, capture_output=True, text=True)
    subprocess.run(["make", "-s", "address", "SLUG=someone/else-where"], cwd=copy, check=True)
    assert before.stdout
    assert not subprocess.run(["git", "grep", "-lF", SLUG], cwd=copy, capture_output=True).stdout
    pages = subprocess.run(
        ["git", "grep", "-hoF", "someone.github.io/else-where", "--", ":!tests"],
        cwd=copy,
        capture_output=True,
    )
    assert pages.stdout
    after = subprocess.run(
        ["git", "grep", "-lF", "someone/else-where", "--", ":!tests"],
        cwd=copy, capture_output=True, text=True,
    )  # fmt: skip
    assert after.stdout == before.stdout


def test_the_contents_list_every_notebook_and_nothing_that_is_missing():
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text())
    listed = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]]
    notebooks = [f"notebooks/{path.stem}" for path in sorted(ROOT.glob("notebooks/*.ipynb"))]
    assert [name for name in listed if name.startswith("notebooks/")] == notebooks
    made = {"book/claims"}  # by make book, from the evidence
    for name in {contents["root"], *listed} - made:
        assert list(ROOT.glob(f"{name}.*")), name


def test_colab_keeps_its_own_torch():
    """The package has lower bounds only; the pins are for the book and the tests."""
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert all(re.fullmatch(r"[\w-]+>=[\d.]+", need) for need in needs)
    pins = [
        line.split("#")[0].strip()
        for line in (ROOT / "requirements.txt").read_text().split("\n")
        if line and not line.startswith("#")
    ]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    pinned = {pin.split("==")[0] for pin in pins}
    assert {re.split(">=", need)[0] for need in needs} <= pinned


def test_nothing_large_but_the_data_and_weights_that_travel():
    """What git once holds, every clone carries: 1.5 MB is as much as a notebook may have."""
    travels = {".xz", ".safetensors"}
    for path in filter(Path.is_file, listed_by_git()):
        if path.suffix not in travels:
            assert path.stat().st_size <= 1.5e6, path.relative_to(ROOT)


def test_every_place_says_the_same_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"{{Version {version}}}" in (ROOT / "book" / "references.md").read_text()
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1]
    assert newest.rstrip(",") == version
