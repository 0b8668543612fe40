"""Promise: municipal elections are published as the TSE printed them, and what is doubtful is said, never averaged in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.datasets import with_needs
from etl.pipeline.run import Result, run
from tests.etl_support import SOURCE, cell, cells, places, run_damaged, without_row

FILE, OBSERVATIONS = "elecciones_municipales_2011_2023.csv", "elecciones_municipales_observaciones.csv"
NAME = "participacion_municipal"
CAPITAL = {"2011-1": 2, "2015-1": 342, "2019-1": 682, "2023-1": 1022}  # its row of the file in each election


@pytest.fixture(scope="module")
def result() -> Result:
    """The dataset and what it needs."""
    found = run(with_needs([NAME]), SOURCE)
    assert found.problems == []
    return found


@pytest.fixture(scope="module")
def rows(result: Result) -> pd.DataFrame:
    """One row per municipio and election: so far, all of one office."""
    found = result.tables[NAME]
    assert set(found["cargo"]) == {"corporacion_municipal"}
    return found.set_index(["codigo_municipio", "eleccion"])


def of(rows: pd.DataFrame, event: str) -> pd.DataFrame:
    """The municipios of one election."""
    return rows.xs(event, level="eleccion")


def test_every_municipio_has_a_row_in_every_election(rows) -> None:
    assert len(rows) == 340 * 4
    assert of(rows, "2011-1")["empadronados"].sum() == 7_340_841
    assert of(rows, "2023-1")["empadronados"].sum() == 9_270_360


def test_turnout_of_2011_goes_from_44_5_to_92_and_leaves_out_the_doubtful_one(rows, result) -> None:
    year = of(rows, "2011-1")
    rate = 100 * year["votos_emitidos"] / year["empadronados"]
    assert (round(rate.min(), 1), round(rate.max(), 1)) == (44.5, 92.0)
    assert (rate.idxmin(), rate.idxmax()) == ("1218", "0718")
    assert rate.count() == 332
    assert year.index[year["estado_emitidos"] == "dato_dudoso"].to_list() == ["1321"]
    assert "supera los emitidos (4,041)" in year.at["1321", "observacion"]
    # 5,096,998 with it: the national row has it, and says so.
    assert year["votos_emitidos"].sum() + 4_041 == 5_096_998
    national = result.tables["participacion_nacional"].query("cargo == 'corporacion_municipal'").iloc[0]
    assert national["votos_emitidos"] == 5_096_998
    assert "Incluye los municipios con datos dudosos" in national["nota"]


def test_the_capital_in_four_elections(rows) -> None:
    capital = rows.loc["0101"]
    assert capital.loc["2011-1", ["votos_emitidos", "votos_nulos", "votos_blanco"]].to_list() == [
        515_520,
        13_114,
        11_698,
    ]
    assert capital["votos_validos"].to_dict() == {
        "2011-1": 490_708,
        "2015-1": 479_891,
        "2019-1": 438_541,
        "2023-1": 433_512,
    }
    last = capital.loc["2023-1"]
    assert (last["partido_primero"], last["partido_fuente_primero"]) == ("VALOR-UNIONISTA", "VALOR UNIONISTA")
    assert (last["votos_primero"], last["votos_segundo"], last["margen_votos"]) == (106_604, 106_181, 423)
    assert (last["estado_emitidos"], pd.isna(last["votos_emitidos"])) == ("sin_dato", True)


def test_what_is_doubtful_is_missing_and_says_why(rows) -> None:
    shifted = ["0412", "0413", "0414", "0415", "0416"]
    year = of(rows, "2023-1")
    doubtful = year.index[year["estado_validos"] == "dato_dudoso"].to_list()
    assert doubtful == ["0304", *shifted, "1417", "1418", "1419", "1420"]
    assert year.loc[doubtful, ["votos_validos", "organizaciones"]].isna().all(axis=None)
    assert year.loc[shifted, ["partido_primero", "partido_fuente_primero", "votos_primero"]].isna().all(axis=None)
    assert year.loc[doubtful, "observacion"].notna().all()
    assert year.loc[shifted, "empadronados"].notna().all()  # the observation says that these do correspond
    assert year.loc["0304", ["estado_partidos", "partido_primero"]].to_list() == ["publicado", "SOMOS SUMPANGO"]


CONTRADICTED = 27 + 3  # municipios of 2019 whose valid votes the sum of the actas contradicts, and those left open
NAMED_IN_PART = [
    "1409",
    "1420",
    "1801",
    "1804",
    "1901",
    "1905",
    "1906",
    "1909",
    "2107",
]  # what is missing could be second


def test_what_the_actas_of_2019_contradict_is_doubtful_with_both_figures(rows) -> None:
    year = of(rows, "2019-1")
    doubtful = year.query("estado_validos == 'dato_dudoso'")
    assert len(doubtful) == CONTRADICTED
    assert doubtful[["votos_validos", "organizaciones"]].isna().all(axis=None)
    both = doubtful["observacion"].str.extract(r"publicados: ([\d,]+); en las actas de [^:]+: ([\d,]+)")
    published, added = (both[column].str.replace(",", "").astype(int) for column in both)
    assert (published["1906"], added["1906"]) == (3_358, 5_246)
    # More in the actas than published, but for the three of which nobody knows which one is right.
    assert doubtful.index[added < published].to_list() == ["0304", "1103", "1226"]
    assert doubtful["observacion"].str.contains("corte del 24 al 25 de junio de 2019").all()
    partidos = year.index[year["estado_partidos"] == "dato_dudoso"].to_list()
    assert partidos == [*NAMED_IN_PART, "2212"]


def test_where_the_actas_are_incomplete_or_agree_the_published_figure_stays(rows) -> None:
    year = of(rows, "2019-1")
    kept = {"0510": 9_138, "1209": 9_166, "1408": 9_418, "1907": 5_858, "1910": 4_820}
    assert year.loc[list(kept), "votos_validos"].to_dict() == kept
    assert "36 mesas, 20 sin datos: 4,463" in year.at["1408", "observacion"]


@pytest.mark.parametrize(
    "group, columns",
    {
        "empadronados": ["empadronados"],
        "emitidos": ["votos_emitidos"],
        "nulos_blanco": ["votos_nulos", "votos_blanco"],
        "validos": ["votos_validos"],
        "organizaciones": ["organizaciones"],
        "partidos": ["partido_primero", "votos_primero", "partido_segundo", "votos_segundo", "margen_votos"],
    }.items(),
)
def test_there_is_a_figure_exactly_where_the_state_says_so(rows, group, columns) -> None:
    for column in columns:
        assert (rows[column].notna() == (rows[f"estado_{group}"] == "publicado")).all(), column
    assert rows.loc[rows[f"estado_{group}"].isin(["dato_dudoso", "no_aplica"]), "observacion"].notna().all()


def test_municipios_that_did_not_vote_apart(rows) -> None:
    away = {
        event: of(rows, event).query("estado_validos == 'no_aplica'").index.to_list() for event in ("2011-1", "2015-1")
    }
    assert away == {
        "2011-1": ["0514", "1021", "1230", "1333", "1713", "1714", "1911"],
        "2015-1": ["0514", "1333"],
    }


def test_doubtful_places_are_named_in_warnings(result) -> None:
    warnings = [item for item in result.notices if item.dataset == NAME and "dudosos" in item.message]
    assert [(item.message.partition(": ")[0], len(item.territories)) for item in warnings] == [
        ("Elecciones generales 2011, primera vuelta (corporación municipal)", 1),
        ("Elecciones generales 2019, primera vuelta (corporación municipal)", CONTRADICTED + 1),
        ("Elecciones generales 2023, primera vuelta (corporación municipal)", 10),
    ]
    names = result.tables["participacion_municipal_observaciones"].groupby("nivel")["codigo_municipio"].count()
    assert names.to_dict() == {"advertencia": 16, "dudoso": 42, "no_aplica": 9}


def test_one_party_has_one_name(result, rows) -> None:
    names = result.tables["participacion_municipal_partidos"].set_index("nombre_fuente")["partido"]
    assert {names[name] for name in ("FCN", "FCN NACION", "FCN-NACION", "FCN-NACIÓN")} == {"FCN-NACIÓN"}
    assert {names[name] for name in ("URNG", "URNG MAIZ", "URGN-MAIZ", "U R N G - MAIZ")} == {"URNG-MAÍZ"}
    assert {names[name] for name in ("UNE", "UNE-GANA", "GANA")} == {
        "UNE",
        "UNE-GANA",
        "GANA",
    }  # a coalition is another
    assert set(rows["partido_fuente_primero"].dropna()) <= set(names.index)


@pytest.mark.parametrize(
    "file, damage, expected, words",
    [
        (FILE, cell(CAPITAL["2023-1"], "ganador", "PARTIDO X"), (1022, "ganador", "PARTIDO X"), "sin declarar"),
        (FILE, cell(CAPITAL["2015-1"], "votos_validos", ""), (342, "votos_validos", "0101"), "falta la cifra"),
        (FILE, cell(72, "votos_validos", "9"), (72, "votos_validos", "0514"), "no eligió por separado"),
        (FILE, cell(2, "votos_nulos", "13115"), (2, "votos_emitidos", "515520"), "= 515521"),
        (
            FILE,
            cell(CAPITAL["2023-1"], "votos_validos", "831463"),
            (1022, "votos_validos", "831463"),
            "mayor que empadronados",
        ),
        (
            FILE,
            cell(CAPITAL["2019-1"], "votos_segundo", "167986"),
            (682, "votos_segundo", "167986"),
            "es mayor que votos_ganador",
        ),
        (OBSERVATIONS, cell(5, "diferencia", "1243"), (218, "votos_emitidos", "4041"), "= 5285"),
        (OBSERVATIONS, cell(4, "municipios", "0399"), (4, "municipios", "0399"), "no existe ese municipio"),
        (OBSERVATIONS, cell(4, "campos", "votos"), (4, "campos", "votos"), "no es una columna"),
        (OBSERVATIONS, cell(4, "eleccion", "2023-2"), (4, "eleccion", "2023-2"), "no hay resultados de esa elección"),
        (OBSERVATIONS, cell(4, "decision", "quizás"), (4, "decision", "quizás"), "no tiene la forma"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(file, damage, expected, words, tmp_path: Path) -> None:
    problems = run_damaged(tmp_path, NAME, file, damage).problems
    assert places(problems) == [expected]
    assert words in problems[0].message


def test_without_its_observation_a_figure_that_cannot_be_is_a_problem(tmp_path: Path) -> None:
    """Row 3 tells of 1417–1420: without it, two municipios have more votes than registered."""
    problems = run_damaged(tmp_path, NAME, OBSERVATIONS, without_row(3)).problems
    assert {item.column for item in problems} == {"votos_validos"}
    assert len(problems) == 2


def test_the_sum_of_2011_is_the_official_one(tmp_path: Path) -> None:
    one_more = cells(2, {"votos_emitidos": "515521", "votos_nulos": "13115"})
    problems = run_damaged(tmp_path, NAME, FILE, one_more).problems
    assert {item.column for item in problems} == {"votos_emitidos", "votos_nulos"}
    assert any("no es el total oficial 5096998" in item.message for item in problems)
