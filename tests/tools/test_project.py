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


def tracked():
    """The project's own text files, without the tests, which need addresses of nobody."""
    found = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    suffixes = {".md", ".py", ".ipynb", ".yml", ".toml", ".cff", ".css", ".svg", ""}
    return [
        ROOT / name
        for name in found
        if name and Path(name).suffix in suffixes and not name.startswith("tests/")
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
    for name in [contents["root"], *listed]:
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


def test_imports_run_downward_only():
    """A room of the package imports from its own floor or from those below it."""
    floors = [
        ["settings", "torchvision_cpu", "files", "terminal", "watching"],
        ["data"],
        ["networks"],
        ["priors", "shapes", "phases"],
        ["training", "models"],
        ["zoo", "shipped"],
        ["evaluation", "receipt"],
        ["figures"],
        ["explorers"],
        ["claims", "check", "clinic", "benchmark", "scoreboard"],
    ]
    height = {room: floor for floor, rooms in enumerate(floors) for room in rooms}
    package = ROOT / "gencourse"
    for path in package.rglob("*.py"):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        text = path.read_text()
        found = re.findall(r"^\s*from gencourse\.(\w+)", text, re.M)
        for several in re.findall(r"^\s*from gencourse import (.+)$", text, re.M):
            found += [name.split(" as ")[0] for name in several.strip("()").split(", ")]
        for other in found:
            assert height[other] <= height[room], f"{path.name} imports {other} from above"


def test_files_can_be_read_at_a_sitting():
    for path in (ROOT / "gencourse").rglob("*.py"):
        assert len(path.read_text().split("\n")) <= 250, path.name
