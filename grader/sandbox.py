"""Where a student's kernel runs: apart from the teacher's files, as far as the machine allows."""

import json
import os
import shutil
import subprocess
import sys
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

    def prepare(self, folder, number):
        """Make a kernel's folders: `wire` for its sockets, `desk` for its files.

        Args:
            folder: a new and empty one.
            number: of the kernel among those of this run.
        """
        for name in ("wire", "desk"):
            (folder / name).mkdir(mode=0o700)
            if self.as_nobody:
                os.chown(folder / name, FIRST_USER + number, FIRST_USER + number)
        folder.chmod(0o711)  # passed through, not listed

    def home(self, folder):
        """The kernel's home, where it starts."""
        return Path("/home/student") if self.walls else folder / "desk"

    def command(self, folder, number, seconds, command):
        """The command that runs another one in here.

        Args:
            folder, number: as for `prepare`.
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
            "user": FIRST_USER + number if self.as_nobody else None,
        }
        limits = [PYTHON, "-I", str(LIMITS)]
        limited = [*limits, json.dumps(settings), *command]
        return [*self._walls(folder), *limited] if self.walls else limited

    def _walls(self, folder):
        words = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        if not self.as_nobody:
            words += ["--unshare-user"]  # what root may do without, others need for the rest
        words += ["--die-with-parent", "--new-session", "--unsetenv", "JPY_PARENT_PID"]
        own = [os.path.abspath(place) for place in (sys.base_prefix, sys.prefix, PACKAGE, LIMITS)]
        seen = [*SYSTEM, *SETTINGS, *own]
        wire, memory = str(folder / "wire"), ["--perms", "0777", "--size", str(FILES), "--tmpfs"]
        words += [*memory, "/tmp", *memory, str(self.home(folder))]
        # Left to bubblewrap, the way to a folder would be closed to all but root.
        ways = {str(parent) for place in [*seen, wire] for parent in Path(place).parents}
        for way in sorted(ways):
            words += ["--perms", "0755", "--dir", way]
        for place in seen:
            words += ["--ro-bind-try", place, place]
        words += ["--bind", wire, wire, "--proc", "/proc", "--dev", "/dev", *memory, "/dev/shm"]
        words += ["--remount-ro", "/dev", "--remount-ro", "/"]
        return [*words, "--chdir", str(self.home(folder)), "--"]

    def clear(self, number):
        """End what a kernel without walls left running."""
        if self.as_nobody and not self.walls:
            user = FIRST_USER + number
            subprocess.run(["/bin/sh", "-c", "kill -9 -1"], user=user, group=user, extra_groups=[])


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


def choose(folder):
    """The safest sandbox that works on this machine.

    Args:
        folder: a new and empty one, to try them in.
    Returns:
        A Sandbox; its words say what to do for a safer one.
    """
    root = os.geteuid() == 0
    *safer, limits = SANDBOXES.values()
    cure = "For walls, install bubblewrap."
    for sandbox in safer:
        if sandbox.as_nobody != root or (sandbox.walls and not shutil.which("bwrap")):
            continue
        (folder / "wire").mkdir(parents=True, exist_ok=True)
        trial = sandbox.command(folder, 0, 60, [PYTHON, "-c", "import ipykernel"])
        tried = subprocess.run(trial, capture_output=True, text=True, errors="replace")
        if tried.returncode == 0:
            return sandbox if sandbox.walls else _with(sandbox, cure)
        if sandbox.walls:
            said = " ".join(tried.stderr.split())[-300:] or f"nothing, status {tried.returncode}"
            cure = f"Bubblewrap is installed but does not work here; it said: {said!r}."
            cure += "" if root else FORBIDDEN  # root needs no leave for them
    return _with(limits, cure)


def _with(sandbox, cure):
    return replace(sandbox, words=f"{sandbox.words} {cure}")
