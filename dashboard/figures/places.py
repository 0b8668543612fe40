"""Where a quantity is found in a release: which of its tables crosses what is asked, which rows of it, and what a row says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dashboard.figures.counted import MUNICIPIO, OCCASIONS, RESIDENCE, has_shapes, level_of, measures
from dashboard.figures.counted import names_of as names
from dashboard.figures.measures import Conditions, Quantity, Unaskable
from etl import fields
from etl.model import TOTAL, Table


@dataclass(frozen=True)
class Place:
    """The rows of `table` where column = one of the values (`where`) and the column that holds the quantity.

    `added_up`: the table has rows of its own for departamentos and for the country, which are read instead of added.
    `coarse`: it has them and no others, for the table does not cross what is asked by municipio.
    `state` is the column that says why a value is missing.
    """

    table: Table
    column: str
    where: Conditions
    added_up: bool = False
    state: str | None = None
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One count: its value, or None when it is not published; `hidden` when that is so that nobody is singled out."""

    value: float | None
    hidden: bool = False


def places_of(tables: Mapping[str, Table], quantity: Quantity, dimensions: Iterable[str] = ()) -> Iterator[Place]:
    """The places where `quantity` is crossed with every one of `dimensions`, in the order in which they are looked at: those
    of municipios or, where there are none, those of departamentos.
    """
    wanted = {*dimensions}
    every = [
        _added_up(table, column, quantity, wanted) if table.crosses else _plain(table, column, quantity, wanted)
        for table, column in _candidates(tables, quantity)
    ]
    found = [place for place in every if place]
    yield from [place for place in found if not place.coarse] or found


def missing(quantity: Quantity, dimensions: Iterable[str] = ()) -> Unaskable:
    """What is said when no table has a quantity crossed with all of `dimensions`."""
    by = [fields.POPULATION_GROUP[name].title.lower() for name in sorted(dimensions) if name in fields.POPULATION_GROUP]
    divided = f" por {' y '.join(by)}" if by else ""
    return Unaskable(f"no hay ninguna tabla con «{quantity.title}»{divided}")


def _candidates(tables: Mapping[str, Table], quantity: Quantity) -> Iterator[tuple[Table, str]]:
    """The tables where it may be: those it names, and then any other that counts the same by municipio, as of today."""
    named = [(name, column) for name, column in quantity.places if name in tables]
    yield from ((tables[name], column) for name, column in named)
    if not quantity.counted:
        return
    for table in tables.values():
        if table.name in dict(named) or has_shapes(table) or level_of(table)[1] != MUNICIPIO:
            continue
        if not names(table) & {*OCCASIONS}:
            yield from ((table, item.name) for item in measures(table) if item.name == quantity.counted)


def _plain(table: Table, column: str, quantity: Quantity, wanted: set[str]) -> Place | None:
    columns = names(table)
    if column in columns and wanted | {name for name, _ in quantity.where} <= columns:
        return Place(table, column, quantity.where)
    return None


def _added_up(table: Table, column: str, quantity: Quantity, wanted: set[str]) -> Place | None:
    """In a table with totals: the rows with just the columns asked for filled, if it makes that cross."""
    residence = level_of(table)[0]
    where = tuple(pair for pair in quantity.where if pair[0] not in RESIDENCE or pair[0] in names(table))
    dropped = [values for name, values in quantity.where if name in RESIDENCE and name not in names(table)]
    if any(residence not in values for values in dropped) or not {name for name, _ in where} <= names(table):
        return None
    columns = {name for cross in table.crosses for name in cross}
    # The other columns say of when a row is, not of whom: every row has a value in them.
    filled = wanted | {name for name, _ in where} & columns
    places = columns & {"codigo_departamento", "codigo_municipio"}
    coarse = not any(filled | places <= {*cross} for cross in table.crosses)
    if coarse and not any(places and filled | {"codigo_departamento"} <= {*cross} for cross in table.crosses):
        return None
    totals = tuple((name, (TOTAL,)) for name in sorted(columns - filled - places))
    state = next((item.status for item in measures(table) if item.name == column), None)
    return Place(table, column, where + totals, added_up=True, state=state, coarse=coarse)
