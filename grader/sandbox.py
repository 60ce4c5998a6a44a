"""Where a student's kernel runs: apart from the teacher's files, as far as the machine allows."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import gencourse

PACKAGE = Path(gencourse.__file__).parent
"""What notebooks import."""
LIMITS = Path(__file__).with_name("limits.py")
PYTHON = os.path.abspath(sys.executable)
"""This Python. A link stays a link, since it is what tells a virtual environment."""
GIGABYTE = 2**30
MEMORY = 4 * GIGABYTE
FILES = GIGABYTE // 2
PROCESSES = 256
FIRST_USER = 61184
"""Users from here on belong to nobody: systemd lends them to services for as long as they run."""

# All that a kernel needs of the machine. Homes, other people's folders and this repository are
# not among it, so that no rule has to hide them.
SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"]
SETTINGS = ["/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/passwd"]


@dataclass(frozen=True)
class Sandbox:
    """One way to keep a kernel apart.

    Args:
        words: what it isolates and what it does not, for the teacher.
        walls: a file system, a network and processes of its own, by bubblewrap.
        as_nobody: an own user for each kernel; only root can give it one.
    """

    words: str
    walls: bool
    as_nobody: bool


@dataclass(frozen=True)
class Workspace:
    """A place in a sandbox for one kernel at a time.

    Args:
        sandbox: that keeps it apart.
        folder: a new and empty one.
        number: of the notebook among those of this run; two at once have two numbers.
    """

    sandbox: Sandbox
    folder: Path
    number: int

    @property
    def wire(self) -> Path:
        """The folder of the kernel's sockets."""
        return self.folder / "wire"

    @property
    def desk(self) -> Path:
        """The folder of its files; with walls they are in memory instead."""
        return self.folder / "desk"

    @property
    def home(self) -> Path:
        """The kernel's home, as the kernel sees it."""
        return Path("/home/student") if self.sandbox.walls else self.desk

    @property
    def user(self) -> int | None:
        """The kernel's own user, if it has one."""
        return FIRST_USER + self.number if self.sandbox.as_nobody else None

    def prepare(self) -> None:
        """Make the folders.

        Raises:
            OSError: they cannot be made.
        """
        for folder in (self.wire, self.desk):
            folder.mkdir(mode=0o700)
            if self.user is not None:
                os.chown(folder, self.user, self.user)
        self.folder.chmod(0o711)  # passed through, not listed

    def seal(self) -> None:
        """Take the sockets' folder away, when everybody is connected.

        Connections last. What runs in here cannot make a file in it any more, which might fill the
        disk, nor put links to other sockets in place of its own.
        """
        shutil.rmtree(self.wire)

    def command(self, seconds: float, command: list[str]) -> list[str]:
        """The command that runs another one in here.

        Args:
            seconds: that it may run; bounds its processor time.
            command: a list of words.
        Returns:
            A list of words.
        """
        settings = {
            "memory": MEMORY,
            "file": FILES,
            "processes": PROCESSES,
            "cpu": int(seconds * (os.cpu_count() or 1)),
            "user": self.user,
            "walls": self.sandbox.walls,
        }
        limited = [PYTHON, "-I", str(LIMITS), json.dumps(settings), *command]
        return [*self._walls(), *limited] if self.sandbox.walls else limited

    def _walls(self) -> list[str]:
        words = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        if self.user is None:
            # What root may do without, others need for the rest.
            words += ["--unshare-user", "--cap-drop", "ALL"]
        words += ["--die-with-parent", "--as-pid-1", "--new-session"]
        words += ["--unsetenv", "JPY_PARENT_PID"]
        seen = _seen()
        wire, memory = str(self.wire), ["--perms", "0777", "--size", str(FILES), "--tmpfs"]
        words += [*memory, "/tmp", *memory, str(self.home)]
        # Left to bubblewrap, the way to a folder would be closed to all but root.
        ways = {str(parent) for place in [*seen, wire] for parent in Path(place).parents}
        for way in sorted(ways):
            words += ["--perms", "0755", "--dir", way]
        for place in seen:
            words += ["--ro-bind-try", place, place]
        words += ["--bind", wire, wire, "--proc", "/proc", "--dev", "/dev", *memory, "/dev/shm"]
        words += ["--ro-bind", "/dev/null", "/proc/keys"]
        words += ["--remount-ro", "/dev", "--remount-ro", "/"]
        return [*words, "--chdir", str(self.home), "--"]

    def clear(self) -> None:
        """End what a kernel without walls left running, and remove the folders."""
        user = self.user
        if user is not None and not self.sandbox.walls:
            subprocess.run(["/bin/sh", "-c", "kill -9 -1"], user=user, group=user, extra_groups=[])
        for folder in (self.wire, self.desk):
            shutil.rmtree(folder, ignore_errors=True)


def _seen() -> list[str]:
    """What notebooks see of the machine's files, within walls."""
    own = [os.path.abspath(place) for place in (sys.base_prefix, sys.prefix, PACKAGE, LIMITS)]
    return [*SYSTEM, *SETTINGS, *own]


def require_hidden(place: Path) -> None:
    """Make sure that notebooks do not see a place through the walls.

    Raises:
        ValueError: they would, as in a clone within a virtual environment.
    """
    for seen in _seen():
        if place.resolve().is_relative_to(Path(seen).resolve()):
            raise ValueError(
                f"{place} is in {seen}, which every returned notebook can read; expected the "
                "homework, the returned files and the results elsewhere."
            )


@contextmanager
def workspace(sandbox: Sandbox, number: int) -> Iterator[Workspace]:
    """A Workspace, until the block is left; then its folder is gone.

    Raises:
        OSError: its folder cannot be made.
    """
    place = Workspace(sandbox, Path(tempfile.mkdtemp(prefix="homework-")), number)
    try:
        yield place
    finally:
        place.clear()
        shutil.rmtree(place.folder, ignore_errors=True)


WALLED = (
    "Each notebook runs in bubblewrap: it sees no file of yours, of other students or of the "
    "hidden tests, has no network, and can write to a folder in memory only. It can read, while "
    "it runs, the tests that are put to it."
)
FORBIDDEN = (
    " Ubuntu 24.04 and newer forbid what it needs, user namespaces. This allows them until the "
    "next start: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 (for good, and for "
    "bubblewrap only: an AppArmor profile for /usr/bin/bwrap with the rule userns)."
)
SANDBOXES = {
    "bubblewrap as root": Sandbox(WALLED, walls=True, as_nobody=True),
    "bubblewrap": Sandbox(WALLED, walls=True, as_nobody=False),
    "user": Sandbox(
        "Each notebook runs as a user of its own, with limits. It can use the network, and read "
        "every file that all users may read, perhaps the hidden tests.",
        walls=False,
        as_nobody=True,
    ),
    "limits": Sandbox(
        "Each notebook runs as you, with limits on memory, processes and time only. It can use "
        "the network, and read, change and delete your files. Grade only notebooks that you "
        "trust.",
        walls=False,
        as_nobody=False,
    ),
}


def choose() -> Sandbox:
    """The safest sandbox that works on this machine.

    Returns:
        A Sandbox; its words say what to do for a safer one.
    Raises:
        OSError: no folder can be made to try one in.
    """
    root = os.geteuid() == 0
    *safer, limits = SANDBOXES.values()
    cure = "For walls, install bubblewrap."
    for sandbox in safer:
        if sandbox.as_nobody != root or (sandbox.walls and not shutil.which("bwrap")):
            continue
        with workspace(sandbox, 0) as place:
            place.prepare()
            trial = place.command(60, [PYTHON, "-c", "import ipykernel"])
            tried = subprocess.run(trial, capture_output=True, text=True, errors="replace")
        if tried.returncode == 0:
            return sandbox if sandbox.walls else _with(sandbox, cure)
        if sandbox.walls:
            said = " ".join(tried.stderr.split())[-300:] or f"nothing, status {tried.returncode}"
            cure = f"Bubblewrap is installed but does not work here; it said: {said!r}."
            cure += "" if root else FORBIDDEN  # root needs no leave for them
    return _with(limits, cure)


def _with(sandbox: Sandbox, cure: str) -> Sandbox:
    return replace(sandbox, words=f"{sandbox.words} {cure}")
