"""A site of the tests' own whose process and folders can be looked at, and what many who download at once get."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.browser_support import ROOT, answers, free_port, stop

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class WatchedSite:
    """Where a site answers, the number of its process, and the folder where it keeps what it makes."""

    address: str
    process: int
    folder: Path

    def kept(self) -> dict[int, int]:
        """The files it has made, by the number that each has on the disk, with their bytes."""
        found = [path.stat() for path in self.folder.rglob("archivos/??/*") if not path.name.startswith(".")]
        return {item.st_ino: item.st_size for item in found}

    def unfinished(self) -> list[str]:
        """What a maker that is at work, or left without tidying up, has on the disk."""
        return [str(path) for pattern in ("archivos/??/.*", "escritura/*") for path in self.folder.rglob(pattern)]

    def makers(self) -> list[int]:
        """The processes that it has started and still run."""
        found: list[int] = []
        for file in Path(f"/proc/{self.process}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(number) for number in file.read_text().split()]
        return found

    def open_files(self) -> int:
        """How many files and connections it has open."""
        return len(os.listdir(f"/proc/{self.process}/fd"))

    @property
    def log(self) -> Path:
        """What it has written."""
        return self.folder.parent / f"{self.folder.name}.log"

    def forget_peak(self) -> None:
        """From now on, the most memory that it has had is what it has now."""
        Path(f"/proc/{self.process}/clear_refs").write_text("5")

    def peak_mib(self) -> float:
        """The most memory that it has had."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def at_once(self, path: str, many: int, headers: Mapping[str, str] | None = None) -> list[httpx.Response]:
        """The answers to the same question asked by many at the same moment."""
        with ThreadPoolExecutor(many) as crowd, httpx.Client(base_url=self.address, timeout=PATIENCE_SECONDS) as client:
            return list(crowd.map(lambda _: client.get(path, headers=headers), range(many)))

    def left_after(self, path: str, read: int, until: Callable[[], object] = lambda: True) -> None:
        """Ask for something, read some bytes of it and leave, once something has happened."""
        where = urlsplit(self.address)
        with socket.create_connection((where.hostname, where.port), timeout=PATIENCE_SECONDS) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
            while read > 0:
                read -= len(line.recv(min(read, 65_536))) or read
            assert eventually(until)


@contextmanager
def watched_site(release: Path, folder: Path) -> Iterator[WatchedSite]:
    """Serve `release` from a process that keeps what it makes under `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "dashboard", "--release", str(release), "--port", str(port)]
    with (folder.parent / f"{folder.name}.log").open("wb") as output:
        environment = {**os.environ, "TMPDIR": str(folder)}
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            assert answers(server, address), (server.poll(), Path(output.name).read_text())
            yield WatchedSite(address, server.pid, folder)
        finally:
            stop(server)


def eventually(happens: Callable[[], object]) -> bool:
    """Whether something happens before patience ends."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.02)
    return False
