"""Promise: what is known of the vote abroad is published figure by figure, with its source, and nothing is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from etl import fields
from etl.datasets import with_needs
from etl.datasets.extranjero import COLUMNS, DATASET
from etl.model import Confidence
from etl.pipeline.provenance import SourceFacts
from etl.pipeline.run import Result, run
from tests.browser_support import ROOT
from tests.etl_support import (
    Damage,
    add,
    cell,
    cells,
    note,
    places,
    provenance,
    run_damaged,
    run_on,
    source_copy,
    table,
    with_row,
    written,
)

ORIGIN = ROOT / "data" / "source"
FILE = "cifras_voto_extranjero.csv"


@pytest.fixture(scope="module")
def result() -> Result:
    """The dataset and what it needs through the real pipeline, from the committed files."""
    done = run(with_needs(["extranjero"]), ORIGIN)
    assert done.problems == []
    return done


@pytest.fixture(scope="module")
def figures(result: Result) -> pd.DataFrame:
    return result.tables["extranjero"]


@pytest.fixture(scope="module")
def preferred(figures: pd.DataFrame) -> pd.Series:
    """The value of the preferred figure of each question."""
    return figures[figures["preferida"]].set_index("pregunta")["valor"]


def test_2019_abroad(preferred: pd.Series) -> None:
    names = ["empadronados", "juntas_receptoras", "centros", "votantes", "votos_validos", "votos_nulos", "votos_blanco"]
    assert [preferred[f"2019-1-total-{name}"] for name in names] == [63_695, 109, 4, 734, 705, 27, 2]
    assert [preferred[f"2019-2-total-{name}"] for name in ("empadronados", "votantes")] == [63_695, 521]
    parties = [preferred[f"2019-1-total-votos_organizacion-{party}"] for party in ("mlp", "vamos", "phg", "une")]
    assert parties == [235, 109, 84, 33]


def test_2023_abroad(preferred: pd.Series) -> None:
    names = ["empadronados", "juntas_receptoras", "centros", "ciudades", "votantes"]
    assert [preferred[f"2023-1-total-{name}"] for name in names] == [90_708, 158, 17, 15, 1_443]


def test_participation_is_computed_from_the_counts(preferred: pd.Series) -> None:
    rates = [
        round(100 * preferred[f"{election}-total-votantes"] / preferred[f"{election}-total-empadronados"], 2)
        for election in ("2019-1", "2023-1")
    ]
    assert rates == [1.15, 1.59]


def test_by_city(preferred: pd.Series) -> None:
    assert preferred["2019-1-silver_spring-empadronados"] == 14_310
    assert preferred["2019-1-silver_spring-votantes"] == 209
    assert preferred["2019-1-los_angeles-empadronados"] == 22_802
    assert preferred["2023-1-nueva_york-empadronados"] == 18_210


def test_women_and_men_have_one_figure_of_little_confidence(figures: pd.DataFrame) -> None:
    by_sex = figures[figures["sexo"].notna()].set_index("sexo")
    assert by_sex["valor"].to_dict() == {"mujeres": 30_075, "hombres": 50_533}
    assert set(by_sex["confianza"]) == {"media-baja"} and set(by_sex["fecha"]) == {"2023-01"}


def test_more_than_92_thousand_is_a_lower_bound_and_not_a_count(figures: pd.DataFrame) -> None:
    row = figures.query("eleccion == '2027-1' and indicador == 'empadronados'").iloc[0]
    assert pd.isna(row["valor"]) and row["valor_minimo"] == 92_000 and pd.isna(row["valor_maximo"])
    assert (row["precision"], row["valor_texto"], row["fecha"]) == ("cota_inferior", "más de 92 mil", "2026-02")


def test_all_49_figures_are_there_and_the_ones_that_hid_others_are_apart(figures: pd.DataFrame) -> None:
    assert sorted({int(code[:2]) for code in figures["cifra"]}) == list(range(1, 50))
    assert sorted(code for code in figures["cifra"] if len(code) > 2) == ["04b", "15a", "15b", "15c"]


def test_contradictions_are_kept_one_is_preferred_and_all_say_why(figures: pd.DataFrame) -> None:
    several = figures[figures.groupby("pregunta")["cifra"].transform("size") > 1]
    kept = several.groupby("pregunta")["valor"].apply(lambda values: sorted(values.tolist())).to_dict()
    assert kept == {
        "2019-1-total-empadronados": [63_267, 63_695, 64_800],
        "2019-1-total-presupuesto": [20_000_000, 25_000_000, 47_000_000],
        "2019-1-total-votantes": [734, 735],
        "2023-1-total-empadronados": [69_000, 73_532, 74_224, 80_608, 80_644, 87_034, 90_708, 90_846],
    }
    assert several["motivo"].notna().all()
    assert (figures.groupby("pregunta")["preferida"].sum() == 1).all()


def test_a_calculation_of_ours_is_never_called_official(figures: pd.DataFrame) -> None:
    derived = figures.set_index("cifra").loc["21"]
    assert (derived["valor"], derived["naturaleza"]) == (63_695 - 22_802 - 14_310, "derivada")
    assert not figures.query("naturaleza == 'oficial'")["confianza"].isin(["media", "media-baja", "baja"]).any()
    assert set(figures.query("fuente.str.startswith('Cálculo')")["naturaleza"]) == {"derivada"}


def test_nothing_without_source_quote_cutoff_and_confidence(figures: pd.DataFrame) -> None:
    for column in ("fuente", "cita", "corte_texto", "confianza", "naturaleza", "valor_texto", "unidad"):
        assert figures[column].notna().all() and (figures[column].str.strip() != "").all(), column
    undated = figures[figures["fecha"].isna()]
    assert set(undated["corte_texto"]) == {"fecha no indicada"}
    assert not figures["cita"].str.contains("misma cita").any()


def test_the_day_of_the_vote_is_that_of_the_elections(result: Result, figures: pd.DataFrame) -> None:
    days = result.tables["elecciones"].set_index("eleccion")["fecha_eleccion"].dt.strftime("%Y-%m-%d")
    voted = figures.query("indicador == 'votantes'")
    assert (voted["fecha"] == voted["eleccion"].map(days)).all()


def test_what_is_not_published_is_said(result: Result) -> None:
    said = " ".join(notice.message for notice in result.notices if notice.dataset == "extranjero")
    assert "4 preguntas con más de una cifra" in said
    assert "por edad, alfabetismo, pueblo o comunidad lingüística" in said
    assert "30,075 mujeres y 50,533 hombres, con confianza media-baja" in said


# --- What is not published yet -----------------------------------------------------------------------------------------

BY_AGE = {age: 9_001 + position for position, age in enumerate(fields.GRUPOS_EDAD)}


def figures_by_age() -> list[dict[str, str]]:
    """What the tribunal would publish (invented here): registered abroad by age, one figure each."""
    common = {
        "eleccion": "2027-1",
        "fecha": "2027-03-31",
        "corte_texto": "31 de marzo de 2027",
        "nivel": "total",
        "lugar": "Extranjero",
        "indicador": "empadronados",
        "precision": "exacta",
        "naturaleza": "oficial",
        "preferida": "true",
        "confianza": "alta",
        "fuente": "TSE, padrón del extranjero por edad",
        "cita": "cuadro 1",
    }
    return [
        common | {"cifra": f"edad-{age}", "grupo_edad": age, "valor": str(count), "valor_texto": str(count)}
        for age, count in BY_AGE.items()
    ]


def blank() -> dict[str, str]:
    return {column.name: "" for column in COLUMNS}


def test_every_population_group_has_its_column() -> None:
    assert set(fields.POPULATION_GROUP) <= {field.name for field in DATASET.table("extranjero").fields}
    for name, group in fields.POPULATION_GROUP.items():
        assert DATASET.table("extranjero").field(name).labels == group.labels


def test_registered_abroad_by_age_would_be_rows_of_the_file_and_nothing_else(tmp_path: Path) -> None:
    def damage(content: bytes) -> bytes:
        for row in figures_by_age():
            content = with_row(blank() | row)(content)
        return content

    assert_ages_are_published(run_damaged(tmp_path, "extranjero", FILE, damage))


def test_registered_abroad_by_age_would_be_one_more_file_and_nothing_else(tmp_path: Path) -> None:
    header = [column.name for column in COLUMNS]
    content = written([header, *([(blank() | row)[name] for name in header] for row in figures_by_age())])
    origin = source_copy(tmp_path, "extranjero")
    folder = origin / "extranjero"
    add(folder, "padron_por_edad.csv", content)
    tse = SourceFacts(
        titulo="Padrón por edad",
        editor="TSE",
        url="https://www.tse.org.gt",
        licencia="informacion-publica-gt",
        corte=date(2027, 3, 31),
        confianza=Confidence.ALTA,
    )
    document = provenance(folder)
    press, ages = document.archivos
    files = [press, ages.model_copy(update={"fuente": "tse"})]
    note(folder, document.model_copy(update={"fuentes": {**document.fuentes, "tse": tse}, "archivos": files}))
    result = run_on(origin, "extranjero")
    assert_ages_are_published(result)
    titles = [source.title for source in result.datasets[-1].sources()]
    assert titles == [document.fuentes["prensa"].titulo, "Padrón por edad"]


def assert_ages_are_published(result: Result) -> None:
    assert result.problems == []
    by_age = result.tables["extranjero"].dropna(subset="grupo_edad").set_index("grupo_edad")
    assert by_age["valor"].to_dict() == BY_AGE
    assert by_age.loc["18_25", "pregunta"] == "2027-1-total-empadronados-18_25"
    assert not any("No se ha hallado ninguna cifra" in notice.message for notice in result.notices)


# --- Damaged copies ----------------------------------------------------------------------------------------------------

# What was done to the file, and the (row, column, value, words) of every problem it must give.
CASES: dict[str, tuple[Damage, list[tuple]]] = {
    "no source": (cell(2, "fuente", ""), [(2, "fuente", "", "la celda está vacía")]),
    "no confidence": (cell(2, "confianza", ""), [(2, "confianza", "", "la celda está vacía")]),
    "no cut-off": (cell(2, "corte_texto", ""), [(2, "corte_texto", "", "la celda está vacía")]),
    "no quote": (cell(2, "cita", ""), [(2, "cita", "", "la celda está vacía")]),
    "a confidence of its own": (
        cell(2, "confianza", "derivado"),
        [(2, "confianza", "derivado", "valor desconocido; se esperaba uno de: alta")],
    ),
    "a lower bound written as a count": (
        cells(52, {"valor": "92000", "valor_minimo": ""}),
        [(52, "precision", "cota_inferior", "con esa precisión se llena valor_minimo, y nada más")],
    ),
    "a city that is not in the catalogue": (
        cell(20, "codigo_ciudad", "springfield"),
        [(20, "codigo_ciudad", "springfield", "código desconocido")],
    ),
    "a city in another state": (
        cell(20, "codigo_estado", "VA"),
        [
            (20, "codigo_estado", "VA", "la ciudad silver_spring está en MD"),
            (20, "lugar", "Silver Spring, Maryland", "VA"),
        ],
    ),
    "an election that did not happen": (
        cell(2, "eleccion", "2018-1"),
        [(None, "eleccion", "2018-1", "no existe en la tabla elecciones")],
    ),
    "two preferred figures": (
        cell(3, "preferida", "true"),
        [(None, "preferida", "2019-1-total-empadronados", "debe haber una sola cifra preferida y hay 2")],
    ),
    "a contradiction without reason": (
        cell(3, "motivo", ""),
        [(None, "motivo", "02", "hay otra cifra para 2019-1-total-empadronados: diga por qué")],
    ),
    "one valid vote more": (
        cells(7, {"valor": "706"}),
        [
            (None, "valor", "04", "734 no es la suma de 706 + 27 + 2"),
            (None, "valor", "04b", "735 no es la suma de 706 + 27 + 2 + 1"),
        ],
    ),
    "another registry in 2023": (
        cell(40, "valor", "90709"),
        [
            (None, "valor", "2023-04-27: 90708", "la serie nacional del padrón tiene en el extranjero una cifra"),
            (None, "valor", "2023-1-total-empadronados", "se esperaba 90708"),
        ],
    ),
    "a party without name": (
        cell(11, "organizacion", ""),
        [(11, "organizacion", "09", "tiene organización todo voto por organización")],
    ),
    "more voters than registered": (
        cells(21, {"valor": "14311"}),
        [(None, "valor", "2019-1-silver_spring", "hay más votantes que empadronados")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_defect_is_said_with_its_place(name: str, tmp_path: Path) -> None:
    damage, expected = CASES[name]
    problems = [replace(item, row=item.row if item.file == FILE else None) for item in damaged(tmp_path, damage)]
    assert places(problems) == [place[:3] for place in expected]
    for problem, (*_, words) in zip(problems, expected, strict=True):
        assert words in problem.message


def damaged(folder: Path, damage: Damage):
    """The problems of the file after `damage`."""
    return run_damaged(folder, "extranjero", FILE, damage).problems


def test_the_rows_these_cases_damage_are_the_ones_they_name() -> None:
    rows = table((ORIGIN / "extranjero" / FILE).read_bytes())
    assert [rows[row - 1][0] for row in (2, 3, 7, 11, 20, 21, 40, 52)] == [
        "01",
        "02",
        "05",
        "09",
        "16",
        "17",
        "36",
        "48",
    ]
