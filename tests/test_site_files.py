"""Promise: every file is where it says, is what it says and stays so; nothing else can be reached; the site says how it is."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pandas as pd
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page

from dashboard.render.inert import as_it_was
from dashboard.render.tables import MOST_ROWS
from tests.browser_support import ROOT, visit
from tests.release_support import asked_of, with_more
from tests.site_support import Document, live_answer

MAP_BYTES = 32 * 1024
INTERACTIVE_BYTES = 350_000
SUFFIXES = ("xlsx", "csv", "json", "jsonl")
IMMUTABLE = "public, max-age=31536000, immutable"
BY_OTHERS = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"


@pytest.fixture(scope="module")
def manifest(release_path: Path) -> dict:
    return json.loads((release_path / "manifest.json").read_text(encoding="utf-8"))


# ---- whole tables in other formats ----------------------------------------------------------------------------------------


def rows_of(suffix: str, content: bytes) -> list[dict]:
    """The rows of a table in another format, all as text; nothing where there is nothing."""
    if suffix == "json":
        rows = json.loads(content)["filas"]
    elif suffix == "jsonl":
        rows = [json.loads(line) for line in content.decode().splitlines()]
    elif suffix == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
    else:
        names, *values = load_workbook(io.BytesIO(content), read_only=True)["datos"].values
        rows = [dict(zip(names, row, strict=True)) for row in values]
    if suffix in ("csv", "xlsx"):  # what a spreadsheet would run has an apostrophe before it
        rows = [{name: as_it_was(v) if isinstance(v, str) else v for name, v in row.items()} for row in rows]
    return [{name: as_text(value) for name, value in row.items()} for row in rows]


def as_text(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool) or str(value) in ("true", "false"):
        return str(value).lower()
    try:
        return f"{float(str(value)):.9g}" if not str(value).startswith("0") or "." in str(value) else str(value)
    except ValueError:
        return str(value)


#: More rows than these are read back as text in `make test-largo`.
LONG = 2_000


def one_by_turns(item: dict) -> tuple[str, ...]:
    """One of the formats, which is one for some tables and another for others."""
    return () if item["filas"] > LONG else (SUFFIXES[sum(item["tabla"].encode()) % len(SUFFIXES)],)


def taken_by(item: dict) -> tuple[str, ...]:
    """The formats that a table is offered in: a spreadsheet of more rows than it opens well is not."""
    return tuple(suffix for suffix in SUFFIXES if suffix != "xlsx" or item["filas"] <= MOST_ROWS)


@pytest.mark.parametrize("suffixes", [one_by_turns, pytest.param(lambda item: SUFFIXES, marks=pytest.mark.largo)])
def test_every_table_says_the_same_in_every_format(
    client: httpx.Client, manifest: dict, release_path: Path, suffixes: Callable[[dict], tuple[str, ...]]
) -> None:
    prefix = f"/descargas/{manifest['publicacion']}/"
    for entry in manifest["datasets"]:
        page = Document(client.get(f"/datos/{entry['nombre']}").text)
        offered = [link.get("href") for link in page.all("main a[rel=alternate]")]
        tables = [item for item in manifest["archivos"] if item["dataset"] == entry["nombre"] and item["tabla"]]
        plain = [item for item in tables if item["formato"] == "Parquet"]
        assert offered == [f"{prefix}{item['tabla']}.{suffix}" for item in plain for suffix in taken_by(item)]
        for item in plain:
            if not suffixes(item):
                continue
            table = pq.read_table(release_path / item["nombre"])
            whole = [{name: as_text(value) for name, value in row.items()} for row in table.to_pylist()]
            for suffix in set(suffixes(item)) & set(taken_by(item)):
                response = client.get(f"{prefix}{item['tabla']}.{suffix}")
                assert response.status_code == 200 and response.headers["Cache-Control"] == IMMUTABLE
                assert f"{item['tabla']}_{manifest['publicacion']}.{suffix}" in response.headers["Content-Disposition"]
                rows = rows_of(suffix, response.content)
                own = [{name: row[name] for name in table.column_names} for row in rows]
                assert own == whole, (item["tabla"], suffix)
                told = json.loads(response.content)["fuentes"] if suffix == "json" else rows
                assert all(one["corte"] and one["confianza"] for one in told), (item["tabla"], suffix)


def test_what_is_no_table_has_no_other_format(client: httpx.Client, manifest: dict) -> None:
    for name in ("mapa_nacional.csv", "limites_municipios.csv", "no_existe.csv", "municipios.exe", ".csv", "..csv"):
        assert client.get(f"/descargas/{manifest['publicacion']}/{name}").status_code == 404, name


# ---- whole files ---------------------------------------------------------------------------------------------------------


def test_every_file_listed_is_served_with_the_hash_listed(client: httpx.Client, manifest: dict) -> None:
    index = Document(client.get("/datos").text)
    pages = {link.get("href") for link in index.all("main a[href^='/datos/']")}
    assert {f"/datos/{entry['nombre']}" for entry in manifest["datasets"]} <= pages
    listed = {}
    for path in sorted(pages):
        page = Document(client.get(path).text)
        for link in page.all("main a[href^='/descargas/']:not([rel])"):
            box = next(up for up in link.iterancestors() if up.tag == "tr" or "archivo" in (up.get("class") or ""))
            codes = [code.text_content() for code in box.cssselect("code") if len(code.text_content()) == 64]
            if codes:
                listed[link.get("href")] = codes[0]
    prefix = f"/descargas/{manifest['publicacion']}/"
    assert listed == {prefix + item["nombre"]: item["sha256"] for item in manifest["archivos"]}
    for path, sha256 in listed.items():
        assert hashlib.sha256(client.get(path).content).hexdigest() == sha256, path


def test_whole_files_never_change_and_say_so(client: httpx.Client, manifest: dict) -> None:
    names = ["manifest.json", "datapackage.json", *(item["nombre"] for item in manifest["archivos"])]
    for name in names:
        response = client.head(f"/descargas/{manifest['publicacion']}/{name}")
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == IMMUTABLE
        assert response.content == b""


def test_the_catalogues_are_the_release_own(client: httpx.Client, manifest: dict) -> None:
    prefix = f"/descargas/{manifest['publicacion']}"
    assert client.get(f"{prefix}/manifest.json").json() == manifest
    package = client.get(f"{prefix}/datapackage.json").json()
    published = {item["nombre"] for item in manifest["archivos"]}
    assert {resource["path"] for resource in package["resources"] if resource["format"] != "csv"} == published


def test_an_old_release_still_answers_its_permalinks(release_path: Path, manifest: dict, tmp_path: Path) -> None:
    name, files = with_more(release_path, "2025-01-01", 1)
    current, old = tmp_path / manifest["publicacion"], tmp_path / name
    shutil.copytree(release_path.resolve(), current)
    old.mkdir()
    for file, content in files.items():
        (old / file).write_bytes(content)
    (tmp_path / "current").symlink_to(current.name)
    found, listed, missing, health = asked_of(
        tmp_path / "current",
        f"/descargas/{old.name}/municipios.parquet",
        f"/descargas/{old.name}/manifest.json",
        "/descargas/2024-01-01-0123abcd/municipios.parquet",
        "/salud",
    )
    assert found.status_code == 200 and found.headers["Cache-Control"] == IMMUTABLE
    assert found.content == (old / "municipios.parquet").read_bytes()
    assert listed.json()["publicacion"] == old.name
    assert missing.status_code == 404
    assert health.json()["publicacion"] == manifest["publicacion"]


@pytest.mark.parametrize(
    "path",
    [
        "/descargas/{id}/..%2f..%2fcurrent%2fmanifest.json",
        "/descargas/{id}/%2e%2e%2f%2e%2e%2fpyproject.toml",
        "/descargas/..%2f{id}/manifest.json",
        "/descargas/%2e%2e/manifest.json",
        "/descargas/current/manifest.json",
        "/descargas/{id}/no-existe.parquet",
        "/descargas/{id}/",
        "/descargas/{id}",
        "/descargas/{id}/.candado",
        "/descargas//etc/passwd",
        "/descargas/{id}//etc/passwd",
        "/descargas/2026-07-12-00000000/manifest.json",
        "/assets/..%2fpyproject.toml",
        "/assets/%2e%2e/pyproject.toml",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/",
        "/lugares/..%2f..%2fx.json",
        "/lugares/2020-01-01-00000000.json",
        "/_dash-component-suites/..%2f..%2fapp.py",
        "/_dash-component-suites/dash/..%2fdash.py",
        "/.git/config",
        "/pyproject.toml",
        "/data/source/padron_municipal/tse_empadronados_activos_2026-07-12.csv",
    ],
)
def test_nothing_else_can_be_reached(client: httpx.Client, manifest: dict, path: str) -> None:
    response = client.get(path.format(id=manifest["publicacion"]))
    assert response.status_code == 404, response.status_code
    for secret in ("root:", "[project]", "import dash", '"sha256"'):
        assert secret not in response.text


def test_every_address_that_does_not_exist_is_a_page_that_says_so(client: httpx.Client) -> None:
    for path in ("/no-existe", "/accesible/no-existe", "/ficha/9999", "/datos/nada", "/padron/otra"):
        response = client.get(path)
        assert response.status_code == 404
        page = Document(response.text)
        assert page.one("h1").text == "No hay nada en esta dirección"
        assert page.one("html").get("data-modo") == ("accesible" if path.startswith("/accesible") else "visual")


# ---- how it is served ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/padron", "/padron?lugar=1601", "/accesible/padron", "/datos", "/metodologia"])
def test_a_page_that_has_not_changed_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == BY_OTHERS
    assert first.headers["ETag"].startswith('"') and first.headers["Vary"] == "Accept-Encoding"
    assert client.get(path).headers["ETag"] == first.headers["ETag"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert "Content-Security-Policy" in again.headers
    assert client.get(path, headers={"If-None-Match": '"otra"'}).status_code == 200


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    for path in ("/", "/padron", "/accesible/padron", "/salud", "/descargas/vista/padron_mapa.csv", "/no-existe"):
        get, head = client.get(path), client.head(path)
        assert head.status_code == get.status_code
        assert head.content == b""
        assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_text_travels_compressed(client: httpx.Client, manifest: dict, encoding: str) -> None:
    map_file = f"/descargas/{manifest['publicacion']}/mapa_nacional.json"
    for path in ("/padron", "/accesible/padron", "/assets/estilos.css", "/assets/mapa.js", map_file, "/datos"):
        with client.stream("GET", path, headers={"Accept-Encoding": encoding}) as response:
            assert response.headers.get("Content-Encoding") == encoding, path
            assert "accept-encoding" in response.headers.get("Vary", "").lower(), path
    assert "Content-Encoding" not in client.get("/padron", headers={"Accept-Encoding": "identity"}).headers


def test_assets_carry_their_hash_and_never_change(client: httpx.Client) -> None:
    page = Document(client.get("/padron").text)
    own = [node.get("src") or node.get("href") for node in page.all("script[src^='/assets/'], link[href^='/assets/']")]
    assert len(own) >= 4
    for path in own:
        assert "?v=" in path
        assert client.get(path).headers["Cache-Control"] == IMMUTABLE
        content = client.get(path).content
        assert hashlib.sha256(content).hexdigest().startswith(path.split("?v=")[1])


def test_the_map_travels_light_once_and_apart(client: httpx.Client, manifest: dict) -> None:
    """<= 32 kB gzipped on the wire, cached for ever, and its outlines never inside an answer of the callback."""
    page = Document(client.get("/padron").text)
    path = page.one("#mapa").get("data-nacional")
    assert manifest["publicacion"] in path
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as response:
        sent = b"".join(response.iter_raw())
        assert response.headers["Cache-Control"] == IMMUTABLE
    assert len(sent) <= MAP_BYTES
    shapes = json.loads(gzip.decompress(sent))
    outlines = [place["d"] for kind in ("municipios", "departamentos") for place in shapes[kind].values()]
    assert len(outlines) == 362
    for address in ("/padron", "/padron?departamento=16&lugar=1601", "/padron?ver=departamento"):
        body = live_answer(client, address)
        assert not any(outline in body for outline in outlines)
        assert outlines[0] not in client.get(address).text
    for code in ("01", "22"):
        assert client.get(path.replace("nacional", code)).status_code == 200


def test_departments_are_served_in_finer_detail_when_asked(client: httpx.Client) -> None:
    detail = Document(client.get("/padron").text).one("#mapa").get("data-detalle")
    for number in range(1, 23):
        response = client.get(detail.replace("{dd}", f"{number:02}"))
        assert response.status_code == 200 and response.headers["Cache-Control"] == IMMUTABLE
        assert all(code.startswith(f"{number:02}") for code in response.json()["municipios"])


def test_a_file_of_an_answer_says_its_name_and_its_type(client: httpx.Client, manifest: dict) -> None:
    types = {"csv": "text/csv", "xlsx": "openxmlformats", "parquet": "parquet", "json": "application/json"}
    for suffix, kind in types.items():
        response = client.get(f"/descargas/vista/padron_mapa.{suffix}?indicador=mujeres&departamento=16")
        assert kind in response.headers["Content-Type"]
        name = f"padron_mapa_mujeres_16_{manifest['publicacion']}.{suffix}"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


# ---- health -----------------------------------------------------------------------------------------------------------------


def test_health_says_which_release(client: httpx.Client, manifest: dict) -> None:
    response = client.get("/salud")
    assert response.status_code == 200
    assert response.json()["publicacion"] == manifest["publicacion"]


def test_without_a_release_everything_says_why(tmp_path: Path) -> None:
    for response in asked_of(tmp_path / "nada", "/salud", "/", "/padron", "/accesible/padron", "/descargas/x/y"):
        assert response.status_code == 503
        assert "no hay ninguna publicación" in response.text
        assert "Content-Security-Policy" in response.headers
        assert "Retry-After" in response.headers


def test_the_server_says_nothing_of_its_inside(client: httpx.Client) -> None:
    for path in ("/", "/no-existe", "/salud"):
        response = client.get(path)
        assert str(ROOT) not in response.text
        assert "x-powered-by" not in response.headers


# ---- what a slow line carries ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/padron", "/padron?lugar=1601"])
def test_an_interactive_map_costs_less_than_350_kilobytes(open_page: Callable[..., Page], address: str) -> None:
    """Everything that comes down the wire, headers and all, before a citizen's phone can choose a place on the map."""
    page = open_page(width=360, apart=True)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sent = []
    wire.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    visit(page, address)
    page.wait_for_load_state("networkidle")
    assert 30_000 < sum(sent) <= INTERACTIVE_BYTES
