"""Promise: /estado and /api/v1/estado tell how fresh each source is, how the last run ended and what waits, worst first."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.figures.freshness import Freshness, age, ages, later
from dashboard.figures.queries import Data
from etl.pipeline import provenance
from etl.publish.state import write_state
from etl.release import Release
from etl.release.periods import months
from etl.release.state import STATE, RunFacts, State
from tests.etl_support import SOURCE
from tests.release_support import asked_of
from tests.site_support import Document, accessible

DAY = date(2026, 11, 26)
NEEDS, PAGE, API, TABLE = "Qué necesita a alguien", "/estado", "/api/v1/estado", "/api/v1/estado.csv"
FAILED: RunFacts = {
    "orden": "publish",
    "cuando": "2026-11-26T08:31:02+00:00",
    "segundos": 41.2,
    "codigo": 4,
    "veredicto": "No se publicó nada.",
    "publicacion": "2026-07-12-1a2b3c4d",
    "motivos": ["Municipio 0102 perdió 15.0 %"],
}
WAITING = {"clase": "entrega", "dataset": "padron_municipal", "archivo": "libro.csv", "corte": "2026-09-30"}


WRONG_INSIDE = json.dumps({"escrito": "2026-11-26", "corridas": [{"orden": 1}], "fuentes": {}, "espera": []})


@pytest.fixture
def folder(release_path: Path, tmp_path: Path) -> Path:
    """A folder of releases with a copy of the real one, and nothing else."""
    return Path(shutil.copytree(release_path.resolve(), tmp_path / release_path.resolve().name)).parent


@pytest.fixture
def asked(folder: Path) -> Callable[..., list[httpx.Response]]:
    """Asks the site of that release, after leaving a state beside it."""

    def ask(*paths: str, state: State | dict[str, Any] | str | None = None) -> list[httpx.Response]:
        if state is not None:
            text = state if isinstance(state, str) else json.dumps(state)
            (folder / STATE).write_text(text, encoding="utf-8")
        return asked_of(next(path for path in folder.iterdir() if path.is_dir()), *paths)

    return ask


def state_with(*runs: dict[str, Any], waiting: tuple[dict[str, str], ...] = ()) -> dict[str, Any]:
    """A state of some runs."""
    return {"escrito": "2026-11-26T08:31:02+00:00", "corridas": list(runs), "fuentes": {}, "espera": list(waiting)}


def test_a_source_is_asked_for_when_its_period_has_passed(release_path: Path) -> None:
    data = Data(Release.open(release_path))
    found = {item.dataset["nombre"]: item.deciding for item in ages(data, None, DAY)}
    roll = found["padron_municipal"]
    assert (roll.cutoff, roll.period, roll.due) == (date(2026, 7, 12), "cada 3 meses", date(2026, 10, 12))
    assert (roll.freshness, roll.age(DAY)) == (Freshness.OVERDUE, "4 meses")
    fresh = {item.dataset["nombre"]: item.deciding for item in ages(data, None, date(2026, 10, 12))}["padron_municipal"]
    assert fresh.freshness is Freshness.CURRENT  # the last day is still in time
    assert found["poblacion"].freshness is Freshness.CURRENT
    assert found["censo_2018"].freshness is Freshness.ENDLESS
    assert found["mesas"].freshness is Freshness.UNTIL_ELECTION
    order = [item.deciding.freshness for item in ages(data, None, DAY)]
    assert order == sorted(order, key=list(Freshness).index)


def test_periods_and_ages_are_whole_units() -> None:
    assert [months(text) for text in ("cada mes", "cada 3 meses", "cada año", "cada 2 años")] == [1, 3, 12, 24]
    assert [months(text) for text in ("cada elección", "no se renueva", "cada rato", "cada 0 meses extra")] == [
        None
    ] * 4
    assert later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    told = {
        date(2026, 11, 26): "0 días",
        date(2026, 10, 27): "30 días",
        date(2026, 10, 26): "1 mes",
        date(2024, 4, 30): "2 años y 6 meses",
        date(2018, 11, 16): "8 años",
        date(2026, 12, 1): "posterior a hoy",
    }
    assert {since: age(since, DAY) for since in told} == told


@pytest.mark.parametrize("wrong", ["cada rato", "cada 0 meses", "3 meses", "Cada año", "cada 100 meses", ""])
def test_a_period_that_is_not_one_is_refused_with_its_key(wrong: str, tmp_path: Path) -> None:
    text = (SOURCE / "padron_municipal" / "fuente.toml").read_text(encoding="utf-8")
    (tmp_path / "fuente.toml").write_text(text.replace('"cada 3 meses"', f'"{wrong}"'), encoding="utf-8")
    problems = provenance.read(tmp_path)
    assert isinstance(problems, list) and [item.column for item in problems] == ["fuentes.tse.periodo"]


def test_a_failed_run_and_what_waits_go_before_the_sources(asked: Callable[..., list[httpx.Response]]) -> None:
    pages = asked(PAGE, accessible(PAGE), API, state=state_with(FAILED, waiting=(WAITING,)))
    for page in pages[:2]:
        text = Document(page.text).one("main").text_content()
        assert "no terminó bien (código 4)" in text and "26 nov 2026, 02:31" in text  # the clocks of Guatemala
        places = [
            text.index(words) for words in (NEEDS, "Municipio 0102 perdió", "libro.csv", "Toca pedirlas", "No vencen")
        ]
        assert places == sorted(places)
    told = pages[2].json()
    assert (told["ultima_corrida"]["codigo"], told["espera"], told["danados"]) == (4, [WAITING], [])


def test_when_all_is_well_nothing_asks_for_attention(asked: Callable[..., list[httpx.Response]]) -> None:
    (page,) = asked(PAGE, state=state_with(FAILED | {"codigo": 0, "motivos": []}))
    text = Document(page.text).one("main").text_content()
    assert NEEDS not in text and "La última corrida terminó bien" in text and "Ninguna" in text


@pytest.mark.parametrize("left", [None, "{", "[]", '{"corridas": []}', WRONG_INSIDE])
def test_a_state_that_is_missing_or_damaged_is_said(
    left: str | None, asked: Callable[..., list[httpx.Response]]
) -> None:
    page, told = asked(PAGE, API, state=left)
    assert (page.status_code, "No se sabe cómo terminó la última corrida" in page.text) == (200, True)
    assert STATE in told.json()["aviso"] and told.json()["corridas"] is None


def test_damage_is_the_first_thing(asked: Callable[..., list[httpx.Response]], folder: Path) -> None:
    next(folder.glob("*/censo_2018_area.parquet")).write_bytes(b"?")
    page, told = asked(PAGE, API, state=state_with(FAILED))
    text = Document(page.text).one("main").text_content()
    assert text.index("archivo dañado") < text.index("no terminó bien (código")
    assert told.json()["danados"] == ["censo_2018_area.parquet"]


def test_the_file_says_what_the_page_says(asked: Callable[..., list[httpx.Response]]) -> None:
    page, told, file, refused = asked(PAGE, API, TABLE, f"{API}?todo=1")
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [row["conjunto"] for row in rows] == [item["conjunto"] for item in told.json()["conjuntos"]]
    titles = [link.text_content() for link in Document(page.text).all(".estado-tabla tr:not(.grupo) > th a")]
    assert titles == [row["titulo"] for row in rows]
    assert refused.status_code == 400


def test_no_path_of_the_machine_is_published(folder: Path) -> None:
    words = "no existe la carpeta de origen /srv/padron/datos; vea https://www.tse.org.gt/datos/padron.html o 1/2 de «/a/b.csv»"
    run: RunFacts = {**FAILED, "veredicto": words, "motivos": [words]}
    write_state(folder, folder, folder, run, None)
    (told,) = json.loads((folder / STATE).read_bytes())["corridas"]
    shown = "no existe la carpeta de origen …/datos; vea https://www.tse.org.gt/datos/padron.html o 1/2 de «…/b.csv»"
    assert (told["veredicto"], told["motivos"]) == (shown, [shown])
