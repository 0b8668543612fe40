"""Promise: what is kept in memory of a release answers as its database does, and what is written at once, as piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from sqlalchemy import select

from dashboard.address.selection import Selection
from dashboard.address.vocabulary import EVERYONE, Group, Trait
from dashboard.figures.measures import Quantity, Unaskable
from dashboard.figures.places import Cell
from dashboard.figures.queries import Data
from dashboard.figures.slices import TERRITORY, levels_of
from dashboard.indicators import TOPICS
from dashboard.indicators.offers import askable
from dashboard.render import rows
from dashboard.render.blocks import Face, place_links
from dashboard.render.rows import addresses
from dashboard.site import Site
from etl.model import TOTAL, Kind
from etl.release import Release

PLACES = ("", "16", "0101")


@pytest.fixture(scope="module")
def data(release_path: Path) -> Data:
    """The figures of the release."""
    return Data(Release.open(release_path))


@pytest.fixture(scope="module")
def cubes(demonstration: Path) -> Data:
    """The figures of the demonstration, which has cubes."""
    return Data(Release.open(demonstration / "release" / "current"))


def quantities(data: Data) -> list[Quantity]:
    """What the indicators of a release add up: one of every three."""
    found = (askable(data, topic.indicators).values() for topic in TOPICS.values())
    every = {quantity: None for indicators in found for item in indicators for quantity in item.measure.quantities}
    return [*every][::3]


def groups(data: Data) -> Iterator[Group]:
    """Everybody, and each group that the release has."""
    yield EVERYONE
    for name, item in data.vocabulary.groups.items():
        for value in item.labels or {}:
            yield Group(value) if name == "sexo" else Group(trait=Trait(name, value))
            if name != "sexo":
                yield Group("mujeres", Trait(name, value))


def test_a_count_of_a_small_table_is_what_its_database_adds_up(data: Data) -> None:
    compared = 0
    for quantity in quantities(data):
        for group in groups(data):
            try:
                place = data.place_for(quantity, group)
            except Unaskable:
                continue
            asked = quantity.people(group).conditions()
            found = None if place.added_up else data._small.cells(place, asked)
            if found is not None:
                compared += 1
                assert found == {code: cell for (code,), cell in data._counted(place, (), asked).items()}
    assert compared > 30


def test_the_rows_of_a_small_table_are_those_of_its_database(data: Data) -> None:
    small = [item for item in data.tables.values() if not item.shaped and data._small.equal(item, {}) is not None]
    assert len(small) > 20
    for table in small:
        source = data.sql_table(table.name)
        whole = data._database.rows(select(source))
        assert [tuple(row.values()) for row in data.records(table.name)] == whole
        column = table.fields[0].name
        first = whole[0][0] if whole else None
        if table.fields[0].kind in (Kind.CODIGO, Kind.TEXTO, Kind.CATEGORIA) and first is not None:
            own = [row for row in whole if row[0] == first]
            assert [tuple(row.values()) for row in data.records(table.name, **{column: first})] == own
        if "codigo_municipio" in table.names:
            inside = {*data.territories.under("16")}
            at = [item.name for item in table.fields].index("codigo_municipio")
            assert [tuple(row.values()) for row in data.records_under(table.name, "16")] == [
                row for row in whole if row[at] in inside
            ]


def test_what_is_asked_with_a_value_of_another_type_is_left_to_the_database(data: Data) -> None:
    table = data.table("poblacion_municipal")
    assert data._small.equal(table, {"anio": "2026"}) is None and data._small.equal(table, {"anio": 2026}) is not None
    assert data.records("poblacion_municipal", anio="2026") == data.records("poblacion_municipal", anio=2026)


def test_one_place_of_a_cube_is_what_its_database_says_of_it(cubes: Data) -> None:
    compared = 0
    dimensions = [(name,) for name in cubes.vocabulary.groups] + [("grupo_edad", "sexo"), ("pueblo", "sexo")]
    for quantity in quantities(cubes):
        for asked in dimensions:
            try:
                place = cubes.place(quantity, asked)
            except Unaskable:
                continue
            if not place.added_up or not {*TERRITORY} <= place.table.names:
                continue
            for code in PLACES:
                found = cubes.slices(place.table).crossed(place.column, dict(place.where), asked, code)
                if found is None:  # a quantity that is of some ages is not divided by age here
                    continue
                told = cubes._counted(place, asked, levels_of(code))
                assert found == {tuple(key): cell for (_, *key), cell in told.items()}
                compared += len(told)
    assert compared > 200


def test_a_cube_is_not_read_with_a_column_left_free(cubes: Data) -> None:
    table = cubes.table("padron_cubo")
    assert cubes.slices(table).crossed("empadronados", {"sexo": (TOTAL,)}, ("grupo_edad",), "") is None


def test_some_cells_together_are_not_published_if_one_is_not(cubes: Data) -> None:
    table = cubes.table("padron_cubo")
    free = {*cubes.slices(table)._columns} - {"sexo", "grupo_edad"}
    whens = {name: tuple({key[at] for key in cubes.slices(table)._found["empadronados"]}) for at, name in _free(cubes)}
    wanted = {name: (TOTAL,) if TOTAL in whens[name] else whens[name][:1] for name in free}
    both = cubes.slices(table).crossed(
        "empadronados", wanted | {"sexo": ("mujeres", "hombres")}, ("grupo_edad",), "0101"
    )
    each = cubes.slices(table).crossed("empadronados", wanted, ("grupo_edad", "sexo"), "0101")
    assert both and each
    for (age,), cell in both.items():
        parts = [each[age, sexo] for sexo in ("mujeres", "hombres") if (age, sexo) in each]
        values = [part.value for part in parts if part.value is not None]
        whole = sum(values) if len(values) == len(parts) else None
        assert cell == Cell(whole, any(part.hidden for part in parts))


def _free(cubes: Data) -> list[tuple[int, str]]:
    return [*enumerate(cubes.slices(cubes.table("padron_cubo"))._columns)]


def test_the_links_of_a_table_are_those_of_each_place(data: Data) -> None:
    asked = Selection("analfabetismo", departamento="16", group=Group("mujeres"), lugar="1602", filas="todas")
    for path in ("/padron", "/accesible/padron", ""):
        address, link = addresses(asked, path, "lugar"), place_links(asked, Face(path))
        for code, name in data.territories.municipios.items():
            assert address(code) == asked.url(path, lugar=code)
            (written,) = lxml.html.fragments_fromstring(link(code, name))
            assert dict(written.attrib) == {"data-lugar": code, "href": asked.url(path, lugar=code)}
            assert written.text == name


def test_the_rows_of_a_table_say_every_figure_of_the_answer(release_path: Path) -> None:
    site = Site(Release.open(release_path))
    answer = site.answer("padron_mapa", Selection("analfabetismo"))
    table = lxml.html.fromstring(f"<table>{rows.written(answer, answer.rows)}</table>")
    shown = [(place, column) for place, column in enumerate(answer.columns) if not column.hidden]
    assert len(table.cssselect("tr")) == len(answer.rows) == 340
    for line, row in zip(table.cssselect("tr"), answer.rows, strict=True):
        cells = [cell.text_content() for cell in line.cssselect("th, td")]
        assert cells == [column.write(row[place]) for place, column in shown]
