"""Promise: the guides for whoever adds something work as they are written, and touch as few files as they say.

The one of datasets is followed in `test_docs.py`; the one of population groups, in `test_a_new_population_group.py`.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser_support import ROOT, running_site
from tests.figures_support import NBSP, ORACLE
from tests.guide_support import follow, project_copy
from tests.site_support import Document, accessible

#: Each guide with the files that following it touches.
GUIDES = {
    "indicador": ["dashboard/indicators/padron.py"],
    "vista": ["dashboard/views/padron_sexo.py"],
    "pagina": ["dashboard/pages/por_sexo.py", "dashboard/pages/__init__.py"],
    "parametro": ["dashboard/address/abroad.py", "dashboard/views/extranjero/consulados.py"],
}
PLACE = "1601"


def guide(name: str) -> Path:
    """Where a guide is."""
    article = "una" if name in ("vista", "pagina") else "un"
    return ROOT / "docs" / f"agregar-{article}-{name}.md"


@pytest.fixture(scope="module")
def touched() -> dict[str, list[str]]:
    """What following each guide touched, by guide."""
    return {}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, touched: dict[str, list[str]]) -> Path:
    """A copy of the project where somebody followed every guide, one after another."""
    folder = project_copy(tmp_path_factory.mktemp("guias") / "proyecto")
    for name in GUIDES:
        touched[name] = follow(guide(name), folder)
    return folder


@pytest.fixture(scope="module")
def client(copy: Path, release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Asks the site of the copy, which serves the release of today."""
    log = tmp_path_factory.mktemp("sitio") / "servidor.log"
    with (
        running_site(release_path, log, code=copy) as url,
        httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client,
    ):
        yield client


def page(client: httpx.Client, address: str) -> Document:
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return Document(response.text)


def rows(client: httpx.Client, address: str) -> list[dict[str, str]]:
    """The rows of a CSV that the site answers."""
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code} {response.text[:500]}"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def registered(code: str = "", **of: str | tuple[str, ...]) -> int:
    """Registered people of a group, counted in the tribunal's own book: in the whole country or in a municipio."""
    counts = ORACLE.registered(**of)
    return int(counts[code] if code else counts.sum())


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_touches_the_files_that_it_says(copy: Path, touched: dict[str, list[str]], name: str) -> None:
    assert touched[name] == GUIDES[name]


def test_the_code_of_the_guides_keeps_the_style_of_the_house(copy: Path) -> None:
    files = sorted({name for found in GUIDES.values() for name in found})
    for order in (["check"], ["format", "--check"]):
        made = subprocess.run([sys.executable, "-m", "ruff", *order, *files], cwd=copy, capture_output=True, text=True)
        assert made.returncode == 0, made.stdout + made.stderr


def test_the_new_indicator_answers_on_the_map_and_in_its_files(client: httpx.Client) -> None:
    ages = ("26_30", "31_35", "36_40")
    share = 100 * registered(edad=ages) / registered()
    for address in ("/padron?indicador=adultos-26-40", accessible("/padron?indicador=adultos-26-40")):
        said = page(client, address).texts("#pregunta .respuesta strong")
        assert said[:3] == [f"{registered(edad=ages):,}", f"{registered():,}", f"{share:.1f}{NBSP}%"]
    found = rows(client, "/descargas/vista/padron_mapa.csv?indicador=adultos-26-40")
    by_place = {row["codigo_municipio"]: int(row["empadronados_26_40"]) for row in found}
    assert by_place[PLACE] == registered(PLACE, edad=ages)
    assert "Personas de 26 a 40 años en el padrón" in page(client, "/metodologia").texts("h3")


def test_the_new_view_answers_in_its_files_and_is_described(client: httpx.Client) -> None:
    found = rows(client, f"/descargas/vista/padron_sexo.csv?lugar={PLACE}")
    expected = {name: registered(PLACE, sexo=name) for name in ("mujeres", "hombres")}
    assert {row["sexo"]: int(row["empadronados"]) for row in found} == expected
    listed = {view["vista"]: view for view in client.get("/api/v1/parametros").json()["vistas"]}
    assert [item["nombre"] for item in listed["padron_sexo"]["parametros"]] == ["departamento", "lugar"]
    assert "/descargas/vista/padron_sexo.{formato}" in client.get("/api/v1/openapi.json").json()["paths"]
    assert client.get("/descargas/vista/padron_sexo.csv?sexo=mujeres").status_code == 400


def test_the_new_page_answers_in_both_modes_and_can_be_found(client: httpx.Client) -> None:
    for address in ("/por-sexo", accessible("/por-sexo"), f"/por-sexo?lugar={PLACE}"):
        found = page(client, address)
        women = registered(PLACE if "lugar" in address else "", sexo="mujeres")
        assert f"{women:,}" in found.texts(".respuesta")[0]
        assert found.all(".grafica table") and found.all(".descargas a[href^='/descargas/vista/padron_sexo.csv']")
    assert "/por-sexo</loc>" in client.get("/sitemap.xml").text


def test_the_new_parameter_is_in_the_form_the_files_and_the_api(client: httpx.Client) -> None:
    address = "/extranjero/como-inscribirse?estado=NY&cercanos=6"
    assert page(client, address).one("select[name=cercanos] option[selected]").get("value") == "6"
    file, nearest = "/descargas/vista/consulados.csv?estado=NY", {}
    for most, asked in ((3, ""), (1, "&cercanos=1"), (6, "&cercanos=6")):
        nearest[most] = [row for row in rows(client, file + asked) if "más cercano" in row["cercania"]]
    assert {most: len(found) for most, found in nearest.items()} == {3: 3, 1: 1, 6: 6}
    assert nearest[6][0]["consulta_cercanos"] == "6"
    refused = client.get("/descargas/vista/consulados.csv?cercanos=2")
    accepted = {item["nombre"]: item for item in refused.json()["parametros"]}["cercanos"]
    assert refused.status_code == 400 and [item["valor"] for item in accepted["valores"]] == ["1", "3", "6"]
    described = client.get("/api/v1/openapi.json").json()["paths"]["/descargas/vista/consulados.{formato}"]["get"]
    schemas = {item["name"]: item["schema"] for item in described["parameters"]}
    assert schemas["cercanos"] == {"type": "string", "enum": ["1", "3", "6"], "default": "3"}
