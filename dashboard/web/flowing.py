"""Answers that are sent while they are made: the first bytes go as soon as there are any, and a few at a time are in memory.

They are made in threads of their own, a piece at a time and only when whoever asked has taken the one before. If they leave, it
stops; if nothing comes in a while, they are told so.
"""

from __future__ import annotations

import asyncio
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import brotli
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from dashboard.figures.extracts import Slow
from dashboard.web.kept import BROTLI, GZIP
from dashboard.web.made_files import WITH_GZIP_HEADER, TooBusy
from dashboard.web.sent_files import EVERY, Left

#: Threads that make pieces, and answers that may be on their way at a time: how many before the others are made whole on the
#: disk, where they take no memory, and how many of any kind.
HANDS, FEW, MOST = 4, 8, 64
#: Seconds in which the first bytes have to come, and bytes that are made before any is sent: what ends before is known whole.
PATIENCE, FIRST = 30.0, 1 << 18
#: Bytes of an answer that are kept to be sent again, and of all of those that are on their way.
MOST_KEPT, MOST_KEPT_OF_ALL = 8 << 20, 32 << 20
Item = TypeVar("Item")
#: How hard an answer is compressed while somebody waits for it.
QUALITY, LEVEL = 2, 1


class Leaves(Protocol):
    """What makes the pieces can be told to stop, from any thread."""

    def leave(self) -> None: ...


class Flows:
    """The answers on their way in a process."""

    def __init__(self) -> None:
        self.hands = ThreadPoolExecutor(HANDS, "consulta")
        self.flowing = 0
        self.kept = 0

    @property
    def many(self) -> bool:
        """Whether so many answers are on their way that one more had better be made whole first."""
        return self.flowing >= FEW

    async def begun(self, http: Request, source: Leaves, pieces: Generator[bytes], short: bool = False) -> Flow:
        """The answer whose `pieces` come from `source`, with its first bytes made, or all of a `short` one. TooBusy when too many
        are on their way, Slow if nothing comes in time, Left if who asked left, and whatever making them raises.
        """
        if self.flowing >= MOST:
            source.leave()
            raise TooBusy
        flow = Flow(self, source, pieces)
        try:
            await flow.begin(http, short)
        except BaseException:
            flow.end()
            raise
        return flow

    async def found(self, http: Request, source: Leaves, items: Iterator[Item]) -> list[Item]:
        """All of a few `items` that come from `source`, found in one of the threads. Slow and Left as in `begun`."""
        task = asyncio.get_running_loop().run_in_executor(self.hands, list, items)
        try:
            await watched(http, task, time.monotonic() + PATIENCE)
        except BaseException:
            source.leave()
            raise
        return task.result()


async def watched(http: Request, task: asyncio.Future[Any], until: float) -> None:
    """Wait for `task`: Left if who asked leaves meanwhile, Slow if it does not end in time."""
    while not (await asyncio.wait({task}, timeout=EVERY))[0]:
        if await http.is_disconnected():
            raise Left
        if time.monotonic() > until:
            raise Slow


class Flow:
    """One answer on its way: `first` are the bytes that are made, and all of them if it is `complete`."""

    def __init__(self, flows: Flows, source: Leaves, pieces: Generator[bytes]) -> None:
        self._flows, self._source, self._pieces = flows, source, pieces
        self._turn, self._ended = threading.Lock(), False
        self.first, self.complete = b"", False
        self._keeping: list[bytes] | None = []
        self._kept = 0
        flows.flowing += 1

    async def begin(self, http: Request, short: bool) -> None:
        """Make the first bytes, or all of a short answer."""
        found: list[bytes] = []
        until = time.monotonic() + PATIENCE
        while short or sum(map(len, found)) < FIRST:
            piece = await self._watched(http, until)
            if not piece:
                self.complete = True
                break
            found.append(piece)
        self.first = b"".join(found)

    async def _watched(self, http: Request, until: float) -> bytes:
        task = asyncio.ensure_future(self._next())
        try:
            await watched(http, task, until)
            return task.result()
        finally:
            task.cancel()

    async def _next(self) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._flows.hands, self._made)

    def _made(self) -> bytes:
        with self._turn:
            return b"" if self._ended else next(self._pieces, b"")

    async def all(self, encoding: str, whole: Callable[[bytes], None]) -> AsyncIterator[bytes]:
        """Every piece, as `encoding` makes it; `whole` is told the bytes of an answer that was not too long, once it ends."""
        squeeze = _squeezer(encoding)
        piece = self.first
        try:
            while piece:
                self._keep(piece)
                made = await asyncio.to_thread(squeeze, piece) if encoding in (BROTLI, GZIP) else piece
                if made:
                    yield made
                piece = b"" if self.complete else await self._next()
            if last := squeeze(b""):
                yield last
            if self._keeping is not None:
                await asyncio.to_thread(whole, b"".join(self._keeping))
        finally:
            self.end()

    def _keep(self, piece: bytes) -> None:
        """Keep a piece to be sent again, if there is room."""
        if self._keeping is None:
            return
        self._kept += len(piece)
        self._flows.kept += len(piece)
        if self._kept > MOST_KEPT or self._flows.kept > MOST_KEPT_OF_ALL:
            self._forget()
        else:
            self._keeping.append(piece)

    def _forget(self) -> None:
        self._flows.kept -= self._kept
        self._keeping, self._kept = None, 0

    def end(self) -> None:
        """Let go of everything. What is being made at the moment stops, and is closed by the thread that makes it."""
        if self._ended:
            return
        self._ended = True
        self._forget()
        self._flows.flowing -= 1
        self._source.leave()
        self._flows.hands.submit(self._close)

    def _close(self) -> None:
        with self._turn, suppress(Exception):
            self._pieces.close()


class Flowing(StreamingResponse):
    """The bytes of an answer on its way, which is let go as soon as they are sent or whoever asked leaves."""

    def __init__(self, flow: Flow, encoding: str, whole: Callable[[bytes], None], *arguments: Any) -> None:
        self._flow = flow
        super().__init__(flow.all(encoding, whole), *arguments)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._flow.end()


def _squeezer(encoding: str) -> Callable[[bytes], bytes]:
    """What makes each piece of an answer in an encoding, and its end when it is given nothing."""
    if encoding == BROTLI:
        brotled = brotli.Compressor(brotli.MODE_TEXT, QUALITY)
        return lambda piece: brotled.process(piece) + brotled.flush() if piece else brotled.finish()
    if encoding == GZIP:
        zipped = zlib.compressobj(LEVEL, zlib.DEFLATED, WITH_GZIP_HEADER)
        return lambda piece: zipped.compress(piece) if piece else zipped.flush()
    return bytes
