"""Promise: a page is made once, by as many as there are cores; whoever leaves or asks for too much holds nobody else up."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import httpx
import pytest
from fastapi import FastAPI

from dashboard.web.admission import Admission, Busy
from dashboard.web.kept import BROTLI, GZIP, IDENTITY, KeptAnswers, Made
from dashboard.web.shelf import Shelf
from tests.browser_support import running_site
from tests.release_support import inside_site, run_apart
from tests.site_support import Document

BY_OTHERS = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
LIVE = "/_dash-update-component"
#: An address and the one that the site would write for the same.
WRITTEN_OTHERWISE = {
    "/padron?x=1": "/padron",
    "/padron?indicador=mujeres&utm_source=red": "/padron?indicador=mujeres",
    "/padron?departamento=16&indicador=mujeres": "/padron?indicador=mujeres&departamento=16",
    "/padron?indicador=mujeres&ver=municipio": "/padron?indicador=mujeres",
    "/padron?indicador=mujeres&sexo=": "/padron?indicador=mujeres",
    "/padron?indicador=%6Dujeres": "/padron?indicador=mujeres",
    "/padron/": "/padron",
    "/%70adron": "/padron",
    "/accesible": "/accesible/",
    "/accesible/padron?x=1&y=2": "/accesible/padron",
    "/ficha/1601?x=1": "/ficha/1601",
    "/ficha/1601/": "/ficha/1601",
    "/?x=1": "/",
    "/fichas?departamento=16": "/fichas",
    "/comparar?agregar=cob%C3%A1n&lugares=0101": "/comparar?lugares=0101,1601",
    "/buscar?q=san&x=1": "/buscar?q=san",
    "/participacion?eleccion=2023-1&indicador=validos": None,
}
#: What asks for something that cannot be honoured stays where it is, since only it says so.
SAYS_SO = ("/padron?sexo=nadie", "/padron?departamento=99", "/comparar?lugares=0101,zzz", "/cruces?filas=nada")


# --- One address for each page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", WRITTEN_OTHERWISE)
def test_another_way_of_writing_an_address_leads_to_it(client: httpx.Client, address: str) -> None:
    found = client.get(address, follow_redirects=False)
    wanted = WRITTEN_OTHERWISE[address]
    assert found.status_code == 301
    assert wanted is None or found.headers["location"] == wanted
    assert found.headers["location"].startswith("/") and not found.headers["location"].startswith("//")
    assert client.get(found.headers["location"], follow_redirects=False).status_code == 200


@pytest.mark.parametrize("address", SAYS_SO)
def test_what_cannot_be_honoured_is_said_and_not_shared(client: httpx.Client, address: str) -> None:
    found = client.get(address, follow_redirects=False)
    assert found.status_code == 200
    assert Document(found.text).all(".avisos li")
    assert found.headers["Cache-Control"] == "no-store"


def test_no_link_of_a_page_leads_to_another_way_of_writing_it(client: httpx.Client) -> None:
    """Each hop costs a second on a slow line, and the proxy one more entry."""
    pages = (
        "/",
        "/padron",
        "/participacion",
        "/extranjero",
        "/cruces",
        "/comparar?lugares=0101,1601",
        "/ficha/1601",
        "/que-falta",
    )
    found = set()
    for address in (*pages, *(f"/accesible{path}" for path in pages)):
        for link in Document(client.get(address).text).all("a[href^='/']"):
            found.add(link.get("href").partition("#")[0])
    with_query = sorted(item for item in found if "?" in item and not item.startswith("/descargas/"))
    assert len(with_query) > 300
    hops = {}
    for item in [*with_query[::7], *sorted(found - set(with_query))[::7]]:
        answer = client.head(item, follow_redirects=False)
        if answer.status_code == 301:
            hops[item] = answer.headers["location"]
        else:
            assert answer.status_code == 200, item
    assert hops == {}


def test_nothing_depends_on_what_a_visitor_calls_the_site(client: httpx.Client) -> None:
    for address in ("/", "/accesible/padron", "/ficha/1601", "/robots.txt", "/sitemap.xml", "/padron/", "/nada"):
        for host in ("malo.example", "malo.example:99"):
            other = client.get(address, headers={"Host": host, "X-Forwarded-Host": host, "X-Forwarded-Proto": "https"})
            assert "malo.example" not in other.text and "malo.example" not in str(other.headers)
        plain = client.get(address)
        assert [item.headers.get("location") for item in plain.history] in ([], ["/padron"])
        assert not {"set-cookie", "host"} & set(plain.headers)


# --- The same bytes, in every encoding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/padron", "/accesible/padron", "/ficha/1601", "/assets/estilos.css", "/api/v1/parametros"]
)
def test_each_encoding_has_its_bytes_and_its_tag(client: httpx.Client, path: str) -> None:
    tags, bodies = {}, {}
    for encoding in ("identity", "br", "gzip"):
        answer = client.get(path, headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding", "identity") == encoding
        tags[encoding], bodies[encoding] = answer.headers["ETag"], answer.content
        again = client.get(path, headers={"Accept-Encoding": encoding, "If-None-Match": f'W/"otra", {tags[encoding]}'})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tags[encoding])
        head = client.head(path, headers={"Accept-Encoding": encoding})
        assert (head.headers["ETag"], head.content) == (tags[encoding], b"")
    assert len(set(tags.values())) == 3 and not any(tag.startswith("W/") for tag in tags.values())
    assert bodies["identity"] == bodies["br"] == bodies["gzip"]


def test_a_page_that_was_kept_is_the_one_that_would_be_made(release_path: Path, tmp_path: Path) -> None:
    """Two processes that share a folder: what one made, the other sends; and it is what a third, alone, makes."""
    addresses = ("/padron", "/accesible/padron?indicador=mujeres", "/ficha/1601", "/cruces", "/extranjero")

    async def ask(client: httpx.AsyncClient, app: FastAPI) -> list[tuple[bytes, str, str]]:
        found = []
        for address in addresses:
            answer = await client.get(address, headers={"Accept-Encoding": "br"})
            found.append((answer.content, answer.headers["ETag"], answer.headers["Content-Type"]))
        return found

    first, second = (inside_site(release_path, ask, workspace=tmp_path) for _ in range(2))
    kept = [path for path in (tmp_path / "paginas").glob("??/*") if path.is_file()]
    assert len(kept) == len(addresses)  # in brotli, as they were asked for: the second made none
    assert first == second == inside_site(release_path, ask)


def test_an_answer_kept_in_one_encoding_is_made_for_no_other(tmp_path: Path) -> None:
    made = []

    def make() -> Made:
        made.append(1)
        return Made(b"una respuesta " * 100, {"Content-Type": "text/plain"})

    kept = KeptAnswers(Shelf(tmp_path, 1 << 20), 0)
    asked = {encoding: kept.obtained("clave", encoding, make) for encoding in (BROTLI, GZIP, IDENTITY)}
    assert made == [1]
    again = KeptAnswers(Shelf(tmp_path / "aparte", 1 << 20), 0)
    for encoding, found in asked.items():
        alone = again.obtained("clave", encoding, make)
        assert (found.body, found.etag, found.headers) == (alone.body, alone.etag, alone.headers)
    assert brotli.decompress(asked[BROTLI].body) == gzip.decompress(asked[GZIP].body) == asked[IDENTITY].body


# --- Whoever leaves, and whoever does not fit --------------------------------------------------------------------------


async def asking(app: FastAPI, address: str, leaves: asyncio.Event) -> int:
    """The status of the answer to a visitor who leaves when told to; 0 if there is none."""
    status = 0
    path, _, query = address.partition("?")
    told = False

    async def receive() -> dict[str, Any]:
        nonlocal told
        if not told:
            told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await leaves.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [],
    }
    scope |= {
        "http_version": "1.1",
        "scheme": "http",
        "client": None,
        "server": ("sitio", 80),
        "root_path": "",
        "state": {},
    }
    await app(scope, receive, send)
    return status


def test_nothing_is_made_for_those_who_left(release_path: Path, tmp_path: Path) -> None:
    """Two hundred ask for as many pages and leave at once: the few that were begun are all that is made."""

    async def ask(client: httpx.AsyncClient, app: FastAPI) -> tuple[list[int], int, float]:
        leaves, stays = asyncio.Event(), asyncio.Event()
        tasks = [
            asyncio.create_task(
                asking(app, f"/accesible/comparar?lugares=01{n // 17 + 1:02},16{n % 17 + 1:02}", leaves)
            )
            for n in range(200)
        ]
        await asyncio.sleep(0)
        leaves.set()
        statuses = await asyncio.gather(*tasks)
        begun = time.monotonic()
        health = await client.get("/salud")
        assert health.status_code == 200 and await asking(app, "/buscar?q=san", stays) == 200
        return statuses, len(list((tmp_path / "paginas").glob("??/*"))), time.monotonic() - begun

    statuses, kept, _ = inside_site(release_path, ask, workspace=tmp_path)
    assert set(statuses) == {0}
    assert kept <= 4


def test_many_who_ask_for_the_same_are_answered_by_one(release_path: Path, tmp_path: Path) -> None:
    async def ask(client: httpx.AsyncClient, app: FastAPI) -> list[httpx.Response]:
        address = "/accesible/padron?indicador=mujeres&departamento=16"
        return await asyncio.gather(*(client.get(address) for _ in range(300)))

    answers = inside_site(release_path, ask, workspace=tmp_path)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_whoever_does_not_fit_is_told_to_come_back() -> None:
    async def ask() -> tuple[list[str], int]:
        gate, crowd, said = asyncio.Event(), Admission(places=1, most_waiting=2, patience=0.2), []

        async def work() -> None:
            try:
                async with crowd.place():
                    await gate.wait()
                said.append("hecho")
            except Busy:
                said.append("no cabe")

        tasks = [asyncio.create_task(work()) for _ in range(5)]
        await asyncio.sleep(0.05)
        refused_at_once = len(said)
        await asyncio.sleep(0.3)
        gate.set()
        await asyncio.gather(*tasks)
        async with crowd.place():
            assert crowd.waiting == 0
        return said, refused_at_once

    said, refused_at_once = run_apart(ask)
    assert refused_at_once == 2  # one works and two wait
    assert sorted(said) == ["hecho", *["no cabe"] * 4]


def test_a_full_site_says_so_and_its_health_does_not_wait(release_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(
        client: httpx.AsyncClient, app: FastAPI
    ) -> tuple[list[httpx.Response], httpx.Response, httpx.Response]:
        pages = asyncio.gather(*(client.get(f"/accesible/comparar?lugares=0101,16{n:02}") for n in range(1, 18)))
        await asyncio.sleep(0)
        health, style = await client.get("/salud"), await client.get("/assets/estilos.css")
        return await pages, health, style

    monkeypatch.setattr(Admission.__init__, "__defaults__", (None, 3, 10.0))
    answers, health, style = inside_site(release_path, ask)
    refused = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} == {200, 503} and len(refused) >= 10
    for answer in refused:
        assert int(answer.headers["Retry-After"]) > 0 and "Content-Security-Policy" in answer.headers
        assert answer.headers["Cache-Control"] == "no-store" and "Hay muchas visitas" in answer.text
    assert health.status_code == style.status_code == 200


# --- In a process of its own -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apart(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_site(release_path, tmp_path_factory.mktemp("aparte") / "servidor.log") as url:
        yield url


def test_abandoned_requests_hold_nobody_up(apart: str) -> None:
    """Four hundred ask for pages that were never made, and close; the health is answered, and then a page."""
    parts = urlsplit(apart)
    for number in range(400):
        with socket.create_connection((parts.hostname, parts.port)) as one:
            path = f"/accesible/comparar?lugares=01{number // 17 % 17 + 1:02},16{number % 17 + 1:02}"
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: sitio\r\n\r\n".encode())
    with httpx.Client(base_url=apart, timeout=20) as client:
        assert client.get("/salud").json()["estado"] == "bien"
        assert client.get("/").status_code == 200
        assert brotli.decompress(httpx_raw(client, "/accesible/padron")).decode().startswith("<!doctype html>")


def httpx_raw(client: httpx.Client, address: str) -> bytes:
    """The bytes of an answer in brotli, as they came."""
    with client.stream("GET", address, headers={"Accept-Encoding": "br"}) as answer:
        return b"".join(answer.iter_raw())
