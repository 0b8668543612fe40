"""Promise: how to register and vote abroad is never stated more firmly than its source, nor history taken for today."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.datasets import with_needs
from etl.datasets.procedimientos import TEMAS
from etl.pipeline.run import Result, run
from tests.browser_support import ROOT
from tests.etl_support import Damage, cell, places, run_damaged

FACTS, CONTACTS = "procedimiento_voto_extranjero.csv", "contactos_voto_extranjero.csv"


@pytest.fixture(scope="module")
def result() -> Result:
    """The dataset through the real pipeline, from the committed files."""
    done = run(with_needs(["procedimientos"]), ROOT / "data" / "source")
    assert done.problems == []
    return done


@pytest.fixture(scope="module")
def facts(result: Result) -> pd.DataFrame:
    return result.tables["procedimientos"]


def test_the_twenty_facts_are_there_and_every_topic_has_one(facts: pd.DataFrame) -> None:
    assert facts["procedimiento"].to_list() == [f"{number:02}" for number in range(1, 21)]
    assert set(facts["tema"]) == set(TEMAS)
    assert not facts.duplicated(["tema", "orden"]).any()


def test_what_holds_today_comes_first_in_its_topic(facts: pd.DataFrame) -> None:
    order = {"vigente": 0, "por_confirmar": 0, "historico": 1}
    for _, group in facts.sort_values("orden").groupby("tema"):
        if set(group["tema"]) != {"votar"}:  # the last of them is not about voting day but about campaigning
            assert group["vigencia"].map(order).is_monotonic_increasing


def test_the_passport_holds_since_march_2026_and_the_dpi_alone_is_history(facts: pd.DataFrame) -> None:
    documents = facts.query("tema == 'documento'").sort_values("orden")
    now, before = documents.iloc[0], documents.iloc[1]
    assert "pasaporte vigente" in now["hecho"] and (now["vigencia"], now["desde"]) == ("vigente", "2026-03")
    assert before["hecho"] == "Único documento: DPI" and (before["vigencia"], before["hasta"]) == (
        "historico",
        "2026-03",
    )


def test_nothing_from_before_the_reform_is_sure_unless_its_source_says_it_holds(facts: pd.DataFrame) -> None:
    sure = facts.query("vigencia == 'vigente'")
    assert sure["vigencia_texto"].str.contains("vigente|2026").all()
    for words in ("confirmar", "2022", "incompleto"):
        doubtful = facts[(facts["nota"].fillna("") + facts["vigencia_texto"]).str.contains(words)]
        assert not (doubtful["vigencia"] == "vigente").any(), words
    assert (facts.loc[facts["vigencia_texto"].str.contains("histórico"), "vigencia"] == "historico").all()


def test_every_fact_has_source_quote_date_and_confidence(facts: pd.DataFrame) -> None:
    for column in ("fuente", "url", "cita", "corte_texto", "confianza", "vigencia_texto"):
        assert facts[column].notna().all() and (facts[column].str.strip() != "").all(), column
    assert set(facts[facts["fecha"].isna()]["corte_texto"]) == {"fecha no indicada"}


def test_contacts_are_links_with_the_source_of_their_fact(result: Result) -> None:
    contacts = result.tables["procedimientos_contactos"]
    assert contacts["enlace"].to_list() == [
        "tel:+50222365000",
        "mailto:votoenelextranjero@tse.org.gt",
        "https://migrante.tse.org.gt",
        "https://portalweb.tse.org.gt/login",
    ]
    assert set(contacts["vigencia"]) == {"por_confirmar"} and contacts["fuente"].notna().all()


def test_what_should_be_confirmed_is_a_published_warning(result: Result) -> None:
    messages = [notice.message for notice in result.notices if notice.dataset == "procedimientos"]
    assert len(messages) == 1 and "Plazo para empadronarse" in messages[0]


CASES: dict[str, tuple[str, Damage, list[tuple]]] = {
    "no source": (FACTS, cell(2, "fuente", ""), [(2, "fuente", "", "la celda está vacía")]),
    "no quote": (FACTS, cell(2, "cita", ""), [(2, "cita", "", "la celda está vacía")]),
    "a validity of its own": (FACTS, cell(2, "vigencia", "casi"), [(2, "vigencia", "casi", "valor desconocido")]),
    "history taken for today": (
        FACTS,
        cell(16, "vigencia", "vigente"),
        [(16, "vigencia", "vigente", "tiene fecha final y no es histórico")],
    ),
    "two facts in the same place": (
        FACTS,
        cell(15, "orden", "1"),
        [(15, "orden", "1", "ya hay un hecho de ese tema con ese orden")],
    ),
    "a contact that its fact does not say": (
        CONTACTS,
        cell(2, "contacto", "2236-5001"),
        [(2, "contacto", "2236-5001", "el hecho 12 no lo dice")],
    ),
    "a contact that is no link": (
        CONTACTS,
        cell(4, "enlace", "migrante.tse.org.gt"),
        [(4, "enlace", "migrante.tse.org.gt", "el valor no tiene la forma de un código válido")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_defect_is_said_with_its_place(name: str, tmp_path: Path) -> None:
    file, damage, expected = CASES[name]
    problems = run_damaged(tmp_path, "procedimientos", file, damage).problems
    assert places(problems) == [case[:3] for case in expected]
    for problem, (*_, words) in zip(problems, expected, strict=True):
        assert problem.file == file and words in problem.message
