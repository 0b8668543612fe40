"""Election night on one process of the site: what is asked again and again, what nobody asked before, and those who leave."""

from __future__ import annotations

import random
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx

from bench import groups
from bench.figures import Figure, log_file
from bench.load import loaded
from bench.size import Size
from dashboard.pages.model import ACCESSIBLE_ROOT
from dashboard.site import Site
from dashboard.web.addresses import visit_of
from etl.release import Release
from tests.browser_support import free_port, running_site

SEED = 2026
WARM = ("/padron", "/accesible/padron", "/ficha/1601", "/")
#: What people open that was never asked for: each once, in the proportion of a night.
VARIED = ("/padron", "/participacion", "/accesible/padron", "/accesible/participacion", "/ficha")
PER_SECOND, P95_MS, P95_OF_MANY_MS = 1_500, 40, 300
NEW_PER_SECOND, NEW_P95_MS, BESIDE_DATASETTE = 120, 350, 1.2
HEALTH_MS, PAGE_MS, GROWTH_MIB = 50, 200, 30
DATASETTE = "datasette>=0.65,<0.66"


def measure(size: Size) -> list[Figure]:
    """Answers per second and milliseconds of one process, over a demonstration of full size. `size.runs` is the seconds of each
    load, and `size.selections` times a hundred the pages never asked before.
    """
    release = groups.demonstration(size)
    with running_site(release, log_file("election_night")) as site:
        return [*_warm(site, size), *_abandoned(site, size), *_new(site, size), *_memory(site, size)]


def _warm(site: str, size: Size) -> Iterator[Figure]:
    for path in WARM:
        httpx.get(f"{site}{path}", timeout=60).raise_for_status()
        few = loaded(site, [path], size.folder, 20, size.runs)
        many = loaded(site, [path], size.folder, 200, size.runs)
        note = f"95 de cada 100, {few.p95_ms:.1f} ms (a lo más {P95_MS}); con 200 conexiones {many.per_second:,.0f} por segundo"
        yield Figure(
            f"{path}, milisegundos por respuesta ya hecha", 1000 / few.per_second, "ms", 1000 / PER_SECOND, note=note
        )
        yield Figure(f"{path}, 200 conexiones, 95 de cada 100", many.p95_ms, "ms", P95_OF_MANY_MS)
        yield Figure(
            f"{path}, respuestas malas o perdidas", few.wrong + few.lost + many.wrong + many.lost, "peticiones", 0
        )


def _new(site: str, size: Size) -> Iterator[Figure]:
    addresses = list(never_asked(groups.demonstration(size), site, size.selections * 80))
    # Whoever helps to make pages comes when visitors wait, and takes seconds to open the release.
    called = loaded(site, addresses, size.folder, 20, size.runs * 3)
    begun = round(called.per_second * size.runs * 3)
    ours = loaded(site, addresses, size.folder, 20, size.runs * 2, start=begun)
    asked = begun + ours.per_second * size.runs * 2
    note = f"{ours.per_second:.0f} por segundo de {len(addresses)} direcciones distintas; 95 de cada 100, {ours.p95_ms:.0f} ms"
    if asked > len(addresses):
        note += "; alguna se pidió dos veces"
    theirs = _datasette(size)
    yield Figure(
        "Página nunca pedida, milisegundos por respuesta",
        1000 / ours.per_second,
        "ms",
        1000 / NEW_PER_SECOND,
        "Datasette 0.65, página de una tabla" if theirs else None,
        1000 / theirs if theirs else None,
        note,
    )
    yield Figure("Página nunca pedida, 95 de cada 100", ours.p95_ms, "ms", NEW_P95_MS)
    yield Figure("Página nunca pedida, respuestas malas o perdidas", ours.wrong + ours.lost, "peticiones", 0)


def never_asked(release: Path, site: str, count: int) -> Iterator[str]:
    """Addresses of pages, each another one, as the site writes them, in the proportion of VARIED; all of the whole country or of
    one place.
    """
    chance, opened = random.Random(SEED), Site(Release.open(release))
    with httpx.Client(base_url=site, timeout=60) as client:
        offers = {path: groups.offered(client.get(path).text) for path in VARIED[:2]}
    profiles = [f"{mode}/ficha/{code}" for mode in ("", ACCESSIBLE_ROOT) for code in opened.names]
    seen: set[str] = set()
    for _ in range(count * 20):
        if len(seen) >= count:
            return
        address = chance.choice(profiles)
        path = chance.choice(VARIED)
        if path in offers or path.startswith(ACCESSIBLE_ROOT):
            asked = groups.question(offers[path.removeprefix(ACCESSIBLE_ROOT)], {}, chance)
            asked.pop("departamento", None)
            query = urlencode(asked, safe=",")
            visit = visit_of(path, path, query)
            if visit is None or visit.page.understood(opened, visit.request).corrected:
                continue
            address = visit.leads_to(opened) or visit.address
        if address not in seen:
            seen.add(address)
            yield address


def _abandoned(site: str, size: Size) -> Iterator[Figure]:
    """A thousand ask for pages that were never made, all at once, and close."""
    parts = urlsplit(site)
    addresses = [f"/accesible/comparar?lugares=01{n // 17 % 17 + 1:02},16{n % 17 + 1:02}" for n in range(1_000)]
    asked = [f"GET {one}&n={n} HTTP/1.1\r\nHost: sitio\r\n\r\n".encode() for n, one in enumerate(addresses)]
    open_ones = []
    for text in asked:
        one = socket.create_connection((parts.hostname, parts.port))
        one.sendall(text)
        open_ones.append(one)
    for one in open_ones:
        one.close()
    with httpx.Client(base_url=site, timeout=60) as client:
        for path, limit in (("/salud", HEALTH_MS), ("/", PAGE_MS)):
            begun = time.perf_counter()
            client.get(path).raise_for_status()
            took = (time.perf_counter() - begun) * 1000
            yield Figure(f"{path} después de mil peticiones abandonadas", took, "ms", limit)


def _memory(site: str, size: Size) -> Iterator[Figure]:
    """What the site and the processes that help it grow while it answers so many different pages, each asked once."""
    pid = _process_of(site)
    before = resident_mib(pid)
    release = groups.demonstration(size)
    addresses = _compared(release, size.selections * 167)
    asked = 0.0
    while asked < len(addresses):
        load = loaded(site, addresses, size.folder, 4, size.runs * 5, start=round(asked))
        asked += load.per_second * size.runs * 5
    grown = resident_mib(pid) - before
    note = f"de {before:,.0f}, con los procesos que ayudan"
    yield Figure(f"Lo que crece con {len(addresses):,} páginas distintas", grown, "MiB", GROWTH_MIB, note=note)


def _compared(release: Path, count: int) -> list[str]:
    """So many different addresses that compare two places or three, in both modes."""
    chance, codes = random.Random(SEED), list(Site(Release.open(release)).territories.municipios)
    found: dict[str, None] = {}
    while len(found) < count:
        places = ",".join(chance.sample(codes, chance.choice((2, 3))))
        found[f"{chance.choice(('', ACCESSIBLE_ROOT))}/comparar?lugares={places}"] = None
    return list(found)


def _process_of(site: str) -> int:
    """The process that listens where the site is."""
    port = urlsplit(site).port
    said = subprocess.run(["pgrep", "-f", f"dashboard .*--port {port}"], capture_output=True, text=True, check=True)
    return int(said.stdout.split()[0])


def resident_mib(pid: int) -> float:
    """The memory that a process and those that it started hold, in MiB."""
    said = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout
    return sum(_resident_mib(one) for one in (pid, *map(int, said.split())))


def _resident_mib(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def _datasette(size: Size) -> float | None:
    """Pages of a table per second of Datasette, with as many rows as a map page has, asked for with another filter each time;
    None where it cannot be installed.
    """
    folder = size.folder / "datasette"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        made = subprocess.run([str(python), "-m", "pip", "install", "--quiet", DATASETTE], capture_output=True)
        if made.returncode:
            return None
    database = folder / "padron.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table if not exists padron (codigo text, indicador text, valor integer)")
        rows = [(f"{code:04}", f"i{which}", code * which) for which in range(1, 400) for code in range(1, 341)]
        connection.executemany("insert into padron values (?, ?, ?)", rows)
        connection.execute("create index if not exists por_indicador on padron (indicador)")
    port = free_port()
    command = [
        str(python),
        "-m",
        "datasette",
        "serve",
        str(database),
        "--port",
        str(port),
        "--setting",
        "default_page_size",
    ]
    server = subprocess.Popen([*command, "340"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        site = f"http://127.0.0.1:{port}"
        _wait_for(f"{site}/-/versions.json")
        addresses = [f"/padron/padron?indicador=i{which}" for which in range(1, 400)]
        return loaded(site, addresses, size.folder, 20, size.runs * 2, "gzip").per_second
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(address, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} no contesta")
