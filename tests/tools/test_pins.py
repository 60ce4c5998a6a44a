"""The pins: all of them needed, nothing missing, none by hand."""

import importlib.metadata
import json
import platform
import re
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import pins

# What is needed differs between systems and Pythons.
where = re.search(r"with Python (\S+) on (\w+)", pins.PINS.read_text()).groups()
here = (".".join(platform.python_version_tuple()[:2]), sys.platform)
where_resolved = pytest.mark.skipif(here != where, reason=f"the pins were resolved on {where}")


def installed(name):
    """What an installed distribution asks for; nothing where another platform alone has it."""
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []


def test_every_requirement_of_pyproject_is_pinned_within_its_bounds():
    pinned = pins.pinned()
    for who, asked in pins.needs().items():
        for need in asked:
            assert need.specifier.contains(pinned[canonicalize_name(need.name)]), f"{need} ({who})"


@where_resolved
def test_every_pin_is_needed_and_nothing_that_is_needed_is_not_pinned():
    needed = pins.needed_by(installed)
    pinned = set(pins.pinned())
    assert not pinned - set(needed), "needed by nothing: make pins"
    assert not {name for name in set(needed) - pinned if not pins.CUDA.fullmatch(name)}


@where_resolved
def test_each_pin_says_who_needs_it():
    needed = pins.needed_by(installed)
    for line in pins.PINS.read_text().split("\n")[2:-1]:
        name, who = re.fullmatch(r"([\w-]+)==\S+  # (.+)", line).groups()
        assert set(who.split(", ")) == needed[name], line


def test_the_lowest_versions_are_the_bounds_of_the_learner():
    """They are printed where the package itself cannot be imported yet."""
    code = "import sys; sys.modules['gencourse'] = None; from tools.pins import main; main()"
    words = [sys.executable, "-c", code, "--lowest"]
    done = subprocess.run(words, cwd=pins.ROOT, capture_output=True, text=True)
    lowest = dict(line.split("==") for line in done.stdout.split())
    assert lowest["torch"] == "2.5" and lowest["matplotlib"] == "3.9"
    for need in pins.needs()["gencourse"]:
        assert str(need.specifier) == f">={lowest[need.name]}"


def report_of(versions, requires):
    about = [
        {"name": name, "version": version, "requires_dist": requires.get(name, [])}
        for name, version in versions.items()
    ]
    return json.dumps({"install": [{"metadata": metadata} for metadata in about]})


@pytest.fixture
def pip(monkeypatch, tmp_path):
    """A stand-in for pip that finds what it is given, and keeps what it was asked."""
    asked = {}

    def run(command, **_):
        if "report" not in asked:
            return subprocess.CompletedProcess(command, 1, "", "ERROR: ResolutionImpossible")
        asked["constraints"] = _read(command, "--constraint")
        asked["needs"] = command[command.index("--constraint") + 2 :]
        with open(command[command.index("--report") + 1], "w") as file:
            file.write(asked["report"])
        return subprocess.CompletedProcess(command, 0, "", "")

    def _read(command, option):
        with open(command[command.index(option) + 1]) as file:
            return file.read().split()

    monkeypatch.setattr(pins.subprocess, "run", run)
    monkeypatch.setattr(pins, "PINS", tmp_path / "requirements.txt")
    monkeypatch.setattr(
        pins,
        "needs",
        lambda: {
            "gencourse": [Requirement("torch>=2.5")],
            "gencourse[book]": [Requirement("Some_Book[pdf]>=1"), Requirement("torch>=2.0")],
        },
    )
    pins.PINS.write_text("some-book==1.2  # gencourse[book]\ngone==3.0\ntorch==2.13.0\n")
    return asked


FOUND = {"torch": "2.13.0+cpu", "Some-Book": "1.2", "paper": "7", "nvidia-cublas-cu12": "12.6"}
REQUIRES = {
    "torch": ["nvidia-cublas-cu12"],
    "Some-Book": ["paper; extra == 'pdf'", "absent; extra == 'html'", "Torch"],
}


def test_pins_keep_their_versions_and_what_nothing_needs_goes(pip, monkeypatch, capsys):
    pip["report"] = report_of(FOUND, REQUIRES)
    monkeypatch.setattr(sys, "argv", ["pins"])
    pins.main()
    assert pip["constraints"] == ["some-book==1.2", "gone==3.0", "torch==2.13.0"]
    assert pip["needs"] == ["Some_Book[pdf]>=1", "torch>=2.0", "torch>=2.5"]
    assert pins.PINS.read_text().split("\n")[2:] == [
        "paper==7  # some-book",
        "some-book==1.2  # gencourse[book]",
        "torch==2.13.0  # gencourse, gencourse[book], some-book",
        "",
    ]
    assert capsys.readouterr().out == "gone: 3.0 → -\npaper: - → 7\n"


@pytest.mark.parametrize(
    ("names", "kept"),
    [([], []), (["Some_book"], ["gone==3.0", "torch==2.13.0"])],
)
def test_only_what_is_named_moves(names, kept, pip, monkeypatch):
    pip["report"] = report_of(FOUND, REQUIRES)
    monkeypatch.setattr(sys, "argv", ["pins", "--upgrade", *names])
    pins.main()
    assert pip["constraints"] == kept


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--upgrade", "nothing"], "nothing: expected names that are in requirements.txt"),
        ([], "no versions that go together.*ResolutionImpossible"),
    ],
)
def test_what_cannot_be_resolved_changes_nothing(words, said, pip, monkeypatch):
    before = pins.PINS.read_text()
    monkeypatch.setattr(sys, "argv", ["pins", *words])
    with pytest.raises(SystemExit, match=f"(?s){said}"):
        pins.main()
    assert pins.PINS.read_text() == before


def test_a_bound_of_another_kind_has_no_lowest_version(monkeypatch):
    monkeypatch.setattr(pins, "needs", lambda: {"gencourse": [Requirement("torch<3")]})
    with pytest.raises(ValueError, match="torch<3 in pyproject.toml: expected one lower bound"):
        pins.lowest()
