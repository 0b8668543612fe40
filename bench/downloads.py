"""A hundred people download the longest table at the same moment, when nobody had asked for it before.

They are a process of their own, and so is the site; meanwhile `/salud` is asked again and again.
"""

from __future__ import annotations

import asyncio
import http.client
import mmap
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench.figures import ROOT, Figure, log_file
from bench.size import Size
from dashboard.render.tables import TABLE_FORMATS, PublishedTable, takes
from etl.release import Release
from tests.browser_support import answers, free_port, stop

FORMATS = ("json", "xlsx")
MOST_MIB, MOST_MS = 700, 50
#: Seconds between two questions to /salud, and bytes read at a time from each download.
EVERY, PIECE = 0.02, 1 << 18


@dataclass
class Site:
    """A site in a process of its own: where it answers, and the number of its process."""

    address: str
    process: int

    def peak_mib(self) -> float:
        """The most resident memory that the process has had, in MiB."""
        return _peak_mib(self.process)

    def makers_mib(self) -> float:
        """The same of the largest of the processes that it has started and still run."""
        with suppress(OSError):
            children = Path(f"/proc/{self.process}/task").glob("*/children")
            return max((_peak_mib(int(pid)) for file in children for pid in file.read_text().split()), default=0.0)
        return 0.0


def _peak_mib(process: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


@dataclass
class Seen:
    """What was seen while everybody downloaded: milliseconds of each answer of /salud, and MiB of the makers at their most."""

    right: int
    seconds: float
    health_ms: list[float] = field(default_factory=list)
    makers_mib: float = 0.0


def measure(size: Size) -> list[Figure]:
    """In each format: how many downloads were not right and how long the worst answer of /salud took. And the most memory."""
    release = Release.open(size.release)
    figures: list[Figure] = []
    makers = 0.0
    with serving(size.release, "downloads") as site:
        for suffix in FORMATS:
            name, table = longest(release, suffix)
            reference = size.folder / f"{name}.{suffix}"
            with reference.open("wb") as file:
                TABLE_FORMATS[suffix].write(table, file)
            seen = downloaded(site, f"/descargas/{release.id}/{name}.{suffix}", reference, size.downloads)
            makers = max(makers, seen.makers_mib)
            many = f"{size.downloads} descargas a la vez de {name}.{suffix}"
            note = f"{reference.stat().st_size / 1e6:.1f} MB cada una, en {seen.seconds:.1f} s con hacerlo una vez"
            reference.unlink()
            worst, usual = max(seen.health_ms), sorted(seen.health_ms)[len(seen.health_ms) * 99 // 100]
            figures += [
                Figure(f"{many}: incompletas o distintas", size.downloads - seen.right, "archivos", 0, note=note),
                Figure(
                    f"/salud durante {many}, la más lenta",
                    worst,
                    "ms",
                    MOST_MS,
                    note=f"de {len(seen.health_ms)}; 99 de cada 100, hasta {usual:.1f} ms",
                ),
            ]
        peak = site.peak_mib()
    apart = f"el proceso que los escribe y termina, {makers:.0f} MiB"
    return [*figures, Figure("memoria del sitio con todas esas descargas", peak, "MiB", MOST_MIB, note=apart)]


def longest(release: Release, suffix: str) -> tuple[str, PublishedTable]:
    """The name of the longest table that can be had in a format, and the table."""
    taken = [item for item in release.manifest["archivos"] if takes(TABLE_FORMATS[suffix], item)]
    item = max(taken, key=lambda item: item["filas"] or 0)
    return Path(item["nombre"]).stem, PublishedTable(release.path(item["nombre"]), item, release.id)


@contextmanager
def serving(release: Path, name: str, *options: str) -> Iterator[Site]:
    """A site that serves `release`, whose process can be looked at."""
    port = free_port()
    command = [sys.executable, "-m", "dashboard", "--release", str(release), "--port", str(port), *options]
    with log_file(name).open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            if not answers(server, address):
                raise RuntimeError(f"the site did not start: see {log_file(name)}")
            yield Site(address, server.pid)
        finally:
            stop(server)


def downloaded(site: Site, path: str, reference: Path, many: int) -> Seen:
    """Download `path` that many times at once, each compared with `reference`, while /salud is asked."""
    command = [sys.executable, "-m", "bench.downloads", site.address + path, str(reference), str(many)]
    start = time.perf_counter()
    crowd = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    seen = Seen(0, 0.0)
    where = urlsplit(site.address)
    health = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    while crowd.poll() is None:
        begin = time.perf_counter()
        health.request("GET", "/salud")
        health.getresponse().read()
        seen.health_ms.append((time.perf_counter() - begin) * 1000)
        seen.makers_mib = max(seen.makers_mib, site.makers_mib())
        time.sleep(EVERY)
    health.close()
    seen.seconds = time.perf_counter() - start
    seen.right = int(crowd.communicate()[0])
    return seen


async def is_right(address: str, expected: bytes | mmap.mmap) -> bool:
    """Whether a download is exactly what is expected: whole when its length is told before, and by chunks when it is not."""
    where = urlsplit(address)
    path = f"{where.path}?{where.query}" if where.query else where.path
    reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=PIECE)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        position = 0
        async for piece in _body(reader, b"transfer-encoding: chunked" in head.lower()):
            if expected[position : position + len(piece)] != piece:
                return False
            position += len(piece)
        return head.startswith(b"HTTP/1.1 200 ") and position == len(expected)
    except (OSError, asyncio.IncompleteReadError, ValueError):
        return False
    finally:
        writer.close()


async def _body(reader: asyncio.StreamReader, chunked: bool) -> AsyncIterator[bytes]:
    """The body of an answer, some bytes at a time; asyncio.IncompleteReadError if it is cut short in the middle of a chunk."""
    if not chunked:
        while piece := await reader.read(PIECE):
            yield piece
        return
    while left := int(await reader.readuntil(b"\r\n"), 16):
        while left:
            piece = await reader.read(min(left, PIECE))
            if not piece:
                raise asyncio.IncompleteReadError(b"", left)
            left -= len(piece)
            yield piece
        await reader.readexactly(2)


async def crowd(address: str, reference: Path, many: int) -> int:
    """How many of that many downloads at once are right."""
    handle = os.open(reference, os.O_RDONLY)
    with mmap.mmap(handle, 0, access=mmap.ACCESS_READ) as expected:
        return sum(await asyncio.gather(*(is_right(address, expected) for _ in range(many))))


if __name__ == "__main__":
    asked, compared, number = sys.argv[1:]
    print(asyncio.run(crowd(asked, Path(compared), int(number))))
