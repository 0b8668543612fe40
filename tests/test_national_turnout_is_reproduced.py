"""Promise: the national series says what its sources say: missing stays missing, and a sum that fails is said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.datasets import with_needs
from etl.pipeline.run import Result, run
from tests.etl_support import SOURCE, cell, cells, places, run_damaged

FILE = "totales_nacionales_2007_2023.csv"


@pytest.fixture(scope="module")
def result() -> Result:
    """The dataset and what it needs."""
    return run(with_needs(["participacion_nacional"]), SOURCE)


@pytest.fixture(scope="module")
def series(result: Result) -> pd.DataFrame:
    """The definitive figures, by event and office."""
    rows = result.tables["participacion_nacional"].query("estado_recuento == 'definitivo'")
    return rows.set_index(["eleccion", "cargo"])


@pytest.mark.parametrize(
    "event, registered, cast, valid, blank, null, tables",
    [
        ("2007-1", 5_990_029, 3_615_867, 3_278_949, 129_184, 207_734, None),
        ("2011-1", 7_340_841, 5_022_064, 4_426_871, 382_379, 212_814, 16_668),
        ("2011-2", 7_340_841, 4_465_118, 4_281_982, 58_202, 124_934, 16_668),
        ("2015-1", 7_556_873, 5_390_005, 4_894_009, None, None, 19_581),
        ("2019-1", 8_149_793, 5_040_423, 4_378_271, 452_708, 209_444, 21_099),
        ("2019-2", 8_150_221, 3_476_758, 3_291_811, None, None, None),
        ("2023-1", 9_361_068, 5_565_598, 4_212_460, 388_363, 964_775, 24_585),
        ("2023-2", 9_361_068, 4_208_985, 4_009_133, 52_687, 147_165, 24_585),
    ],
)
def test_presidential_totals(series, event, registered, cast, valid, blank, null, tables) -> None:
    names = ["empadronados", "votos_emitidos", "votos_validos", "votos_blanco", "votos_nulos", "mesas"]
    found = [None if pd.isna(value) else value for value in series.loc[(event, "presidencia"), names]]
    assert found == [registered, cast, valid, blank, null, tables]


def test_turnout_of_the_municipal_election_of_2011(series) -> None:
    row = series.loc[("2011-1", "corporacion_municipal")]
    assert (row["votos_emitidos"], row["empadronados"]) == (5_096_998, 7_340_841)
    assert round(100 * row["votos_emitidos"] / row["empadronados"], 1) == 69.4


def test_null_and_blank_are_together_even_when_the_source_does_not_part_them(series) -> None:
    together = series["votos_nulos_y_blanco"]
    assert together["2023-1", "presidencia"] == 388_363 + 964_775
    assert together["2015-1", "presidencia"] == 495_996
    assert pd.isna(together["2015-2", "presidencia"])


def test_the_parts_add_up_or_the_difference_is_a_warning(result, series) -> None:
    different = series.loc[series["diferencia_votos"].fillna(0) != 0, "diferencia_votos"]
    assert different.to_dict() == {("2007-2", "presidencia"): -599, ("2011-1", "corporacion_municipal"): -1_262}
    warnings = [item.message for item in result.notices if item.dataset == "participacion_nacional"]
    assert any("2007, segunda vuelta" in words and "599 de diferencia" in words for words in warnings)
    assert any("No se hallaron los votos emitidos" in words and "2015, segunda vuelta" in words for words in warnings)


def test_two_cut_offs_of_an_event_are_two_rows(result) -> None:
    rows = result.tables["participacion_nacional"].set_index(["eleccion", "cargo", "estado_recuento"])["votos_validos"]
    assert rows["2015-2", "presidencia"].to_dict() == {"definitivo": 4_079_400, "preliminar": 4_079_228}
    assert rows["2015-1", "presidencia", "preliminar"] == 4_802_730


def test_every_figure_has_its_source_and_confidence(result) -> None:
    rows = result.tables["participacion_nacional"]
    assert rows[["confianza", "fuente", "url", "cita"]].notna().all(axis=None)


def test_a_figure_that_breaks_the_sum_is_a_problem(tmp_path: Path) -> None:
    problems = run_damaged(tmp_path, "participacion_nacional", FILE, cell(14, "votos_emitidos", "5565599")).problems
    assert places(problems) == [(14, "votos_emitidos", "5565599")]
    assert "2023-1, presidencia: los emitidos no son la suma de sus partes" in problems[0].message


def test_more_votes_than_registered_and_half_a_split_are_problems(tmp_path: Path) -> None:
    damage = cells(14, {"empadronados": "5000000", "votos_blanco": ""})
    problems = run_damaged(tmp_path, "participacion_nacional", FILE, damage).problems
    assert places(problems) == [(14, "votos_emitidos", "5565598"), (14, "votos_nulos, votos_blanco", None)]
