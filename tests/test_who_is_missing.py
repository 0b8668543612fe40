"""Promise: registered against adults is said in persons and per hundred, each base apart, and in every file the column
`diferencia` says how many people the two differ in.

The figures are worked out here from data/source, without the site's own code.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest

from dashboard.figures.measures import Difference, difference
from dashboard.indicators import INDICATORS
from tests.figures_support import ASKED, ORACLE
from tests.site_support import Document, text_of

#: The indicators that set the registry against a population, with the two parts of each.
AGAINST = [name for name, item in INDICATORS.items() if difference(item.measure)]


def rows(client: httpx.Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code} {response.text[:300]}"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def expected_difference(indicador: str, code: str) -> float | None:
    registered, base = ORACLE.parts(indicador, {}, code).values()
    return None if registered is None or base is None else registered - base


def same(written: str, value: float | None) -> bool:
    return written == "" if value is None else written != "" and abs(float(written) - value) < 1e-6


# --- In persons and per hundred, by municipio -------------------------------------------------------------------------


def test_every_base_is_known() -> None:
    """A population that the registry is set against has its figures here; nobody forgets one."""
    assert set(AGAINST) == {"tasa", "censo-20", "diferencia-censo-20", "adultos-2011", "diferencia-adultos-2011"}
    per_hundred = {name for name in AGAINST if not isinstance(INDICATORS[name].measure, Difference)}
    assert {f"diferencia-{name}" for name in per_hundred - {"tasa"}} == set(AGAINST) - per_hundred


def test_2011_is_the_only_year_with_adults_of_the_same_year_and_says_4_in_100_were_missing(
    client: httpx.Client,
) -> None:
    registered, adults = ORACLE.parts("adultos-2011", {}, "").values()
    assert registered == 7_340_841 and round(adults or 0) == 7_646_995
    (country,) = [row for row in rows(client, "/descargas/vista/padron_lugar.csv?indicador=diferencia-adultos-2011")][
        :1
    ]
    assert country["cifra"] == "\u2212306,154" and same(country["diferencia"], 7_340_841 - (adults or 0))


@pytest.mark.parametrize("indicador", AGAINST)
@pytest.mark.parametrize("level", ["municipio", "departamento"])
def test_the_file_of_the_map_has_the_difference(client: httpx.Client, indicador: str, level: str) -> None:
    found = rows(client, f"/descargas/vista/padron_mapa.csv?indicador={indicador}&ver={level}")
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
        assert "diferencia" not in rows(client, f"/descargas/vista/padron_mapa.csv?indicador={indicador}")[0], indicador


def test_every_format_says_what_the_difference_is(client: httpx.Client) -> None:
    asked = "/descargas/vista/padron_mapa.{}?indicador=adultos-2011"
    words = "Personas empadronadas en 2011 menos habitantes de 18 años y más en 2011"
    document: dict[str, Any] = json.loads(client.get(asked.format("json")).content)
    (told,) = [item for item in document["columnas"] if item["nombre"] == "diferencia"]
    assert words in told["descripcion"]
    schema = pq.read_schema(io.BytesIO(client.get(asked.format("parquet")).content))
    assert words in schema.field("diferencia").metadata[b"descripcion"].decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(asked.format("xlsx")).content), read_only=True)
    about = {row[0]: row[2] for row in book["acerca"].iter_rows(values_only=True) if row[0] and len(row) > 2}
    assert words in about["diferencia"]


@pytest.mark.parametrize("indicador", ["diferencia-adultos-2011", "diferencia-censo-20"])
def test_a_map_of_differences_keeps_zero_as_a_limit_between_two_colours(client: httpx.Client, indicador: str) -> None:
    page = Document(client.get(f"/accesible/padron?indicador={indicador}").text)
    limits = [(item.get("class"), text_of(item)) for item in page.all(".leyenda.divergente li:not(.sin-dato)")]
    below = [words for klass, words in limits if klass in ("d0", "d1", "d2")]
    above = [words for klass, words in limits if klass in ("d3", "d4", "d5")]
    assert below and above and len(below) + len(above) == len(limits)
    assert re.search(r"(menos de|a) 0$", below[-1]) and above[0].startswith("0 ")
