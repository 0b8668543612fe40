"""Promise: the 24,427 polling tables of 2023 in the country are all there, numbered without gaps, by municipio and centre."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.datasets import with_needs
from etl.pipeline.run import run
from tests.etl_support import SOURCE, cell, places, run_damaged

FILE = "jrv_por_municipio_2023.csv"


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The tables of the dataset and of the territory."""
    result = run(with_needs(["mesas_2023"]), SOURCE)
    assert result.problems == []
    return result.tables


def test_the_official_total(tables) -> None:
    municipios, centres = tables["mesas_municipio_2023"], tables["mesas_centro_2023"]
    assert municipios["mesas"].sum() == centres["mesas"].sum() == 24_427
    assert municipios["centros"].sum() == len(centres) == 3_445
    assert len(municipios) == 340


def test_san_jose_del_golfo_and_the_capital(tables) -> None:
    rows = tables["mesas_municipio_2023"].set_index("codigo_municipio")
    assert rows.loc["0104"].to_dict() == {"centros": 4, "mesas": 24, "primera_mesa": 2297, "ultima_mesa": 2320}
    assert rows.loc["0101"].to_dict() == {"centros": 123, "mesas": 2023, "primera_mesa": 1, "ultima_mesa": 2023}


@pytest.mark.parametrize(
    "damage, expected, words",
    [
        (cell(5, "trep_id_departamento", "0"), [(5, "trep_id_departamento, trep_id_municipio", "0-4")], "se esperaba"),
        (cell(5, "last_mesa", "2321"), [(5, "last_mesa", "2321")], "no tienen huecos ni se repiten"),
        (cell(5, "voting_centers_2023", "5"), [(5, "voting_centers_2023", "5")], "no es lo que suman sus filas"),
        (cell(5, "jrv_2023", "muchas"), [(5, "jrv_2023", "muchas")], "se esperaba un número entero"),
    ],
)
def test_what_does_not_agree_is_said_once_with_its_place(damage, expected, words, tmp_path: Path) -> None:
    problems = run_damaged(tmp_path, "mesas_2023", FILE, damage).problems
    assert places(problems) == expected
    assert words in problems[0].message
