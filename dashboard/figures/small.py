"""The rows of the small tables of a release, kept in memory by the values that are asked of their columns: the same in SQL takes
milliseconds, and a page asks tens of times.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from sqlalchemy import select

from dashboard.figures.counted import names_of
from dashboard.figures.database import Database
from dashboard.figures.measures import Unaskable
from dashboard.figures.places import Cell, Place
from etl.model import Kind, Table
from etl.release import Release

#: The most rows of a table that is kept.
MOST_ROWS = 10_000
PLACE = "codigo_municipio"
#: What the values of a column are in Python; what is asked with anything else is left to the database.
TYPES: Mapping[Kind, type] = {
    **dict.fromkeys((Kind.CODIGO, Kind.TEXTO, Kind.CATEGORIA), str),
    Kind.ENTERO: int,
    Kind.DECIMAL: float,
    Kind.FECHA: date,
    Kind.BOOLEANO: bool,
}
Rows = Sequence[tuple[Any, ...]]
#: The sum of a count by place; None where the count of some row is not published.
Sums = Mapping[str, float | None]


class Row(dict[str, Any]):
    """A row of a published table, by column. To ask for a column that this release does not have raises Unaskable."""

    def __missing__(self, column: str) -> Any:
        raise Unaskable(f"esta publicación no trae la columna {column}")


class SmallTables:
    """The tables with few rows. Safe between threads: what two of them make at once is the same."""

    def __init__(self, database: Database, release: Release) -> None:
        self._database = database
        self._sizes = {item["tabla"]: item["filas"] for item in release.manifest["archivos"] if item["tabla"]}
        self._made: dict[Hashable, Any] = {}

    def equal(self, table: Table, asked: Mapping[str, object]) -> Rows | None:
        """The rows whose columns are equal to what is `asked`, in the order of the table; None when it must be asked in SQL."""
        if not self._holds(table, {name: () if value is None else (value,) for name, value in asked.items()}):
            return None
        names = tuple(sorted(asked))
        key = ("rows", table.name, names)
        if key not in self._made:
            at = [[item.name for item in table.fields].index(name) for name in names]
            found: dict[tuple[object, ...], list[tuple[Any, ...]]] = {}
            for row in self._rows(table):
                found.setdefault(tuple([row[position] for position in at]), []).append(row)
            self._made[key] = found
        rows: Rows = self._made[key].get(tuple(asked[name] for name in names), ())
        return rows

    def among(self, table: Table, codes: Collection[str]) -> Rows | None:
        """The rows about some municipios, in the order of the table; None when it must be asked in SQL."""
        if not self._holds(table, {PLACE: ()}):
            return None
        at = [item.name for item in table.fields].index(PLACE)
        wanted = frozenset(codes)
        return [row for row in self._rows(table) if row[at] in wanted]

    def cells(self, place: Place, asked: Mapping[str, str]) -> Mapping[str, Cell] | None:
        """The count of a place in each municipio, of the rows whose columns are what is `asked`; None when it must be asked in
        SQL. If a part of a sum is missing, so is the sum.
        """
        table, wanted = place.table, [*place.where, *((name, (value,)) for name, value in asked.items())]
        names = tuple(name for name, _ in wanted)
        if len({*names}) < len(names) or not self._holds(table, {PLACE: (), place.column: (), **dict(wanted)}):
            return None
        parts = [*product(*(dict.fromkeys(values) for _, values in wanted))]
        if len(parts) > 1 and table.field(place.column).kind is not Kind.ENTERO:
            return None  # decimals are added up in the order of the rows
        sums = self._sums(table, place.column, names)
        found = [sums[part] for part in parts if part in sums]
        if len(found) == 1:
            return {code: Cell(number(value)) for code, value in found[0].items()}
        whole: dict[str, float | None] = {}
        for part in found:
            for code, value in part.items():
                whole[code] = _plus(whole.get(code, 0), value)
        return {code: Cell(number(value)) for code, value in whole.items()}

    def _sums(self, table: Table, column: str, by: tuple[str, ...]) -> Mapping[tuple[object, ...], Sums]:
        """The sum of a column by municipio, of the rows with each combination of the values of `by`."""
        key = ("sums", table.name, column, by)
        if key not in self._made:
            names = [item.name for item in table.fields]
            at, code, value = [names.index(name) for name in by], names.index(PLACE), names.index(column)
            found: dict[tuple[object, ...], dict[str, float | None]] = {}
            for row in self._rows(table):
                of = found.setdefault(tuple([row[position] for position in at]), {})
                of[row[code]] = _plus(of.get(row[code], 0), row[value])
            self._made[key] = found
        sums: Mapping[tuple[object, ...], Sums] = self._made[key]
        return sums

    def _holds(self, table: Table, asked: Mapping[str, Collection[object]]) -> bool:
        """Whether a table is small, and has the columns asked for, with values of the type that is asked."""
        if (self._sizes.get(table.name) or 0) > MOST_ROWS or not {*asked} <= names_of(table):
            return False
        return all(
            type(value) is TYPES.get(table.field(name).kind) for name, values in asked.items() for value in values
        )

    def _rows(self, table: Table) -> Rows:
        if table.name not in self._made:
            # Most values are one of a few: each is kept once.
            known: dict[object, object] = {}
            source = self._database.table(table.name)
            self._made[table.name] = [
                tuple([known.setdefault((type(value), value), value) for value in row])
                for row in self._database.rows(select(source))
            ]
        rows: Rows = self._made[table.name]
        return rows


def _plus(total: float | None, value: float | None) -> float | None:
    return None if total is None or value is None else total + value


def number(value: float | None) -> float | None:
    """A sum as it is told: without decimals where it has none."""
    return None if value is None else int(value) if float(value).is_integer() else float(value)
