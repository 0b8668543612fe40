"""What looks at the disk so that no request has to: which release is current, and whether the one served is still whole."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Thread
from time import monotonic, sleep
from typing import Protocol
from weakref import ReferenceType, ref

from etl.release.verified import Verified

#: Seconds between two looks: at the link to the current release, and at the size and the time of every file of it.
EVERY = 1.0
#: Bytes read again at each look while everything is hashed again, and seconds of rest after the last of them.
BYTES, REST = 8 << 20, 3600.0

log = logging.getLogger(__name__)


class Watched(Protocol):
    """What is looked after: it is told that it is time to look, until nobody else has it."""

    def look(self) -> None:
        """Look at the disk once."""


def watch(watched: Watched) -> None:
    """Call `look` of `watched` every second, in a thread that ends with the process or when nobody else has it.

    The thread has the priority of the others: one with less, stopped by the system while it holds the interpreter, would stop
    them all. What bounds it is how much it reads each time.
    """
    Thread(target=_watch, args=(ref(watched),), name="vigia", daemon=True).start()


def _watch(reference: ReferenceType[Watched]) -> None:
    while True:
        sleep(EVERY)
        watched = reference()
        if watched is None:
            return
        try:
            watched.look()
        except Exception:  # what fails now may not fail the next time: nobody else is looking
            log.exception("no se pudo revisar la publicación")
        del watched


class Rereading:
    """Hashes the files of a release again, a few at each step, and rests between two rounds.

    Between rounds, what changes on the disk is known by the size and the time of each file; a disk that fails in silence
    changes neither, and a round notices it.
    """

    def __init__(self) -> None:
        self._files: Verified | None = None
        self._round: Iterator[int] | None = None
        self._next = 0.0

    def step(self, files: Verified) -> None:
        """Read the next `BYTES` of `files`; of others than until now, nothing until the rest is over: they were just opened."""
        if self._files is not files:
            self._files, self._round, self._next = files, None, monotonic() + REST
        if self._round is None:
            if monotonic() < self._next:
                return
            self._round = files.read_again()
        read = 0
        for size in self._round:
            read += size
            if read >= BYTES:
                return
        self._round, self._next = None, monotonic() + REST
