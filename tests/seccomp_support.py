"""What the unit of systemd denies the site, denied here by the kernel itself (seccomp(2)), for a process and its children."""

from __future__ import annotations

import ctypes
import platform
import struct
import subprocess
from collections.abc import Sequence

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, DENY_EPERM = 0x7FFF0000, 0x00050001
#: The numbers, in x86_64, of the calls of the group @resources of systemd.
RESOURCES = {
    "setpriority": 141,
    "sched_setparam": 142,
    "sched_setscheduler": 144,
    "setrlimit": 160,
    "sched_setaffinity": 203,
    "mbind": 237,
    "set_mempolicy": 238,
    "ioprio_set": 251,
    "migrate_pages": 256,
    "move_pages": 279,
    "sched_setattr": 314,
    "set_mempolicy_home_node": 450,
}
#: Those of the group that x86_64 does not have.
ABSENT = {"nice"}


def can_deny() -> bool:
    """Whether this machine is one whose calls are known."""
    return platform.machine() == "x86_64" and platform.system() == "Linux"


def group(name: str) -> set[str]:
    """The calls of a group, as systemd itself lists them."""
    said = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
    ).stdout
    return {line.strip() for line in said.splitlines()[1:] if line.strip() and not line.strip().startswith("#")}


def deny(numbers: Sequence[int]) -> None:
    """Answer EPERM to those calls from now on, in this process and all that it starts: for `preexec_fn`."""
    steps = [(LOAD, 0, 0, 0)]
    steps += [(EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, DENY_EPERM)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    head = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or library.prctl(SET_SECCOMP, FILTER, head, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
