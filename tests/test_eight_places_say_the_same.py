"""Promise: the licence, the cut-off and the source of a figure are the same in the eight places where they are: its page, its
CSV, its JSON, its Parquet, the manifest of the release, its Frictionless package, CSVW and DCAT, and its citation. Of every table
and of every view.

A view is no file of the release: what the manifest, the package and DCAT say of it is what they say of each of its sources.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.address.extracts import API
from dashboard.figures.extracts import tables_of
from dashboard.figures.queries import Data
from dashboard.views import VIEWS
from dashboard.words import short_date
from etl.fields.told import JOINED
from etl.release import FileFacts, Release
from tests.asked_forms_support import EVERY_VIEW, where_shown
from tests.same_figures_support import file_links
from tests.site_support import Document, accessible, text_of

#: The most rows of a table whose CSV is read in `make test`; in `make test-largo`, of all.
SHORT = 1_500
Tell = Callable[[str], Any]


@dataclass(frozen=True)
class Said:
    """What a place says: the address of the licence, the cut-off of the whole and, by key, each source."""

    license: str
    cutoff: str
    keys: tuple[str, ...]


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.fixture(scope="module")
def data(release: Release) -> Data:
    return Data(release)


@pytest.fixture(scope="module")
def asking(declared_site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=declared_site, timeout=120, follow_redirects=True) as client:
        yield client


@pytest.fixture(scope="module")
def get(asking: httpx.Client) -> Callable[[str], httpx.Response]:
    """An answer that must be good, asked for once."""
    return cache(lambda address: asking.get(address).raise_for_status())


@pytest.fixture(scope="module")
def tell(get: Callable[[str], httpx.Response]) -> Tell:
    return lambda address: get(address).json()


@pytest.fixture(scope="module")
def catalogues(tell: Tell, release: Release) -> dict[str, Any]:
    """The package by path, and the graph of DCAT by identifier."""
    package = tell(f"/descargas/{release.id}/datapackage.json")
    return {
        "package": {item["path"]: item for item in package["resources"]},
        "dcat": {item["@id"]: item for item in tell("/catalogo.jsonld")["@graph"]},
    }


def tables(release: Release) -> list[FileFacts]:
    """The files of tables that are had as CSV."""
    return [item for item in release.manifest["archivos"] if item["formato"] == "Parquet" and item["tabla"]]


def of_manifest(item: FileFacts) -> Said:
    return Said(item["licencia_url"], item["corte"], tuple(source["clave"] for source in item["fuentes"]))


def linked_license(answer: httpx.Response) -> str:
    """The licence that the headers of an answer say."""
    return str(answer.links["license"]["url"])


# --- Tables --------------------------------------------------------------------------------------------------------------


def of_package(catalogues: dict[str, Any], name: str) -> Said:
    item = catalogues["package"][name]
    return Said(item["licenses"][0]["path"], item["corte"], tuple(source["clave"] for source in item["sources"]))


def of_csvw(told: dict[str, Any]) -> Said:
    sources = tuple(source["dc:identifier"] for source in told["dc:source"])
    return Said(told["dc:license"]["@id"], told["dc:modified"]["@value"], sources)


def of_dcat(catalogues: dict[str, Any], name: str) -> Said:
    graph = catalogues["dcat"]
    (one,) = [
        node
        for item in graph.values()
        if item["@type"] == "dcat:Dataset"
        for node in item["dcat:distribution"]
        if node["@id"].rpartition("/")[2] == name
    ]
    keys = tuple(graph[link["@id"]]["dct:identifier"] for link in one["prov:wasDerivedFrom"])
    return Said(one["dct:license"]["@id"], one["dct:modified"]["@value"], keys)


def of_parquet(metadata: dict[str, str], item: FileFacts) -> Said:
    """Of its metadata, which say the cut-off of each source; the one of the whole is that of its newest row."""
    sources = json.loads(metadata["fuentes"])
    assert metadata["licencia"] == item["licencia_id"] and metadata["licencia_titulo"] == item["licencia"]
    assert [(one["clave"], one["corte"], one["titulo"]) for one in sources] == [
        (one["clave"], one["corte"], one["titulo"]) for one in item["fuentes"]
    ]
    return Said(metadata["licencia_url"], item["corte"], tuple(one["clave"] for one in sources))


def of_json(told: dict[str, Any], item: FileFacts) -> Said:
    """Of the JSON of the API, or of the whole file."""
    assert (told["licencia"], told["licencia_id"]) == (item["licencia"], item["licencia_id"])
    assert [(one["clave"], one["corte"]) for one in told["fuentes"]] == [
        (one["clave"], one["corte"]) for one in item["fuentes"]
    ]
    return Said(told["licencia_url"], item["corte"], tuple(one["clave"] for one in told["fuentes"]))


def of_page(page: Document, item: FileFacts) -> Said:
    """Of the block of a table on the page of its dataset; its sources are listed above it."""
    (head,) = page.all(f"main h3[id='{item['tabla']}']")
    block = head.getparent()
    terms = {text_of(term): term.getnext() for term in block.cssselect("dl > dt")}
    (license,) = [link.get("href") for link in terms["Licencia"].cssselect("a")]
    assert text_of(terms["Licencia"]) == item["licencia"]
    cutoff, _, sure = text_of(terms["Corte"]).partition(" (confianza ")
    assert sure == f"{item['confianza']})"
    listed = page.texts("main ul.fuentes > li")
    keys = tuple(
        source["clave"]
        for source in item["fuentes"]
        if any(
            line.startswith(
                f"{source['titulo']}, {source['editor']}. Corte: {source['corte_texto'] or source['corte']}."
            )
            and f"Confianza {source['confianza']}" in line
            and source["licencia"] in line
            for line in listed
        )
    )
    return Said(str(license), cutoff, keys)


def of_rows(content: str, item: FileFacts) -> bool:
    """Whether the newest row of a CSV is of the day of the whole. Every row says the licence, sources that are among those of the
    table, and a day that is no later: of some tables, the newest source has no row.
    """
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == item["filas"]
    known = {source["clave"] for source in item["fuentes"]}
    for row in rows:
        assert row["licencia"] == item["licencia_id"] and row["corte"] <= item["corte"], row
        assert set(row["clave_fuente"].split(JOINED)) <= known, row
    return max((row["corte"] for row in rows), default="") == item["corte"]


def same_citation(page: Document, item: FileFacts, said: dict[str, str]) -> None:
    """The sentence to cite is the same everywhere (with its publication where the file is of one), and the references in APA,
    BibTeX and CSL-JSON say the same licence and every source with its day.
    """
    sources = [f"{one['editor']}, «{one['titulo']}» ({one['corte_texto'] or one['corte']}" for one in item["fuentes"]]
    for where, words in said.items():
        plain = re.sub(r", publicación [^,]+", "", words)
        assert plain == item["cita"], f"{item['tabla']} {where}: {words}"
    (head,) = page.all(f"main h3[id='{item['tabla']}']")
    codes = {
        label: code.text_content()
        for code in head.getparent().cssselect("code")
        if (label := next((word for word in ("APA", "BibTeX", "CSL-JSON") if _is_of(code, word)), ""))
    }
    assert len(codes) == 3, item["tabla"]
    for label, words in codes.items():
        plain = words.replace("\\", "").replace("{", "").replace("}", "")
        assert item["licencia_id"] in plain, f"{item['tabla']} {label}"
        for source in sources:
            assert source in plain, f"{item['tabla']} {label}: {source}"


def _is_of(code: Any, label: str) -> bool:
    """Whether a piece of code is the citation of that form: the button beside it says so."""
    box = code.getparent().getparent()
    return any(label in (node.get("aria-label") or node.get("data-copiado") or "") for node in box.iter())


@pytest.mark.parametrize("most", [SHORT, pytest.param(None, marks=pytest.mark.largo)])
def test_every_table_says_the_same_in_the_eight_places(
    most: int | None, get: Callable[[str], httpx.Response], tell: Tell, catalogues: dict[str, Any], release: Release
) -> None:
    compared = newest = 0
    for item in tables(release):
        name, stem = str(item["tabla"]), Path(item["nombre"]).stem
        expected, files = of_manifest(item), f"/descargas/{release.id}/{stem}"
        page = Document(get(accessible(f"/datos/{item['dataset']}")).text)
        schema = pq.read_schema(release.path(item["nombre"]))
        metadata = {key.decode(): text.decode() for key, text in (schema.metadata or {}).items()}
        said = {
            "page": of_page(page, item),
            "parquet": of_parquet(metadata, item),
            "package": of_package(catalogues, f"{stem}.csv"),
            "csvw": of_csvw(tell(f"{files}.csv-metadata.json")),
            "dcat": of_dcat(catalogues, item["nombre"]),
        }
        cited = {"package": catalogues["package"][f"{stem}.csv"]["cita"], "parquet": metadata["cita"]}
        if name in tables_of(release):  # one with shapes is not asked for by rows
            told = tell(f"{API}/{name}/data.json?limite=1")
            said["json"], cited["json"] = of_json(told, item), told["cita"]
        if most is None or (item["filas"] or 0) <= most:
            answer = get(f"{files}.csv")
            newest += of_rows(answer.text, item)
            assert linked_license(answer) == expected.license, name
        for where, found in said.items():
            assert found == expected, f"{name} {where}: {found}, not {expected}"
        same_citation(page, item, cited)
        compared += 1
    assert compared >= 45 and newest > 20


# --- Views ---------------------------------------------------------------------------------------------------------------


def page_lines(page: Document) -> list[str]:
    """What a page says of its sources."""
    return page.texts("main .fuente")


def of_view_rows(rows: list[dict[str, Any]], told: dict[str, Any], where: str) -> None:
    """Every row says the licence of the whole, sources of the whole, and a day that is no later than the newest of them."""
    known = {source["clave"]: source["corte"] for source in told["fuentes"]}
    for row in rows:
        assert row["licencia"] == told["licencia_id"], f"{where}: {row['licencia']}"
        assert set(row["clave_fuente"].split(JOINED)) <= set(known), f"{where}: {row['clave_fuente']}"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_the_same_in_the_eight_places(
    view: str,
    asking: httpx.Client,
    get: Callable[[str], httpx.Response],
    catalogues: dict[str, Any],
    release: Release,
    data: Data,
    shown: dict[str, list[str]],
) -> None:
    if not VIEWS[view].held(data) or view not in shown:  # there is nothing of it in this release
        assert not VIEWS[view].held(data) or VIEWS[view].topic == "diaspora", view
        return
    address = next(one for path in shown[view] for one in EVERY_VIEW.get(path, (path,)) if view in links_at(get, one))
    page = Document(get(accessible(address)).text)
    link = file_links(page)[view]
    answer = get(link)
    told = answer.json()
    same_sources(view, told, page, catalogues, release)
    same_in_files(view, link, told, get)
    assert linked_license(answer) == told["licencia_url"], view
    for source in told["fuentes"]:
        assert (
            f"{source['editor']}, «{source['titulo']}» ({source.get('corte_texto') or source['corte']}" in told["cita"]
        )
    assert told["licencia_id"] in told["cita"] and release.id in told["cita"]


def same_sources(view: str, told: dict[str, Any], page: Document, catalogues: dict[str, Any], release: Release) -> None:
    """Each source that the JSON of a view names is, with the same facts, in the manifest, in the package, in DCAT and on the
    page; and the licence of the whole is that of some table of those sources.
    """
    declared = {source["clave"]: (source, item) for item in release.manifest["archivos"] for source in item["fuentes"]}
    by_id = {item.get("dct:identifier"): item for item in catalogues["dcat"].values() if item["@type"] == "prov:Entity"}
    packaged = {source["clave"]: source for item in catalogues["package"].values() for source in item["sources"]}
    licenses = set()
    for source in told["fuentes"]:
        manifest, _ = declared[source["clave"]]
        same = ("titulo", "editor", "url", "licencia", "licencia_url", "corte", "confianza")
        assert [source[name] for name in same] == [manifest[name] for name in same], f"{view}: {source['clave']}"
        assert (
            packaged[source["clave"]]["title"] == source["titulo"]
            and packaged[source["clave"]]["path"] == source["url"]
        )
        assert by_id[source["clave"]]["dct:title"] in (
            source["titulo"],
            {"@value": source["titulo"], "@language": "es"},
        )
        when = source.get("corte_texto") or short(source["corte"])
        assert any(
            source["titulo"] in line and when in line and f"confianza {source['confianza']}" in line
            for line in page_lines(page)
        ), f"{view} {source['clave']}: {page_lines(page)}"
        licenses |= {
            item["licencia_url"]
            for item in release.manifest["archivos"]
            if item["tabla"] and source["clave"] in [one["clave"] for one in item["fuentes"]]
        }
    assert told["licencia_url"] in licenses, view


def same_in_files(view: str, link: str, told: dict[str, Any], get: Callable[[str], httpx.Response]) -> None:
    """The Parquet and the CSV of a view say what its JSON says, row by row too; and so does its workbook, unless it is long."""
    table = pq.read_table(pa.BufferReader(get(link.replace(".json", ".parquet", 1)).content))
    metadata = {key.decode(): text.decode() for key, text in (table.schema.metadata or {}).items()}
    assert (metadata["licencia"], metadata["licencia_url"], metadata["cita"]) == (
        told["licencia_id"],
        told["licencia_url"],
        told["cita"],
    )
    assert json.loads(metadata["fuentes"]) == told["fuentes"]
    of_view_rows(table.to_pylist(), told, f"{view}.parquet")
    rows = list(csv.DictReader(io.StringIO(get(link.replace(".json", ".csv", 1)).text, newline="")))
    of_view_rows(rows, told, f"{view}.csv")
    assert [(row["clave_fuente"], row["corte"], row["confianza"]) for row in rows] == [
        (row["clave_fuente"], row["corte"], row["confianza"]) for row in table.to_pylist()
    ]
    if len(rows) <= SHORT:
        same_in_workbook(get(link.replace(".json", ".xlsx", 1)).content, told)


def same_in_workbook(content: bytes, told: dict[str, Any]) -> None:
    """The sheet of sources says the same."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    cells = [[str(cell) for cell in row if cell is not None] for row in book["fuentes"].iter_rows(values_only=True)]
    about = [str(cell) for row in book["acerca"].iter_rows(values_only=True) for cell in row if cell is not None]
    for source in told["fuentes"]:
        assert any({source["clave"], source["titulo"], source["corte"]} <= set(row) for row in cells), source["clave"]
    assert f"Licencia: {told['licencia']} ({told['licencia_id']}), {told['licencia_url']}" in about
    assert f"Para citar: {told['cita']}" in about


def short(day: str) -> str:
    """A day as a page says it."""
    return short_date(date.fromisoformat(day))


def links_at(get: Callable[[str], httpx.Response], address: str) -> dict[str, str]:
    return file_links(Document(get(accessible(address)).text))


@pytest.fixture(scope="module")
def shown(asking: httpx.Client) -> dict[str, list[str]]:
    """The pages on which each view is."""
    return where_shown(lambda *paths: [asking.get(path) for path in paths])


def test_the_sentence_to_cite_of_a_page_is_that_of_its_files(
    get: Callable[[str], httpx.Response], shown: dict[str, list[str]]
) -> None:
    compared = 0
    for address in {one for paths in shown.values() for path in paths for one in EVERY_VIEW.get(path, (path,))}:
        page = Document(get(accessible(address)).text)
        (words,) = page.texts("main .descargas .cita") or [""]
        first = next(iter(file_links(page).values()), "")
        cited = {get(link).json()["cita"] for link in file_links(page).values()}
        if words and first:
            assert words.removeprefix("Cómo citar: ") in cited, address
            compared += 1
    assert compared >= 8
