"""How many requests are worked on at a time, how many wait, and for how long: what the machine can do, and no more.

Twenty threads that fight for the interpreter make fewer pages than two. Whoever does not fit is told at once to come
back, and nothing is made for a client that left while it waited.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from starlette.types import Receive

#: Requests that may wait in each process, and the seconds that each of them may.
MOST_WAITING, PATIENCE = 256, 10.0
#: The seconds after which whoever was sent away is asked to come back.
COME_BACK = "2"
Result = TypeVar("Result")


class Busy(Exception):
    """There is no place, nor will there be in a while."""


class ClientLeft(Exception):
    """Whoever asked is not there any more."""


class Admission:
    """`places` requests at a time (as many as cores), in the order in which they came. One for each process."""

    def __init__(self, places: int | None = None, most_waiting: int = MOST_WAITING, patience: float = PATIENCE) -> None:
        self.places = places or len(os.sched_getaffinity(0))
        self.waiting = 0
        self._most_waiting, self._patience = most_waiting, patience
        self._free = asyncio.Semaphore(self.places)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place; Busy when there is none and too many wait, or after waiting for too long."""
        if self.waiting >= self._most_waiting:
            raise Busy
        self.waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise Busy from None
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._free.release()


async def unless_gone(work: Awaitable[Result], receive: Receive) -> Result:
    """What `work` gives; it is cancelled, and ClientLeft raised, as soon as whoever asked leaves. The body must be read."""
    job, gone = asyncio.ensure_future(work), asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({job, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not job.done():
            raise ClientLeft
        return job.result()
    finally:
        gone.cancel()
        if not job.done():
            job.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await job


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
