"""Promise: a new population group goes from the record of a person to a cube, to the filters and to /que-falta by being
declared in at most four files, and in none of the site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.release import Release
from tests.browser_support import ROOT, running_site
from tests.checkout_support import KEPT, Checkout, small_checkout
from tests.guide_support import follow
from tests.release_support import with_cubes
from tests.site_support import Document, accessible

GUIDE = ROOT / "docs" / "agregar-un-grupo-de-poblacion.md"
#: How the registry of the test writes it, and what that is in the cube.
WRITTEN = {"SI": "con", "NO": "sin", "": "sin_dato"}
LEVELS = 3
#: Of the invented people, how many are counted here.
FEW = 10_000


@dataclass(frozen=True)
class World:
    """The copy of the project where the guide was followed, the files it touched, and the release with its cubes."""

    checkout: Checkout
    touched: list[str]
    release: Path
    people: pd.DataFrame


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, synthetic_registry: Path, release_path: Path) -> World:
    """A copy where the group is declared, with a registry that says it counted and published, and a site's release."""
    folder = tmp_path_factory.mktemp("grupo")
    checkout = small_checkout(folder / "padron", (*KEPT, "territorio_extranjero", "elecciones"))
    for name in ("dashboard", "assets"):
        shutil.copytree(ROOT / name, checkout.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    touched = follow(GUIDE, checkout.folder)
    registry = pq.read_table(synthetic_registry).slice(0, FEW)
    said = pa.array([list(WRITTEN)[number % 3] for number in range(len(registry))])
    source = folder / "registro.parquet"
    pq.write_table(registry.append_column("DISCAPACIDAD", said), source)
    count = ("microdata", source, "--corte", "2026-09-30", "--eleccion", "2023-1", "--columnas", "mi_extracto.toml")
    for order in (count, ("publish", "--si")):
        made = checkout.etl(*order)
        assert made.returncode == 0, made.stdout
    release = with_cubes(release_path, checkout.current, folder / "con_cubos")
    return World(checkout, touched, release, pd.read_parquet(source))


@pytest.fixture(scope="module")
def client(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The site of that release, served by the changed copy."""
    log = tmp_path_factory.mktemp("sitio") / "servidor.log"
    with (
        running_site(world.release, log, code=world.checkout.folder) as url,
        httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client,
    ):
        yield client


def test_it_is_declared_in_at_most_four_files_and_none_of_the_site(world: World) -> None:
    assert 1 < len(world.touched) <= 4
    assert not any(name.startswith(("dashboard", "assets")) for name in world.touched)


def test_the_cube_counts_it(world: World) -> None:
    cube = pd.read_parquet(Release.open(world.release).table("padron_cubo"))
    country = cube[
        (cube["codigo_departamento"] == "total") & (cube["sexo"] == "total") & (cube["discapacidad"] != "total")
    ]
    home = world.people[~world.people["CODDEP"].astype(str).isin(("25", "23"))]["DISCAPACIDAD"]
    counted = dict(zip(country["discapacidad"], country["empadronados"], strict=True))
    assert counted == {code: (home == word).sum() for word, code in WRITTEN.items()}


def test_the_filter_appears_and_answers(world: World, client: httpx.Client) -> None:
    for path in ("/padron", accessible("/padron")):
        page = Document(client.get(f"{path}?indicador=empadronados&discapacidad=con").text)
        assert "discapacidad" in page.texts("label[for=f-grupo]")[0]
        assert page.texts("#f-grupo optgroup[label=Discapacidad] option[selected]") == ["Con discapacidad"]
        assert page.texts(".avisos li") == []
        assert "discapacidad" in page.texts("#pregunta .respuesta")[0]
        cube = pd.read_parquet(Release.open(world.release).table("padron_cubo"))
        whole = cube.query("codigo_departamento == 'total' and sexo == 'total' and discapacidad == 'con'")
        assert page.texts("#pregunta .respuesta strong")[0] == f"{int(whole['empadronados'].iloc[0]):,}"


def test_files_and_openapi_know_it(client: httpx.Client) -> None:
    address = "/descargas/vista/padron_mapa.json?indicador=empadronados&ver=departamento&discapacidad="
    answer = client.get(f"{address}sin").json()
    assert answer["consulta"]["discapacidad"] == "sin" and len(answer["filas"]) == 22
    refused = client.get(f"{address}otra")
    assert refused.status_code == 400 and "«otra»" in refused.json()["detail"]
    operation = client.get("/api/v1/openapi.json").json()["paths"]["/descargas/vista/padron_mapa.{formato}"]["get"]
    ways = [way for item in operation["parameters"] for way in item["schema"].get("anyOf", ())]
    told = [{item["name"]: item["schema"] for item in operation["parameters"]}, *(way["properties"] for way in ways)]
    assert any(item.get("discapacidad", {}).get("enum") for item in told)  # by itself, or with what it goes with


def test_que_falta_asks_for_it_and_closes_what_the_cube_brings(client: httpx.Client) -> None:
    rows = client.get("/descargas/vista/que_falta.json").json()["filas"]
    mine = [row for row in rows if row["grupo"] == "Discapacidad"]
    assert len(mine) == 2 * 2 * LEVELS
    registry = [row for row in mine if row["tema"] == "Padrón" and row["residencia"] == "Dentro del país"]
    assert [(row["estado"], row["tabla"]) for row in registry] == [("Publicado", "padron_cubo")] * LEVELS
    assert {row["estado"] for row in mine if row not in registry} == {"No publicado"}
