"""Promise: page = CSV = XLSX = Parquet = JSON = API = JSON-stat. Of hundreds of questions at random, the site gives the same
figures in every form that has them, value by value: codes are text, and what is hidden or missing is so in all.

Four kinds of question, of a release of real data and of the demonstration. A cross, the map of a count and a row of a published
table are in all seven forms. What else a view shows (shares, distances, places side by side) is worked out of several figures,
and the API gives nothing but rows of one table and their sums: the page itself says which of its questions the API answers, and
this reads it there. JSON-stat is of tables with figures: `Offered.figures` says which have none.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from dashboard.address.crossable import Cross
from dashboard.address.crossing import inside
from dashboard.address.extracts import API, CONFIDENTIAL, FROM, TO, Offered
from dashboard.address.people import Group
from dashboard.address.vocabulary import Offer
from dashboard.app import create_app
from dashboard.figures.extracts import tables_of
from dashboard.figures.measures import Count
from dashboard.figures.queries import Data
from dashboard.indicators import INDICATORS
from dashboard.indicators.offers import CROSSES
from dashboard.indicators.offers import offer as offer_of
from dashboard.render.tables import TABLE_FORMATS, takes
from dashboard.views import VIEWS
from etl.model import Kind
from etl.release import FileFacts, Release
from tests.asked_forms_support import (
    Crossed,
    asked_at_random,
    by_municipio,
    groups_of,
    link_to_api,
    of_cross_file,
    page_of,
    pages_at_random,
    where_shown,
)
from tests.crosses_support import RATES, Book, cells_of, crossed, questions, written
from tests.release_support import run_apart
from tests.same_figures_support import (
    api_rows,
    card_tables,
    figure_of,
    file_links,
    get,
    matrix,
    plain_table,
    read_files,
    same_figures,
    same_in_stat,
    same_of_api,
    says,
    shown_words,
)
from tests.site_support import READERS, Document, accessible, text_of

SEED = 2_611
FORMS = ("pagina", *READERS, "api", "jsonstat")
#: Questions of each kind and release: in `make test`, and in `make test-largo`.
FEW, MANY = (
    {"cruces": 4, "mapas": 3, "tablas": 3, "vistas": 10},
    {"cruces": 170, "mapas": 80, "tablas": 60, "vistas": 150},
)
#: Crosses that are thought of at most.
ENOUGH = 5_000
#: The most rows of a table that is read whole in every format, by `make test` and by `make test-largo`: longer ones are read
#: whole by tests/test_filtered_api.py.
SHORT, LONG = 700, 8_000
MAPS = {"padron_mapa": "/padron", "participacion_mapa": "/participacion"}
#: What is not read as a table of rows, by the kind of its picture: how it is read, or why its page has no table of figures.
READ_SO: dict[str, str | Callable[[Document, dict[str, Any]], int]] = {
    "comparacion": card_tables,
    "lado_a_lado": card_tables,
    "matriz": matrix,
    "calor": "is read as what it is, a cross, by compare_crosses",
    "cruces": "says in words which crosses are published, and has no figure",
    "hechos": "tells facts in words, and has no figure",
}


class World:
    """A release, its site and what was compared of it."""

    def __init__(self, release: Path) -> None:
        self.release = Release.open(release)
        self.data = Data(self.release)
        self.book = Book(self.release)
        self.app = create_app(release)
        self.compared: Counter[str] = Counter()
        self.figures = 0

    def ask(self, *paths: str) -> list[httpx.Response]:
        async def asked() -> list[httpx.Response]:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://sitio", follow_redirects=True) as client:
                return [await client.get(path) for path in paths]

        return run_apart(asked)

    def page(self, address: str) -> Document:
        return Document(get(self.ask, accessible(address))[0].text)

    def count(self, kind: str, figures: int, *forms: str) -> None:
        """That a question was the same in some forms."""
        self.compared[kind] += 1
        self.compared.update(forms)
        self.compared["los siete"] += set(FORMS) <= set(forms)
        self.figures += figures

    @cached_property
    def shown(self) -> dict[str, list[str]]:
        return where_shown(self.ask)

    @cached_property
    def counted(self) -> list[tuple[str, str]]:
        """The view and the indicator of each map of a count: what a column that can be added comes to in each municipio."""
        return [
            (view, value)
            for view in MAPS
            for item in VIEWS[view].parameters(self.data)
            if item.name == "indicador"
            for value in item.values
            if self._adds_up(value)
        ]

    def _adds_up(self, indicator: str) -> bool:
        """Whether an indicator is a count, of a column that its release says that can be added."""
        measure = INDICATORS[indicator].measure
        if not isinstance(measure, Count):
            return False
        place = self.data.place_for(measure.counted, Group())
        return place.column in {item.name for item in Offered(self.data.tables[place.table.name]).additive}

    @cached_property
    def tables(self) -> dict[str, tuple[Offered, FileFacts]]:
        return tables_of(self.release)


@pytest.fixture(scope="module")
def worlds(release_path: Path, demonstration: Path) -> list[World]:
    return [World(release_path), World(demonstration / "release" / "current")]


# --- Crosses -------------------------------------------------------------------------------------------------------------


def small_crosses(offered: Offer, cells: int) -> Iterator[tuple[dict[str, str], Cross]]:
    """Crosses at random of no more than so many cells: tests/test_any_cross.py has the long ones."""
    for query in questions(offered, ENOUGH):
        _, cross = crossed(query, offered)
        rows, columns = inside(cross)
        if len(rows) * len(columns) <= cells:
            yield query, cross


def compare_crosses(world: World, times: int, cells: int) -> None:
    offered = offer_of(world.data, CROSSES)
    modes = ["fila", "columna", "personas"]
    for turn, (query, cross) in enumerate(islice(small_crosses(offered, cells), times)):
        mode = "" if cross.cuenta in RATES else modes[turn % 3]
        asked = query | ({"mostrar": mode} if mode else {})
        page = world.page(f"/cruces?{urlencode(asked)}&ver=todas")
        told, _ = read_files(world.ask, file_links(page)["cruces"])
        expected = {
            (row["codigo_fila"], row["codigo_columna"]): written(row, mode, row["codigo_columna"] == "total")
            for row in told["filas"]
        }
        found = {key: [part for part in said if part] for key, said in cells_of(page).items()}
        assert found == {key: [shown_words(part) for part in said] for key, said in expected.items()}, query
        file = of_cross_file(told["filas"])
        answered = Crossed(cross, world.book).answers(world.ask)
        assert set(answered) <= set(file), query
        same_figures({key: answered.get(key) for key in file}, file, f"/cruces {query}")
        world.count("cruces", len(file), *FORMS)


# --- Maps of counts ------------------------------------------------------------------------------------------------------


def compare_maps(world: World, times: int) -> None:
    chance = random.Random(SEED)
    for turn in range(times):
        view, indicador = world.counted[turn % len(world.counted)]
        asked = asked_at_random(VIEWS[view], world.data, chance) | {"indicador": indicador, "ver": "municipio"}
        page = world.page(page_of(MAPS[view], asked, world.data, chance))
        told, _ = read_files(world.ask, file_links(page)[view])
        figures = plain_table(page, told)
        address = link_to_api(page)
        # What is not published by municipio is shown by departamento, and the page says so.
        assert address or "codigo_municipio" not in told["filas"][0], (view, asked)
        if not address:
            world.count("mapas", figures, "pagina", *READERS)
            continue
        rows = api_rows(world.ask, address, turn)
        figure = dict(pair.split("=") for pair in address.partition("?")[2].split("&"))["sumar"]
        same_in_stat(world.ask, address, rows, groups_of(rows), (figure,))
        file = by_municipio(told["filas"], "codigo_municipio", "valor")
        answered = by_municipio(rows, "codigo_municipio", figure)
        # A table has no row for a place of which it has no figure.
        same_figures({key: answered.get(key) for key in file}, file, address)
        assert set(answered) <= set(file), address
        world.count("mapas", figures + len(file), *FORMS)


# --- Rows of tables ------------------------------------------------------------------------------------------------------


def compare_tables(world: World, times: int, longest: int) -> None:
    """A row of those that the page of each table shows, asked for by its key."""
    chance = random.Random(SEED)
    names = [name for name, (_, item) in world.tables.items() if 0 < (item["filas"] or 0) <= longest]
    for name in chance.sample(names, min(times, len(names))):
        offered, item = world.tables[name]
        page = world.page(f"/datos/{item['dataset']}")
        preview = previewed(world, page, name, offered)
        files = whole_files(world, name, item)
        row = chance.choice(preview)
        key = {one: row[one] for one in offered.table.key}
        query = urlencode([pair for one, value in key.items() for pair in asked_for(offered, one, value)])
        address = f"{API}/{name}/data.json?{query}"
        (answered,) = api_rows(world.ask, address)
        assert answered == row, address
        kinds = {column.name: column.kind for column in offered.columns.values()}
        for suffix, rows in files.items():
            there = [one for one in rows if all(same_of_api(one[part], row[part], suffix) for part in key)]
            assert len(there) == 1, f"{name}.{suffix}: {len(there)} rows with {key}"
            (found,) = there
            for column, value in row.items():
                assert same_of_api(found[column], value, suffix), (
                    f"{name}.{suffix} {column}: {found[column]!r}, not {value!r}"
                )
                assert value is None or kinds[column] is not Kind.CODIGO or isinstance(found[column], str)
        forms = ["pagina", *files, "api"]
        if offered.figures:
            figures = [one.name for one in offered.figures]
            same_in_stat(world.ask, address, [row], offered.table.key, figures)
            forms.append("jsonstat")
        else:
            refused = world.ask(address.replace("data.json", "data.jsonstat"))[0]
            assert refused.status_code == 400 and "no tiene cifras" in refused.text, address
        world.count("tablas", len(row), *forms)


def asked_for(offered: Offered, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """How rows with a value are asked for."""
    if value is None:
        yield "vacias", name
    elif name in offered.filters:
        yield name, ("si" if value else "no") if isinstance(value, bool) else str(value)
    else:  # it is called as a parameter of any table, and is chosen by its limits
        yield from ((name + FROM, str(value)), (name + TO, str(value)))


def whole_files(world: World, name: str, item: FileFacts) -> dict[str, list[dict[str, Any]]]:
    """The whole table in the formats in which it can be had by address: a long one is no workbook."""
    taken = [suffix for suffix in READERS if suffix == "parquet" or takes(TABLE_FORMATS[suffix], item)]
    stem = f"/descargas/{world.release.id}/{Path(item['nombre']).stem}"
    answers = get(world.ask, *(f"{stem}.{suffix}" for suffix in taken))
    return {suffix: READERS[suffix](answer.content) for suffix, answer in zip(taken, answers, strict=True)}


def previewed(world: World, page: Document, name: str, offered: Offered) -> list[dict[str, Any]]:
    """The rows of a table that its page shows, as the API has them: each cell must say what the API says."""
    state = next((column for column in offered.columns.values() if CONFIDENTIAL in (column.labels or {})), None)
    if state is None:
        asked, title = [f"{API}/{name}/data.json?limite=5"], f"Primeras filas de {name}"
    else:
        of_each = (("publicada", 5), (CONFIDENTIAL, 3))
        asked = [f"{API}/{name}/data.json?{state.name}={value}&limite={most}" for value, most in of_each]
        title = f"Cómo se ve {name}: algunas filas"
    rows = [row for answer in get(world.ask, *asked) for row in answer.json()["data"]]
    (table,) = [one for one in page.all("main table.muestra") if text_of(one.cssselect("caption")[0]) == title]
    columns = {(column.title if state else column.name): column for column in offered.columns.values()}
    header = [columns[text_of(cell)] for cell in table.cssselect("thead th")]
    lines = table.cssselect("tbody tr")
    assert len(lines) == len(rows), title
    for line, row in zip(lines, rows, strict=True):
        for column, cell in zip(header, line.cssselect("th, td"), strict=True):
            text, value = text_of(cell), row[column.name]
            assert said_in_preview(text, value, column, state is not None), (
                f"{title} {column.name}: «{text}», not {value!r}"
            )
    return rows


def said_in_preview(text: str, value: Any, column: Any, in_words: bool) -> bool:
    if in_words:
        if column.kind is Kind.ENTERO:
            return says(text, value)
        return text == ("Total" if value == "total" else (column.labels or {}).get(str(value), str(value)))
    if column.kind is Kind.DECIMAL and text:
        return value is not None and float(text) == value
    plain = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    plain = " ".join(plain.split())
    return text == plain or (text.endswith("…") and plain.startswith(text[:-1]))


# --- Everything else that a view shows -----------------------------------------------------------------------------------


def compare_views(world: World, times: int) -> None:
    chance = random.Random(SEED)
    for view, address in pages_at_random(world.data, world.shown, chance, times):
        page = world.page(address)
        links = file_links(page)
        if view not in links:  # the page has it for some questions only, and says why it has not
            world.compared["sin la vista"] += 1
            continue
        told, _ = read_files(world.ask, links[view])
        reading = READ_SO.get(VIEWS[view].kind.name, plain_table)
        empty = not told["filas"] or (reading is card_tables and not page.all("main .ficha-lugar, main .lado-a-lado"))
        if isinstance(reading, str) or empty:  # no rows, or no place chosen: the page says so instead of a table
            world.count("vistas", 0, *READERS)
        else:
            world.count("vistas", reading(page, told), "pagina", *READERS)


# --- The promise ---------------------------------------------------------------------------------------------------------


def compare(worlds: list[World], times: dict[str, int], longest: int, cells: int) -> Counter[str]:
    """Compare so many questions of each kind; how many were compared, of each kind and in each form."""
    for world in worlds:
        world.compared.clear()
        compare_crosses(world, times["cruces"], cells)
        compare_maps(world, times["mapas"])
        compare_tables(world, times["tablas"], longest)
        compare_views(world, times["vistas"])
    total: Counter[str] = sum((world.compared for world in worlds), Counter())
    print(dict(total), sum(world.figures for world in worlds))
    return total


def test_some_questions_are_the_same_in_every_form(worlds: list[World]) -> None:
    total = compare(worlds, FEW, SHORT, 150)
    assert sum(total[kind] for kind in FEW) >= 40
    assert all(total[form] >= 15 for form in FORMS)
    assert total["los siete"] >= 15


@pytest.mark.largo
def test_hundreds_of_questions_are_the_same_in_every_form(worlds: list[World]) -> None:
    total = compare(worlds, MANY, LONG, 400)
    assert sum(total[kind] for kind in MANY) >= 800
    assert all(total[form] >= 500 for form in FORMS)
    assert total["los siete"] >= 500


def test_a_difference_would_be_seen(worlds: list[World]) -> None:
    """One figure changed in one form is found by what compares them."""
    page = worlds[0].page("/padron?indicador=empadronados&departamento=17")
    told, _ = read_files(worlds[0].ask, file_links(page)["padron_mapa"])
    assert plain_table(page, told) > 0
    told["filas"][3]["valor"] += 1
    with pytest.raises(AssertionError):
        plain_table(page, told)
    assert figure_of("sin dato publicado") is None and not says("1,234", 1235) and not says("confidencial", 12)
