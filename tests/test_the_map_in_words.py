"""Promise: who cannot see the map reads what it shows: its extremes, where the high and the low figures are, and each place
among its neighbours by direction; nothing that is not published is ranked or told, and no chance is taken for a pattern."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import atan2, pi
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page

from dashboard.address.selection import PAGE, Selection
from dashboard.figures.around import DIRECTIONS, Geography, by_direction, direction, geography, groups, trend
from dashboard.kinds.classes import HIDDEN
from dashboard.kinds.en_palabras import HIGHER, LOWER, around, around_words, extremes, trend_words
from dashboard.render.plano import LAYER_OF
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.words import WITHHELD, integer, ordinal
from etl.release import Release
from tests.browser_support import axe_violations, visit

ASKED = [
    ("padron", {}),
    ("padron", {"indicador": "analfabetismo"}),
    ("padron", {"indicador": "mujeres", "departamento": "16"}),
    ("padron", {"indicador": "mayores-61", "ver": "departamento"}),
    ("participacion", {"indicador": "validos-por-100"}),
    ("participacion", {"indicador": "centros"}),
    ("participacion", {"indicador": "nulos", "departamento": "13"}),
]
#: Checked by eye on the map of the country: the first is seen from the second.
KNOWN = [
    ("Chisec", "Cobán", "nororiente"),
    ("Playa Grande Ixcán", "Cobán", "occidente"),
    ("San Miguel Uspantán", "Cobán", "suroccidente"),
    ("Mixco", "Guatemala", "occidente"),
    ("Palencia", "Guatemala", "oriente"),
    ("Villa Nueva", "Guatemala", "suroccidente"),
    ("Santa Catarina Pinula", "Guatemala", "sur"),
    ("Livingston", "Puerto Barrios", "occidente"),
    ("Guastatoya", "Jalapa", "norte"),
    ("Monjas", "Jalapa", "suroriente"),
    ("Mataquescuintla", "Jalapa", "occidente"),
    ("San Carlos Alzatate", "Jalapa", "sur"),
]


@pytest.fixture(scope="module")
def own(release_path: Path) -> Site:
    """The site of the small release."""
    return Site(Release.open(release_path))


@pytest.fixture(scope="module")
def shapes(release_path: Path) -> Mapping[str, Any]:
    """The file of the map of the country."""
    found: Mapping[str, Any] = json.loads((release_path / "mapa_nacional.json").read_bytes())
    return found


def asked(site: Site, topic: str, query: Mapping[str, str]) -> tuple[Answer, Selection, Geography]:
    """The map of a question, and where its places are."""
    selection = PAGE.asked(query, site.offer(topic)).selection
    where = site.geography(LAYER_OF[selection.nivel])
    assert where
    return site.answer(f"{topic}_mapa", selection), selection, where


@pytest.mark.parametrize(("topic", "query"), ASKED)
def test_the_extremes_are_those_of_the_table(own: Site, topic: str, query: Mapping[str, str]) -> None:
    answer, _, _ = asked(own, topic, query)
    unit, ranked = answer.facts.indicator.unit, {place.code for place in answer.facts.ranked}
    shown = {row[0]: unit.rounded(row[2]) for row in answer.rows if row[2] is not None and row[0] in ranked}
    words = [sentence.plain() for sentence in extremes(answer.facts)]
    for end, text in ((max(shown.values()), "más alta"), (min(shown.values()), "más baja")):
        (said,) = [item for item in words if text in item]
        having = [code for code, value in shown.items() if value == end]
        assert unit.write(end) in said
        assert f"La tienen {len(having)} " in said if len(having) > 1 else own.names[having[0]] in said


@pytest.mark.parametrize(("topic", "query"), ASKED)
def test_every_place_is_ranked_and_set_beside_its_neighbours(
    own: Site, shapes: Mapping[str, Any], topic: str, query: Mapping[str, str]
) -> None:
    answer, selection, where = asked(own, topic, query)
    unit, layer = answer.facts.indicator.unit, shapes[LAYER_OF[selection.nivel]]
    published = {row[0]: unit.rounded(row[2]) for row in answer.rows if row[2] is not None}
    ranked = {place.code: published[place.code] for place in answer.facts.ranked}
    for row in answer.rows:
        found = around(row[0], answer.facts, where)
        assert found
        assert {*(item.place.code for item in found.neighbours), *found.outside} == {*layer[row[0]]["v"]}
        assert not {*found.outside} & {other[0] for other in answer.rows}
        said = " ".join(sentence.plain() for sentence in around_words(found, answer.facts))
        if row[0] in ranked:
            above = sum(value > ranked[row[0]] for value in ranked.values())
            below = sum(value < ranked[row[0]] for value in ranked.values())
            position, end = (above + 1, "alto") if above <= below else (below + 1, "bajo")
            place = f"el {ordinal(position)} más {end} de " if position > 1 else f"el más {end} de "
            assert f"Es {place}{integer(len(ranked))} " in said
        else:
            assert "Es el " not in said
        for item in found.neighbours:
            if item.compared in (HIGHER, LOWER):
                higher = published[item.place.code] > published[row[0]]
                assert item.compared == (HIGHER if higher else LOWER)
            elif item.place.code not in published or row[0] not in published:
                assert item.compared == ""


def test_neighbours_are_those_published_and_each_has_the_other(own: Site, release_path: Path) -> None:
    where = own.geography("municipios")
    assert where
    table = pq.read_table(release_path / "limites_vecinos.parquet").to_pylist()
    published = {(row["codigo_municipio"], row["codigo_vecino"]) for row in table}
    told = {(code, other) for code in where.points for _, other in by_direction(code, where)}
    assert told == published
    assert {(other, code) for code, other in told} == told


def test_directions_are_those_of_the_map(own: Site) -> None:
    where = own.geography("municipios")
    assert where
    for seen, origin, way in KNOWN:
        found = {
            own.names[other]: said
            for code in where.points
            if own.names[code] == origin
            for said, other in by_direction(code, where)
        }
        assert found[seen] == way, (seen, origin)
    for number, name in enumerate(DIRECTIONS):
        turn = number * pi / 4
        assert direction((5, 5), (5 + np.sin(turn), 5 - np.cos(turn))) == name
    for code in where.points:
        for way, other in by_direction(code, where):
            (x, y), (to_x, to_y) = where.points[code], where.points[other]
            eighth = round(atan2(to_x - x, y - to_y) / (pi / 4)) % 8
            assert DIRECTIONS[eighth] == way


# --- Where the high and the low figures are ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grid() -> Geography:
    """Twelve by twelve squares, each beside the four that it touches; «0011» is in the first row, far to the east."""
    side = range(12)
    return geography(
        {
            f"{y:02}{x:02}": {
                "r": [x, y],
                "v": [f"{b:02}{a:02}" for a, b in ((x + 1, y), (x, y + 1)) if a in side and b in side],
            }
            for y in side
            for x in side
        }
    )


def test_a_corner_is_told(grid: Geography) -> None:
    found = trend({code: x - y for code, (x, y) in grid.points.items()}, grid)
    assert found
    assert [group.region for group in found.high.groups] == ["nororiente"]
    assert [group.region for group in found.low.groups] == ["suroccidente"]
    mirrored = trend({code: y - x for code, (x, y) in grid.points.items()}, grid)
    assert mirrored
    assert [group.region for group in mirrored.high.groups] == ["suroccidente"]


def test_a_chessboard_has_no_group(grid: Geography) -> None:
    figures = {code: (x + y) % 2 + (x * 7 + y * 5) % 12 / 100 for code, (x, y) in grid.points.items()}
    found = trend(figures, grid)
    assert found
    assert not found.high.together
    assert not found.low.together


def test_chance_is_not_taken_for_a_pattern(own: Site, grid: Geography) -> None:
    country = own.geography("municipios")
    assert country
    for where in (grid, country):
        wrong = 0
        for seed in range(100):
            values = np.random.default_rng(seed).random(len(where.points)).tolist()
            found = trend(dict(zip(where.points, values, strict=True)), where)
            assert found
            wrong += found.high.together or found.low.together
        assert wrong <= 5


def test_the_order_and_the_scale_of_the_figures_change_nothing(grid: Geography) -> None:
    figures = {code: x * x + 3 * y for code, (x, y) in grid.points.items()}
    backwards = {code: 1 + 10 * figures[code] for code in reversed(figures)}
    assert trend(figures, grid) == trend(backwards, grid)


def test_few_places_and_ties_say_nothing(grid: Geography) -> None:
    few = {code: float(number) for number, code in enumerate([*grid.points][:9])}
    assert trend(few, grid) is None
    assert trend(dict.fromkeys(grid.points, 1.0), grid) is None


def test_groups_are_what_touches(grid: Geography) -> None:
    assert groups(["0000", "0001", "0101", "0505", "0606"], grid) == [("0000", "0001", "0101"), ("0505",), ("0606",)]


@pytest.mark.parametrize("topic", ["padron", "participacion"])
def test_every_indicator_is_told_in_short_sentences(own: Site, topic: str) -> None:
    for indicator in own.offer(topic).indicators:
        answer, _, where = asked(own, topic, {"indicador": indicator})
        for said in trend_words(answer.facts, where, ""):
            assert all(len(part.split()) <= 40 for part in said.plain().split(". ")), said.plain()


# --- On the page ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/padron", "/participacion"])
def test_it_is_read_in_both_modes_without_scripts(seen: Callable[[str], Any], own: Site, path: str) -> None:
    answer, _, _ = asked(own, path[1:], {})
    first = extremes(answer.facts)[0].plain()
    for address in (path, f"/accesible{path}"):
        document = seen(f"{address}?lugar=1601")
        html = document.html
        assert document.texts(".mapa-palabras p")[0].startswith(first)
        assert html.count('id="mapa-en-palabras"') == 1
        told = html[html.index('class="mapa-palabras"') :]
        assert "Alrededor de Cobán" in told
        assert 'data-lugar="1613"' in told
        assert "Al nororiente: " in told
        assert ('<details class="mapa-palabras">' in html) == (address == path)


def test_in_the_accessible_mode_it_is_open_and_a_heading_few_keys_away(seen: Callable[[str], Any]) -> None:
    document = seen("/accesible/padron?lugar=1601")
    headings = [node.get("id") for node in document.all("main :is(h1, h2, h3)")]
    assert headings.index("mapa-en-palabras") < 6
    assert not document.all("details:has(#mapa-en-palabras)")


def test_a_profile_says_its_own(seen: Callable[[str], Any]) -> None:
    html = seen("/ficha/1601").html
    told = html[html.index('id="mapa-en-palabras"') :]
    assert "Al occidente: Playa Grande Ixcán (Quiché)" in told


def test_what_is_confidential_is_neither_ranked_nor_compared(own: Site) -> None:
    """Some figures of the real map hidden as a cube hides them: nothing that is said depends on what they were."""
    answer, _, where = asked(own, "padron", {})
    facts = answer.facts
    hidden = {facts.ranked[0].code, facts.ranked[-1].code, "1613", "2102"}
    left = tuple(
        item._replace(value=None, text=WITHHELD, klass=HIDDEN, position=None) if item.code in hidden else item
        for item in facts.places
    )
    told = replace(facts, places=left)
    assert not any(own.names[code] in said.plain() for said in extremes(told) for code in hidden - {"1613", "2102"})
    assert trend_words(told, where, "") == trend_words(replace(told, places=tuple(reversed(left))), where, "")
    found = around("1601", told, where)
    assert found
    (chisec,) = [item for item in found.neighbours if item.place.code == "1613"]
    assert (chisec.place.text, chisec.compared) == (WITHHELD, "")
    words = " ".join(said.plain() for said in around_words(found, told))
    assert f" de {len(left) - len(hidden)} municipios" in words
    assert f"{len(found.neighbours) - 1} vecinos con cifra" in words
    alone = around("1613", told, where)
    assert alone
    assert {item.compared for item in alone.neighbours} == {""}
    assert [said.plain() for said in around_words(alone, told)] == [f"Chisec: {WITHHELD}."]


def test_it_opens_with_the_keyboard_and_fits_a_phone(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(width=320)
    visit(page, f"{site}/padron?lugar=1601")
    summary = page.locator(".mapa-palabras > summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".mapa-palabras").evaluate("node => node.open")
    assert page.locator("#mapa-en-palabras").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_violations(page) == []
