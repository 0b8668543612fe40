"""How much memory this process may still take: what the machine has left, and what the operator lets the service have."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: Where the system tells it (proc(5), and cgroup-v2 of the kernel's documentation).
ROOT = Path("/")
AVAILABLE, ANONYMOUS = re.compile(r"MemAvailable:\s+(\d+) kB"), re.compile(r"^anon (\d+)$", re.MULTILINE)


def free_memory(root: Path = ROOT) -> int:
    """Bytes that can still be taken, by the account of the system whose `/` is `root`; a huge number where it keeps none."""
    told = [*_of_the_machine(root), *_of_the_service(root)]
    return min(told) if told else _unused()


def _of_the_machine(root: Path) -> Iterator[int]:
    """A service may be shown nothing of it, as ours is (`ProcSubset=pid`)."""
    with suppress(OSError):
        found = AVAILABLE.search((root / "proc/meminfo").read_text())
        if found:
            yield int(found[1]) << 10


def _unused() -> int:
    """What nobody uses for anything, which is less than what can be taken."""
    with suppress(OSError, ValueError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return sys.maxsize


def _of_the_service(root: Path) -> Iterator[int]:
    """What is left of the limit of each group of processes that holds this one, from the inside out."""
    with suppress(OSError):
        names = re.findall(r"^0::/(.*)$", (root / "proc/self/cgroup").read_text(), re.MULTILINE)
        top = root / "sys/fs/cgroup"
        for folder in (top / name for name in names):
            for group in (folder, *folder.parents):
                if group == top.parent:
                    break
                yield from _left_of(group)


def _left_of(group: Path) -> Iterator[int]:
    with suppress(OSError, ValueError):
        limit = int((group / "memory.max").read_text())  # «max» is no number
        used = ANONYMOUS.search(
            (group / "memory.stat").read_text()
        )  # files in memory are given back when they are needed
        yield limit - int(used[1] if used else 0)
