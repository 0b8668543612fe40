"""A rush of connections: who left costs nothing, who looks after the site does not wait, and everybody else is answered."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dashboard.web.door import Door, Loop
from tests.browser_support import ROOT


class Greeter(asyncio.Protocol):
    """Answers the first line that it is sent, and takes its time for it."""

    def __init__(self, house: House) -> None:
        self.house = house

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.house.seated += 1

    def data_received(self, data: bytes) -> None:
        time.sleep(self.house.seconds)
        self.house.asked.append(data.split(b"\r\n")[0])
        self.transport.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        self.transport.close()


class House:
    """A server behind a Door, in a thread of its own. Nobody is let in until `begin`."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.seated, self.asked = seconds, 0, list[bytes]()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=2_048)
        self.port = self.listener.getsockname()[1]
        self.loop = Loop()
        self.thread = threading.Thread(target=self._run)

    def begin(self) -> None:
        self.thread.start()

    def end(self) -> None:
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
        self.listener.close()

    def connected(self, line: str = "GET / HTTP/1.1") -> socket.socket:
        visitor = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        visitor.sendall(f"{line}\r\n\r\n".encode())
        return visitor

    def _run(self) -> None:
        self.door = self.loop.run_until_complete(
            self.loop.create_server(lambda: Greeter(self), sock=self.listener, backlog=2_048)
        )
        self.loop.run_forever()
        self.door.close()
        self.loop.run_until_complete(self.door.wait_closed())
        self.loop.close()


@contextmanager
def house(seconds: float = 0.0) -> Iterator[House]:
    made = House(seconds)
    try:
        yield made
    finally:
        made.end()


def answered(visitor: socket.socket) -> bool:
    with visitor:
        return visitor.recv(64).startswith(b"HTTP/1.1 204")


def test_nothing_is_made_for_who_left_before_their_turn() -> None:
    with house() as site:
        for visitor in [site.connected() for _ in range(1_000)]:
            visitor.close()
        site.begin()
        assert answered(site.connected("GET /padron HTTP/1.1"))
        assert (site.seated, site.asked) == (1, [b"GET /padron HTTP/1.1"])


def test_everybody_who_stays_is_answered() -> None:
    with house() as site:
        rush = [site.connected() for _ in range(600)]
        site.begin()
        assert all(map(answered, rush))
        assert len(site.asked) == 600


def test_who_looks_after_the_site_does_not_wait_behind_a_rush() -> None:
    with house(seconds=0.01) as site:
        rush = [site.connected() for _ in range(200)]
        watcher = site.connected("GET /salud HTTP/1.1")
        site.begin()
        assert answered(watcher)
        before = site.asked.index(b"GET /salud HTTP/1.1")
        assert before < 40, before
        assert all(map(answered, rush))


@pytest.mark.parametrize("line", ["GET /saludos HTTP/1.1", "POST /salud HTTP/1.1"])
def test_nobody_else_goes_first(line: str) -> None:
    with house(seconds=0.001) as site:
        rush = [site.connected() for _ in range(100)]
        other = site.connected(line)
        site.begin()
        assert answered(other)
        assert site.asked.index(line.encode()) >= 95
        assert all(map(answered, rush))


def test_who_connects_and_says_nothing_holds_nobody_back() -> None:
    with house() as site:
        silent = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(200)]
        site.begin()
        assert answered(site.connected())
        assert all(visitor.fileno() >= 0 for visitor in silent)
        silent[0].sendall(b"GET /tarde HTTP/1.1\r\n\r\n")
        assert answered(silent[0])
        for visitor in silent[1:]:
            visitor.close()


def test_a_door_that_closes_lets_nobody_else_in() -> None:
    with house() as site:
        site.begin()
        assert answered(site.connected())
        assert isinstance(site.door, Door)
        site.end()
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", site.port), timeout=5)


def test_the_system_without_more_files_is_waited_for() -> None:
    """Real exhaustion: the process may open no more files for a moment, and the visitor is answered afterwards."""
    with house() as site, socket.socket() as visitor:
        site.begin()
        while not hasattr(site, "door"):
            time.sleep(0.01)
        open_files = len(os.listdir("/proc/self/fd"))
        assert answered(site.connected())
        while len(os.listdir("/proc/self/fd")) > open_files:  # until the server has closed its side too
            time.sleep(0.01)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (visitor.fileno() + 50, hard))
        held: list[int] = []
        try:
            with suppress(OSError):
                while True:
                    held.append(os.dup(visitor.fileno()))
            visitor.connect(("127.0.0.1", site.port))
            visitor.sendall(b"GET /lleno HTTP/1.1\r\n\r\n")
            time.sleep(0.2)
            assert b"GET /lleno HTTP/1.1" not in site.asked
        finally:
            for one in held:
                os.close(one)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        visitor.settimeout(20)
        assert answered(visitor)


#: What the first who downloads would wait for: modules that are loaded then.
FIRST_DOWNLOAD = """
import asyncio, sys
import httpx
from dashboard.app import create_app

app = create_app(sys.argv[1], painted_first=True)
address = f"/descargas/{app.served.current.release.id}/datapackage.json"

async def asked():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sitio") as client:
        await client.get("/salud")  # what the client itself needs
        before = {*sys.modules}
        answer = await client.get(address)
        return answer.status_code, sorted({*sys.modules} - before)

print(asyncio.run(asked()))
"""


def test_the_first_who_downloads_makes_nobody_wait(release_path: Path) -> None:
    command = [sys.executable, "-c", FIRST_DOWNLOAD, str(release_path)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert said == "(200, [])\n"
