"""Promise: where one votes and registers abroad, and how many live there, with what the lists lack said aloud."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.datasets import with_needs
from etl.pipeline.run import Result, run
from tests.browser_support import ROOT
from tests.etl_support import Damage, cell, cells, places, repeated_row, run_damaged, without_row

NAMES = ("centros_extranjero", "consulados", "guatemaltecos_eeuu")
CENTROS, CONSULADOS = "centros_votacion_extranjero.csv", "consulados_eeuu.csv"
MINEX, OTRAS = "estimacion_minex_por_estado_2024.csv", "otras_estimaciones.csv"


@pytest.fixture(scope="module")
def result() -> Result:
    """The three datasets and what they need through the real pipeline, from the committed files."""
    done = run(with_needs(NAMES), ROOT / "data" / "source")
    assert done.problems == []
    return done


@pytest.fixture(scope="module")
def notices(result: Result) -> str:
    return " ".join(notice.message for notice in result.notices if notice.dataset in NAMES)


def test_four_cities_in_2019_and_fifteen_in_2023(result: Result, notices: str) -> None:
    listed = result.tables["centros_extranjero"].query("situacion != 'anunciado'")
    cities = listed.groupby("eleccion")["codigo_ciudad"].agg(["nunique", "size"])
    assert cities.to_dict("index") == {"2019-1": {"nunique": 4, "size": 4}, "2023-1": {"nunique": 15, "size": 16}}
    assert "De los 17 centros de votación en el extranjero de 2023, las listas que se conocen dan 16" in notices


def test_a_centre_has_the_point_of_its_city_and_no_invented_name(result: Result) -> None:
    centres = result.tables["centros_extranjero"].set_index("codigo_centro")
    houston = centres.loc["2019_houston_1"]
    assert (houston["ciudad"], houston["estado"], houston["lon"], houston["lat"]) == (
        "Houston",
        "Texas",
        -95.36327,
        29.76328,
    )
    unnamed = centres[centres["centro"].isna()]
    assert set(unnamed["codigo_ciudad"]) == {"nueva_york", "san_diego", "henderson", "orlando"}
    assert unnamed["nota"].notna().all()
    assert centres[centres["lon"].isna()]["codigo_ciudad"].to_list() == ["orlando"]


def test_consulates_say_how_they_are_known(result: Result, notices: str) -> None:
    consulates = result.tables["consulados"]
    assert consulates["situacion"].value_counts().to_dict() == {
        "lista_oficial": 19,
        "otra_fuente": 3,
        "sin_confirmar": 2,
    }
    assert set(consulates.query("situacion == 'sin_confirmar'")["confianza"]) == {"baja"}
    assert "habla de 26 consulados" in notices and "San Bernardino, Tucson" in notices


def test_the_estimate_has_30_jurisdictions_and_its_total_is_apart(result: Result, notices: str) -> None:
    states, others = result.tables["guatemaltecos_eeuu"], result.tables["guatemaltecos_eeuu_otras_fuentes"]
    assert len(states) == 30 and states["guatemaltecos_estimados"].sum() == 2_889_993
    assert others.set_index("cifra").loc["01", "valor"] == 3_256_047
    by_state = states.set_index("codigo_estado")["guatemaltecos_estimados"]
    assert (by_state["CA"], by_state["MD"], by_state["VI"]) == (1_152_699, 134_300, 50)
    assert not {"CO", "PA", "AZ"} & set(by_state.index)  # they have a consulate and no published figure: not zero
    assert "De los 366,054 que faltan no se publicó el estado" in notices


def test_texas_keeps_its_two_figures(result: Result, notices: str) -> None:
    states, others = result.tables["guatemaltecos_eeuu"], result.tables["guatemaltecos_eeuu_otras_fuentes"]
    assert states.query("codigo_estado == 'TX'")["guatemaltecos_estimados"].to_list() == [182_655]
    assert others.query("codigo_estado == 'TX' and unidad == 'personas'")["valor"].to_list() == [182_665]
    assert "En Texas la lista por estado da 182,655 y TN23 182,665" in notices


def test_an_approximation_is_marked_and_a_percentage_says_so(result: Result) -> None:
    others = result.tables["guatemaltecos_eeuu_otras_fuentes"].set_index("cifra")
    assert others.loc["04", ["valor", "precision", "valor_texto"]].to_list() == [
        1_300_000,
        "aproximada",
        "casi 1.3 millones",
    ]
    assert set(others.loc[["05", "07a", "07b", "07c"], "unidad"]) == {"por ciento"}


@pytest.mark.parametrize(
    "name", ["centros_extranjero", "consulados", *(f"guatemaltecos_eeuu{end}" for end in ("", "_otras_fuentes"))]
)
def test_nothing_without_source_cutoff_and_confidence(result: Result, name: str) -> None:
    rows: pd.DataFrame = result.tables[name]
    for column in ("fuente", "corte_texto", "confianza"):
        assert rows[column].notna().all() and (rows[column].str.strip() != "").all(), column


# What was done to which file, and the (row, column, value, words) of every problem it must give.
CASES: dict[str, tuple[str, str, Damage, list[tuple]]] = {
    "a centre in another state": (
        "centros_extranjero",
        CENTROS,
        cell(2, "codigo_estado", "NV"),
        [(2, "codigo_estado", "NV", "la ciudad los_angeles está en CA")],
    ),
    "a city nobody knows": (
        "centros_extranjero",
        CENTROS,
        cell(2, "codigo_ciudad", "gotham"),
        [(2, "codigo_ciudad", "gotham", "código desconocido")],
    ),
    "a published centre without name": (
        "centros_extranjero",
        CENTROS,
        cell(2, "centro", ""),
        [(2, "centro", "2019_los_angeles_1", "tiene nombre todo centro publicado con su nombre")],
    ),
    "one city less than the official number": (
        "centros_extranjero",
        CENTROS,
        without_row(6),
        [(None, "codigo_ciudad", "2023-1: 14", "la cifra publicada es 15")],
    ),
    "a consulate without source": (
        "consulados",
        CONSULADOS,
        cell(2, "fuente", ""),
        [(2, "fuente", "", "la celda está vacía")],
    ),
    "a consulate twice": (
        "consulados",
        CONSULADOS,
        repeated_row(2),
        [(26, "codigo_ciudad", "atlanta", "clave repetida: ya está en la fila 2")],
    ),
    "the code of another state": (
        "guatemaltecos_eeuu",
        MINEX,
        cell(2, "codigo_estado", "CO"),
        [(2, "estado_ingles", "California", "el código de la fila corresponde a Colorado")],
    ),
    "thousands with a comma": (
        "guatemaltecos_eeuu",
        MINEX,
        cell(2, "guatemaltecos_estimados", "1,152,699"),
        [(2, "guatemaltecos_estimados", "1,152,699", "se esperaba un número entero")],
    ),
    "a figure that changed": (
        "guatemaltecos_eeuu",
        MINEX,
        cell(2, "guatemaltecos_estimados", "1152690"),
        [(None, "guatemaltecos_estimados", "2889984", "la suma no es el total oficial 2889993")],
    ),
    "a total below its parts": (
        "guatemaltecos_eeuu",
        OTRAS,
        cells(2, {"valor": "2256047"}),
        [(None, "valor", "01", "los estados suman 2889993 y el total publicado es 2256047")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_defect_is_said_with_its_place(name: str, tmp_path: Path) -> None:
    dataset, file, damage, expected = CASES[name]
    problems = run_damaged(tmp_path, dataset, file, damage).problems
    assert places(problems) == [case[:3] for case in expected]
    for problem, (*_, words) in zip(problems, expected, strict=True):
        assert words in problem.message
