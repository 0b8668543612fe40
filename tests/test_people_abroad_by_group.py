"""Promise: the people counted abroad can be asked about by any group that the cubes cross, and by no other. Every figure is
what the cube publishes; what is confidential is on no page and in no file; and no question breaks a page."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.address.abroad import People
from dashboard.figures import diaspora
from dashboard.figures.diaspora import EDAD, ORIGEN, PLACE, REGISTRY, SEXO, TURNOUT, VOTERS
from dashboard.figures.measures import Unaskable
from dashboard.indicators.offers import DIASPORA, offer
from dashboard.pages.diaspora_asked import OWN
from dashboard.render.files import FORMATS
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS
from dashboard.words import WITHHELD, integer
from etl.model import TOTAL
from etl.release import Release
from tests import abroad_support as invented
from tests.checkout_support import Checkout
from tests.release_support import asked_of, file_of, with_cubes
from tests.site_support import Document

SEED, EACH, PAGES = 1612, 48, 24
FILTERS = {"sexo": "sexo", "edad": EDAD, "origen": ORIGEN, "estado": PLACE[1], "ciudad": PLACE[2]}
#: What must be on the page of a state or a city: the place it is inside of.
INSIDE = {"los_angeles": ("US", "CA"), "san_diego": ("US", "CA"), "nueva_york": ("US", "NY")}


class Published:
    """A cube as pandas reads it, by itself."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def of(
        self, count: str, by: tuple[str, ...], day: date, event: str, **asked: str
    ) -> dict[tuple[str, ...], float | None]:
        """A count by the values of some columns of the people who have what is asked; None when it is not published."""
        found = self.frame[self.frame["fecha_corte"] == day]
        if event:
            found = found[found["eleccion"] == event]
        for name in invented.COLUMNS:
            if name in by:
                continue
            found = found[found[name] == asked.get(name, TOTAL)]
        keys = map(tuple, found[list(by)].itertuples(index=False, name=None))
        return dict(zip(keys, (None if pd.isna(value) else int(value) for value in found[count]), strict=True))


@pytest.fixture(scope="module")
def root(release_path: Path, published_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real release with cubes whose people abroad are invented whole."""
    folder = tmp_path_factory.mktemp("diaspora") / "publicacion"
    return with_cubes(release_path, published_cubes.current, folder)


@pytest.fixture(scope="module")
def made(root: Path) -> Mapping[str, pd.DataFrame]:
    return invented.with_people_abroad(root)


@pytest.fixture(scope="module")
def site(root: Path, made: Mapping[str, pd.DataFrame]) -> Site:
    return Site(Release.open(root))


@pytest.fixture(scope="module")
def cubes(made: Mapping[str, pd.DataFrame]) -> Mapping[str, Published]:
    return {name: Published(frame) for name, frame in made.items()}


def queries(count: int) -> Iterator[dict[str, str]]:
    chance = random.Random(SEED)
    values = {
        "cuenta": list(diaspora.COUNTS),
        "eleccion": list(invented.ELECTIONS),
        "corte": [day.isoformat() for day in invented.DAYS],
        "sexo": list(invented.SEXOS),
        "edad": list(invented.EDADES),
        "origen": list(invented.ORIGENES),
        "estado": ["CA", "NY", "TX"],
        "ciudad": list(INSIDE),
    }
    for _ in range(count):
        yield {name: chance.choice(held) for name, held in values.items() if chance.random() < 0.35}


def when(question: People) -> tuple[date, str, str]:
    """The day, the election and the cube of a question."""
    if question.cuenta == REGISTRY:
        return (date.fromisoformat(question.corte) if question.corte else invented.DAYS[-1]), "", invented.REGISTRY
    return invented.DAYS[-1], question.eleccion or invented.ELECTIONS[-1], invented.ROLL


def conditions(question: People) -> dict[str, str]:
    """What is asked of each column, with what a place is inside of, worked out here."""
    found = dict(question.who)
    if PLACE[1] in found:
        found[PLACE[0]] = "US"
    if PLACE[2] in found:
        found[PLACE[0]], found[PLACE[1]] = INSIDE[found[PLACE[2]]]
    return found


def expected(
    cubes: Mapping[str, Published], question: People, by: tuple[str, ...]
) -> dict[tuple[str, ...], float | None]:
    """The figure of a question by some columns, as pandas finds it in the cube."""
    day, event, name = when(question)
    asked = {column: value for column, value in conditions(question).items() if column not in by}
    counts = [cubes[name].of(count, by, day, event, **asked) for count in _counts(question.cuenta)]
    if len(counts) == 1:
        return counts[0]
    voters, roll = counts
    return {key: None if None in (voters[key], roll[key]) else 100 * voters[key] / roll[key] for key in voters}


def crossed(cuenta: str, columns: tuple[str, ...]) -> bool:
    """Whether what is counted is told apart by some columns at once."""
    cube = invented.REGISTRY if cuenta == REGISTRY else invented.ROLL
    return any({*columns} <= {*cross} for cross in invented.CROSSES[cube])


def _counts(cuenta: str) -> tuple[str, ...]:
    return {TURNOUT: ("votantes", "empadronados"), VOTERS: ("votantes",)}.get(cuenta, ("empadronados",))


def _figure(cuenta: str) -> str:
    return {TURNOUT: "participacion", VOTERS: "votantes"}.get(cuenta, "empadronados")


def answered(site: Site, view: str, query: dict[str, str]) -> Answer | None:
    asked = VIEWS[view].asked(query, site.data)
    try:
        return site.answer(view, asked.selection)
    except Unaskable:
        return None


def records(answer: Answer) -> list[dict[str, Any]]:
    names = [column.field.name for column in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.rows]


# ---- the figures ----------------------------------------------------------------------------------------------------


def test_every_figure_is_what_the_cube_publishes(site: Site, cubes: Mapping[str, Published]) -> None:
    compared = hidden = 0
    for query in queries(EACH):
        for view, by, key in (
            ("diaspora_donde", PLACE, _place_key),
            ("diaspora_origen", (ORIGEN,), lambda row: (row["codigo_origen"] or TOTAL,)),
            ("diaspora_matriz", (ORIGEN, *PLACE[:2]), _matrix_key),
        ):
            answer = answered(site, view, query)
            if answer is None:
                assert not crossed(query.get("cuenta", REGISTRY), by), (view, query)
                continue
            wanted = expected(cubes, answer.selection, (*by, *PLACE[2:]) if view == "diaspora_matriz" else by)
            for row in records(answer):
                value = wanted[key(row)]
                compared, hidden = compared + 1, hidden + (value is None)
                assert (
                    row[_figure(answer.selection.cuenta)] == pytest.approx(value)
                    if value is not None
                    else (row[_figure(answer.selection.cuenta)] is None and row["estado_dato"] == WITHHELD)
                ), (view, query, row)
    assert compared > 1_200 and hidden > 200


def _place_key(row: Mapping[str, str]) -> tuple[str, str, str]:
    return row["codigo_pais"] or TOTAL, row["codigo_estado"] or TOTAL, row["codigo_ciudad"] or TOTAL


def _matrix_key(row: Mapping[str, str]) -> tuple[str, str, str, str]:
    code = row["codigo_lugar"]
    place = (TOTAL, TOTAL) if not code else ("ZZ", TOTAL) if code == "ZZ" else ("US", code)
    return (row["codigo_origen"] or TOTAL, *place, TOTAL)


def test_ages_and_turnout_are_what_the_cubes_publish(site: Site, cubes: Mapping[str, Published]) -> None:
    for query in queries(EACH // 2):
        pyramid, ages = answered(site, "diaspora_piramide", query), answered(site, "diaspora_edades", query)
        assert ages is not None
        if pyramid is not None:
            asked = (
                pyramid.selection if pyramid.selection.cuenta != TURNOUT else People(VOTERS, pyramid.selection.eleccion)
            )
            wanted = expected(cubes, asked, (SEXO, EDAD))
            for row in records(pyramid):
                for sexo in invented.SEXOS:
                    assert row[sexo] == wanted[(sexo, row[EDAD])], query
        wanted = expected(cubes, ages.selection, (EDAD,))
        total = wanted[(TOTAL,)]
        for row in records(ages):
            count = wanted[(row[EDAD],)]
            share = count if ages.selection.cuenta == TURNOUT else count and total and 100 * count / total
            assert row["fuera"] == pytest.approx(share) if share is not None else row["estado_dato"] == WITHHELD
    asked = VIEWS["diaspora_voto"].asked({"sexo": "mujeres"}, site.data)  # who voted is not crossed by place and sexo
    assert asked.selection.who == () and "sin ese filtro" in " ".join(asked.notices)
    answer = site.answer("diaspora_voto", asked.selection)
    for row in records(answer):
        wanted = expected(cubes, People(TURNOUT, row["eleccion"]), PLACE)
        assert row["participacion"] in [value if value is None else pytest.approx(value) for value in wanted.values()]
    assert {row["eleccion"] for row in records(answer)} == set(invented.ELECTIONS)


# ---- what is confidential -----------------------------------------------------------------------------------------------


def test_what_is_confidential_is_said_and_never_derived(site: Site, cubes: Mapping[str, Published]) -> None:
    """No number of a page is what is left of a total without the cells in sight: the sum of those that are hidden."""
    for query in ({}, {"cuenta": VOTERS}, {"sexo": "mujeres"}, {"cuenta": TURNOUT, "eleccion": "2019-1"}):
        answer = answered(site, "diaspora_donde", query)
        assert answer is not None
        wanted = expected(cubes, answer.selection, PLACE)
        states = {key: value for key, value in wanted.items() if key[0] == "US" and key[1] != TOTAL and key[2] == TOTAL}
        said = invented.page(site, query)
        shown = Document(said)
        hidden = [key for key, value in states.items() if value is None]
        for _, code, _ in hidden:
            tile = next(node for node in shown.texts(".teselas a.confidencial") if node.startswith(code))
            assert WITHHELD in tile
        if answer.selection.cuenta != TURNOUT and hidden and wanted[(TOTAL,) * 3] is not None:
            left = wanted[("US", TOTAL, TOTAL)] or 0
            rest = left - sum(value for value in states.values() if value is not None)
            assert not re.search(
                rf"(?<![\d,]){re.escape(integer(rest))}(?![\d,])", " ".join(shown.texts("main, .parte-fuera"))
            )


def test_files_say_that_a_cell_is_confidential_and_leave_it_empty(site: Site) -> None:
    answer = answered(site, "diaspora_matriz", {})
    assert answer is not None
    for suffix in FORMATS:
        content = file_of(answer, suffix)
        if suffix == "parquet":
            frame = pd.read_parquet(io.BytesIO(content))
        elif suffix == "json":
            frame = pd.DataFrame(json.loads(content)["filas"])
        elif suffix == "csv":
            frame = pd.read_csv(io.BytesIO(content), keep_default_na=True)
        else:
            continue
        hidden = frame[frame["estado_dato"] == WITHHELD]
        assert len(hidden) > 1 and hidden[["empadronados", "por_ciento"]].isna().all().all()


def test_every_row_of_a_file_says_where_it_comes_from(site: Site) -> None:
    for view in OWN:
        answer = answered(site, view, {})
        assert answer is not None
        frame = pd.read_csv(io.BytesIO(file_of(answer, "csv")))
        assert (
            len(frame) and frame[["clave_fuente", "corte", "confianza", "licencia", "publicacion"]].notna().all().all()
        )


def test_a_share_with_a_hidden_part_is_hidden(site: Site, cubes: Mapping[str, Published]) -> None:
    answer = answered(site, "diaspora_donde", {"cuenta": TURNOUT})
    assert answer is not None
    lacking = [row for row in records(answer) if row["votantes"] is None or row["empadronados"] is None]
    assert lacking and all(row["participacion"] is None and row["estado_dato"] == WITHHELD for row in lacking)


# ---- what may be asked --------------------------------------------------------------------------------------------------


def test_what_is_offered_is_what_the_cubes_cross(site: Site) -> None:
    offered = offer(site.data, DIASPORA)
    assert list(offered.groups) == ["sexo", EDAD, ORIGEN, *PLACE]
    for cuenta, (_, quantities) in diaspora.COUNTS.items():
        crosses = invented.CROSSES[quantities[0].places[0][0]]
        for name in offered.groups:
            for other in offered.groups:
                pair = {*diaspora.whole((name, other))}
                assert offered.crosses(cuenta, (name, other)) == any(pair <= {*cross} for cross in crosses)


def test_another_cross_changes_the_page_by_itself(root: Path, made: Mapping[str, pd.DataFrame], tmp_path: Path) -> None:
    crosses = ((*PLACE, "sexo"), ("sexo", EDAD))  # no longer by origin, nor places by age
    changed = Site(invented.declaring(root, tmp_path / "otra", invented.REGISTRY, crosses))
    html = invented.page(changed, {})
    shown = Document(html)
    assert "«Personas empadronadas» no se publica" in html and shown.texts(".teselas a")
    assert not shown.texts(".matriz-origen td")
    assert VIEWS["diaspora_donde"].asked({"edad": "18_25"}, changed.data).notices
    assert not VIEWS["diaspora_donde"].asked({"sexo": "mujeres"}, changed.data).notices


def test_no_question_breaks_a_page(site: Site) -> None:
    for number, query in enumerate(queries(PAGES)):
        assert "¿Dónde viven?" in invented.page(site, query, accessible=bool(number % 2)), query


def test_files_refuse_what_no_source_crosses(root: Path, made: Mapping[str, pd.DataFrame]) -> None:
    wrong = (
        "diaspora_donde.json?cuenta=votantes&edad=18_25",
        "diaspora_donde.json?estado=CA",
        "diaspora_origen.json?ciudad=los_angeles&estado=TX",
        "diaspora_origen.json?cuenta=empadronados&eleccion=2019-1",
        "diaspora_voto.json?edad=18_25",
        "diaspora_voto.json?sexo=mujeres",
        "diaspora_donde.json?origen=13&edad=18_25",
    )
    right = ("diaspora_donde.csv?origen=13&sexo=hombres", "diaspora_donde.json?edad=18_25", "diaspora_voto.xlsx")
    paths = [f"/descargas/vista/{path}" for path in (*wrong, *right, "diaspora_matriz.json?cuenta=votantes")]
    found = [response.status_code for response in asked_of(root, *paths)]
    assert found == [400] * len(wrong) + [200] * len(right) + [404]
