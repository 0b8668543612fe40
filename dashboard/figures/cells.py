"""The counts of a cube by any of its columns: what a table of crosses, of the country or of abroad, is made from."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, Table, and_, select

from dashboard.figures.counted import LEVEL_OF_COLUMN, WITHHELD, names_of
from dashboard.figures.measures import Quantity
from dashboard.figures.places import Cell, Place
from dashboard.figures.queries import Data
from etl.model import TOTAL

Key = tuple[str, ...]
#: Every cross of the country is of some place in it.
IN_EVERY_CROSS = ("codigo_departamento", "codigo_municipio")


def cells(data: Data, quantity: Quantity, by: tuple[str, ...], **asked: str) -> Mapping[Key, Cell]:
    """Each count of `quantity` by the values of the columns `by`, of the people whose columns have what is `asked`.

    In a key TOTAL stands for all the values of a column, as the table publishes it: it is never a sum. A place is named by
    all its levels from the coarsest («codigo_departamento», «codigo_municipio»). Unaskable when no table has that cross.
    """
    place = data.place(quantity, tuple(name for name in (*by, *asked) if name not in IN_EVERY_CROSS))
    found = data.found(place.table.name, lambda table: _statement(table, place, by, asked))
    return {tuple(key): Cell(value, state in WITHHELD) for *key, value, state in found}


def _statement(table: Table, place: Place, by: Key, asked: Mapping[str, str]) -> Select[tuple[object, ...]]:
    levels = {name for name in names_of(place.table) if name in LEVEL_OF_COLUMN}
    wanted: list[ColumnElement[bool]] = [table.c[name].in_(values) for name, values in place.where]
    wanted += [table.c[name] == value for name, value in asked.items()]
    wanted += [table.c[name] == TOTAL for name in sorted(levels - {*by, *asked})]
    columns = [table.c[name] for name in by]
    return select(*columns, table.c[place.column], table.c[place.state or place.column]).where(and_(True, *wanted))
