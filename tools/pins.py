"""Every pin of requirements.txt, resolved by pip from the bounds in pyproject.toml.

python -m tools.pins                     drop what nothing needs, add what is new, keep the rest
python -m tools.pins --upgrade [NAME …]  and take the newest of these, or of all, within the bounds
python -m tools.pins --lowest            print the lowest versions that a learner may have
"""

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = ROOT / "pyproject.toml"
PINS = ROOT / "requirements.txt"
CUDA = re.compile("(nvidia|cuda)-.*|triton")
"""What some builds of torch bring and others do not: pip chooses it together with the build."""


def needs() -> dict[str, list[Requirement]]:
    """What pyproject.toml asks for, by who asks: the build, the package, each of its extras."""
    read = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    asked = {"the build": read["build-system"]["requires"]}
    asked["gencourse"] = read["project"]["dependencies"]
    for extra, words in read["project"]["optional-dependencies"].items():
        asked[f"gencourse[{extra}]"] = words
    return {who: [Requirement(need) for need in needed] for who, needed in asked.items()}


def needed_by(requires: Callable[[str], Iterable[str]]) -> dict[str, set[str]]:
    """Who needs what, from `needs` to the last library, on this platform.

    Args:
        requires: from a distribution's name to its own requirements, as its metadata word them.
    Returns:
        From each distribution's normalised name to those that ask for it.
    """
    found: dict[str, set[str]] = {}
    waiting = [(who, need) for who, asked in needs().items() for need in asked]
    seen = set()
    while waiting:
        who, need = waiting.pop()
        name = canonicalize_name(need.name)
        found.setdefault(name, set()).add(who)
        for extra in ["", *need.extras]:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for further in map(Requirement, requires(name)):
                if further.marker is None or further.marker.evaluate({"extra": extra}):
                    waiting.append((name, further))
    return found


def pinned() -> dict[str, str]:
    """The versions in requirements.txt, by normalised name."""
    lines = [line.split("#")[0].strip() for line in PINS.read_text(encoding="utf-8").split("\n")]
    pairs = (line.split("==") for line in lines if line)
    return {canonicalize_name(name): version for name, version in pairs}


def resolve(kept: dict[str, str]) -> str:
    """The text of requirements.txt, with the versions in `kept` wherever they are still needed.

    Raises:
        RuntimeError: pip found no versions that go together; its last words say why.
    """
    with tempfile.TemporaryDirectory() as folder:
        report, constraints = Path(folder, "report.json"), Path(folder, "constraints.txt")
        constraints.write_text("".join(f"{name}=={kept[name]}\n" for name in kept))
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--quiet", "--report", str(report), "--constraint", str(constraints)]
        command += sorted({str(need) for asked in needs().values() for need in asked})
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(
                "pip found no versions that go together. Widen a bound in pyproject.toml, or let "
                f"versions move with --upgrade. It said:\n{done.stderr.strip()}"
            )
        metadata = [found["metadata"] for found in json.loads(report.read_text())["install"]]
    found: dict[str, dict] = {canonicalize_name(about["name"]): about for about in metadata}
    who = needed_by(lambda name: found[name].get("requires_dist", []) if name in found else [])
    python = ".".join(platform.python_version_tuple()[:2])
    lines = [
        "# Made by make pins from the bounds in pyproject.toml: change those, not this file.",
        f"# Resolved with Python {python} on {sys.platform}. Behind each pin stands who needs it.",
    ]
    for name in sorted(name for name in found if not CUDA.fullmatch(name)):
        # Without the build of torch ("+cpu"), which is the machine's choice too.
        version = found[name]["version"].split("+")[0]
        lines.append(f"{name}=={version}  # {', '.join(sorted(who[name]))}")
    return "\n".join(lines) + "\n"


def lowest() -> list[str]:
    """The lower bounds of what a learner needs, each as a pin.

    Raises:
        ValueError: a requirement has another bound than a lower one.
    """
    pins = []
    for need in needs()["gencourse"]:
        bound = re.fullmatch(r">=([\d.]+)", str(need.specifier))
        if not bound:
            raise ValueError(f"{need} in pyproject.toml: expected one lower bound, NAME>=VERSION")
        pins.append(f"{need.name}=={bound[1]}")
    return pins


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m tools.pins")
    parser.add_argument("--upgrade", nargs="*", metavar="NAME", help="these, or all")
    parser.add_argument("--lowest", action="store_true", help="print a learner's lower bounds")
    asked = parser.parse_args()
    if asked.lowest:
        print("\n".join(lowest()))
        return
    # Here, because --lowest says what to install before the package can be imported.
    from gencourse.files import write_atomically

    before = pinned()
    named = {canonicalize_name(name) for name in asked.upgrade or []}
    if unknown := named - set(before):
        sys.exit(f"--upgrade {' '.join(sorted(unknown))}: expected names that are in {PINS.name}")
    moving = set(before) if asked.upgrade == [] else named
    try:
        text = resolve({name: before[name] for name in before if name not in moving})
    except RuntimeError as error:
        sys.exit(str(error))
    write_atomically(PINS, text.encode())
    after = pinned()
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            print(f"{name}: {before.get(name, '-')} → {after.get(name, '-')}")


if __name__ == "__main__":
    main()
