"""Promise: a file's own columns are those that its dictionary, the package, CSVW, Croissant and CKAN say, in every file; and its
licence, its day and its sources are the same in every catalogue.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest
from frictionless import Package

from dashboard.pages import PAGES
from dashboard.render.metadata import csvw
from dashboard.render.metadata.catalog import Catalog, day_of
from dashboard.render.tables import PublishedTable, write_csv
from etl.model import Kind
from etl.release import FileFacts, Release
from tests.release_support import asked_of
from tests.site_support import Document

#: What each kind of value is called by each vocabulary.
PACKAGE = {kind.value: kind.package for kind in Kind}
CSVW = {"entero": "integer", "decimal": "double", "fecha": "date", "booleano": "boolean"}
CROISSANT = {"entero": "sc:Integer", "decimal": "sc:Float", "fecha": "sc:Date", "booleano": "sc:Boolean"}
CKAN = {"entero": "int8", "decimal": "float8", "fecha": "date", "booleano": "bool"}


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.fixture(scope="module")
def asking(declared_site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=declared_site, timeout=60, follow_redirects=True) as client:
        yield client


@pytest.fixture(scope="module")
def told(asking: httpx.Client) -> Any:
    """What the site tells at an address, as JSON, asked once."""
    return cache(lambda address: asking.get(address).raise_for_status().json())


def tables_of(release: Release) -> list[FileFacts]:
    """The tables that are had as CSV."""
    return [item for item in release.manifest["archivos"] if item["formato"] == "Parquet"]


# --- Columns ----------------------------------------------------------------------------------------------------------


def test_the_columns_of_each_file_are_those_that_every_catalogue_says(
    asking: httpx.Client, told: Any, release: Release
) -> None:
    files = f"/descargas/{release.id}"
    package = {item["name"]: item for item in told(f"{files}/datapackage.json")["resources"]}
    records = {item["@id"]: item for item in told("/croissant.json")["recordSet"]}
    assert records.keys() == {item["tabla"] for item in tables_of(release)}
    for item in tables_of(release):
        table = str(item["tabla"])
        schema = pq.read_schema(release.table(table))
        own = [(field.name, (field.metadata or {})[b"tipo"].decode()) for field in schema]
        names = [name for name, _ in own]
        head = next(csv.reader(io.StringIO(asking.get(f"{files}/{table}.csv", headers={"Range": "bytes=0-8191"}).text)))
        assert head == names, table
        fields = package[table]["schema"]["fields"]
        assert [(one["name"], one["type"]) for one in fields] == [(name, PACKAGE[kind]) for name, kind in own], table
        assert package[table]["path"] == f"{table}.csv"
        described = told(f"{files}/{table}.csv-metadata.json")
        columns = described["tableSchema"]["columns"]
        types = [one["datatype"]["base"] if isinstance(one["datatype"], dict) else one["datatype"] for one in columns]
        assert [*zip([one["name"] for one in columns], types, strict=True)] == [
            (name, CSVW.get(kind, "string")) for name, kind in own
        ], table
        assert [one["titles"] for one in columns] == names and described["url"] == f"{table}.csv"
        for column, field in zip(columns, schema, strict=True):
            assert column["required"] is not field.nullable
        said = [(one["name"], one["dataType"]) for one in records[table]["field"]]
        assert said == [(name, CROISSANT.get(kind, "sc:Text")) for name, kind in own], table
        info = told(f"/api/3/action/datastore_info?id={table}")["result"]
        assert [(one["id"], one["type"]) for one in info["fields"]] == [
            (name, CKAN.get(kind, "text")) for name, kind in own
        ]
        assert info["meta"]["count"] == item["filas"]


def test_json_and_excel_have_the_same_columns_in_some_tables(asking: httpx.Client, release: Release) -> None:
    for table in ("municipios", "padron_serie_nacional", "procedimientos"):
        names = pq.read_schema(release.table(table)).names
        told = asking.get(f"/descargas/{release.id}/{table}.json").json()
        assert [one["nombre"] for one in told["columnas"]] == names and list(told["filas"][0]) == names
        book = openpyxl.load_workbook(io.BytesIO(asking.get(f"/descargas/{release.id}/{table}.xlsx").content))
        assert [cell.value for cell in next(book["datos"].iter_rows())] == names


def test_the_dictionary_of_each_table_has_all_of_its_columns(asking: httpx.Client, release: Release) -> None:
    for dataset in release.manifest["datasets"]:
        written = asking.get(f"/accesible/datos/{dataset['nombre']}").text
        page = Document(written)
        found = {
            node.cssselect("caption")[0].text_content().rpartition(" ")[2]: [
                code.text_content() for code in node.cssselect("tbody th code")
            ]
            for node in page.all("table")
            if node.cssselect("caption")[0].text_content().startswith("Diccionario de ")
        }
        for table in dataset["tablas"]:
            assert found[table] == pq.read_schema(release.table(table)).names, table


# --- Licence, day and sources -----------------------------------------------------------------------------------------


def key(source: Any) -> str:
    """What tells a source from others, as the manifest says it."""
    return str(source["clave"])


def test_licence_day_and_sources_of_each_file_are_the_same_in_every_catalogue(told: Any, release: Release) -> None:
    files = f"/descargas/{release.id}"
    package = {item["path"]: item for item in told(f"{files}/datapackage.json")["resources"]}
    graph = {item["@id"]: item for item in told("/catalogo.jsonld")["@graph"]}
    sources_of_graph = {name: item["dct:identifier"] for name, item in graph.items() if item["@type"] == "prov:Entity"}
    by_name = {
        one["@id"].rpartition("/")[2]: one
        for item in graph.values()
        if item["@type"] == "dcat:Dataset"
        for one in item["dcat:distribution"]
    }
    project = {
        one["downloadURL"].rpartition("/")[2]: one
        for item in told("/data.json")["dataset"]
        for one in item["distribution"]
    }
    found = told("/api/3/action/package_search?rows=1000")["result"]["results"]
    ckan = {one["url"].rpartition("/")[2]: one for item in found for one in item["resources"]}
    croissant = {item["@id"]: item for item in told("/croissant.json")["distribution"]}
    assert len(release.manifest["archivos"]) >= 80
    for item in release.manifest["archivos"]:
        keys = [key(source) for source in item["fuentes"]]
        expected = (item["licencia_url"], item["corte"], keys)
        stem = Path(item["nombre"]).stem
        names = [item["nombre"], *([f"{stem}.csv"] if item["formato"] == "Parquet" else [])]
        for name in names:
            one = package[name]
            assert (one["licenses"][0]["path"], one["corte"], [key(source) for source in one["sources"]]) == expected
            node = by_name[name]
            linked = [sources_of_graph[link["@id"]] for link in node["prov:wasDerivedFrom"]]
            assert (node["dct:license"]["@id"], node["dct:modified"]["@value"], linked) == expected, name
            one = project[name]
            assert (one["license"], one["modified"], [source["identifier"] for source in one["sources"]]) == expected
            one = ckan[name]
            assert (one["licencia_url"], one["corte"], one["clave_fuente"].split(" + ")) == expected, name
        if item["formato"] == "Parquet":
            one = croissant[item["nombre"]]
            linked = [source["identifier"] for source in one["isBasedOn"]]
            assert (one["license"], one["dateModified"], linked) == expected and one["sha256"] == item["sha256"]
            one = told(f"{files}/{stem}.csv-metadata.json")
            linked = [source["dc:identifier"] for source in one["dc:source"]]
            assert (one["dc:license"]["@id"], one["dc:modified"]["@value"], linked) == expected, item["nombre"]
            metadata = {
                name.decode(): text.decode()
                for name, text in pq.read_schema(release.root / item["nombre"]).metadata.items()
            }
            stored = [key(source) for source in json.loads(metadata["fuentes"])]
            assert (metadata["licencia_url"], stored) == (expected[0], keys)


def test_pages_say_to_machines_what_the_release_says(asking: httpx.Client, release: Release) -> None:
    for dataset in release.manifest["datasets"]:
        page = Document(asking.get(f"/datos/{dataset['nombre']}").text)
        said = json.loads(page.one("script[type='application/ld+json']").text)
        sources = {item["@id"]: item["identifier"] for item in said["isBasedOn"]}
        every = {key(source): source["url"] for source in dataset["fuentes"]}
        assert {item["identifier"]: item["url"] for item in said["isBasedOn"]} == every
        downloads = {item["contentUrl"].rpartition("/")[2]: item for item in said["distribution"]}
        for item in release.manifest["archivos"]:
            if item["dataset"] != dataset["nombre"]:
                continue
            one = downloads[item["nombre"]]
            linked = [sources[link["@id"]] for link in one["isBasedOn"]]
            expected = (
                item["licencia_url"],
                item["corte"],
                [key(source) for source in item["fuentes"]],
                item["sha256"],
            )
            assert (one["license"], one["dateModified"], linked, one["sha256"]) == expected


def test_the_accessible_pages_have_no_script_of_any_kind(asking: httpx.Client) -> None:
    for path in ("/accesible/datos", "/accesible/datos/territorio"):
        assert "<script" not in asking.get(path).text


# --- Each by its own rules --------------------------------------------------------------------------------------------


def test_data_json_has_what_its_schema_asks_for(told: Any, declared_site: str, release: Release) -> None:
    """https://project-open-data.cio.gov/v1.1/schema/: what every dataset must have outside the federal government."""
    catalogue = told("/data.json")
    assert catalogue["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert [item["title"] for item in catalogue["dataset"]] == [item["titulo"] for item in release.manifest["datasets"]]
    for item in catalogue["dataset"]:
        for name in (
            "title",
            "description",
            "keyword",
            "modified",
            "publisher",
            "contactPoint",
            "identifier",
            "license",
        ):
            assert item[name], name
        assert item["accessLevel"] == "public" and re.fullmatch(r"\d{4}-\d\d-\d\d", item["modified"])
        for one in item["distribution"]:
            assert one["downloadURL"].startswith(f"{declared_site}/descargas/") and one["mediaType"]


def test_every_address_of_a_catalogue_answers(asking: httpx.Client, told: Any, declared_site: str) -> None:
    addresses = {
        one["downloadURL"]: one["mediaType"] for item in told("/data.json")["dataset"] for one in item["distribution"]
    }
    assert len(addresses) > 200
    made = re.compile(
        r"/(?!municipios).*\.(xlsx|csv)|/(?!mapa|limites)[a-z0-9_]*\.json"
    )  # others ask for each of these
    for address, kind in addresses.items():
        if made.search(address.partition("/descargas/")[2]):
            continue
        answer = asking.head(address)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind), address


def test_the_site_map_says_the_day_of_the_release(asking: httpx.Client, release: Release, declared_site: str) -> None:
    root = ElementTree.fromstring(asking.get("/sitemap.xml").content)
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    places = [node.text for node in root.findall("s:url/s:loc", names)]
    days = {node.text for node in root.findall("s:url/s:lastmod", names)}
    assert (
        days == {release.id[:10]} and len(places) >= 400 and all(str(one).startswith(declared_site) for one in places)
    )
    assert len(root.findall("s:url/s:lastmod", names)) == len(places)
    assert {f"{declared_site}{page.path}" for page in PAGES if page.in_menu} <= set(places)
    assert day_of("sintetica-2026-07-12-1a2b3c4d") == "2026-07-12"


def test_whom_to_write_to_is_told_only_when_it_is_declared(
    told: Any, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "hasEmail" not in told("/data.json")["dataset"][0]["contactPoint"]
    for written, expected in (("datos@ejemplo.org", "mailto:datos@ejemplo.org"), ("no es<un>correo", None)):
        monkeypatch.setenv("PADRON_CORREO", written)
        found = asked_of(release.root, "/data.json", "/catalogo.jsonld")
        assert found[0].json()["dataset"][0]["contactPoint"].get("hasEmail") == expected
        assert ("vcard:hasEmail" in found[1].text) is (expected is not None)


def test_without_a_known_address_every_address_is_relative(site: str, release: Release) -> None:
    with httpx.Client(base_url=site) as client:
        found = client.get("/catalogo.ttl", headers={"Host": "otro.example"})
        assert found.status_code == 200 and "otro.example" not in found.text and site not in found.text
        assert f"</descargas/{release.id}/municipios.csv>" in found.text
        assert client.get("/data.json").json()["dataset"][0]["identifier"].startswith("/datos/")


@pytest.mark.parametrize(
    "path", ["/catalogo.jsonld", "/catalogo.ttl", "/data.json", "/croissant.json", "/croissant/limites.json"]
)
def test_a_catalogue_is_read_as_any_file_and_by_any_site(asking: httpx.Client, path: str) -> None:
    answer = asking.get(path)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert 'rel="license"' in answer.headers["link"] and "s-maxage" in answer.headers["cache-control"]
    again = asking.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, asking.head(path).content) == (304, b"")
    for status, refused in ((400, asking.get(f"{path}?x=1")), (405, asking.post(path))):
        assert (refused.status_code, refused.json()["status"]) == (status, status)


def test_what_is_not_there_is_said(asking: httpx.Client, release: Release) -> None:
    for path in (
        "/croissant/nada.json",
        f"/descargas/{release.id}/nada.csv-metadata.json",
        f"/descargas/{release.id}/limites_municipios.csv-metadata.json",
        f"/descargas/{release.id}/municipios.xlsx-metadata.json",
        "/catalogo.xml",
    ):
        answer = asking.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


# --- The package ------------------------------------------------------------------------------------------------------


def invalid(address: str, most_rows: int, least_rows: int = 0) -> dict[str, Any]:
    """What frictionless finds wrong in the resources of a package with some number of rows."""
    package = Package(address)
    tables = [one for one in package.resources if one.type == "table"]
    files = [one for one in package.resources if one.type != "table"]
    found = {}
    for resource in (*tables, *(files if not least_rows else ())):
        if least_rows <= (rows_of(address, resource.path) or 0) < most_rows:
            report = resource.validate()
            if not report.valid:
                found[resource.name] = report.flatten(["rowNumber", "fieldName", "note"])[:3]
    return found


@cache
def rows_of(address: str, name: str | None) -> int | None:
    manifest = httpx.get(address.replace("datapackage.json", "manifest.json")).json()
    stem = str(name).removesuffix(".csv")
    return next((item["filas"] for item in manifest["archivos"] if Path(item["nombre"]).stem == stem), None)


def test_frictionless_finds_nothing_wrong_in_the_files_nor_in_short_tables(site: str, release: Release) -> None:
    assert invalid(f"{site}/descargas/{release.id}/datapackage.json", most_rows=100) == {}


@pytest.mark.largo
def test_frictionless_finds_nothing_wrong_in_long_tables(site: str, release: Release) -> None:
    assert invalid(f"{site}/descargas/{release.id}/datapackage.json", most_rows=10**9, least_rows=100) == {}


def test_an_older_release_is_told_as_it_is(asking: httpx.Client, release: Release, tmp_path: Path) -> None:
    """Of when rows said nothing of themselves: its CSV has what is said of the file, and its description too."""
    item = next(one for one in release.manifest["archivos"] if one["tabla"] == "municipios_alias")
    package = json.loads((release.root / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [
        {
            **one,
            "schema": {
                **one["schema"],
                "fields": [field for field in one["schema"]["fields"] if "de_la_fila" not in field],
            },
        }
        if "schema" in one
        else one
        for one in package["resources"]
    ]
    table = pq.read_table(release.root / item["nombre"])
    kept = [name for name in table.column_names if name not in ("clave_fuente", "corte", "confianza", "licencia")]
    folder = tmp_path / release.id
    folder.mkdir()
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    pq.write_table(table.select(kept), folder / item["nombre"])
    older = Release(folder, release.manifest)
    written, described = io.BytesIO(), io.BytesIO()
    write_csv(PublishedTable(folder / item["nombre"], item, older.id), written)
    csvw.write(csvw.Described(older, item), described)
    names = [one["name"] for one in json.loads(described.getvalue())["tableSchema"]["columns"]]
    assert written.getvalue().decode().splitlines()[0].split(",") == names and "fuente" in names
    assert Catalog(older, "").day == release.id[:10]
