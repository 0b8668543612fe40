"""Promise: how to register and vote abroad is never stated more firmly than its source, nor history taken for today."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from dashboard.address.parameters import Question
from dashboard.site import Site
from dashboard.view import today
from etl.datasets import with_needs
from etl.datasets.procedimientos import TEMAS
from etl.pipeline.run import Result, run
from etl.release import Release
from tests.browser_support import ROOT
from tests.etl_support import Damage, cell, places, run_damaged
from tests.release_support import asked_of, with_tables_of
from tests.site_support import Document

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


def test_the_facts_are_there_and_every_topic_has_one(facts: pd.DataFrame) -> None:
    assert facts["procedimiento"].to_list() == [f"{number:02}" for number in range(1, 24)]
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
        [
            (16, "vigencia", "vigente", "tiene fecha final y no es histórico"),
            (23, "reemplaza", "15", "el hecho 15 no existe o no es histórico"),
        ],
    ),
    "a fact that replaces nobody knows which": (
        FACTS,
        cell(8, "reemplaza", "09 77"),
        [(8, "reemplaza", "77", "el hecho 77 no existe o no es histórico")],
    ),
    "a last day that is no day": (
        FACTS,
        cell(22, "vence", "2027-02-30"),
        [(22, "vence", "2027-02-30", "no es un día")],
    ),
    "ended by a table that has no elections": (
        FACTS,
        cell(22, "termina_con", "consulados:2027-1"),
        [(22, "termina_con", "consulados:2027-1", "se esperaba una de: centros_extranjero")],
    ),
    "ended without words": (FACTS, cell(22, "hasta_que", ""), [(22, "hasta_que", "", "falta decir con palabras")]),
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


# --- What expires -----------------------------------------------------------------------------------------------------

HOW = "/extranjero/como-inscribirse"
CITIES = "Para 2027 habrá votación en por lo menos 5 ciudades más"


def told(release: Path) -> tuple[str, str, str, str]:
    """What the page tells as of today and as history, what /extranjero tells as new, and the validity in the file."""
    how, plain, abroad, file = asked_of(
        release, HOW, "/accesible" + HOW, "/extranjero", "/descargas/vista/procedimientos.json"
    )
    pages = [Document(response.text) for response in (how, plain)]
    now, past = ([" ".join(page.texts(css)) for page in pages] for css in (".hechos", ".historico"))
    assert now[0] == now[1] and past[0] == past[1]  # both modes say the same
    news = " ".join(Document(abroad.text).texts("#lateral .hechos"))
    (cities,) = [row for row in file.json()["filas"] if row["procedimiento"] == "21"]
    return now[0], past[0], news, cities["vigencia"]


def test_what_is_new_is_told_with_date_source_and_until_when(release_path: Path) -> None:
    now, past, news, status = told(release_path)
    for words in (CITIES, "El pasaporte vigente también sirve", "puede votar en cualquier centro"):
        assert words in now and words in news and words not in past
    assert "Hasta que se publique la lista de centros. Confianza media. 6 de febrero de 2026." in now and news
    assert status == "Rige hoy"
    assert "Único documento: DPI" in past and "Hoy, en su lugar: El pasaporte sirve." in past


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (1, True)])
def test_a_fact_past_its_last_day_is_history(release_path: Path, tmp_path: Path, days: int, holds: bool) -> None:
    last = (today() + timedelta(days=days)).isoformat()
    done = run_damaged(tmp_path, "procedimientos", FACTS, cell(22, "vence", last))
    assert done.problems == []
    now, past, news, status = told(with_tables_of(release_path, tmp_path, done, "procedimientos"))
    assert (CITIES in now, CITIES in news, CITIES in past) == (holds, holds, not holds)
    assert status == ("Rige hoy" if holds else "Histórico: ya pasó o ya no rige")


def test_the_list_of_centres_ends_the_announcement(release_path: Path, tmp_path: Path) -> None:
    """The centres of 2027 are one delivery of another dataset: nobody edits the fact nor the code."""
    done = run(with_needs(["centros_extranjero"]), ROOT / "data" / "source")
    centres = done.tables["centros_extranjero"]
    first = centres.head(1).assign(codigo_centro="2027_los_angeles_1", eleccion="2027-1")
    done.tables["centros_extranjero"] = pd.concat([centres, first])
    now, past, news, _ = told(with_tables_of(release_path, tmp_path, done, "centros_extranjero"))
    assert CITIES in past and CITIES not in now and CITIES not in news


def test_the_day_is_looked_at_again_every_day(release_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that is left running does not keep telling what expired overnight."""
    site = Site(Release.open(release_path))
    first = site.answer("procedimientos", Question())
    assert site.answer("procedimientos", Question()) is first
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr("dashboard.site.today", lambda: tomorrow)
    assert site.answer("procedimientos", Question()) is not first
