"""Promise: every electoral event 2007–2023 has its date, what was elected, the vote abroad, and who says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from etl import fields
from etl.datasets import dataset
from etl.pipeline.run import run
from tests.etl_support import SOURCE, cell, places, run_damaged, without_row


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The tables of the dataset."""
    result = run([dataset("elecciones")], SOURCE)
    assert result.problems == []
    return result.tables


def test_the_known_dates(tables) -> None:
    events = tables["elecciones"].set_index("eleccion")
    dates = events["fecha_eleccion"].dt.date.to_dict()
    assert {name: day for name, day in dates.items() if not name.endswith("repeticion")} == {
        "2007-1": date(2007, 9, 9),
        "2007-2": date(2007, 11, 4),
        "2011-1": date(2011, 9, 11),
        "2011-2": date(2011, 11, 6),
        "2015-1": date(2015, 9, 6),
        "2015-2": date(2015, 10, 25),
        "2018-consulta": date(2018, 4, 15),
        "2019-1": date(2019, 6, 16),
        "2019-2": date(2019, 8, 11),
        "2023-1": date(2023, 6, 25),
        "2023-2": date(2023, 8, 20),
    }
    assert set(events["fecha_eleccion"].dropna().dt.day_of_week) == {6}  # Guatemala votes on Sundays


def test_residents_abroad_have_voted_since_2019_and_only_for_president(tables) -> None:
    events = tables["elecciones"]
    assert events.loc[events["voto_extranjero"], "eleccion"].to_list() == ["2019-1", "2019-2", "2023-1", "2023-2"]
    president = tables["elecciones_cargos"].query("cargo == 'presidencia'")["eleccion"]
    assert set(events.loc[events["voto_extranjero"], "eleccion"]) <= set(president)


def test_what_was_elected(tables) -> None:
    seats = tables["elecciones_cargos"].set_index(["eleccion", "cargo"])["puestos"]
    councils = {name: seats[name, "corporacion_municipal"] for name in ("2007-1", "2011-1", "2015-1", "2019-1")}
    assert councils == {"2007-1": 332, "2011-1": 333, "2015-1": 338, "2019-1": 340}
    assert seats["2023-1"].to_dict() == {
        "presidencia": 1,
        "diputados_lista_nacional": 32,
        "diputados_distritales": 128,
        "corporacion_municipal": 340,
        "parlacen": 20,
    }
    assert ("2007-1", "parlacen") not in seats.index  # the sources disagree: said in the note, not published
    assert "Parlacen" in tables["elecciones"].set_index("eleccion").at["2007-1", "nota"]


def test_every_fact_says_who_says_it(tables) -> None:
    for name, columns in {
        "elecciones": ["confianza", "fuente", "url", "cita", *(f"voto_extranjero_{c}" for c in ("fuente", "cita"))],
        "elecciones_cargos": ["confianza", "fuente", "url", "cita"],
    }.items():
        rows = tables[name][columns]
        assert rows.notna().all(axis=None) and (rows != "").all(axis=None)
    assert (tables["elecciones"]["url"].str.match("https?://")).all()


def test_a_year_that_contradicts_the_code_and_an_event_without_office_are_said(tmp_path: Path) -> None:
    found = run_damaged(tmp_path / "a", "elecciones", "elecciones.csv", cell(2, "anio", "2008")).problems
    assert places(found) == [(2, "anio", "2008")]
    found = run_damaged(tmp_path / "b", "elecciones", "elecciones_cargos.csv", without_row(35)).problems
    assert places(found) == [(10, "eleccion", "2018-consulta")]
    assert "ningún cargo de este evento" in found[0].message


def test_population_groups_are_one_declared_vocabulary() -> None:
    assert list(fields.POPULATION_GROUP) == [
        "sexo",
        "grupo_edad",
        "alfabetismo",
        "pueblo",
        "comunidad_linguistica",
        "area",
        "residencia",
    ]
    assert all(item.labels and item.name == name for name, item in fields.POPULATION_GROUP.items())
