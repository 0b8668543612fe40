"""Promise: the change of a group between two elections, or two cut-offs, is that of the two published figures, wherever it is
told; it is hidden when any part of it is, and it is not told where there was nobody.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.pages.model import Request, face_of
from dashboard.pages.padron import MAP as PADRON
from dashboard.pages.participacion import MAP as VOTED
from dashboard.render.html import to_html
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS
from dashboard.words import NOBODY, WITHHELD
from etl.model import TOTAL
from etl.release import Release
from tests.release_support import file_of
from tests.site_support import Document
from tests.who_voted_support import with_told

HIDDEN = ("confidencial", "no_tabulada")
GROUPS: tuple[dict[str, str], ...] = (
    {},
    {"pueblo": "xinka"},
    {"sexo": "mujeres"},
    {"pueblo": "maya"},
    {"edad": "18_25"},
    {"sexo": "hombres", "alfabetismo": "analfabeta"},
    {"pueblo": "garifuna"},
)
COLUMNS = {"edad": "grupo_edad"}
OF_2023 = "elecciones generales 2023, primera vuelta"
NOW, BEFORE = "2026-07-12", "2025-07-12"


@pytest.fixture(scope="module")
def release(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cambio") / "publicacion"
    shutil.copytree((demonstration / "release" / "current").resolve(), folder)
    return with_told(folder)


@pytest.fixture(scope="module")
def site(release: Path) -> Site:
    return Site(Release.open(release))


@pytest.fixture(scope="module")
def cubes(release: Path) -> dict[str, pd.DataFrame]:
    return {
        name: pd.read_parquet(next(release.glob(f"*_{name}.parquet"))) for name in ("padron_cubo", "participacion_cubo")
    }


def counts(cube: pd.DataFrame, group: dict[str, str], **when: object) -> dict[str, dict[str, Any]]:
    """The row of a group in each place at a moment, by code."""
    asked = {COLUMNS.get(name, name): value for name, value in group.items()}
    names = [name for name in cube if name in ("sexo", "grupo_edad", "alfabetismo", "pueblo", "comunidad_linguistica")]
    found = cube
    for name, value in ({name: asked.get(name, TOTAL) for name in names} | when).items():
        found = found[(found[name].astype(str) if name == "fecha_corte" else found[name]) == value]
    code = found["codigo_municipio"].where(found["codigo_municipio"] != TOTAL, found["codigo_departamento"])
    return dict(zip(code, found.to_dict("records"), strict=True))


def told(answer: Answer) -> dict[str, tuple[float | None, str]]:
    return {place.code: (place.value, place.text) for place in answer.facts.places}


def assert_told(found: Answer, code: str, expected: float | str) -> None:
    value, text = told(found)[code]
    assert (text if value is None else value) == (expected if isinstance(expected, str) else pytest.approx(expected))


def map_of(site: Site, page: str, **query: str) -> Answer:
    asked = VIEWS[f"{page}_mapa"].asked(query, site.data)
    assert asked.notices == () and asked.unknown == (), query
    return site.answer(f"{page}_mapa", asked.selection)


def turnouts(site: Site, cube: pd.DataFrame) -> Iterator[tuple[Answer, dict[str, float | str]]]:
    """Each map of the change between two elections, and what pandas says of each place."""
    for turn, group in enumerate(GROUPS):
        for number, (before, now) in enumerate(combinations(("2015-1", "2019-1", "2023-1"), 2)):
            level = ("municipio", "departamento")[(turn + number) % 2]
            asked = {"indicador": "cambio-participacion", "eleccion": now, "ver": level, **group}
            previous = {"2019-1": "2015-1", "2023-1": "2019-1"}[now] == before
            answer = map_of(site, "participacion", **asked, **({} if previous else {"frente": before}))
            rows = [counts(cube, group, eleccion=election) for election in (now, before)]
            yield answer, {code: change(*(by_code[code] for by_code in rows)) for code in told(answer)}


def change(now: dict[str, Any], before: dict[str, Any]) -> float | str:
    """What must be told of a place: that the group has nobody now, that something of it is hidden, or that it had nobody."""

    def nobody(row: dict[str, Any]) -> bool:
        return row["estado_celda"] not in HIDDEN and row["empadronados"] == 0

    if nobody(now):
        return NOBODY
    if any(row[state] in HIDDEN for row in (now, before) for state in ("estado_celda", "estado_votantes")):
        return WITHHELD
    if nobody(before):
        return NOBODY
    return 100 * (now["votantes"] / now["empadronados"] - before["votantes"] / before["empadronados"])


def test_turnout_is_subtracted_between_any_two_elections(site: Site, cubes: dict[str, pd.DataFrame]) -> None:
    reasons, known = [], 0
    for answer, expected in turnouts(site, cubes["participacion_cubo"]):
        for code, figure in expected.items():
            assert_told(answer, code, figure)
            reasons += [figure] if isinstance(figure, str) else []
        known += sum(not isinstance(figure, str) and len(code) == 4 for code, figure in expected.items())
        values = [value for value, _ in told(answer).values() if value is not None]
        both_sides = min(values, default=0) < -0.05 and max(values, default=0) > 0.05
        assert not both_sides or (answer.facts.classes.diverging and 0 in answer.facts.classes.breaks)
    assert reasons.count(WITHHELD) > 50 and reasons.count(NOBODY) > 50 and known > 500


def test_the_registered_are_subtracted_between_two_cut_offs(site: Site, cubes: dict[str, pd.DataFrame]) -> None:
    hidden = 0
    for group in (GROUPS[0], {"sexo": "mujeres", "pueblo": "maya"}, {"comunidad_linguistica": "mam"}):
        rows = [counts(cubes["padron_cubo"], group, fecha_corte=day) for day in (NOW, BEFORE)]
        for name in ("cambio-corte", "cambio-corte-personas"):
            answer = map_of(site, "padron", indicador=name, **group)
            for code in told(answer):
                now, before = (by_code[code] for by_code in rows)
                if any(row["estado_celda"] in HIDDEN for row in (now, before)):
                    seen = [row["empadronados"] for row in (now, before) if row["estado_celda"] not in HIDDEN]
                    assert_told(answer, code, WITHHELD)
                    hidden += bool(seen) or 1
                elif name == "cambio-corte" and not before["empadronados"]:
                    assert_told(answer, code, NOBODY)
                else:
                    more = now["empadronados"] - before["empadronados"]
                    assert_told(answer, code, more if name != "cambio-corte" else 100 * more / before["empadronados"])
    assert hidden > 50


def test_the_file_and_the_page_say_what_the_map_says(site: Site) -> None:
    for page, query in (
        (
            VOTED,
            {
                "indicador": "cambio-participacion",
                "eleccion": "2023-1",
                "frente": "2015-1",
                "pueblo": "maya",
            },
        ),
        (PADRON, {"indicador": "cambio-corte-personas", "sexo": "mujeres", "pueblo": "maya"}),
    ):
        answer = map_of(site, page.topic_name, **query)
        content = file_of(answer, "csv").decode()
        rows = {row["codigo_municipio"]: row for row in csv.DictReader(io.StringIO(content))}
        document = Document("".join(map(to_html, page.build(site, Request(query, face_of(page.path, True))).content)))
        table = document.table("#tabla table")
        shown = dict(zip(table.codes, (list(row.values())[1] for row in table.rows), strict=True))
        for code, (value, text) in told(answer).items():
            assert rows[code]["valor"] == ("" if value is None else str(round(value, 1))) and shown[code] == text
            assert (rows[code]["estado_celda"] == "confidencial") == (text == WITHHELD)
        assert document.texts("#pregunta .respuesta, #pregunta .hallazgo")[0].startswith(answer.sentences[0].plain())


@pytest.mark.parametrize(
    ("page", "query", "crumb"),
    [
        (
            VOTED,
            {"indicador": "cambio-participacion", "frente": "2015-1"},
            f"{OF_2023}, frente a 2015",
        ),
        (VOTED, {"indicador": "cambio-participacion"}, f"{OF_2023}, frente a 2019"),
        (VOTED, {"indicador": "votaron", "eleccion": "2019-1"}, "elecciones generales 2019, primera vuelta"),
        (PADRON, {"indicador": "empadronados", "corte": BEFORE}, "padrón al 12 de julio de 2025"),
        (PADRON, {"indicador": "cambio-corte"}, "del padrón del 12 de julio de 2025 al del 12 de julio de 2026"),
    ],
)
def test_the_crumb_says_of_when_the_figure_is(site: Site, page: Any, query: dict[str, str], crumb: str) -> None:
    assert page.crumb(site, page.parsed(site, query).selection) == f"Guatemala · {crumb}"


def test_a_later_election_is_not_one_to_compare_with(site: Site) -> None:
    for eleccion, frente in (("2019-1", "2023-1"), ("2019-1", "2019-1"), ("2023-1", "mujeres")):
        asked = VOTED.parsed(site, {"indicador": "cambio-participacion", "eleccion": eleccion, "frente": frente})
        assert asked.selection.frente == "" and len(asked.notices) == 1
