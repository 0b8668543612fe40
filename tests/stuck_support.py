"""A browser that never answers: once in some thousand pages Chromium leaves what draws them waiting, and Playwright with it,
which has no limit of its own for a script or for closing a page.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Timer

import pytest
from _pytest.runner import runtestprotocol

#: Seconds that no test with a browser takes, and that no long one does.
STUCK, STUCK_LONG = 150.0, 1_500.0


@contextmanager
def released(seconds: float) -> Iterator[Event]:
    """End what draws the pages of this process, if what is inside takes longer; the event says whether it was needed.

    Whatever waited for those pages raises then Playwright's error, and the browser opens others as before.
    """
    stuck = Event()

    def release() -> None:
        stuck.set()
        for process in drawing():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    timer = Timer(seconds, release)
    timer.daemon = True
    timer.start()
    try:
        yield stuck
    finally:
        timer.cancel()


def drawing() -> list[int]:
    """The processes of Chromium that draw pages and that come from this one."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = []
    for process in parents:
        above = process
        while above and above != os.getpid():
            above = parents.get(above, 0)
        with suppress(OSError):
            if above and b"--type=renderer" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


def run(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Run a test that uses a browser; if it got stuck, everything it had prepared is thrown away and it is run once more."""
    seconds = STUCK_LONG if item.get_closest_marker("largo") else STUCK
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    with released(seconds) as stuck:
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    if stuck.is_set() and isinstance(item, pytest.Function):
        with suppress(Exception):
            item.session._setupstate.teardown_exact(None)
        item._initrequest()
        with released(seconds):
            reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
