"""Promise: the 24,427 polling tables of 2023 in the country are all there, numbered without gaps, by municipio and centre,
and those abroad after them; those of another election are another delivery."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from etl.datasets import with_needs
from etl.datasets.mesas import DATASET
from etl.pipeline.deliveries import Told, named, with_delivery
from etl.pipeline.run import Result, run
from tests.etl_support import SOURCE, cell, note, places, provenance, run_damaged, run_on, source_copy

FILE = "jrv_por_municipio_2023.csv"


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The tables of the dataset and of the territory."""
    result = run(with_needs(["mesas"]), SOURCE)
    assert result.problems == []
    return result.tables


def test_the_official_total(tables) -> None:
    municipios, centres = tables["mesas_municipio"], tables["mesas_centro"]
    assert municipios["mesas"].sum() == centres["mesas"].sum() == 24_427
    assert municipios["centros"].sum() == len(centres) == 3_445
    assert len(municipios) == 340 and set(municipios["eleccion"]) == {"2023-1"}
    assert tables["mesas_extranjero"].to_dict("records") == [
        {"eleccion": "2023-1", "mesas": 158, "primera_mesa": 24_428, "ultima_mesa": 24_585}
    ]


def test_san_jose_del_golfo_and_the_capital(tables) -> None:
    rows = tables["mesas_municipio"].set_index("codigo_municipio").drop(columns="eleccion")
    assert rows.loc["0104"].to_dict() == {"centros": 4, "mesas": 24, "primera_mesa": 2297, "ultima_mesa": 2320}
    assert rows.loc["0101"].to_dict() == {"centros": 123, "mesas": 2023, "primera_mesa": 1, "ultima_mesa": 2023}


@pytest.mark.parametrize(
    "damage, expected, words",
    [
        (cell(5, "trep_id_departamento", "0"), [(5, "trep_id_departamento, trep_id_municipio", "0-4")], "se esperaba"),
        (cell(5, "last_mesa", "2321"), [(5, "last_mesa", "2321")], "no tienen huecos ni se repiten"),
        (cell(5, "voting_centers", "5"), [(5, "voting_centers", "5")], "no es lo que suman sus filas"),
        (cell(5, "jrv", "muchas"), [(5, "jrv", "muchas")], "se esperaba un número entero"),
    ],
)
def test_what_does_not_agree_is_said_once_with_its_place(damage, expected, words, tmp_path: Path) -> None:
    problems = run_damaged(tmp_path, "mesas", FILE, damage).problems
    assert places(problems) == expected
    assert words in problems[0].message


@pytest.mark.parametrize(
    "damage, column, words",
    [
        (cell(2, "first_mesa", "24429"), "first_mesa", "después del 24427"),
        (cell(2, "jrv", "157"), "first_mesa", "se esperaban 157 números seguidos"),
    ],
)
def test_the_tables_abroad_follow_those_of_the_country(damage, column, words, tmp_path: Path) -> None:
    (problem,) = run_damaged(tmp_path, "mesas", "jrv_extranjero_2023.csv", damage).problems
    assert (problem.row, problem.column) == (2, column) and words in problem.message


def delivered(tmp_path: Path, day: date) -> Result:
    """The three files of 2023 delivered again as those of another day, beside the first."""
    origin = source_copy(tmp_path, "mesas")
    folder = origin / "mesas"
    document = provenance(folder)
    files = []
    for item in document.archivos:
        declared = next(one for one in DATASET.inputs if one.name == item.entrada)
        content = (folder / item.archivo).read_bytes()
        files.append(named(DATASET, declared, day, Path(item.archivo), content))
        (folder / files[-1].name).write_bytes(content)
    totals = {name: total.valor for name, total in document.fuentes["tse"].totales.items()}
    note(folder, with_delivery(document, files, Told(day, {"url": "en mano"}, totals)))
    return run_on(origin, "mesas")


def test_another_election_is_another_delivery(tmp_path: Path) -> None:
    result = delivered(tmp_path, date(2019, 6, 16))
    assert result.problems == []
    for table in ("mesas_municipio", "mesas_centro"):
        assert result.tables[table].groupby("eleccion")["mesas"].sum().to_dict() == {"2019-1": 24_427, "2023-1": 24_427}
    assert result.tables["mesas_extranjero"]["eleccion"].to_list() == ["2019-1", "2023-1"]


def test_a_day_without_election_is_refused(tmp_path: Path) -> None:
    problems = delivered(tmp_path, date(2019, 6, 17)).problems
    assert {problem.value for problem in problems} == {"2019-06-17"} and len(problems) == 3
    assert "no es el día de ninguna elección" in problems[0].message
