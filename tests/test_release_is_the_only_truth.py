"""Promise: the site asks the release, never the code, what there is. An older release opens and every page of it is served;
code that knows a new dataset serves the release of before; what a release brings appears by itself."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.commitment.crosses import Availability, Cell, Cross, cells
from dashboard.commitment.supply import Coverage
from dashboard.figures.queries import Data
from dashboard.views import VIEWS
from etl import fields
from etl.cubes.declared import CUBES, Cube
from etl.disclosure.like import state_columns
from etl.model import TOTAL
from etl.release import DATAPACKAGE, MANIFEST, Release
from tests.browser_support import ROOT, running_site
from tests.checkout_support import Checkout
from tests.release_support import inside_site, sealed, with_cubes
from tests.site_support import ADDRESSES, Document, accessible

#: Without the catalogue of municipios there is no site to open.
INDISPENSABLE = ("municipios", "departamentos")
#: What the newest tables and columns of a release were when an older one was made.
LACKING = (
    ("guatemaltecos_eeuu", "participacion_mesa"),
    (("extranjero", "motivo"), ("participacion_municipal", "organizaciones"), ("municipios", "codigo_trep")),
)
#: How many older releases are drawn: in `make test`, and in `make test-largo`.
FEW, MANY = 1, 12
SEED = 327


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
        written, entry = (folder / path).read_bytes(), _one(manifest["archivos"], "tabla", table)
        entry["bytes"], entry["sha256"] = len(written), hashlib.sha256(written).hexdigest()
    for name, content in ((DATAPACKAGE, package), (MANIFEST, manifest)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return sealed(folder)


def _one(items: Sequence[dict[str, Any]], key: str, value: str) -> dict[str, Any]:
    (found,) = (item for item in items if item[key] == value)
    return found


def drawn(release: Release, times: int) -> Iterator[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]:
    """Two tables and three columns of other tables, taken by chance, the same ones at every run."""
    chance = random.Random(SEED)
    names = sorted(name for name in release.tables if name not in INDISPENSABLE)
    for _ in range(times):
        tables = tuple(chance.sample(names, 2))
        rest = [release.tables[name] for name in names if name not in tables and "limites" not in name]
        some = [(table.name, item.name) for table in rest for item in table.fields if item.name not in table.key]
        yield tables, tuple(chance.sample(some, 3))


def assert_served(release: Path, log: Path) -> dict[str, Document]:
    """Every page opens in both modes and every file is there or is said not to be; the pages, by address."""
    found = {}
    with running_site(release, log) as url, httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client:
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


@pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.largo)])
def test_whatever_two_tables_and_three_columns_it_lacks(release_path: Path, times: int, tmp_path: Path) -> None:
    release = Release.open(release_path)
    for number, (tables, columns) in enumerate(drawn(release, times)):
        copy = older(release, tmp_path / f"antigua-{number}", tables, columns)
        try:
            assert_served(copy, tmp_path / f"servidor-{number}.log")
        except AssertionError as error:
            raise AssertionError(f"without {tables} and {columns}: {error}") from error
        shutil.rmtree(copy)


# ---- code that was deployed before the release that it would build -----------------------------------------------------


@pytest.fixture(scope="module")
def newer_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that declares one dataset more, and one column more of another, than any release has."""
    folder = tmp_path_factory.mktemp("codigo")
    for name in ("etl", "dashboard", "assets"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    example = next(block for block in python_blocks() if "DATASET = Dataset(" in block)
    (folder / "etl" / "datasets" / "bibliotecas.py").write_text(example, encoding="utf-8")
    module = folder / "etl" / "datasets" / "padron_municipal.py"
    declared = module.read_text(encoding="utf-8")
    newest = 'replace(fields.empadronados, name="nueva")'
    changed = declared.replace(
        "fields.grupo_edad, fields.empadronados)", f"fields.grupo_edad, fields.empadronados, {newest})"
    )
    assert changed != declared
    future = "from __future__ import annotations\n"
    module.write_text(changed.replace(future, f"{future}from dataclasses import replace\n", 1), encoding="utf-8")
    return folder


def python_blocks() -> list[str]:
    """The programs in the guide of datasets."""
    guide = (ROOT / "docs" / "agregar-un-dataset.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", guide, re.S)


def test_newer_code_serves_the_release_of_before(release_path: Path, newer_code: Path, tmp_path: Path) -> None:
    declares = "from etl.datasets import all_datasets; print({t.name: len(t.fields) for d in all_datasets() for t in d.tables})"
    known = subprocess.run([sys.executable, "-c", declares], cwd=newer_code, capture_output=True, text=True, check=True)
    tables = Release.open(release_path).tables
    assert "bibliotecas" in known.stdout and "bibliotecas" not in tables
    assert f"'padron_municipal_edad': {len(tables['padron_municipal_edad'].fields) + 1}" in known.stdout
    with (
        running_site(release_path, tmp_path / "servidor.log", code=newer_code) as url,
        httpx.Client(base_url=url, follow_redirects=True) as client,
    ):
        for address in (*ADDRESSES, "/salud"):
            assert client.get(address).status_code == 200, address


# ---- a release with cubes ------------------------------------------------------------------------------------------------


def matrix(release: Path) -> dict[Cross, Cell]:
    """Every cross of the commitment with its state."""
    return {cell.cross: cell for cell in cells(Coverage(Data(Release.open(release))))}


def brought(release: Release) -> dict[Cross, Availability]:
    """The crosses that the cubes of a release bring, and how much of each: one election of many is a part."""
    found: dict[Cross, Availability] = {}
    for cube in CUBES:
        frame = pd.read_parquet(release.table(cube.name))
        for division in ("total", *fields.POPULATION_GROUP):
            for level, places in LEVELS[cube.residence].items():
                filled = {*places, *({division} - {"total"})}
                if not any(filled <= {*margin} for margin in cube.margins):
                    continue
                # The roll of an election is a registry too, of the day of the election.
                for measure, topic in (("empadronados", "padron"), ("votantes", "participacion")):
                    if measure not in frame:
                        continue
                    share = published_share(frame, cube, filled, measure)
                    whole = Availability.PUBLISHED if share == 1 and topic == "padron" else Availability.PARTIAL
                    cross = Cross(topic, cube.residence, division, level)
                    if share and found.get(cross) is not Availability.PUBLISHED:
                        found[cross] = whole
    return found


LEVELS = {
    "pais": {"todo": [], "departamento": ["codigo_departamento"], "municipio": ["codigo_municipio"]},
    "extranjero": {"todo": [], "estado": ["estado_residencia"], "ciudad": ["ciudad_residencia"]},
}


def published_share(frame: pd.DataFrame, cube: Cube, filled: set[str], measure: str) -> float:
    """The part of the rows with just those columns filled that is published, be it as a confidential count."""
    inside = {
        level.name
        for dimension in cube.dimensions
        for depth, level in enumerate(dimension.levels)
        if any(item.name in filled for item in dimension.levels[depth:])
    }
    filled_so = pd.concat([(frame[name] != TOTAL) == (name in inside) for name in cube.columns], axis=1).all(axis=1)
    return float((frame.loc[filled_so, state_columns(cube)[measure]] != "no_tabulada").mean())


def test_cubes_close_the_crosses_that_they_bring_and_no_other(
    release_path: Path, published_cubes: Checkout, tmp_path: Path
) -> None:
    before, after = (
        matrix(release_path),
        matrix(with_cubes(release_path, published_cubes.current, tmp_path / "con_cubos")),
    )
    bring = brought(published_cubes.current)
    for cross, cell in after.items():
        if bring.get(cross) is Availability.PUBLISHED:
            assert cell.state is Availability.PUBLISHED, cross
        elif cross in bring:
            assert cell.state in (Availability.PARTIAL, before[cross].state), cross
        else:
            assert cell.state is before[cross].state, cross
    closed = {cross for cross, cell in after.items() if cell.state is not before[cross].state}
    assert {cross.division for cross in closed if cross.topic == "padron"} >= {"pueblo", "comunidad_linguistica"}


def test_a_dataset_without_files_is_in_no_catalogue(release_path: Path, tmp_path: Path) -> None:
    copy = older(Release.open(release_path), tmp_path / "antigua", ("consulados",), ())

    async def ask(client: httpx.AsyncClient, app: object) -> list[httpx.Response]:
        return [
            await client.get(path)
            for path in ("/datos", "/data.json", "/catalogo.jsonld", "/api/3/action/package_list")
        ]

    page, *catalogues = inside_site(copy, ask)
    assert [answer.status_code for answer in (page, *catalogues)] == [200] * 4
    assert not any("/datos/consulados" in answer.text or '"consulados"' in answer.text for answer in catalogues)
