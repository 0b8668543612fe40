"""Promise: an election is one row of the catalogue and its deliveries. An imaginary one of 2027 is checked, published and asked
for without touching the code; damaged, it is refused with the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pandas as pd
import pytest

from etl.datasets import with_needs
from etl.datasets.participacion_municipal import DATASET
from etl.pipeline.run import Result, run
from etl.release import Release
from tests.browser_support import running_site
from tests.elections_support import (
    CAPITAL,
    EVENT,
    EVENTS,
    MAYORS,
    MUNICIPAL,
    NATIONAL,
    OFFICES,
    PINULA,
    PRESIDENT,
    RUN_OFF,
    SUMS,
    figures,
    imagined,
    more,
)
from tests.etl_support import (
    accept,
    cell,
    cells,
    etl,
    note,
    provenance,
    repeated_row,
    run_on,
    source_copy,
    without_row,
    written,
)
from tests.etl_support import table as rows_of
from tests.site_support import Document, accessible

# --- Whole: published and asked for ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with the elections of 2027, made by the command that staff use."""
    folder = tmp_path_factory.mktemp("2027")
    made = etl("build", "--origen", imagined(source_copy(folder / "fuentes")), "--destino", folder / "release")
    assert made.exit_code == 0, made.output
    return folder / "release" / "current"


@pytest.fixture(scope="module")
def client(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Asks the site that serves that release."""
    log = tmp_path_factory.mktemp("sitio") / "servidor.log"
    with running_site(release, log) as url, httpx.Client(base_url=url, timeout=60, follow_redirects=True) as asking:
        yield asking


def page(client: httpx.Client, address: str) -> Document:
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code} {response.text[:300]}"
    return Document(response.text)


def rows(client: httpx.Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code} {response.text[:300]}"
    return list(csv.DictReader(io.StringIO(response.text)))


def test_the_table_has_its_rows_by_municipio_election_and_office(release: Path) -> None:
    found = pd.read_parquet(Release.open(release).table("participacion_municipal"))
    new = found[found["eleccion"] == EVENT].set_index(["codigo_municipio", "cargo"])
    assert len(new) == 2 * 340 and len(found) == 4 * 340 + 2 * 340
    assert new.loc[("0101", MAYORS), "votos_emitidos"] == figures(1, MAYORS)["votos_emitidos"]
    assert (new["estado_emitidos"] == "publicado").all()


@pytest.mark.parametrize("mode", ["", "/accesible"])
def test_turnout_is_on_the_map_and_is_the_one_shown_first(client: httpx.Client, mode: str) -> None:
    sums = SUMS.loc[MAYORS]
    for query in (f"?indicador=participacion&eleccion={EVENT}", "?indicador=participacion"):
        found = page(client, f"{mode}/participacion{query}")
        assert found.texts("#pregunta h1") == ["¿Dónde votó más parte del padrón en 2027?"]
        said = found.texts("#pregunta .respuesta strong")
        assert said[:2] == [f"{sums['votos_emitidos']:,}", f"{sums['empadronados']:,}"]
        assert found.one("#f-eleccion option[selected]").get("value") == EVENT
        titles = found.texts("#f-eleccion option")
        assert titles == ["2027, 1.ª vuelta", "2011, 1.ª vuelta"]


@pytest.mark.parametrize(
    ("indicador", "eleccion", "expected"),
    [
        ("nulos", EVENT, 100 * figures(1, MAYORS)["votos_nulos"] / figures(1, MAYORS)["votos_emitidos"]),
        ("validos", EVENT, figures(1, MAYORS)["votos_validos"]),
        ("organizaciones", EVENT, 9),
        ("cambio-validos", EVENT, 100 * (figures(1, MAYORS)["votos_validos"] / 433_512 - 1)),
        ("primero-segunda-vuelta", RUN_OFF, 60),
    ],
)
def test_its_indicators_are_in_the_files(client: httpx.Client, indicador: str, eleccion: str, expected: float) -> None:
    address = f"/descargas/vista/participacion_mapa.csv?indicador={indicador}&eleccion={eleccion}"
    capital = next(row for row in rows(client, address) if row["codigo_municipio"] == "0101")
    assert float(capital["valor"]) == round(expected, 1)  # as the page has it
    assert capital["consulta_eleccion"] == eleccion


def test_its_roll_is_an_election_to_compare_the_registry_with(client: httpx.Client) -> None:
    found = page(client, f"/padron?indicador=cambio&eleccion={EVENT}")
    assert found.texts("#pregunta .respuesta strong")[0] == f"{SUMS.at[MAYORS, 'empadronados']:,}"


def test_the_profile_the_comparison_and_the_series_have_it(client: httpx.Client) -> None:
    profile = page(client, "/ficha/0101").one("main").text_content()
    assert "Participación en 2027" in profile and f"{figures(1, MAYORS)['votos_validos']:,}" in profile
    compared = page(client, accessible("/comparar?lugares=0101,0102")).one("main").text_content()
    assert "Participación en 2027" in compared
    assert "2027, 1.ª vuelta (alcaldías)" in {
        row["evento"] for row in rows(client, "/descargas/vista/participacion_serie.csv")
    }
    races = rows(client, "/descargas/vista/participacion_contienda.csv?lugar=0101")
    assert [row["anio"] for row in races] == ["2011", "2015", "2019", "2023", "2027"]
    assert "generales 2027, primera vuelta" in page(client, "/participacion").texts(".migas")[0]


def test_what_is_missing_counts_it(client: httpx.Client) -> None:
    (cross,) = [
        row
        for row in rows(client, "/descargas/vista/que_falta.csv")
        if (row["tema"], row["residencia"], row["grupo"], row["nivel"])
        == ("Participación", "Dentro del país", "Total", "Municipio")
    ]
    assert "2027, primera vuelta" not in cross["elecciones_pendientes"]


def test_the_api_offers_it(client: httpx.Client) -> None:
    listed = client.get("/api/v1/parametros").json()["vistas"]
    view = next(item for item in listed if item["vista"] == "participacion_mapa")
    assert view["elecciones"]["participacion"] == [EVENT, "2011-1"]
    document = client.get("/api/v1/openapi.json").json()
    asked = document["paths"]["/descargas/vista/participacion_mapa.{formato}"]["get"]["parameters"]
    ways = [way["properties"] for item in asked for way in item["schema"].get("anyOf", ())]
    offered = [way for way in ways if EVENT in way.get("eleccion", {}).get("enum", ())]
    assert any("participacion" in way.get("indicador", {}).get("enum", ()) for way in offered)


# --- Damaged: refused -----------------------------------------------------------------------------------------------------


def exchanged(first: int, second: int, column: str) -> Callable[[bytes], bytes]:
    """Exchange a cell of two rows."""

    def damage(content: bytes) -> bytes:
        found = rows_of(content)
        place = found[0].index(column)
        found[first - 1][place], found[second - 1][place] = found[second - 1][place], found[first - 1][place]
        return written(found)

    return damage


def every(column: str, before: str, after: str) -> Callable[[bytes], bytes]:
    """Write a column anew in all the rows that say something of it."""

    def damage(content: bytes) -> bytes:
        header, *found = rows_of(content)
        place = header.index(column)
        for row in found:
            row[place] = row[place].replace(before, after)
        return written([header, *found])

    return damage


def plus(row: int, **added: int) -> Callable[[bytes], bytes]:
    """Add to some figures of a row."""

    def damage(content: bytes) -> bytes:
        header, *_ = found = rows_of(content)
        told = {name: str(int(found[row - 1][header.index(name)]) + more) for name, more in added.items()}
        return cells(row, told)(content)

    return damage


RESULTS, CATALOGUE = "participacion_municipal", "elecciones"
DAMAGED: dict[str, tuple[str, str, Callable[[bytes], bytes], str]] = {
    "more votes than registered": (
        RESULTS,
        MUNICIPAL,
        cells(
            CAPITAL,
            {"votos_emitidos": "999999", "votos_validos": "974999", "votos_nulos": "20000", "votos_blanco": "5000"},
        ),
        "es mayor que empadronados = 50040",
    ),
    "parts that do not add up": (RESULTS, MUNICIPAL, plus(CAPITAL, votos_nulos=1), "válidos + nulos + blancos = "),
    "a sum that is not the official total": (
        RESULTS,
        MUNICIPAL,
        plus(CAPITAL, votos_nulos=1, votos_emitidos=1),
        "la suma no es el total oficial",
    ),
    "a sum that is not the national row": (
        "participacion_nacional",
        NATIONAL,
        plus(2, votos_nulos=1, votos_emitidos=1),
        "participacion_nacional dice",
    ),
    "a municipio that is missing": (
        RESULTS,
        MUNICIPAL,
        without_row(PINULA),
        "falta el municipio 0102 Santa Catarina Pinula",
    ),
    "two municipios exchanged": (
        RESULTS,
        MUNICIPAL,
        exchanged(CAPITAL, PINULA, "codigo_municipio"),
        "Santa Catarina Pinula",
    ),
    "an election that is not in the catalogue": (
        RESULTS,
        MUNICIPAL,
        every("eleccion", EVENT, "2031-1"),
        "no está en el catálogo",
    ),
    "an office that was not elected": (
        RESULTS,
        MUNICIPAL,
        every("cargo", PRESIDENT, "parlacen"),
        "no se eligió este cargo",
    ),
    "a row twice": (RESULTS, MUNICIPAL, repeated_row(CAPITAL), "0101"),
    "a negative figure": (RESULTS, MUNICIPAL, cell(CAPITAL, "votos_blanco", "-5"), "menor que 0"),
    "a second with more votes than the first": (
        RESULTS,
        MUNICIPAL,
        plus(CAPITAL, votos_segundo=9_000),
        "es mayor que votos_ganador",
    ),
    "a winner with more votes than the valid ones": (
        RESULTS,
        MUNICIPAL,
        plus(CAPITAL, votos_ganador=30_000),
        "es mayor que votos_validos",
    ),
    "a figure that is missing": (RESULTS, MUNICIPAL, cell(CAPITAL, "votos_blanco", ""), "falta la cifra"),
    "an organisation that nobody declared": (
        RESULTS,
        MUNICIPAL,
        cell(CAPITAL, "ganador", "OTRO"),
        "organización sin declarar",
    ),
    "a code that is of no municipio": (
        RESULTS,
        MUNICIPAL,
        cell(CAPITAL, "codigo_municipio", "0199"),
        "código desconocido",
    ),
    "a word for a figure": (RESULTS, MUNICIPAL, cell(CAPITAL, "votos_emitidos", "muchos"), "muchos"),
    "an election of another year than its code": (CATALOGUE, EVENTS, cell(17, "anio", "2026"), "no son del mismo año"),
    "an election of which nothing was elected": (CATALOGUE, OFFICES, every("eleccion", EVENT, RUN_OFF), "ningún cargo"),
}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the elections by municipio, with those of 2027."""
    found = imagined(source_copy(tmp_path_factory.mktemp("dañada"), RESULTS))
    assert run_on(found, RESULTS).problems == []
    return found


@pytest.fixture(scope="module")
def whole(origin: Path) -> Result:
    """What the results need, which damage to them does not change."""
    return run([item for item in with_needs([RESULTS]) if item.name != RESULTS], origin)


@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_it_is_refused_and_the_reason_said(origin: Path, whole: Result, damage: str) -> None:
    dataset, file, harm, reason = DAMAGED[damage]
    path, told = origin / dataset / file, provenance(origin / dataset)
    before = path.read_bytes()
    try:
        accept(origin / dataset, file, harm(before))
        alone = dataset == RESULTS
        problems = (run([DATASET], origin, after=whole) if alone else run_on(origin, RESULTS)).problems
    finally:
        path.write_bytes(before)
        note(origin / dataset, told)
    said = [f"{item.value} {item.message}" for item in problems]
    assert any(reason in text for text in said), said[:5]
    assert len(problems) <= 4, said  # once for each thing that does not hold


def test_a_municipio_that_came_later_is_not_missed_in_an_election_of_before(tmp_path: Path) -> None:
    """A 341st municipio, of 2026: the elections up to 2023 do not have it, and nobody asks them for it."""
    origin = source_copy(tmp_path, RESULTS)
    path = origin / "territorio" / "municipios.csv"
    named = {"codigo_municipio": "0118", "municipio": "Nueva Esperanza", "desde": "2026", "vigencia_nota": "imaginado"}
    accept(origin / "territorio", path.name, more(path.read_bytes(), named, like="0117"))
    about = [item.message for item in run_on(origin, RESULTS).problems if "0118" in item.message]
    assert about == []
    imagined(origin)
    missing = [item.message for item in run_on(origin, RESULTS).problems if "0118" in item.message]
    assert [text.partition(":")[0] for text in missing] == [f"{EVENT}, {MAYORS}", f"{EVENT}, {PRESIDENT}"]
