"""The counts of a cube by any of its columns: what a table of crosses, of the country or of abroad, is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

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
    (found,) = cells_of_each(data, (quantity,), by, **asked)
    return found


def cells_of_each(
    data: Data, quantities: Sequence[Quantity], by: tuple[str, ...], **asked: str
) -> list[Mapping[Key, Cell]]:
    """The cells of each quantity; those that are in the same rows of a table are read together."""
    dimensions = tuple(name for name in (*by, *asked) if name not in IN_EVERY_CROSS)
    places = [data.place(quantity, dimensions) for quantity in quantities]
    together: dict[tuple[object, ...], list[int]] = {}
    for turn, place in enumerate(places):
        together.setdefault((place.table.name, place.where), []).append(turn)
    found: dict[int, Mapping[Key, Cell]] = {}
    for (name, _), turns in together.items():
        same = [places[turn] for turn in turns]
        rows = data.found(str(name), partial(_statement, places=same, by=by, asked=asked))
        for at, turn in zip(range(len(by), len(by) + 2 * len(same), 2), turns, strict=True):
            found[turn] = {row[: len(by)]: Cell(row[at], row[at + 1] in WITHHELD) for row in rows}
    return [found[turn] for turn in range(len(places))]


def _statement(table: Table, places: Sequence[Place], by: Key, asked: Mapping[str, str]) -> Select[tuple[object, ...]]:
    first = places[0]
    levels = {name for name in names_of(first.table) if name in LEVEL_OF_COLUMN}
    wanted: list[ColumnElement[bool]] = [table.c[name].in_(values) for name, values in first.where]
    wanted += [table.c[name] == value for name, value in asked.items()]
    wanted += [table.c[name] == TOTAL for name in sorted(levels - {*by, *asked})]
    columns = [table.c[name] for name in by]
    counts = [table.c[name] for place in places for name in (place.column, place.state or place.column)]
    return select(*columns, *counts).where(and_(True, *wanted))
