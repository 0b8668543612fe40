"""Promise: a run-off is published for the municipios its names resolve to, and a rate only where it compares."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.datasets import with_needs
from etl.pipeline.run import Result, run
from tests.etl_support import SOURCE, cell, cells, places, run_damaged, without_row

NAME, FILE = "segunda_vuelta", "presidencial_2015_segunda_vuelta_por_municipio.csv"

OBSERVATIONS = 7  # rows that say which municipios have no votes or no rate


@pytest.fixture(scope="module")
def result() -> Result:
    """The dataset and what it needs."""
    found = run(with_needs([NAME]), SOURCE)
    assert found.problems == []
    return found


@pytest.fixture(scope="module")
def rows(result: Result) -> pd.DataFrame:
    """One row per municipio."""
    return result.tables[NAME].set_index("codigo_municipio")


def test_338_municipios_voted_and_the_departamental_rows_are_discarded_with_a_count(result, rows) -> None:
    assert rows["votos_validos"].count() == 338
    assert rows.index[rows["estado_votos"] == "no_aplica"].to_list() == ["0514", "1333"]
    assert rows["votos_validos"].sum() == 4_079_228
    assert rows[["partido_primero", "partido_segundo"]].drop_duplicates().to_numpy().tolist() == [["FCN-Nación", "UNE"]]
    assert (rows["votos_primero"].sum(), rows["votos_segundo"].sum()) == (2_750_847, 1_328_381)
    account = result.accounts[-1]
    assert (account.read, account.loaded, list(account.rejected.values())) == (
        360 + OBSERVATIONS,
        338 + OBSERVATIONS,
        [22],
    )


def test_the_capital_and_a_name_that_needs_its_alias(rows) -> None:
    assert rows.loc["0101", ["votos_segundo", "votos_primero"]].to_list() == [66_774, 357_578]
    assert rows.loc["0612", "votos_validos"] > 0  # «SANTA CRUZ EL NARANJO» in the source


def test_the_rate_is_over_adults_of_the_projection_where_both_count_the_same_people(rows) -> None:
    assert round(100 * rows.at["0101", "votos_validos"] / rows.at["0101", "poblacion_18_mas"], 1) == 66.8
    states = rows["estado_tasa"].value_counts().to_dict()
    assert states == {"publicado": 328, "no_comparable": 5, "sin_dato": 5, "no_aplica": 2}
    assert (rows["poblacion_18_mas"].notna() == (rows["estado_tasa"] == "publicado")).all()
    assert rows.loc[rows["estado_tasa"] != "publicado", "observacion"].notna().all()
    assert "San José La Máquina" in rows.at["1002", "observacion"]


def test_the_difference_with_the_definitive_count_is_a_warning(result) -> None:
    warnings = [item for item in result.notices if item.dataset == NAME]
    assert "4,079,228 votos válidos, 172 menos que los 4,079,400 definitivos" in warnings[0].message
    assert warnings[1].territories == ("0514", "1333")


@pytest.mark.parametrize(
    "damage, expected, words",
    [
        (
            cell(4, "municipio", "SANTA CATARINA PINULITA"),
            [(4, "municipio", "SANTA CATARINA PINULITA")],
            "municipios_alias.csv",
        ),
        (cell(4, "departamento", "GUATEMALITA"), [(4, "municipio", "SANTA CATARINA PINULA")], "no resuelve"),
        (without_row(4), [(None, "municipio", "0102")], "falta el municipio 0102 Santa Catarina Pinula"),
        (cell(13, "municipio", "SAN RAIMUNDO"), [], ""),  # another name of the same place
        (
            cell(4, "votos_2", "2468"),
            [(4, "porcentaje_1", "13.56"), (4, "porcentaje_2", "86.44")],
            "los votos de la fila",
        ),
        (
            cells(4, {"municipio": "PALENCIA"}),
            [
                (None, "municipio", "0102"),
                (7, "eleccion, departamento, municipio", "2015-2-GUATEMALA-PALENCIA"),
                (7, "municipio", "PALENCIA"),
            ],
            "falta el municipio",
        ),
        (
            cell(4, "organizacion_1", "UNA"),
            [(4, "organizacion_1", "UNA")],
            "en las demás filas de la elección es «UNE»",
        ),
        (
            cell(4, "eleccion", "2023-1"),
            [(4, "eleccion", "2023-1"), (None, "municipio", "0102")],
            "falta el municipio 0102",
        ),
    ],
)
def test_a_name_that_fails_says_so(damage, expected, words, tmp_path: Path) -> None:
    problems = run_damaged(tmp_path, NAME, FILE, damage).problems
    assert sorted(places(problems), key=str) == sorted(expected, key=str)
    assert not expected or words in problems[0].message
