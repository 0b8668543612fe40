"""How visitors come in: a few at a time, and whoever left meanwhile not at all.

A rush of a thousand connections would otherwise be taken at once, and everybody inside would wait until the last of them
had been seated, also whoever looks after the site. Nothing is made for a connection that was closed before its turn.
"""

from __future__ import annotations

import asyncio
import logging
import select
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

#: Connections taken from the system, looked at and let in, in one turn of the loop.
TAKEN, LOOKED_AT, LET_IN = 64, 64, 4
#: Connections that may wait here; the rest stay in the system's own queue.
MOST_WAITING = 2_048
#: How the requests of whoever looks after the site begin: they do not wait behind the others.
FIRST = (b"GET /salud ", b"HEAD /salud ")
#: What the system says of a connection that the other side closed.
CLOSED = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)
#: Seconds without taking anybody after the system could not give one more connection.
REST_SECONDS = 0.5

log = logging.getLogger(__name__)


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose servers let visitors in through a Door."""

    async def create_server(self, *arguments: Any, **options: Any) -> Any:
        """A server, as asyncio makes it; through a Door when it is given a socket that listens."""
        listener = options.get("sock")
        if listener is None or options.get("ssl"):
            return await super().create_server(*arguments, **options)
        return Door(self, arguments[0], listener)


class Door:
    """Lets in who connects to `listener`, each with a protocol that `seat` makes."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, seat: Callable[[], asyncio.Protocol], listener: socket.socket
    ) -> None:
        self._loop, self._seat, self._listener = loop, seat, listener
        self._waiting: deque[socket.socket] = deque()
        self._coming_in: set[asyncio.Task[Any]] = set()
        self._turn: asyncio.Handle | None = None
        listener.setblocking(False)
        self._open()

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """What it listens on."""
        return (self._listener,)

    def close(self) -> None:
        """Let nobody else in."""
        self._loop.remove_reader(self._listener)
        self._listener.close()
        while self._waiting:
            self._waiting.popleft().close()

    async def wait_closed(self) -> None:
        """Wait until those who were coming in are inside."""
        if self._coming_in:
            await asyncio.wait(self._coming_in)

    def _open(self) -> None:
        if self._listener.fileno() >= 0:
            self._loop.add_reader(self._listener, self._take)

    def _take(self) -> None:
        """Take those whom the system has connected."""
        for _ in range(min(TAKEN, MOST_WAITING - len(self._waiting))):
            try:
                arrived, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                break
            except OSError as error:  # too many files are open, for one
                log.warning("no se puede atender a nadie más por ahora: %s", error)
                self._loop.remove_reader(self._listener)
                self._loop.call_later(REST_SECONDS, self._open)
                break
            arrived.setblocking(False)
            if _is_first(arrived):
                self._let_in(arrived)
            else:
                self._waiting.append(arrived)
        self._next_turn()

    def _next_turn(self) -> None:
        if self._waiting and self._turn is None:
            self._turn = self._loop.call_soon(self._let_some_in)

    def _let_some_in(self) -> None:
        self._turn, let_in = None, 0
        for _ in range(min(LOOKED_AT, len(self._waiting))):
            arrived = self._waiting.popleft()
            if _has_left(arrived):
                arrived.close()
                continue
            self._let_in(arrived)
            let_in += 1
            if let_in == LET_IN:
                break
        self._next_turn()

    def _let_in(self, arrived: socket.socket) -> None:
        coming = self._loop.create_task(self._loop.connect_accepted_socket(self._seat, arrived))
        self._coming_in.add(coming)
        coming.add_done_callback(self._came_in)

    def _came_in(self, coming: asyncio.Task[Any]) -> None:
        self._coming_in.discard(coming)
        if not coming.cancelled() and (error := coming.exception()):
            log.debug("una conexión se perdió al llegar: %r", error)


def _is_first(arrived: socket.socket) -> bool:
    with suppress(OSError):  # BlockingIOError: nothing has come yet
        return arrived.recv(max(map(len, FIRST)), socket.MSG_PEEK).startswith(FIRST)
    return False


def _has_left(arrived: socket.socket) -> bool:
    asked = select.poll()
    asked.register(arrived, CLOSED)
    return bool(asked.poll(0))
