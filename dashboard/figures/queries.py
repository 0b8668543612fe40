"""The figures of one release: every question that a view asks of its tables. SQLAlchemy Core, bound parameters only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy import Table as SqlTable

from dashboard.address.vocabulary import EVERYONE, MUNICIPIO, Group
from dashboard.figures.counted import CUTOFF, WITHHELD, names_of
from dashboard.figures.measures import Measure, Quantity, Status, Unaskable
from dashboard.figures.places import Cell, Place, missing, places_of
from dashboard.figures.slices import COUNTRY_CODE as COUNTRY_CODE
from dashboard.figures.slices import TERRITORY, Slices, code_of, levels_of
from dashboard.figures.small import Row as Row
from dashboard.figures.small import number
from dashboard.figures.summed import Part, Summed, total
from dashboard.figures.tables import CACHED_MAPS, CACHED_QUESTIONS, Tables
from etl.model import TOTAL, Table
from etl.release import Release

#: The state of a figure that is published.
PUBLISHED = "publicado"
Counts = Mapping[tuple[str, ...], float | None]


class Data(Tables):
    """The figures of one release, asked in SQL. Safe to share between threads."""

    def __init__(self, release: Release) -> None:
        super().__init__(release)
        # Answers never change within a release, so each distinct question is computed once.
        self.place = lru_cache(CACHED_QUESTIONS)(self._place)
        self._divided = lru_cache(CACHED_QUESTIONS)(self._divides)
        self.cells = lru_cache(CACHED_MAPS)(self._cells)
        self.sums = lru_cache(CACHED_MAPS)(self._sums)
        self.crossed_everywhere = lru_cache(CACHED_MAPS)(self._crossed_everywhere)
        self.crossed_published = lru_cache(CACHED_QUESTIONS)(self._crossed_published)
        self.states = lru_cache(CACHED_QUESTIONS)(self._states)
        self.confidential = lru_cache(CACHED_QUESTIONS)(self._confidential)

    # --- What there is ----------------------------------------------------------------------------------------------

    def has(self, quantity: Quantity) -> bool:
        """Whether the release publishes it at all."""
        return self.divides(quantity, ())

    def accepts(self, measure: Measure) -> frozenset[str]:
        """The population groups that every quantity of `measure` can be divided by, one at a time."""
        return frozenset(name for name in self.vocabulary.groups if self.crosses(measure, (name,)))

    def crosses(self, measure: Measure, dimensions: Iterable[str], level: str = MUNICIPIO) -> bool:
        """Whether every quantity of `measure` is crossed with all of `dimensions` down to a level; with none, whether it is
        published. One that counts everybody whatever the group asked for needs no cross.
        """
        asked = tuple(dimensions)
        return all(self.divides(item, () if item.whose == EVERYONE else asked, level) for item in measure.quantities)

    def divides(self, quantity: Quantity, dimensions: tuple[str, ...], level: str = MUNICIPIO) -> bool:
        """Whether a table crosses `quantity` with all of `dimensions`, besides what it already fixes, down to a level."""
        return self._divided(quantity, dimensions, level)

    def _divides(self, quantity: Quantity, dimensions: tuple[str, ...], level: str) -> bool:
        if {*dimensions} & {column for column, _ in quantity.where}:
            return False
        try:
            place = self.place(quantity, dimensions)
        except Unaskable:
            return False
        return level != MUNICIPIO or not place.coarse

    def sources(self, measure: Measure, group: Group) -> tuple[str, ...]:
        """The names of the tables that the figures of `measure` for `group` come from, in the order of its quantities."""
        return tuple(dict.fromkeys(self.place_for(quantity, group).table.name for quantity in measure.quantities))

    def cutoffs(self, measure: Measure, group: Group) -> tuple[date, ...]:
        """The days that the figures of `measure` for `group` are of, where a table has several."""
        places = (self.place_for(quantity, group) for quantity in measure.quantities)
        return tuple(dict.fromkeys(self.day(place) for place in places if CUTOFF in names_of(place.table)))

    def place_for(self, quantity: Quantity, group: Group) -> Place:
        """Where `quantity` is found when `group` is asked for; Unaskable when no table crosses it so."""
        return self.place(quantity, tuple(quantity.people(group).conditions()))

    def _place(self, quantity: Quantity, dimensions: tuple[str, ...] = ()) -> Place:
        """Where `quantity` is found crossed with `dimensions`, as of its cut-off or else of the latest there is; Unaskable
        when no table crosses them.
        """
        found = [*places_of(self.tables, quantity, dimensions)]
        if quantity.cutoff:
            found = [place for place in found if quantity.cutoff in self._days(place)]
        elif quantity.newest == CUTOFF and any(CUTOFF in names_of(place.table) for place in found):
            found.sort(key=lambda place: max(self._days(place), default=date.min), reverse=True)
        if not found:
            raise missing(quantity, dimensions)
        place, column = found[0], quantity.newest
        if not column or column not in names_of(place.table):
            return place
        last = quantity.cutoff or self._last(place, column)
        return place if last is None else replace(place, where=(*place.where, (column, (last,))))

    def when(self, quantity: Quantity) -> str:
        """Of which year the newest rows of a quantity are («2026»); "" when its table does not say, or there is none."""
        if quantity.newest in ("", CUTOFF) or not self.has(quantity):
            return ""
        return next((str(last) for name, (last, *_) in self.place(quantity).where if name == quantity.newest), "")

    def days(self, quantity: Quantity) -> tuple[date, ...]:
        """The cut-offs that a quantity can be asked for as of, the latest first; none when no table of it holds several."""
        places = [*places_of(self.tables, quantity)] if quantity.newest == CUTOFF else []
        if not any(CUTOFF in names_of(place.table) for place in places):
            return ()
        return tuple(sorted({day for place in places for day in self._days(place)}, reverse=True))

    def day(self, place: Place) -> date:
        """The day that the figures of a place are of."""
        chosen = next((values[0] for name, values in place.where if name == CUTOFF), None)
        return chosen if isinstance(chosen, date) else date.fromisoformat(self.cutoff(place.table.name))

    def _days(self, place: Place) -> tuple[date, ...]:
        """The days that the rows of a place are of."""
        if CUTOFF not in names_of(place.table):
            return (date.fromisoformat(self.cutoff(place.table.name)),)
        statement = (
            select(self.sql_table(place.table.name).c[CUTOFF]).where(and_(True, *self._wanted(place))).distinct()
        )
        key = ("days", place.table.name, place.where)
        return self.once(key, lambda: tuple(day for (day,) in self._database.rows(statement)))

    def _last(self, place: Place, column: str) -> object:
        """The last value of a column among the rows of a place; None when there are none."""
        latest = func.max(self.sql_table(place.table.name).c[column])
        statement = select(latest).where(and_(True, *self._wanted(place)))
        return self.once(("last", place.table.name, place.where, column), lambda: self._database.rows(statement)[0][0])

    def _wanted(self, place: Place, conditions: Mapping[str, str] | None = None) -> list[ColumnElement[bool]]:
        """What a row of a place satisfies, and of it those of `conditions`."""
        source = self._database.table(place.table.name)
        found = [source.c[column].in_(values) for column, values in place.where]
        return found + [source.c[column] == asked for column, asked in (conditions or {}).items()]

    # --- Sums -------------------------------------------------------------------------------------------------------

    def _sums(self, quantities: tuple[Quantity, ...], group: Group, complete: bool = False) -> Summed:
        """The sum of each quantity for `group`, by code: municipio, departamento and COUNTRY_CODE.

        A sum is None when nothing under that territory has a published figure, or when the figure is confidential. With
        `complete`, departamento and country leave out the municipios where any of the quantities is missing. Raises
        Unaskable for a group that the release does not cross.
        """
        # An indicator may use one quantity twice (a ratio and its part).
        distinct = {quantity.name: quantity for quantity in quantities}
        parts = tuple(
            Part(name, self.cells(quantity, group), self.place_for(quantity, group).added_up)
            for name, quantity in distinct.items()
        )
        return Summed(self.territories, parts, complete)

    def figures(self, measure: Measure, group: Group) -> Summed:
        """The sums that `measure` needs, for `group`, by code."""
        return self.sums(measure.quantities, group, measure.complete)

    def _cells(self, quantity: Quantity, group: Group) -> Mapping[str, Cell]:
        """The count of `group` in each municipio; and in each departamento and the country, where the table has their rows."""
        place, asked = self.place_for(quantity, group), quantity.people(group).conditions()
        if place.added_up:
            wanted = {**dict(place.where), **{name: (value,) for name, value in asked.items()}}
            found = self.slices(place.table).cells(place.column, wanted)
            if found is not None:
                return found
        elif (cells := self._small.cells(place, asked)) is not None:
            self._database.table(place.table.name)
            return cells
        return {code: cell for (code,), cell in self._counted(place, (), asked).items()}

    def _counted(
        self, place: Place, dimensions: tuple[str, ...], conditions: Mapping[str, str]
    ) -> dict[tuple[str, ...], Cell]:
        """The sum by (code of the territory, *values of `dimensions`), with the totals that the table has rows for.

        If a part of a sum is missing, so is the sum: it is never given as smaller than it is.
        """
        source = self._database.table(place.table.name)
        value = source.c[place.column]
        keys = [*self._codes(source, place), *(source.c[name] for name in dimensions)]
        whole = case((func.count() == func.count(value), func.sum(value)))
        hidden = func.max(case((source.c[place.state].in_(WITHHELD), 1), else_=0)) if place.state else literal(0)
        rows = self._database.rows(
            select(*keys, whole, hidden).where(and_(True, *self._wanted(place, conditions))).group_by(*keys)
        )
        if not place.added_up:
            return {tuple(row[:-2]): Cell(number(row[-2])) for row in rows}
        return {(code_of(row[0], row[1]), *row[2:-2]): Cell(number(row[-2]), bool(row[-1])) for row in rows}

    def _codes(self, source: SqlTable, place: Place) -> list[ColumnElement[Any]]:
        """The columns that say the territory of a row: in a table with totals, that of the departamento too."""
        names = ("codigo_departamento", "codigo_municipio") if place.added_up else ("codigo_municipio",)
        return [source.c[name] for name in names]

    def crossed(self, quantity: Quantity, dimensions: tuple[str, ...], code: str) -> Counts:
        """The sum of `quantity` in one territory (a code, or COUNTRY_CODE) by each combination of `dimensions`, and its
        totals: in a key, TOTAL stands for all the values of a dimension. None is what is not published; a table with
        totals of its own may publish one and not all of its parts.
        """
        if self.place(quantity, dimensions).added_up:
            return self.crossed_published(quantity, dimensions, code)
        return self.crossed_everywhere(quantity, dimensions).get(code, {})

    def _crossed_published(self, quantity: Quantity, dimensions: tuple[str, ...], code: str) -> Counts:
        place = self.place(quantity, dimensions)
        if {*TERRITORY} <= names_of(place.table):
            found = self.slices(place.table).crossed(place.column, dict(place.where), dimensions, code)
            if found is not None:
                return {tuple(map(str, categories)): cell.value for categories, cell in found.items()}
        cells = self._counted(place, dimensions, levels_of(code))  # and not all of its rows
        return {tuple(categories): cell.value for (_, *categories), cell in cells.items()}

    def slices(self, table: Table) -> Slices:
        """The rows of a table with totals, apart by whom and of when each is."""
        self._database.table(table.name)
        return self.once(("slices", table.name), lambda: Slices(self._database, table))

    def _crossed_everywhere(self, quantity: Quantity, dimensions: tuple[str, ...]) -> Mapping[str, Counts]:
        # Of a table without totals, one statement for every territory costs about what one for a single territory does.
        cells = self._counted(self.place(quantity, dimensions), dimensions, {})
        found: dict[str, dict[tuple[str, ...], list[float | None]]] = {}
        known = self.territories.municipios
        for (code, *categories), cell in cells.items():
            for container in self.territories.containing(code) if code in known else ():
                for key in product(*((value, TOTAL) for value in categories)):
                    found.setdefault(container, {}).setdefault(key, []).append(cell.value)
        return {
            code: {key: None if None in parts else total(parts) for key, parts in by_category.items()}
            for code, by_category in found.items()
        }

    # --- Why there is no figure ---------------------------------------------------------------------------------------

    def _states(self, status: Status) -> Mapping[str, tuple[str, str | None]]:
        """For each municipio whose figure is not published, its state and what was observed of it."""
        return {
            row["codigo_municipio"]: (row[status.column], row["observacion"])
            for row in self.records(status.table, **dict(status.where))
            if row[status.column] != PUBLISHED
        }

    def _confidential(self, quantity: Quantity, group: Group) -> frozenset[str]:
        """The territories whose count of `group` is not published so that nobody is singled out."""
        return frozenset(code for code, cell in self.cells(quantity, group).items() if cell.hidden)
