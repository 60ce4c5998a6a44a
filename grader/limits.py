"""Start a command with limits: python -I limits.py SETTINGS COMMAND ...

Run as a file, inside the sandbox, before anything of the student's: it knows
nothing of gencourse. SETTINGS are JSON: memory and file in bytes, processes,
cpu in seconds, and the user to become, or null.
"""

import json
import os
import resource
import sys


def main(settings, *command):
    """Take the limits, give up root, and become the command."""
    settings = json.loads(settings)
    limits = {
        # Memory that can be written to. The whole address space would count torch's libraries.
        resource.RLIMIT_DATA: settings["memory"],
        resource.RLIMIT_FSIZE: settings["file"],
        resource.RLIMIT_NPROC: settings["processes"],
        resource.RLIMIT_CPU: settings["cpu"],
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    if settings["user"] is not None:
        os.setgroups([])
        os.setgid(settings["user"])
        os.setuid(settings["user"])
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
