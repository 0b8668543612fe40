"""Promise: what is asked of the tables by address takes little memory, however long it is and however many ask, and nothing is
done for whoever left.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.requests import Request

from dashboard.address.extracts import Extract
from dashboard.figures.extracts import extracts_of, tables_of
from dashboard.render.extracts import csv_pieces
from dashboard.web.extract_asked import AskedExtract
from dashboard.web.flowing import FIRST, MOST, Flows
from dashboard.web.made_files import TooBusy
from etl.release import Release
from tests.filtered_support import API
from tests.release_support import run_apart

LONGEST = f"{API}/participacion_mesa/data.csv"


@pytest.fixture(scope="module")
def asked(release_path: Path) -> AskedExtract:
    release = Release.open(release_path)
    offered, facts = tables_of(release)["participacion_mesa"]
    return AskedExtract(release, offered, facts, Extract("participacion_mesa", tuple(offered.columns)), "csv")


async def nobody() -> dict[str, object]:
    await asyncio.Event().wait()
    return {}


def request() -> Request:
    """A request of somebody who is there."""
    scope = {"type": "http", "method": "GET", "path": LONGEST, "headers": [], "query_string": b""}
    return Request(scope, nobody)


def test_only_a_few_rows_are_made_before_they_are_taken(asked: AskedExtract) -> None:
    async def ask() -> None:
        flows = Flows()
        rows = extracts_of(asked.release).rows(asked.extract, asked.offered)
        pieces = (piece for piece in csv_pieces(asked.told(), rows.batches()))
        flow = await flows.begun(request(), rows, pieces)
        assert FIRST <= len(flow.first) < 16 * FIRST and not flow.complete and flows.flowing == 1
        flow.end()
        assert flows.flowing == 0 and flows.kept == 0
        flows.hands.shutdown(wait=True)
        assert next(pieces, None) is None  # closed, and its cursor with it

    run_apart(ask)


def test_one_more_than_there_is_room_for_is_told_so(asked: AskedExtract) -> None:
    async def ask() -> None:
        flows = Flows()
        flows.flowing = MOST
        rows = extracts_of(asked.release).rows(asked.extract, asked.offered)
        with pytest.raises(TooBusy):
            await flows.begun(request(), rows, (piece for piece in csv_pieces(asked.told(), rows.batches())))
        assert flows.flowing == MOST

    run_apart(ask)


def test_many_at_once_get_all_of_it(site: str) -> None:
    """Some while it is found and others from the disk, all of them the same bytes under one ETag."""

    async def one(client: httpx.AsyncClient, address: str) -> tuple[str, str]:
        digest = hashlib.sha256()
        async with client.stream("GET", address) as answer:
            assert answer.status_code == 200
            async for piece in answer.aiter_bytes():
                digest.update(piece)
        return digest.hexdigest(), answer.headers["etag"]

    async def crowd(address: str, many: int) -> set[tuple[str, str]]:
        limits = httpx.Limits(max_connections=many)
        told = {"Accept-Encoding": "identity"}
        async with httpx.AsyncClient(base_url=site, timeout=120, limits=limits, headers=told) as client:
            return set(await asyncio.gather(*(one(client, address) for _ in range(many))))

    query = "?columnas=eleccion,cargo,mesa,codigo_municipio,votos_emitidos&con_dato=votos_emitidos"
    assert len(run_apart(lambda: crowd(LONGEST + query, 16))) == 1


def test_nothing_is_made_for_whoever_left(site: str) -> None:
    """Readers that leave at once, more of them than there is room for, leave room for the next one."""
    where = urlsplit(site)
    for turn in range(MOST + 6):
        with socket.create_connection((where.hostname or "", where.port or 80)) as line:
            address = f"{LONGEST}?orden=-observacion_acta&mesa_desde={turn}"
            line.sendall(f"GET {address} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
    start = time.monotonic()
    answer = httpx.get(f"{site}{API}/departamentos/data.csv?limite=3", timeout=60)
    assert answer.status_code == 200 and time.monotonic() - start < 30


def test_the_first_byte_does_not_wait_for_the_last(site: str) -> None:
    told = {"Accept-Encoding": "identity"}
    with httpx.stream("GET", f"{site}{LONGEST}?mesa_desde=2", timeout=60, headers=told) as answer:
        assert "content-length" not in answer.headers  # nobody knows yet how long it is
        assert next(answer.iter_raw(4_096)).startswith(b"eleccion,cargo,mesa,")
