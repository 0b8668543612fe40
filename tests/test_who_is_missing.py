"""Promise: registered against adults is said in persons and per hundred, each base apart, and in every file the column
`diferencia` says how many people the two differ in.

The figures are worked out here from data/source, without the site's own code.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.figures.measures import EARLIER, Difference, difference
from dashboard.indicators import INDICATORS
from etl import fields
from etl.fields import ages
from tests.etl_support import Damage, cell, run_damaged
from tests.figures_support import ASKED, ORACLE, SOURCE
from tests.site_support import Document, text_of

#: The indicators that set the registry against a population, with the two parts of each.
AGAINST = [name for name in ASKED if difference(INDICATORS[name.split()[0]].measure)]


def rows(client: httpx.Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code} {response.text[:300]}"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def query_of(asked: str) -> str:
    """The query of an indicator and, if it has one, of its election."""
    return "&".join(f"{name}={value}" for name, value in zip(("indicador", "eleccion"), asked.split(), strict=False))


def expected_difference(indicador: str, code: str) -> float | None:
    registered, base = ORACLE.parts(indicador, {}, code).values()
    return None if registered is None or base is None else registered - base


def same(written: str, value: float | None) -> bool:
    return written == "" if value is None else written != "" and abs(float(written) - value) < 1e-6


# --- In persons and per hundred, by municipio -------------------------------------------------------------------------


def test_every_base_is_known() -> None:
    """A population that the registry is set against has its figures here; nobody forgets one."""
    against = {name: item for name, item in INDICATORS.items() if difference(item.measure) and not item.versus}
    # One that compares two cut-offs of the same count has no base that others counted.
    declared = {
        name for name, item in against.items() if EARLIER not in {part.when for part in item.measure.quantities}
    }
    assert {name.split()[0] for name in AGAINST} == declared
    assert set(AGAINST) == {"tasa", "censo-20", "diferencia-censo-20", "adultos 2011-1", "diferencia-adultos 2011-1"}
    per_hundred = {name for name in AGAINST if not isinstance(INDICATORS[name.split()[0]].measure, Difference)}
    assert {f"diferencia-{name}" for name in per_hundred - {"tasa"}} == set(AGAINST) - per_hundred


def test_2011_is_the_only_year_with_adults_of_the_same_year_and_says_4_in_100_were_missing(
    client: httpx.Client,
) -> None:
    registered, adults = ORACLE.parts("adultos 2011-1", {}, "").values()
    assert registered == 7_340_841 and round(adults or 0) == 7_646_995
    (country,) = [row for row in rows(client, "/descargas/vista/padron_lugar.csv?indicador=diferencia-adultos")][:1]
    assert country["cifra"] == "\u2212306,154" and same(country["diferencia"], 7_340_841 - (adults or 0))


@pytest.mark.parametrize("indicador", AGAINST)
@pytest.mark.parametrize("level", ["municipio", "departamento"])
def test_the_file_of_the_map_has_the_difference(client: httpx.Client, indicador: str, level: str) -> None:
    found = rows(client, f"/descargas/vista/padron_mapa.csv?{query_of(indicador)}&ver={level}")
    assert len(found) == (340 if level == "municipio" else 22)
    for row in found:
        assert same(row["diferencia"], expected_difference(indicador, row[f"codigo_{level}"])), row
    missing = [row for row in found if row["diferencia"] == ""]
    assert len(missing) == (7 if "2011" in indicador and level == "municipio" else 0)
    assert all(row["valor"] == "" for row in missing)


@pytest.mark.parametrize("view", ["padron_lugar.csv?indicador=censo-20&lugar=0901", "comparar.csv?lugares=0101,0901"])
def test_the_files_of_places_have_the_difference(client: httpx.Client, view: str) -> None:
    found = rows(client, f"/descargas/vista/{view}")
    told = {(row["indicador"], row["codigo"]): row["diferencia"] for row in found}
    for (indicador, code), written in told.items():
        expected = expected_difference(indicador, code) if indicador in AGAINST else None
        assert same(written, expected), (indicador, code, written, expected)
    assert any(told.values())


def test_an_indicator_without_a_base_has_no_difference(client: httpx.Client) -> None:
    for indicador in set(ASKED) - set(AGAINST):
        assert "diferencia" not in rows(client, f"/descargas/vista/padron_mapa.csv?{query_of(indicador)}")[0], indicador


def test_every_format_says_what_the_difference_is(client: httpx.Client) -> None:
    asked = "/descargas/vista/padron_mapa.{}?indicador=adultos&eleccion=2011-1"
    words = "Personas empadronadas en 2011 menos habitantes de 18 años y más proyectados por el INE en 2011"
    document: dict[str, Any] = json.loads(client.get(asked.format("json")).content)
    (told,) = [item for item in document["columnas"] if item["nombre"] == "diferencia"]
    assert words in told["descripcion"]
    schema = pq.read_schema(io.BytesIO(client.get(asked.format("parquet")).content))
    assert words in schema.field("diferencia").metadata[b"descripcion"].decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(asked.format("xlsx")).content), read_only=True)
    about = {row[0]: row[2] for row in book["acerca"].iter_rows(values_only=True) if row[0] and len(row) > 2}
    assert words in about["diferencia"]


@pytest.mark.parametrize("indicador", ["diferencia-adultos", "diferencia-censo-20"])
def test_a_map_of_differences_keeps_zero_as_a_limit_between_two_colours(client: httpx.Client, indicador: str) -> None:
    page = Document(client.get(f"/accesible/padron?indicador={indicador}").text)
    limits = [(item.get("class"), text_of(item.cssselect("span")[0])) for item in page.all(".histograma.divergente li")]
    below = [words for klass, words in limits if klass in ("d0", "d1", "d2")]
    above = [words for klass, words in limits if klass in ("d3", "d4", "d5")]
    assert below and above and len(below) + len(above) == len(limits)
    assert re.search(r"(menos de|a) 0$", below[-1]) and above[0].startswith("0 ")


# --- By age, only where the limits are the same -----------------------------------------------------------------------


def runs(groups: Iterable[str]) -> list[tuple[int, int | None]]:
    """The ages of every run of consecutive groups: (first, last), the last None when it is open."""
    codes = list(groups)
    return [
        (ages.bounds(codes[start])[0], None if codes[end].endswith("mas") else int(ages.bounds(codes[end])[1]))
        for start in range(len(codes))
        for end in range(start, len(codes))
    ]


def test_no_run_of_the_registry_s_ages_has_the_limits_of_the_census() -> None:
    coinciding = [run for run in runs(fields.GRUPOS_EDAD) if ages.covering(fields.EDADES_QUINQUENALES, *run)]
    # The registry's own 70 overlap: «70 y más» is not all of those of 70, so it is no exact group of the registry either.
    assert coinciding == [(70, None)] and ages.covering(fields.GRUPOS_EDAD, 70) is None
    assert ages.covering(fields.EDADES_QUINQUENALES, 18) is None  # the census has 15 to 19: 18 and 19 are not split


def test_the_projection_has_the_registry_s_limits_up_to_60_and_from_61() -> None:
    coinciding = {run for run in runs(fields.GRUPOS_EDAD) if ages.covering(fields.GRUPOS_EDAD_POBLACION, *run)}
    assert {(18, 35), (36, 60), (61, None), (18, None)} <= coinciding
    assert not {run for run in coinciding if run[1] == 65 or run[0] in (66, 70)}
    assert ages.covering(fields.GRUPOS_EDAD_POBLACION, 61) == ("61_64", "65_mas")


# --- The whole country, and what others published ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def national(client: httpx.Client) -> dict[str, dict[str, str]]:
    return {f"{row['comparacion']}|{row['edad']}": row for row in rows(client, "/descargas/vista/padron_faltan.csv")}


def test_each_registry_is_set_against_one_base(national: dict[str, dict[str, str]]) -> None:
    expected = {
        "27 de abril de 2023": (9_361_068 - 90_708, 11_016_363),
        "septiembre de 2022": (8_691_894 - 74_224, 11_016_363),
        "2019": (8_149_793 - 63_695, 8_913_018),
    }
    for when, (registered, adults) in expected.items():
        (row,) = [
            row
            for row in national.values()
            if row["comparacion"].startswith(("Padrón de ", "Padrón del ")) and f" {when} frente" in row["comparacion"]
        ]
        assert (float(row["empadronados"]), float(row["adultos"])) == (registered, adults)
        assert float(row["diferencia"]) == registered - adults
        assert float(row["sin_empadronar_por_100"]) == round(100 - 100 * registered / adults, 1)


def test_2015_by_age_is_the_share_of_the_registry_against_the_projection(national: dict[str, dict[str, str]]) -> None:
    young = next(row for name, row in national.items() if name.endswith("|18 a 35 años"))
    rest = next(row for name, row in national.items() if name.endswith("|36 años y más") and "2015" in name)
    whole = next(row for name, row in national.items() if "2015" in name and name.endswith("|18 años y más"))
    assert int(young["empadronados"]) == round(0.4616 * 7_556_873)
    projection = pd.read_csv(SOURCE / "poblacion_2011_2015/ine_proy2002base_municipio_sexo_edad_2011_2015_tidy.csv")
    of_2015 = projection[projection["year"] == 2015]
    assert float(young["adultos"]) == pytest.approx(of_2015[["18_25", "26_30", "31_35"]].sum().sum(), abs=0.01)
    assert float(whole["adultos"]) == pytest.approx(of_2015["pop_18plus"].sum(), abs=0.01)
    assert float(rest["diferencia"]) > 0 > float(young["diferencia"])


def test_both_estimates_are_there_with_method_source_date_and_confidence(national: dict[str, dict[str, str]]) -> None:
    others = [row for row in national.values() if row["naturaleza"] == "Estimación de otros"]
    assert [(row["sin_empadronar_por_100"], row["confianza_fila"], row["corte_fila"]) for row in others] == [
        ("30.0", "baja", "2026"),
        ("23.0", "media-baja", "2023"),
    ]
    assert [row["diferencia"] and float(row["diferencia"]) for row in others] == [-2_900_000, ""]
    for row in others:
        assert row["metodo"] and row["fuente_fila"] and row["cita_fila"]
        assert row["empadronados"] == row["adultos"] == ""  # theirs are not ours


@pytest.mark.parametrize("address", ["/padron", "/accesible/padron", "/ficha/pais", "/accesible/ficha/pais"])
def test_the_estimates_stand_side_by_side_with_ours(client: httpx.Client, address: str) -> None:
    page = Document(client.get(address).text)
    cards = [text_of(card) for card in page.all(".estimaciones > li")]
    assert [text.replace("\u00a0", " ") for text in page.texts(".estimaciones .cifra strong")] == [
        "cerca de 30 %",
        "cerca de 23 %",
        "15.8 %",
    ]
    assert all("Método:" in card and "Fuente:" in card and "Confianza" in card for card in cards)
    said = " ".join(page.texts(".faltan"))
    assert "no caben juntas" in said and "9,666,667" in said and "10,030,374" in said
    assert "población adulta de 2026 no está publicada" in said


@pytest.mark.parametrize("code", ["0108", "1713", "16"])
def test_a_place_has_its_own_comparisons_and_nobody_s_estimates(client: httpx.Client, code: str) -> None:
    found = rows(client, f"/descargas/vista/padron_faltan.csv?{'departamento' if len(code) == 2 else 'lugar'}={code}")
    assert len(found) == (1 if code == "1713" else 2)  # 1713 did not exist in 2011
    for row in found:
        indicador = "censo-20" if row["edad"] == "20 años y más" else "adultos 2011-1"
        assert same(row["diferencia"], expected_difference(indicador, code))
        assert (row["sin_empadronar_por_100"] == "") == (indicador == "censo-20")


# --- Damaged copies ---------------------------------------------------------------------------------------------------

CASES: dict[str, tuple[str, Damage, str, str]] = {
    "a registry of a date that nobody published": (
        "comparaciones.csv",
        cell(2, "fecha_padron", "2014"),
        "fecha_padron",
        "no está en padron_serie_nacional",
    ),
    "ages that the projection cuts elsewhere": (
        "comparaciones.csv",
        cell(3, "edad_maxima", "33"),
        "edad_minima, edad_maxima",
        "no se parten ni se estiman",
    ),
    "a year without projection": (
        "comparaciones.csv",
        cell(2, "fecha_base", "2016"),
        "fecha_base",
        "hace falta la proyección de ese año",
    ),
    "a published figure without source": (
        "comparaciones.csv",
        cell(5, "fuente", ""),
        "fuente",
        "falta su fuente",
    ),
    "an estimate without method": ("estimaciones.csv", cell(2, "metodo", ""), "metodo", "la celda está vacía"),
    "more than a hundred of a hundred": (
        "estimaciones.csv",
        cell(2, "sin_empadronar_por_100", "130"),
        "sin_empadronar_por_100",
        "mayor que",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_comparison_that_cannot_be_made_is_refused(name: str, tmp_path: Path) -> None:
    file, damage, column, words = CASES[name]
    problems = run_damaged(tmp_path, "adultos", file, damage).problems
    assert [problem.column for problem in problems] == [column], problems
    assert words in problems[0].message
