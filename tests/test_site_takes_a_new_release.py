"""Promise: a running site serves a new release without a restart and without a failed request; old addresses stay."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx
import pytest

from dashboard.app import create_app
from etl.release import Release, publish
from tests.browser_support import running_site
from tests.release_support import FIGURES, files_of, with_more
from tests.site_support import Document

NEW = "2026-09-01"
MORE = 5000
READERS = 4
ADDRESSES = (
    "/",
    "/padron?indicador=empadronados",
    "/accesible/padron?departamento=16",
    "/ficha/pais",
    "/datos",
    "/salud",
    "/descargas/vista/padron_mapa.json?indicador=empadronados",
)
TOTAL = {"10,030,374": "old", f"{10_030_374 + MORE:,}": "new"}


@pytest.fixture
def destination(tmp_path: Path, release_path: Path) -> Path:
    """A folder of releases of its own, with the real one current."""
    folder = tmp_path / "publicaciones"
    publish(*files_of(release_path), folder)
    return folder


@pytest.fixture
def served(destination: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a site that serves `destination` from a process of its own."""
    with (
        running_site(destination / "current", tmp_path / "servidor.log") as url,
        httpx.Client(base_url=url, timeout=30, follow_redirects=True) as client,
    ):
        yield client


def until(happens: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def serves(client: httpx.Client, release_id: str) -> bool:
    """Whether the site says that it serves a release."""
    return client.get("/salud").json().get("publicacion") == release_id


def read_without_rest(base_url: httpx.URL, stop: Event, asked: list[tuple[str, int, str]], first: int) -> None:
    """Ask every address again and again; address, status and text of every response go to `asked`."""
    turn = first
    with httpx.Client(base_url=base_url, timeout=60, follow_redirects=True) as client:
        while not stop.is_set():
            address = ADDRESSES[turn % len(ADDRESSES)]
            response = client.get(address)
            asked.append((address, response.status_code, response.text))
            turn += 1


def wait_for_a_round(asked: list) -> None:
    """Wait until every address has been answered once more."""
    start = len(asked)
    until(lambda: {address for address, _, _ in asked[start:]} == set(ADDRESSES), seconds=120)


def test_no_request_fails_while_the_release_changes_and_each_page_is_of_one_release(
    served: httpx.Client, destination: Path, release_path: Path
) -> None:
    newer = with_more(release_path, NEW, MORE)
    old = Release.open(destination / "current").id
    asked: list[tuple[str, int, str]] = []
    stop = Event()
    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read_without_rest, served.base_url, stop, asked, number) for number in range(READERS)]
        try:
            wait_for_a_round(asked)
            for release in (newer, files_of(release_path)):
                publish(*release, destination)
                until(lambda wanted=release[0]: serves(served, wanted))
                wait_for_a_round(asked)
        finally:
            stop.set()
    assert [reader.exception() for reader in readers] == [None] * READERS
    assert [(address, status) for address, status, _ in asked if status != 200] == []
    assert {re.search(r"2026-0[79]-\d\d-[0-9a-f]{8}", text)[0] for _, _, text in asked} == {old, newer[0]}
    home = [text for address, _, text in asked if address == "/ficha/pais"]
    told = {(TOTAL[figure], newer[0] in text, old in text) for text in home for figure in TOTAL if figure in text}
    assert told == {("old", False, True), ("new", True, False)}


@pytest.mark.largo
def test_addresses_of_the_old_release_keep_answering_the_same_bytes(
    served: httpx.Client, destination: Path, release_path: Path
) -> None:
    old = Release.open(destination / "current").id
    files = ("manifest.json", "datapackage.json", "mapa_nacional.json", "mapa_16.json", "padron_municipal_edad.parquet")
    addresses = [f"/descargas/{old}/{name}" for name in files]
    addresses += [f"/lugares/{old}.json", f"/vista-previa/{old}/pais.png"]
    before = {address: hashlib.sha256(served.get(address).content).hexdigest() for address in addresses}
    new, files_of_new = with_more(release_path, NEW, MORE)
    publish(new, files_of_new, destination)
    until(lambda: serves(served, new))
    for address, sha256 in before.items():
        response = served.get(address)
        assert (response.status_code, hashlib.sha256(response.content).hexdigest()) == (200, sha256), address
        assert "immutable" in response.headers["cache-control"]
        assert served.get(address.replace(old, new)).status_code == 200
        assert served.get(address.replace(old, "2020-01-01-00000000")).status_code == 404


def test_a_release_that_cannot_be_served_leaves_the_one_that_can(
    served: httpx.Client, destination: Path, release_path: Path, tmp_path: Path
) -> None:
    old = Release.open(destination / "current").id
    release_id, files = with_more(release_path, NEW, MORE)
    log = tmp_path / "servidor.log"
    (destination / release_id).mkdir()
    for name, content in files.items():
        (destination / release_id / name).write_bytes(content[: len(content) // 2] if name == FIGURES else content)
    link = destination / ".provisional"
    link.symlink_to(release_id)
    link.rename(destination / "current")
    until(lambda: serves(served, old) and f"se sigue sirviendo {old}" in log.read_text(encoding="utf-8"))
    assert served.get("/").status_code == 200
    publish(release_id, files, destination)  # and once repaired, it is served
    until(lambda: serves(served, release_id))


def test_a_site_without_a_release_serves_the_first_one(tmp_path: Path, release_path: Path) -> None:
    destination = tmp_path / "publicaciones"
    app = create_app(destination / "current")

    def get(address: str, accept: str = "*/*") -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sitio") as client:
                return await client.get(address, headers={"Accept": accept})

        # Playwright leaves a loop running in the thread of the tests, where no other may start.
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(asyncio.run, asked()).result()

    refused = get("/", "application/json")
    assert (refused.status_code, refused.json()["estado"]) == (503, "sin publicación")
    assert "no hay ninguna publicación" in get("/salud").json()["motivo"]
    for address in ("/padron", "/accesible/padron"):
        told = get(address, "text/html,*/*")
        assert told.status_code == 503 and int(told.headers["Retry-After"]) > 0
        assert Document(told.text).texts("h1") == ["El sitio todavía no tiene datos que mostrar"]
        assert str(tmp_path) not in told.text  # where the operator keeps them is nobody else's business
    publish(*files_of(release_path), destination)
    until(lambda: get("/salud").status_code == 200)
    assert get("/padron").status_code == 200
