"""Start a command with limits, which stop fork bombs, floods and endless loops.

python -I limits.py SETTINGS COMMAND ...

Run as a file, inside the sandbox, before anything of the student's: it knows
nothing of gencourse. SETTINGS are JSON: memory and file in bytes, processes,
cpu in seconds, and the user to become, or null.
"""

import json
import os
import resource
import sys


def main(settings: str, *command: str) -> None:
    """Take the limits, give up root, and become the command."""
    given = json.loads(settings)
    limits = {
        # Memory that can be written to. The whole address space would count torch's libraries.
        resource.RLIMIT_DATA: given["memory"],
        resource.RLIMIT_FSIZE: given["file"],
        resource.RLIMIT_NPROC: given["processes"],
        resource.RLIMIT_CPU: given["cpu"],
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    if given["user"] is not None:
        os.setgroups([])
        os.setgid(given["user"])
        os.setuid(given["user"])
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
