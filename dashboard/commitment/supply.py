"""What the published tables cover: which counts, of whom, divided by what, where and when, read from their declarations and
from the rows of one release. Nothing here knows a table by its name, except the catalogues of places and of elections.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from dashboard.figures.counted import (
    ABROAD,
    CIUDAD,
    CONFIDENTIAL,
    COUNTRY,
    CUTOFF,
    DEPARTAMENTO,
    ESTADO,
    FOREIGN,
    LEVEL_OF_COLUMN,
    MUNICIPIO,
    OCCASIONS,
    RESIDENCE,
    WHOLE,
    has_shapes,
    level_of,
    measures,
    names_of,
)
from dashboard.figures.elections import elections
from dashboard.figures.queries import Data
from dashboard.words import long_date
from etl import country, fields
from etl.model import TOTAL, Confidence, Measured, Table

#: Of a column that says what the place of a row is: its values, with the level each is.
DECLARED_LEVELS = {WHOLE: WHOLE, "pais": ESTADO, "estado": ESTADO, "ciudad": CIUDAD}
NOT_APPLICABLE = "no_aplica"
GROUPS = {name: item for name, item in fields.POPULATION_GROUP.items() if name != "residencia"}
#: A part of a table: the columns that its rows are read by, and the ones that must add up all of their values.
Part = tuple[list[str], dict[str, object]]
#: What a count is of: residence, groups that it is divided by, level, and whether its places are the catalogue's.
Scope = tuple[str, frozenset[str], str, bool]


@dataclass
class Seen:
    """What one table says of one occasion: places with every figure, with some missing, and where it does not apply."""

    covered: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    not_applicable: set[str] = field(default_factory=set)
    categories: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    confidences: set[str] = field(default_factory=set)
    cutoffs: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Supply:
    """One count of one table, for residents of one kind, divided by `groups` and at one level, occasion by occasion.

    `coded` says whether its places have the codes of the catalogue. When they have the tribunal's own codes of
    circunscripciones abroad, the only places that can be expected are the ones that the table lists.
    """

    dataset: str
    table: Table
    counted: str
    residence: str
    groups: frozenset[str]
    level: str
    coded: bool
    occasions: Mapping[str, Seen]

    def lacking(self, occasion: str) -> dict[str, list[str]]:
        """The categories, in words, that have no figure anywhere on that occasion, by group."""
        seen = self.occasions[occasion].categories
        missing = {
            name: [label for code, label in (GROUPS[name].labels or {}).items() if code not in seen[name]]
            for name in self.groups & names_of(self.table)
        }
        return {name: labels for name, labels in missing.items() if labels}


class Coverage:
    """The supplies of one release, and the catalogues they are measured against."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._files = {item["tabla"]: item for item in data.release.manifest["archivos"] if item["tabla"]}
        self.tables, self.territories = data.tables, data.territories

    def dataset(self, table: Table) -> str:
        """The dataset that publishes a table."""
        return str(self._files[table.name]["dataset"])

    @cached_property
    def elections(self) -> dict[str, Mapping[str, Any]]:
        """The events that everybody could vote in: the ones repeated in some municipios are not asked for."""
        return {str(row["eleccion"]): row for row in self._data.records("elecciones") if row["tipo"] != "repeticion"}

    @cached_property
    def states_of_cities(self) -> dict[str, str]:
        """The state of each city of the catalogue; the country of those that have none."""
        rows = self._data.records("ciudades_extranjero")
        return {str(row["codigo_ciudad"]): str(row["codigo_estado"] or row["codigo_pais"]) for row in rows}

    @cached_property
    def voting_cities(self) -> dict[str, set[str]]:
        """The cities with a voting centre, by year of the election: both rounds have the same."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._data.records("centros_extranjero"):
            if row["situacion"] != "anunciado":
                found[self.year(str(row["eleccion"]))].add(str(row["codigo_ciudad"]))
        return found

    def year(self, occasion: str) -> str:
        """The year of an occasion: the one of its election or, of a date, its own."""
        event = elections(self._data).get(occasion)
        return event.year if event else occasion.partition("-")[0]

    def date(self, occasion: str) -> str:
        """When an occasion was, as ISO text that can be compared: the day of an election, or the date itself."""
        event = self.elections.get(occasion, {})
        day: date | None = event.get("fecha_eleccion")
        return day.isoformat() if day else occasion

    def named(self, occasion: str) -> str:
        """An occasion in words."""
        event = self.elections.get(occasion)
        return str(event["titulo"]) if event else occasion

    def places(self, residence: str, level: str, occasion: str) -> set[str]:
        """The places there are at one level on one occasion."""
        if level == WHOLE:
            return {""}
        if residence == COUNTRY:
            names = self._data.territories
            return set(names.municipios if level == MUNICIPIO else names.departamentos)
        cities = self.voting_cities.get(self.year(occasion)) or set().union(*self.voting_cities.values())
        return cities if level == CIUDAD else {self.states_of_cities[city] for city in cities}

    @cached_property
    def supplies(self) -> tuple[Supply, ...]:
        """Every count of registered citizens, of voters or of valid votes that any table publishes."""
        return tuple(
            supply
            for table in self._data.tables.values()
            if not has_shapes(table)
            for measured in measures(table)
            for supply in self._read(table, measured)
        )

    def _read(self, table: Table, measured: Measured) -> Iterator[Supply]:
        found: dict[Scope, dict[str, Seen]] = defaultdict(lambda: defaultdict(Seen))
        state = (measured.status, CONFIDENTIAL) if measured.status and table.crosses else None
        for by, whole in _parts(table, measured):
            rows = self._data.filled(
                table.name, by, measured.columns or (measured.name,), {**dict(measured.where), **whole}, state
            )
            for *keys, count, filled in rows:
                values = {name: value for name, value in zip(by, keys, strict=True) if value not in (None, TOTAL)}
                self._note(found, table, measured, by, values, count, filled)
        for (residence, groups, level, coded), occasions in found.items():
            yield Supply(self.dataset(table), table, measured.name, residence, groups, level, coded, occasions)

    def _note(
        self,
        found: Mapping[Scope, dict[str, Seen]],
        table: Table,
        measured: Measured,
        by: list[str],
        values: Mapping[str, object],
        rows: int,
        filled: int,
    ) -> None:
        """What some rows of a table with the same `values` say, added to what is `found` of their kind and occasion."""
        where = _place(values, by, measured, level_of(table)[0])
        if where is None:
            return
        residence, level, place, coded = where
        divided = {name: str(values[name]) for name in GROUPS if name in values}
        seen = found[(residence, frozenset({*measured.groups, *divided}), level, coded)][self._occasion(table, values)]
        _mark(seen, place, rows == filled, values.get(measured.status or ""))
        if filled:
            self._evidence(seen, table, values, divided)

    def _occasion(self, table: Table, values: Mapping[str, object]) -> str:
        said = next((values[name] for name in (*OCCASIONS, CUTOFF) if values.get(name) is not None), None)
        return self._files[table.name]["corte"] if said is None else str(said)

    def _evidence(self, seen: Seen, table: Table, values: Mapping[str, object], divided: Mapping[str, str]) -> None:
        seen.confidences.add(str(values.get("confianza") or self._files[table.name]["confianza"]))
        if "corte_texto" in values:
            seen.cutoffs.add(str(values["corte_texto"]))
        for name, category in divided.items():
            seen.categories[name].add(category)

    def cutoff(self, supply: Supply, occasion: str) -> str:
        """As of when the figures of one occasion are, in words."""
        said = sorted(supply.occasions[occasion].cutoffs)
        if len(said) == 1:
            return said[0]
        by_day = CUTOFF in names_of(supply.table) and occasion not in self.elections
        if by_day or occasion == self._files[supply.table.name]["corte"]:
            return long_date(date.fromisoformat(occasion))
        return self.named(occasion)

    def confidence(self, supply: Supply, occasion: str) -> Confidence:
        """How far the figures of one occasion can be trusted: as far as the least of them."""
        return Confidence.weakest(supply.occasions[occasion].confidences)


def _parts(table: Table, measured: Measured) -> Iterator[Part]:
    """How a table is read: whole; or, when it adds up columns, for each level of place and for each group, just that.

    A table with totals crosses many groups at once, and only one at a time is asked of it here.
    """
    by = _keys(table, measured)
    if not table.crosses:
        yield by, {}
        return
    columns = dict.fromkeys(name for cross in table.crosses for name in cross)
    places = [name for name in columns if name in LEVEL_OF_COLUMN]
    rest = [name for name in by if name not in columns and name != measured.status]
    parts: set[tuple[str, ...]] = set()
    for cross in table.crosses:
        inside = [name for name in places if name in cross]
        levels = [inside[:depth] for depth in range(len(inside) + 1)]
        groups = [[], *([name] for name in cross if name in GROUPS)]
        parts |= {(*level, *group) for level in levels for group in groups}
    for filled in sorted(parts):
        yield [*rest, *filled], {name: TOTAL for name in columns if name not in filled}


def _keys(table: Table, measured: Measured) -> list[str]:
    names = [item.name for item in table.fields]
    when = OCCASIONS[:1] if "eleccion" in names else (*OCCASIONS, CUTOFF)
    wanted = [*RESIDENCE, *when, *LEVEL_OF_COLUMN, *GROUPS, "confianza", "corte_texto", measured.level, measured.status]
    return [name for name in dict.fromkeys(wanted) if name in names]


def _place(
    values: Mapping[str, object], declared: list[str], measured: Measured, default: str
) -> tuple[str, str, str, bool] | None:
    """(residence, level, code, whether the code is the catalogue's) of a row; None when it is of no place asked for.

    `default` is the residence of a row that does not say it: that of the places of its table.
    """
    said = {name: str(values[name]) for name in LEVEL_OF_COLUMN if name in values}
    if measured.level:
        # `values` leaves out TOTAL, which is also how a row says that it is of the whole.
        level = DECLARED_LEVELS.get(str(values.get(measured.level, WHOLE)))
        said = {name: code for name, code in said.items() if LEVEL_OF_COLUMN[name] == level}
        if level is None or (level != WHOLE and not said):
            return None
    column = next((name for name in LEVEL_OF_COLUMN if name in said), None)
    level, code = (LEVEL_OF_COLUMN[column], said[column]) if column else (WHOLE, "")
    residence = next((str(values[name]) for name in RESIDENCE if name in values), None)
    if residence is None and any(name in declared for name in RESIDENCE):
        return None  # the row counts the country and abroad together, and only each of them is asked for
    # In the tribunal's codes, residents abroad are one more departamento; its municipios are their circunscripciones.
    if level in (MUNICIPIO, DEPARTAMENTO) and country.departamento_of(code) == country.COUNTRY.abroad:
        return (ABROAD, CIUDAD, code, False) if level == MUNICIPIO else (ABROAD, WHOLE, "", True)
    return residence or (ABROAD if level in FOREIGN else default), level, code, True


def _mark(seen: Seen, place: str, whole: bool, status: object) -> None:
    if status == NOT_APPLICABLE:
        seen.not_applicable.add(place)
    elif whole and place not in seen.missing:
        seen.covered.add(place)
    else:
        seen.missing.add(place)
        seen.covered.discard(place)
