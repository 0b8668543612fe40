"""Twenty changes of release under two hundred connections: what fails, and what mixes two releases."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from pathlib import Path

import httpx

from bench.figures import Figure, log_file
from bench.size import Size
from etl.release import CURRENT, make_current, only_one, publish
from tests.browser_support import running_site
from tests.release_support import files_of, with_more

READERS, SWAPS = 200, 20
#: The cut-off of the other release, and how many more people it has.
LATER = ("2026-09-01", 5_000)
PAGES = ("/", "/padron", "/accesible/padron", "/ficha/1601", "/participacion", "/fichas", "/accesible/ficha/0101")
OF_A_RELEASE = re.compile(r"20\d\d-\d\d-\d\d-[0-9a-f]{8}")


def measure(size: Size) -> list[Figure]:
    """Failed requests and pages of two releases while the current one changes; half as many changes as `size.changes` at most."""
    folder = size.folder / "cambios"
    releases = [publish(*made, folder).id for made in (files_of(size.release), with_more(size.release, *LATER))]
    swaps = min(SWAPS, size.changes)
    with running_site(folder / CURRENT, log_file("swaps")) as site:
        stop, found = threading.Event(), Found()
        reading = threading.Thread(target=lambda: asyncio.run(_read(site, stop, found)))
        reading.start()
        late = [_swap(site, folder, releases[number % 2]) for number in range(swaps)]
        stop.set()
        reading.join()
    note = f"{found.answered:,} respuestas y {swaps} cambios; el más lento tardó {max(late):.1f} s en verse"
    return [
        Figure("Peticiones que fallan mientras cambia la publicación", found.failed, "peticiones", 0, note=note),
        Figure("Páginas con dos publicaciones a la vez", found.mixed, "páginas", 0),
    ]


class Found:
    """What the readers saw."""

    def __init__(self) -> None:
        self.answered = self.failed = self.mixed = 0


async def _read(site: str, stop: threading.Event, found: Found) -> None:
    limits = httpx.Limits(max_connections=READERS, max_keepalive_connections=READERS)
    async with httpx.AsyncClient(base_url=site, timeout=60, limits=limits) as client:
        await asyncio.gather(*(_reader(client, number, stop, found) for number in range(READERS)))


async def _reader(client: httpx.AsyncClient, turn: int, stop: threading.Event, found: Found) -> None:
    while not stop.is_set():
        turn += 1
        try:
            answer = await client.get(PAGES[turn % len(PAGES)])
        except httpx.HTTPError:
            found.failed += 1
            continue
        found.answered += 1
        found.failed += answer.status_code != 200
        found.mixed += len(set(OF_A_RELEASE.findall(answer.text))) != 1


def _swap(site: str, folder: Path, release: str) -> float:
    """The seconds until the site serves `release`, from when it was made current."""
    with only_one(folder):
        make_current(release, folder)
    begun = time.monotonic()
    while httpx.get(f"{site}/salud", timeout=60).json().get("publicacion") != release:
        time.sleep(0.05)
    return time.monotonic() - begun
