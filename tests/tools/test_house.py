"""The house: its plan in CONTRIBUTING.md, the order of its rooms, and its commands."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
HOUSES = {"gencourse", "grader", "tools"}
IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"


def rooms():
    """What the plan must name: all at the top, and each folder and module of the houses."""
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = set()
    for path in map(Path, filter(None, found.stdout.decode().split("\0"))):
        if not (ROOT / path).exists():
            continue
        top, *below = path.parts
        names.add(f"{top}/" if below else top)
        if top in HOUSES and (len(below) > 1 or path.suffix == ".py"):
            names.add(f"{top}/{below[0]}/" if len(below) > 1 else path.as_posix())
    return {name for name in names if not re.search(r"/__(init|main)__\.py$", name)}


def test_the_plan_names_every_room_and_nothing_else():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    plan = text.split("\n## The house\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", plan, re.M)
    named = [name for row, about in rows for name in re.findall("`(.+?)`", row)]
    assert len(named) == len(set(named))
    missing, gone = rooms() - set(named), set(named) - rooms()
    assert not missing, f"rooms without a row in CONTRIBUTING.md: {sorted(missing)}"
    assert not gone, f"rows of CONTRIBUTING.md without a room: {sorted(gone)}"


def lint_imports(folder):
    words = [sys.executable, "-c", IMPORTS, "--no-cache", "--no-logo"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True)


def test_imports_run_downward_only():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "other"),
    [
        ("gencourse/{lowest}.py", "gencourse.{highest}"),
        ("gencourse/{lowest}.py", "grader.table"),
        ("gencourse/{highest}/__init__.py", "tools.address"),
        ("grader/table.py", "gencourse.{highest}"),
        ("gencourse/cellar.py", "math"),
    ],
)
def test_an_import_that_runs_upward_is_seen(module, other, tmp_path):
    """Also a room that has no place in the order, even if it imports nothing of ours."""
    order = SETTINGS["tool"]["importlinter"]["contracts"][0]["layers"]
    ends = {"highest": order[0].split()[0], "lowest": order[-1].split()[0]}
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for house in HOUSES:
        for path in (ROOT / house).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    assert lint_imports(tmp_path).returncode == 0
    with (tmp_path / module.format(**ends)).open("a") as file:
        file.write(f"import {other.format(**ends)}\n")
    done = lint_imports(tmp_path)
    assert done.returncode and "Contracts" in done.stdout, done.stdout + done.stderr


def test_the_rooms_without_annotations_are_the_same_for_both_checkers():
    ignored = SETTINGS["tool"]["ruff"]["lint"]["per-file-ignores"]
    paths = {path for path in ignored if path.split("/")[0] in HOUSES}
    modules = {
        module
        for rule in SETTINGS["tool"]["mypy"].get("overrides", [])
        for module in rule["module"]
    }
    assert {path.removesuffix(".py").replace("/", ".") for path in paths} == modules
    assert all(list(ROOT.glob(path)) for path in paths), paths


def make(*words):
    words = ["make", "--no-print-directory", *words]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip().split("\n")


def test_help_lists_every_command():
    makefile = (ROOT / "Makefile").read_text()
    commands = re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split()
    told = dict(line.split(maxsplit=1) for line in make("help"))
    assert sorted(told) == sorted(commands)
    assert sorted(re.findall(r"^([a-z-]+):", makefile, re.M)) == sorted(commands)


def test_what_runs_before_a_commit_is_what_lint_runs():
    asked = [line for line in make("-n", "lint") if re.search("ruff|codespell|lint|mypy", line)]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks if "pytest" not in hook["entry"]] == asked
    for hook in hooks:
        if "pytest" in hook["entry"]:
            file, word = re.search(r"pytest -q (\S+) -k (\w+)$", hook["entry"]).groups()
            assert re.search(rf"^def test_\w*{word}", (ROOT / file).read_text(), re.M), hook["id"]
