"""Start a command with limits, which stop fork bombs, floods and endless loops.

python -I limits.py SETTINGS COMMAND ...

Run as a file, inside the sandbox, before anything of the student's: it knows
nothing of gencourse. SETTINGS are JSON: memory and file in bytes, processes,
cpu in seconds, the user to become, or null, and whether there are walls. Within walls it is the
first process, with which all others end, and takes away what would lead around them.
"""

import ctypes
import errno
import json
import os
import resource
import struct
import sys

# The numbers of system calls, by processor. The walls do not know these: keys belong to the login
# session, other processes' memory to others, shared memory to no process that could be counted, and
# a ring or a namespace of one's own leads around all rules.
X86_64 = {
    "socket": 41, "mmap": 9, "clone": 56, "clone3": 435,
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_getfd": 438,
    "add_key": 248, "request_key": 249, "keyctl": 250,
    "shmget": 29, "semget": 64, "msgget": 68, "memfd_create": 319, "memfd_secret": 447,
    "unshare": 272, "setns": 308, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
}  # fmt: skip
AARCH64 = X86_64 | {
    "socket": 198, "mmap": 222, "clone": 220,
    "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271,
    "add_key": 217, "request_key": 218, "keyctl": 219,
    "shmget": 194, "semget": 190, "msgget": 186, "memfd_create": 279,
    "unshare": 97, "setns": 268, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
}  # fmt: skip
PROCESSORS = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}
FAMILIES = 1, 2, 10, 16
"""Of sockets: unix, internet, internet 6, netlink. Their other ends are within the walls."""
SHARED_ANONYMOUS, NEW_USER, OTHER_NUMBERS = 0x21, 0x10000000, 0x40000000
FIRST, FOURTH = 16, 40
"""Where the first and the fourth argument of a call stand."""
SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVILEGES, JOIN_SESSION_KEYRING = 4, 22, 38, 1


def main(settings: str, *command: str) -> None:
    """Take the limits, give up root, and become the command."""
    given = json.loads(settings)
    if given["walls"]:
        _stay_first()
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
    if given["walls"]:
        _forbid()
    os.execv(command[0], command)


def _stay_first() -> None:
    """Return in a second process, and end when that ends."""
    _prctl(SET_DUMPABLE, 0)  # nobody may touch the process that ends with the grader
    if child := os.fork():
        while (ended := os.wait())[0] != child:
            pass
        os._exit(os.waitstatus_to_exitcode(ended[1]) & 0xFF)


def _forbid() -> None:
    """Leave the login session's keyring, and never again make a call that is forbidden."""
    processor, numbers = PROCESSORS[os.uname().machine]
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall(numbers["keyctl"], JOIN_SESSION_KEYRING, None)  # fails where there are no keys
    rules = b"".join(_rules(processor, numbers))
    program = ctypes.create_string_buffer(rules, len(rules))
    pointer = struct.pack("HxxxxxxP", len(rules) // 8, ctypes.addressof(program))
    _prctl(SET_NO_NEW_PRIVILEGES, 1)
    _prctl(SET_SECCOMP, 2, ctypes.create_string_buffer(pointer, len(pointer)))


def _rules(processor: int, numbers: dict[str, int]) -> list[bytes]:
    """The filter, in the kernel's own language (man 2 seccomp)."""

    def step(code: int, value: int, so: int = 0, otherwise: int = 0) -> bytes:
        return struct.pack("HBBI", code, so, otherwise, value)

    def load(place: int) -> bytes:
        return step(0x20, place)

    def answer(error: int) -> bytes:
        return step(0x06, 0x00050000 | error if error else 0x7FFF0000)

    def where(code: int, value: int, *steps: bytes) -> list[bytes]:
        """The steps, if the comparison holds."""
        return [step(code, value, 0, len(steps)), *steps]

    equal, at_least, has, both = 0x15, 0x35, 0x45, 0x54
    no, yes = answer(errno.EPERM), answer(0)
    rules = [load(4), step(equal, processor, 1, 0), step(0x06, 0x80000000), load(0)]
    rules += where(at_least, OTHER_NUMBERS, no)
    special = {"socket", "mmap", "clone", "clone3"}
    for number in (number for name, number in numbers.items() if name not in special):
        rules += where(equal, number, no)
    # As if it were not known, so that the older call is made, whose arguments can be looked at.
    rules += where(equal, numbers["clone3"], answer(errno.ENOSYS))
    rules += where(equal, numbers["clone"], load(FIRST), *where(has, NEW_USER, no), yes)
    families = [one for family in FAMILIES for one in where(equal, family, yes)]
    rules += where(equal, numbers["socket"], load(FIRST), *families, no)
    shared = where(equal, SHARED_ANONYMOUS, no)
    rules += where(equal, numbers["mmap"], load(FOURTH), step(both, SHARED_ANONYMOUS), *shared, yes)
    return [*rules, yes]


def _prctl(what: int, *values: object) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(what, *values, *[0] * (4 - len(values))):
        raise OSError(ctypes.get_errno(), f"prctl {what}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main(*sys.argv[1:])
