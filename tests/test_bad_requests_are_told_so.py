"""Promise: what a request may weigh has an end, what is malformed is told so, and what fails of ours has a name and a trace."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from dashboard.web.limits import LONGEST_ADDRESS, LONGEST_BODY
from tests.browser_support import ROOT, running_site
from tests.live_support import LIVE, asking, malformed
from tests.release_support import inside_site, run_apart

# --- What a request may weigh ------------------------------------------------------------------------------------------


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield reader, writer
    finally:
        writer.close()


def answer_to(url: str, *pieces: bytes) -> bytes:
    """What the site answers to bytes that no browser sends; what it does not take is not sent."""

    async def ask() -> bytes:
        async with connected(url) as (reader, writer):
            try:
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
            except ConnectionError:
                pass
            try:
                return await asyncio.wait_for(reader.read(65_536), 20)
            except ConnectionError:
                return b""

    return run_apart(ask)


def test_what_is_too_large_is_refused_and_takes_no_memory(site: str) -> None:
    head = b"POST /_dash-update-component HTTP/1.1\r\nHost: sitio\r\nContent-Type: application/json\r\n"
    declared = answer_to(site, head + b"Content-Length: 157286400\r\n\r\n", b"[" * 100_000)
    assert declared.startswith(b"HTTP/1.1 413 ")
    piece = b"10000\r\n" + b"[" * 0x10000 + b"\r\n"
    unending = answer_to(site, head + b"Transfer-Encoding: chunked\r\n\r\n", *[piece] * 3)
    assert unending.startswith(b"HTTP/1.1 413 ")
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(200))
    assert answer_to(site, b"GET / HTTP/1.1\r\nHost: sitio\r\n" + many + b"\r\n").startswith(b"HTTP/1.1 431 ")
    endless = [b"X-%d: " % number + b"a" * 10_000 + b"\r\n" for number in range(50)]
    refused = answer_to(site, b"GET / HTTP/1.1\r\nHost: sitio\r\n", *endless)
    assert refused == b"" or refused.startswith(b"HTTP/1.1 4")
    long = answer_to(site, b"GET /padron?" + b"a" * (LONGEST_ADDRESS + 1) + b" HTTP/1.1\r\nHost: sitio\r\n\r\n")
    assert long.startswith(b"HTTP/1.1 414 ")
    assert LONGEST_BODY == 64 * 1024


def test_a_hundred_thousand_levels_are_refused_before_they_are_read(client: httpx.Client) -> None:
    deep = b"[" * 100_000
    for body in (deep, deep + b"]" * 100_000, b'{"a":' * 100_000, asking().replace(b'"1 /padron"', deep)):
        answer = client.post(LIVE, content=body)
        assert answer.status_code == 413, body[:20]
        assert client.post(LIVE, content=body[:LONGEST_BODY]).status_code == 400


@pytest.mark.largo
def test_headers_that_do_not_come_lose_their_connection(site: str) -> None:
    async def ask() -> float:
        async with connected(site) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: sitio\r\n")
            begun = time.monotonic()
            while True:
                try:
                    writer.write(b"X: 1\r\n")
                    await writer.drain()
                    if await asyncio.wait_for(reader.read(1), 1) == b"":
                        return time.monotonic() - begun
                except TimeoutError:
                    assert time.monotonic() - begun < 30
                except ConnectionError:
                    return time.monotonic() - begun

    assert 10 < run_apart(ask) < 25


# --- Live requests, and what fails -------------------------------------------------------------------------------------


def test_whatever_is_malformed_is_told_so(client: httpx.Client) -> None:
    asked = {(body, *headers.items()) for body, headers in malformed()}
    assert len(asked) >= 150
    for body, *headers in asked:
        answer = client.post(LIVE, content=body, headers=[(name.encode(), value.encode()) for name, value in headers])
        assert answer.status_code == 400, (body[:80], headers)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == 400 and answer.headers["Cache-Control"] == "no-store"
    assert client.post(LIVE, content=asking()).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/accesible/padron", "/salud", "/api/v1/estado", "/descargas/vista/padron_mapa.csv", LIVE]
)
def test_a_method_that_an_address_does_not_take_is_told_those_that_it_does(client: httpx.Client, path: str) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", *(() if path == LIVE else ("POST",))):
        answer = client.request(method, path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST" if path == LIVE else "GET, HEAD"), method


def test_a_live_answer_says_its_type(client: httpx.Client) -> None:
    answer = client.post(LIVE, content=asking("7 /padron?sexo=mujeres"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert json.loads(answer.json()["response"]["estado"]["value"])["pedida"] == "7 /padron?sexo=mujeres"


@pytest.mark.largo
def test_a_fault_of_a_running_site_is_written_in_its_log(release_path: Path, tmp_path: Path) -> None:
    """A process of its own, of code with a fault, answers 500 to whoever meets it, with a name, and the others as always."""
    for folder in ("dashboard", "etl", "assets"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    code, asked = (
        tmp_path / "dashboard" / "site.py",
        "    def answer(self, view: str, selection: Question) -> Answer:\n",
    )
    text = code.read_text(encoding="utf-8")
    assert asked in text
    fault = '        if getattr(selection, "indicador", "") == "mujeres":\n            raise ZeroDivisionError("una falta")\n'
    code.write_text(text.replace(asked, asked + fault), encoding="utf-8")
    log = tmp_path / "servidor.log"
    with running_site(release_path, log, code=tmp_path) as url, httpx.Client(base_url=url, timeout=60) as client:
        named = {"X-Request-ID": "pedida-por-el-proxy"}
        broken = [
            client.get("/padron?indicador=mujeres", headers=named),
            client.post(LIVE, content=asking("1 /padron?indicador=mujeres"), headers=named),
        ]
        assert [client.get(path).status_code for path in ("/padron", "/salud", "/participacion")] == [200, 200, 200]
    for answer in broken:
        assert answer.status_code == 500 and "pedida-por-el-proxy" in answer.text and "una falta" not in answer.text
    written = log.read_text(encoding="utf-8")
    _, *traces = written.split("falló la petición pedida-por-el-proxy: ")
    assert [trace.split()[:2] for trace in traces] == [["GET", "/padron"], ["POST", LIVE]]
    assert all("ZeroDivisionError: una falta" in trace for trace in traces)


def test_a_fault_of_ours_has_a_trace_and_a_name(release_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The page says which request it was, and the log has the trace of that one."""

    async def ask(client: httpx.AsyncClient, app: Any) -> list[httpx.Response]:
        site = app.served.current

        def fails(*asked: Any) -> Any:
            raise ZeroDivisionError("lo que no debía pasar")

        site.answer = fails
        return [
            await client.get("/padron?indicador=mujeres"),
            await client.get("/accesible/comparar?lugares=0101,1601"),
            await client.post(LIVE, content=asking()),
            await client.get("/descargas/vista/padron_mapa.csv", headers={"X-Request-ID": "pedida-por-el-proxy"}),
        ]

    page, accessible, live, file = inside_site(release_path, ask)
    log = caplog.text
    for answer in (page, accessible, live, file):
        assert answer.status_code == 500 and answer.headers["Cache-Control"] == "no-store"
        assert "ZeroDivisionError" not in answer.text and "Traceback" not in answer.text
        found = re.search(r"fue la petición ([0-9a-z-]{8,64})|fue la ([0-9a-z-]{8,64})", answer.text)
        assert found, answer.text[-800:]
        assert next(filter(None, found.groups())) in log
    assert "pedida-por-el-proxy" in log
    assert log.count("ZeroDivisionError: lo que no debía pasar") >= 4


def test_the_way_to_the_latest_takes_what_it_leads_to_takes(client: httpx.Client) -> None:
    for method in ("POST", "OPTIONS", "DELETE"):
        refused = client.request(method, "/descargas/latest/municipios.csv")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    described = client.get("/api/v1/openapi.json").json()["paths"]["/descargas/latest/{name}"]["get"]["responses"]
    assert {"302", "400", "404", "410", "503"} <= set(described)
    assert client.get("/descargas/latest/no_hay.csv").status_code == 404
