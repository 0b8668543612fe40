"""Promise: every kind of file, asked of a running site, is what HTTP knows: it has its version, its size, its type and its parts,
travels compressed, says what describes it, its licence and how to cite it, and its errors are data where data was asked for.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import brotli
import httpx
import pytest
from pyogrio import read_dataframe

from dashboard.app import create_app
from dashboard.web.admission import Admission
from etl.release import Release
from tests.browser_support import ROOT
from tests.kinds_support import AS_IT_IS, ENCODED, FOR_EVER, TABLE, VIEW, Kind, faults, fingerprints, kinds_of
from tests.release_support import inside_site, run_apart

PROBLEM = "application/problem+json"
OPENED = {"br": brotli.decompress, "gzip": gzip.decompress}
#: Of what a file says, what is the same asked by GET and by HEAD, and what whoever has it is told again.
OF_A_FILE = ("etag", "content-length", "content-type", "cache-control", "accept-ranges", "link", "vary", "repr-digest")
TOLD_AGAIN = ("etag", "cache-control", "vary", "access-control-allow-origin")
LEAST_COMPRESSED = 500
#: Kinds that are compressed already.
CLOSED = {"gpkg", "parquet", "pdf", "xlsx", "png", "zip", "docx", "odt"}
LINK = re.compile(r'<([^<>"\s]+)>; rel="([a-z-]+)"')


@pytest.fixture(scope="module")
def asking(site: str) -> Iterator[httpx.Client]:
    """Asks the site, without taking anything compressed."""
    with httpx.Client(base_url=site, timeout=60, headers=AS_IT_IS) as client:
        yield client


@pytest.fixture(scope="module")
def kinds(asking: httpx.Client, release_path: Path) -> list[Kind]:
    """One address of every kind."""
    found = kinds_of(Release.open(release_path), asking.get("/api/v1/openapi.json").json())
    assert len(found) >= 24 and len({kind.suffix for kind in found}) >= 12
    return found


def wholes(asking: httpx.Client, kinds: list[Kind]) -> Iterator[tuple[Kind, httpx.Response]]:
    """Every kind with its whole answer."""
    for kind in kinds:
        yield kind, asking.get(kind.address)


# --- What is sent -------------------------------------------------------------------------------------------------------


def test_every_file_has_its_version_its_size_and_its_type(asking: httpx.Client, kinds: list[Kind]) -> None:
    found: dict[str, str] = {}
    for kind, whole in wholes(asking, kinds):
        with faults(found, kind.address):
            head = asking.head(kind.address)
            assert (whole.status_code, head.status_code, head.content) == (200, 200, b"")
            assert re.fullmatch(r'"[!-~]{16,}"', whole.headers["etag"])
            assert int(whole.headers["content-length"]) == len(whole.content)
            assert whole.headers["accept-ranges"] == "bytes"
            assert kind.is_of(whole), whole.headers["content-type"]
            assert whole.headers["cache-control"] == kind.caching
            assert whole.headers["x-content-type-options"] == "nosniff"
            assert whole.headers.get("access-control-allow-origin") == ("*" if kind.open_data else None)
            assert {name: head.headers.get(name) for name in OF_A_FILE} == {
                name: whole.headers.get(name) for name in OF_A_FILE
            }
    assert found == {}


def test_whoever_has_it_is_not_sent_it_again(asking: httpx.Client, kinds: list[Kind]) -> None:
    found: dict[str, str] = {}
    for kind, whole in wholes(asking, kinds):
        with faults(found, kind.address):
            tag = whole.headers["etag"]
            for method in ("GET", "HEAD"):
                for held in (tag, f'"otra", W/{tag}', "*"):
                    again = asking.request(method, kind.address, headers={"If-None-Match": held, "Range": "bytes=0-4"})
                    assert (again.status_code, again.content) == (304, b""), held
                    assert [again.headers.get(name) for name in TOLD_AGAIN] == [
                        whole.headers.get(name) for name in TOLD_AGAIN
                    ]
            assert asking.get(kind.address, headers={"If-None-Match": '"otra"'}).content == whole.content
            assert asking.get(kind.address, headers={"If-Match": f'"otra", {tag}'}).content == whole.content
            another = asking.get(kind.address, headers={"If-Match": '"otra"'})
            assert (another.status_code, another.headers["content-type"]) == (412, PROBLEM)
            assert another.headers["cache-control"] == "no-store"
    assert found == {}


def test_any_part_can_be_had_and_is_of_the_file_as_it_is(asking: httpx.Client, kinds: list[Kind]) -> None:
    found: dict[str, str] = {}
    for kind, whole in wholes(asking, kinds):
        with faults(found, kind.address):
            content, tag = whole.content, whole.headers["etag"]
            size = len(content)
            parts = {
                "bytes=0-9": content[:10],
                "bytes=5-": content[5:],
                "bytes=-7": content[-7:],
                f"bytes=3-{size * 9}": content[3:],
                "bytes=0-": content,
                f"bytes=-{size * 9}": content,
            }
            for asked, expected in parts.items():
                # fsspec asks for a part of what it knows as it is, and takes it compressed too.
                part = asking.get(
                    kind.address, headers={"Range": asked, "If-Range": tag, "Accept-Encoding": "gzip, br"}
                )
                assert (part.status_code, part.content) == (206, expected), asked
                start = size - len(expected) if asked != "bytes=0-9" else 0
                assert part.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{size}"
                assert int(part.headers["content-length"]) == len(expected)
                assert "content-encoding" not in part.headers and part.headers["etag"] == tag
                for name in ("content-type", "cache-control", "access-control-allow-origin", "link"):
                    assert part.headers.get(name) == whole.headers.get(name), name
            for more in (
                {"If-Range": '"otra"'},
                {"If-Range": f"W/{tag}"},
                {"Range": "bytes=0-1,3-4"},
                {"Range": "x=1-2"},
            ):
                again = asking.get(kind.address, headers={"Range": "bytes=0-9", **more})
                assert (again.status_code, again.content) == (200, content), more
            assert asking.head(kind.address, headers={"Range": "bytes=0-9"}).headers["content-length"] == str(size)
            for beyond in (f"bytes={size}-", "bytes=-0"):
                none = asking.get(kind.address, headers={"Range": beyond})
                assert (none.status_code, none.headers["content-range"]) == (416, f"bytes */{size}")
                assert (none.headers["content-type"], none.headers["cache-control"]) == (PROBLEM, "no-store")
                assert none.headers.get("access-control-allow-origin") == ("*" if kind.open_data else None)
    assert found == {}


def test_every_text_travels_compressed_with_a_version_of_its_own(asking: httpx.Client, kinds: list[Kind]) -> None:
    found: dict[str, str] = {}
    for kind, whole in wholes(asking, kinds):
        if kind.suffix in CLOSED or len(whole.content) < LEAST_COMPRESSED:
            continue
        with faults(found, kind.address):
            tags = {whole.headers["etag"]}
            assert "accept-encoding" in whole.headers["vary"].lower()
            for encoding, opened in OPENED.items():
                with asking.stream("GET", kind.address, headers={"Accept-Encoding": encoding}) as answer:
                    sent = b"".join(answer.iter_raw())
                assert (answer.headers["content-encoding"], opened(sent)) == (encoding, whole.content)
                assert int(answer.headers["content-length"]) == len(sent) < len(whole.content)
                assert "accept-encoding" in answer.headers["vary"].lower()
                tag = answer.headers["etag"]
                tags.add(tag)
                # Who was receiving that form and goes on has no part of it, and gets all of the file as it is.
                cut = {"Range": f"bytes={len(sent) // 2}-", "If-Range": tag, "Accept-Encoding": encoding}
                again = asking.get(kind.address, headers=cut)
                assert (again.status_code, again.content) == (200, whole.content)
                assert "content-encoding" not in again.headers
            assert len(tags) == 3
    assert found == {}


def test_every_open_file_says_what_describes_it_its_licence_and_what_to_cite(
    asking: httpx.Client, kinds: list[Kind], release_path: Path
) -> None:
    found: dict[str, str] = {}
    release = Release.open(release_path)
    licences = {item["nombre"]: item["licencia_url"] for item in release.manifest["archivos"]}
    for kind, whole in wholes(asking, kinds):
        with faults(found, kind.address):
            links = dict((name, target) for target, name in LINK.findall(whole.headers.get("link", "")))
            told = {"describedby", "license", "service-doc", *({"cite-as"} if kind.cited else ())}
            expected = told if kind.open_data else set()
            expected |= {"next"} if "limite=" in kind.address else set()
            assert set(links) == expected, links
            if not links:
                continue
            if links["describedby"].startswith("/"):
                assert asking.head(links["describedby"]).status_code == 200, links
            name = kind.address.rpartition("/")[2]
            published = f"{TABLE}.parquet" if name.startswith(f"{TABLE}.") else name
            assert links["license"] == licences.get(published, release.package["licenses"][0]["path"])
            if kind.cited:
                cited = asking.get(links["cite-as"])
                assert cited.status_code == 200
                if kind.caching == FOR_EVER:  # what was published, of what is made of it
                    assert links["cite-as"] == kind.address.replace(name, published)
                else:
                    assert cited.content == whole.content or "excel=1" in kind.address
    assert found == {}


def test_nothing_is_taken_but_what_is_said_to_be(asking: httpx.Client, kinds: list[Kind]) -> None:
    found: dict[str, str] = {}
    for kind in kinds:
        with faults(found, kind.address):
            for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"):
                refused = asking.request(method, kind.address)
                assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD"), method
                assert (refused.headers["content-type"], refused.json()["status"]) == (PROBLEM, 405), method
                assert refused.headers.get("access-control-allow-origin") == ("*" if kind.open_data else None)
    assert found == {}


# --- For ever -----------------------------------------------------------------------------------------------------------


def test_what_never_changes_is_the_same_made_by_another_process_on_another_day(
    asking: httpx.Client, kinds: list[Kind], release_path: Path, tmp_path: Path
) -> None:
    fixed = [kind.address for kind in kinds if kind.caching == FOR_EVER]
    fixed.append(
        f"/descargas/{release_path.resolve().name}/poblacion_18_mas_2011_2015.xlsx"
    )  # written in its own process
    other = {"PADRON_HOY": "2031-02-03", "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    command = [sys.executable, "-m", "tests.kinds_support", str(release_path), *fixed]
    environment = {**os.environ, **other, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, umask=0o077, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4_000:]
    here = {address: fingerprints(asking.get(address, headers=told) for told in ENCODED) for address in fixed}
    assert len(fixed) >= 12 and json.loads(done.stdout) == here


def test_a_workbook_has_no_clock_inside(asking: httpx.Client, kinds: list[Kind]) -> None:
    books = [kind.address for kind in kinds if kind.suffix == "xlsx"]
    assert len(books) == 3
    for address in books:
        with ZipFile(io.BytesIO(asking.get(address).content)) as book:
            for member in book.infolist():
                assert member.date_time[0] == 1980 and not member.extra, (address, member)
                assert date.today().isoformat().encode() not in book.read(member), (address, member)


def test_an_asset_is_for_ever_only_under_the_hash_of_its_content(asking: httpx.Client) -> None:
    page = asking.get("/accesible/padron").text
    named = re.search(r"/assets/estilos\.css\?v=[0-9a-f]+", page)
    assert named and asking.get(named[0]).headers["cache-control"] == FOR_EVER
    for other in (named[0][:-1], f"{named[0]}&x=1", "/assets/estilos.css?v=", "/assets/estilos.css"):
        assert "immutable" not in asking.get(other).headers["cache-control"], other


# --- By the tools that people have --------------------------------------------------------------------------------------


def test_ogr_reads_by_address(site: str, release_path: Path) -> None:
    """GDAL asks for the size and for parts, as polars and DuckDB do."""
    release = f"/vsicurl/{site}/descargas/{release_path.resolve().name}"
    boundaries = read_dataframe(f"{release}/limites_departamentos.geojson")
    assert len(boundaries) == 22 and boundaries.crs.to_epsg() == 4326
    assert len(read_dataframe(f"{release}/{TABLE}.csv")) == 340
    # What comes after «?» hides from GDAL how the address ends: whoever asks says which format it is.
    assert len(read_dataframe(f"CSV:/vsicurl/{site}{VIEW.format('csv')}")) == 17
    assert len(read_dataframe(f"/vsicurl/{site}/api/v1/estado.csv")) > 10


# --- What there is not --------------------------------------------------------------------------------------------------

#: What is wrong with an address of programs, and the status that says it.
REFUSED = {
    "/descargas/{id}/nada.csv": 404,
    "/descargas/{id}/nada.xyz": 404,
    "/descargas/2001-01-01-00000000/municipios.csv": 404,
    "/descargas/{id}/municipios.csv?x=1": 400,
    "/descargas/": 404,
    "/descargas/vista/nada.csv": 404,
    "/descargas/vista/padron_mapa.xyz": 404,
    "/descargas/vista/padron_mapa.csv?sexo=nadie": 400,
    "/lugares/2001-01-01-00000000.json": 404,
    "/lugares/nada": 404,
    "/vista-previa/{id}/nada.png": 404,
    "/assets/nada.css": 404,
    "/api/": 404,
    "/api/v1/nada": 404,
    "/api/v1/estado?x=1": 400,
    "/api/v1/parametros?x=1": 400,
    f"/api/v1/estado?{'a' * 9_000}": 414,
    f"/descargas/{{id}}/{'a' * 9_000}.csv": 414,
}
OPEN = ("/api/", "/descargas/", "/lugares/", "/vista-previa/")


@pytest.mark.parametrize("accepted", ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json"])
def test_what_is_wrong_with_a_file_or_the_interface_is_told_as_data(
    asking: httpx.Client, release_path: Path, accepted: str
) -> None:
    for address, status in REFUSED.items():
        answer = asking.get(address.format(id=release_path.resolve().name), headers={"Accept": accepted})
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), address
        told = answer.json()
        assert (told["type"], told["status"]) == ("about:blank", status) and told["title"] and told["detail"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers.get("access-control-allow-origin") == ("*" if address.startswith(OPEN) else None), address


@pytest.mark.parametrize(
    ("address", "accepted", "as_data"),
    [
        ("/nada", "*/*", False),
        ("/nada", "", False),
        ("/nada", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("/nada", "application/json", True),
        ("/nada", "application/problem+json, text/plain;q=0.5", True),
        ("/nada", "text/html;q=0.4, application/json", True),
        ("/nada", "application/json;q=0.4, text/html", False),
        ("/ficha/9999", "application/json", True),
        ("/ficha/9999", "text/html", False),
        ("/accesible/ficha/9999", "*/*", False),
        ("/nada.json", "*/*", True),
        ("/nada.json", "text/html", False),
        ("/favicon.ico", "image/avif,*/*", True),
    ],
)
def test_elsewhere_what_is_wrong_is_told_as_whoever_asks_takes_it(
    asking: httpx.Client, address: str, accepted: str, as_data: bool
) -> None:
    answer = asking.get(address, headers={"Accept": accepted})
    assert answer.status_code == 404 and "Accept" in answer.headers["vary"].split(", ")
    assert answer.headers["content-type"] == (PROBLEM if as_data else "text/html; charset=utf-8")


def raw(site: str, sent: bytes) -> httpx.Response:
    """The answer to bytes that no library sends, from a connection of its own."""
    where = urlsplit(site)
    with socket.create_connection((where.hostname, where.port), timeout=20) as line:
        line.sendall(sent)
        received = b""
        while more := line.recv(65_536):
            received += more
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return httpx.Response(int(first.split()[1]), headers=[line.split(": ", 1) for line in lines], content=body)


@pytest.mark.parametrize("path", ["/api/v1/estado", "/descargas/vista/padron_mapa.csv", "/lugares/nada.json"])
def test_what_is_over_a_limit_is_told_as_data_to_whoever_asked_for_data(site: str, path: str) -> None:
    many = "".join(f"X-{number}: 1\r\n" for number in range(200))
    for status, method, headers in (
        (413, "POST", "Content-Length: 70000\r\n"),
        (431, "GET", many),
    ):
        answer = raw(site, f"{method} {path} HTTP/1.1\r\nHost: sitio\r\n{headers}\r\n".encode())
        assert (answer.status_code, answer.headers["content-type"], answer.json()["status"]) == (
            status,
            PROBLEM,
            status,
        )
        assert answer.headers["access-control-allow-origin"] == "*" and answer.headers["cache-control"] == "no-store"
        page = raw(site, f"{method} /padron HTTP/1.1\r\nHost: sitio\r\n{headers}\r\n".encode())
        assert (page.status_code, page.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    malformed = raw(site, f"GET {path} HTTP/9.9\r\nHost: sitio\r\n\r\n".encode())
    assert (malformed.status_code, malformed.json()["status"]) == (400, 400)


def test_a_full_house_is_told_as_data_to_whoever_asked_for_data(
    release_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(client: httpx.AsyncClient, app: Any) -> list[httpx.Response]:
        named = app.served.current.release.id
        paths = ("/api/v1/parametros", f"/lugares/{named}.json?", f"/vista-previa/{named}/1601.png?")
        return [await client.get(path) for path in paths] + [await client.get("/nada", headers={"Accept": "text/html"})]

    monkeypatch.setattr(Admission.__init__, "__defaults__", (None, 0, 10.0))  # nobody may wait, and so nobody comes in
    *data, page = inside_site(release_path, ask)
    for answer in data:
        assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
        assert answer.json()["status"] == 503 and int(answer.headers["retry-after"]) > 0
        assert answer.headers["access-control-allow-origin"] == "*" and answer.headers["cache-control"] == "no-store"
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")


def test_a_site_without_a_release_tells_it_as_data(tmp_path: Path) -> None:
    async def ask() -> list[httpx.Response]:
        app = create_app(tmp_path / "current")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sitio") as client:
            return [await client.get(path) for path in ("/api/v1/estado", "/descargas/2026-07-12-2fcfa0c2/a.csv")]

    for answer in run_apart(ask):
        assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
        assert answer.json()["estado"] == "sin publicación" and answer.headers["access-control-allow-origin"] == "*"
