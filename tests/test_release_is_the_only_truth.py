"""Promise: the site asks the release, never the code, what there is. An older release opens and every page of it is served;
code that knows a new dataset serves the release of before; what a release brings appears by itself."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq

from dashboard.views import VIEWS
from etl.release import DATAPACKAGE, MANIFEST, Release
from tests.browser_support import running_site
from tests.site_support import ADDRESSES, Document, accessible

#: Without the catalogue of municipios there is no site to open.
INDISPENSABLE = ("municipios", "departamentos")
#: What the newest tables and columns of a release were when an older one was made.
LACKING = (
    ("guatemaltecos_eeuu", "participacion_mesa"),
    (("extranjero", "motivo"), ("participacion_municipal", "organizaciones"), ("municipios", "codigo_trep")),
)
SEED, DRAWN = 327, 4


def older(release: Release, folder: Path, tables: Sequence[str], columns: Sequence[tuple[str, str]]) -> Path:
    """A copy of a release as one made before those tables and columns existed, and before it said what tables count."""
    shutil.copytree(release.root, folder)
    package, manifest = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (DATAPACKAGE, MANIFEST))
    package["resources"] = [item for item in package["resources"] if item["name"] not in tables]
    manifest["archivos"] = [item for item in manifest["archivos"] if item["tabla"] not in tables]
    for resource in package["resources"]:
        for name in ("mide", "cruces"):
            resource.pop(name, None)
        for field in resource.get("schema", {}).get("fields", ()):
            field.pop("tipo")
    for table, column in columns:
        path = release.table(table).name
        kept = pq.read_table(folder / path).drop_columns([column])
        pq.write_table(kept, folder / path)
        _one(package["resources"], "name", table)["schema"]["fields"] = [
            field for field in _one(package["resources"], "name", table)["schema"]["fields"] if field["name"] != column
        ]
        _one(manifest["archivos"], "tabla", table)["bytes"] = (folder / path).stat().st_size
    for name, content in ((DATAPACKAGE, package), (MANIFEST, manifest)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder


def _one(items: Sequence[dict[str, Any]], key: str, value: str) -> dict[str, Any]:
    (found,) = (item for item in items if item[key] == value)
    return found


def drawn(release: Release) -> Iterator[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]:
    """Two tables and three columns of other tables, taken by chance, the same ones at every run."""
    chance = random.Random(SEED)
    names = sorted(name for name in release.tables if name not in INDISPENSABLE)
    for _ in range(DRAWN):
        tables = tuple(chance.sample(names, 2))
        rest = [release.tables[name] for name in names if name not in tables and "limites" not in name]
        some = [(table.name, item.name) for table in rest for item in table.fields if item.name not in table.key]
        yield tables, tuple(chance.sample(some, 3))


def assert_served(release: Path, log: Path) -> dict[str, Document]:
    """Every page opens in both modes and every file is there or is said not to be; the pages, by address."""
    found = {}
    with running_site(release, log) as url, httpx.Client(base_url=url, timeout=60) as client:
        for address in (*ADDRESSES, "/ficha/extranjero", "/buscar?q=san"):
            for path in (address, accessible(address)):
                response = client.get(path)
                gone = address.startswith("/datos/") and response.status_code == 404
                assert response.status_code == 200 or gone, f"{path}: {response.status_code}"
                found[path] = Document(response.text)
        for view in VIEWS:
            response = client.get(f"/descargas/vista/{view}.json")
            assert response.status_code in (200, 404), f"{view}: {response.status_code}"
            if response.status_code == 404:
                assert response.headers["content-type"] == "application/problem+json"
    return found


def test_a_release_of_before_opens_and_every_page_of_it_is_served(release_path: Path, tmp_path: Path) -> None:
    release = Release.open(release_path)
    pages = assert_served(older(release, tmp_path / "antigua", *LACKING), tmp_path / "servidor.log")
    assert pages["/padron"].texts("#pregunta .respuesta strong")[0] == "10,030,374"  # what it has is all there
    assert "no trae" in pages["/extranjero"].html and "guatemaltecos_eeuu" in pages["/extranjero"].html


def test_whatever_two_tables_and_three_columns_it_lacks(release_path: Path, tmp_path: Path) -> None:
    release = Release.open(release_path)
    for number, (tables, columns) in enumerate(drawn(release)):
        copy = older(release, tmp_path / f"antigua-{number}", tables, columns)
        try:
            assert_served(copy, tmp_path / f"servidor-{number}.log")
        except AssertionError as error:
            raise AssertionError(f"without {tables} and {columns}: {error}") from error
        shutil.rmtree(copy)
