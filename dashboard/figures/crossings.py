"""The crosses of a release, read from what each table says of itself, and the counts of one of them: one statement a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy import Table as SqlTable

from dashboard.address.crossable import Cross, Crossable, Level
from dashboard.address.selection import SHORT, URL_NAMES
from dashboard.figures.counted import ABROAD as LIVE_ABROAD
from dashboard.figures.counted import COUNTRY as LIVE_INSIDE
from dashboard.figures.counted import CUTOFF, MUNICIPIO, RESIDENCE, WITHHELD, has_shapes, level_of, measures, names_of
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.words import LOCALE
from etl import fields
from etl.country import COUNTRY
from etl.model import TOTAL, Field, Table

ELECTION, ROLL, VOTERS = "eleccion", "empadronados", "votantes"
#: The levels of the dimensions that have several, from the coarsest.
CHAINS = (("codigo_departamento", "codigo_municipio"), ("pais_residencia", "estado_residencia", "ciudad_residencia"))
#: How an address and a label call the columns of places; the groups are called as on every page.
PLACES = {
    "codigo_departamento": ("departamento", "Departamento"),
    "codigo_municipio": ("municipio", "Municipio"),
    "pais_residencia": ("pais", "País"),
    "estado_residencia": ("estado", "Estado"),
    "ciudad_residencia": ("ciudad", "Ciudad"),
    "codigo_departamento_origen": ("origen", "Departamento de origen"),
}
#: What can be counted with the roll of an election and those who voted, the first by default.
OF_ELECTION = ("votaron", "votantes", "abstencion", "padron-eleccion")
#: The value that gathers the places that have no name of their own.
OTHER = {
    "pais_residencia": "Los demás países",
    "estado_residencia": "Fuera de Estados Unidos",
    "ciudad_residencia": "Otra",
}
#: The states of a cell that is published, and of one that the table does not have.
PUBLISHED, NOTHING = "publicada", "sin_dato"


@dataclass(frozen=True, slots=True)
class Tally:
    """One cell: the people of what is counted, those it is out of (the roll of a rate), and the state that the table gives.

    A number that is not published is None; `hidden` when that is so that nobody is singled out.
    """

    people: int | None
    roll: int | None
    state: str
    hidden: bool = False


Key = tuple[str, str]
UNSAID = Tally(None, None, NOTHING)


def crossables(data: Data) -> tuple[Crossable, ...]:
    """Every table of the release whose counts are crossed by two things or more: those with totals of their own first."""
    return data.once(("crossables",), lambda: tuple(_crossables(data)))


def uncrossed(data: Data) -> tuple[Table, ...]:
    """The tables that could be crossed and are not: they count the same people by one thing at a time."""
    found = {source.table for source in crossables(data)}
    return tuple(
        table for name, table in data.tables.items() if table.crosses and name not in found and _counted(table)
    )


def lives_abroad(table: Table) -> bool:
    """Whether the people that a table counts live abroad."""
    return level_of(table)[0] == LIVE_ABROAD


def _crossables(data: Data) -> Iterator[Crossable]:
    with_totals = [table for table in data.tables.values() if table.crosses]
    plain = [table for table in data.tables.values() if not table.crosses and _is_plain(table)]
    for table in (*with_totals, *plain):
        counted = _counted(table)
        occasions = tuple(_occasions(data, table)) if counted else ()
        columns = _columns(table)
        if not occasions or len(columns) < 2:
            continue
        levels = {level.name: level for level in _levels(data, table, columns)}
        named = {level.column: name for name, level in levels.items()}
        crosses = table.crosses or (columns,)
        filled = tuple(frozenset(named[column] for column in cross if column in named) for cross in crosses)
        if not any(_is_crossed(levels, cross) for cross in filled):
            continue
        yield Crossable(table.name, counted, levels, filled, occasions, lives_abroad(table))


def _is_crossed(levels: Mapping[str, Level], cross: Iterable[str]) -> bool:
    """Whether levels of two dimensions are among those filled together: a table may count people by one thing at a time."""
    return len({levels[name].family for name in cross}) > 1


def _is_plain(table: Table) -> bool:
    """Whether its key is a municipio and the groups of its people: its rows add up, and say it all."""
    groups = {*table.key} - {"codigo_municipio", *RESIDENCE}
    return (
        not has_shapes(table)
        and level_of(table)[1] == MUNICIPIO
        and groups <= {*fields.POPULATION_GROUP}
        and bool(groups)
    )


def _columns(table: Table) -> tuple[str, ...]:
    """The columns that its people are divided by, those of the coarser places that it has no column for included."""
    if table.crosses:
        crossed = {column for cross in table.crosses for column in cross}
        return tuple(item.name for item in table.fields if item.name in crossed)
    return ("codigo_departamento", *(name for name in table.key if name not in RESIDENCE))


def _counted(table: Table) -> tuple[str, ...]:
    there = {item.name for item in measures(table)}
    if ELECTION not in names_of(table):
        return (ROLL,) if ROLL in there else ()
    return OF_ELECTION if {ROLL, VOTERS} <= there else ()


def _occasions(data: Data, table: Table) -> list[tuple[str, str]]:
    """(election or "", day) of the rows of a table, the latest first."""
    there = [name for name in (ELECTION, CUTOFF) if name in names_of(table)]
    if not there:
        return [("", data.cutoff(table.name))]
    found = data.found(table.name, lambda source: select(*(source.c[name] for name in there)).distinct())
    rows = [dict(zip(there, row, strict=True)) for row in found]
    day = data.cutoff(table.name)
    return sorted(((row.get(ELECTION, ""), str(row.get(CUTOFF, day))) for row in rows), reverse=True)


def _levels(data: Data, table: Table, columns: Sequence[str]) -> Iterator[Level]:
    for column in columns:
        chain = next((chain for chain in CHAINS if column in chain), (column,))
        path = [name for name in chain[: chain.index(column) + 1] if name in columns]
        names = [_name(item) for item in path]
        found = _paths(data, table, path)
        own = _field(table, column)
        words = _words(data, own, found)
        title = PLACES.get(column, ("", SHORT.get(column, own.title)))[1]
        yield Level(names[-1], column, title, own.description, names[0], words, found, tuple(names[:-1]))


def _name(column: str) -> str:
    return PLACES.get(column, (URL_NAMES.get(column, column),))[0]


def _field(table: Table, column: str) -> Field:
    found = next((item for item in table.fields if item.name == column), None)
    return found or fields.codigo_departamento


def _paths(data: Data, table: Table, path: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The values of the last column of a path by their code: the value itself or, when others have it elsewhere, with the one
    above it («CA-otra»).
    """

    def statement(source: SqlTable) -> Select[Any]:
        columns = [_column(source, table, name) for name in path]
        filled = [column != TOTAL for column in columns]
        return select(*columns).where(and_(True, *filled, *_residents(source, table))).distinct()

    found = sorted({tuple(map(str, row)) for row in data.found(table.name, statement)})
    values = [row[-1] for row in found]
    return {row[-1] if values.count(row[-1]) == 1 else "-".join(row[-2:]): row for row in found}


def _column(source: SqlTable, table: Table, name: str) -> ColumnElement[Any]:
    """A column; the departamento of a table that only has municipios is the beginning of their codes."""
    if table.crosses or name != "codigo_departamento":
        return source.c[name]
    return func.substr(source.c["codigo_municipio"], 1, COUNTRY.departamento_digits)


def _residents(source: SqlTable, table: Table) -> list[ColumnElement[bool]]:
    """Of a table that says where people live, those who live in the country."""
    there = [] if table.crosses else [name for name in RESIDENCE if name in table.key]
    return [source.c[name] == LIVE_INSIDE for name in there]


def _words(data: Data, own: Field, found: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The words for each code, in the order in which a reader expects them."""
    if own.labels:
        return {value: words for value, words in own.labels.items() if value in found}
    names = _names(data, own.name)
    words = {code: names.get(path[-1]) or OTHER.get(own.name, path[-1]) for code, path in found.items()}
    words = {
        code: said if code == path[-1] else f"{said} ({path[-2]})"
        for (code, path), said in zip(found.items(), words.values(), strict=True)
    }
    known = [code for code in names if code in words]
    return {code: words[code] for code in (*known, *(code for code in words if code not in names))}


def _names(data: Data, column: str) -> Mapping[str, str]:
    """The names of the places that a column has the codes of, in order."""
    if column == "codigo_municipio":
        return data.territories.municipios
    if column in ("codigo_departamento", "codigo_departamento_origen"):
        return data.territories.departamentos
    if column == "pais_residencia":
        return {code: str(name) for code, name in Locale.parse(LOCALE).territories.items() if code != "ZZ"}
    catalogue = {
        "estado_residencia": ("estados_eeuu", "codigo_estado", "estado"),
        "ciudad_residencia": ("ciudades_extranjero", "codigo_ciudad", "ciudad"),
    }
    if column not in catalogue:
        return {}
    table, code, name = catalogue[column]
    try:
        return {row[code]: row[name] for row in sorted(data.records(table), key=lambda row: str(row[name]))}
    except Unaskable:
        return {}


# --- One cross --------------------------------------------------------------------------------------------------------


def tallies(data: Data, cross: Cross) -> dict[Key, Tally]:
    """Each cell of a cross by the codes of its row and its column: TOTAL stands for all of them, as the table publishes it.

    In a table with totals of its own they are never sums; in one without, all is published, and they are.
    """
    table = data.table(cross.source.table)
    found = data.found(table.name, lambda source: _statement(source, table, cross))
    rows, columns = _codes(cross.rows), _codes(cross.columns)
    width = len(cross.rows.above) + 1
    high = len(cross.columns.above) + 1
    counts = {
        (rows.get(row[:width], TOTAL), columns.get(row[width : width + high], TOTAL)): row[width + high :]
        for row in found
    }
    # Of each count the positions of its number and of its state, in what was asked for.
    names = [name for pair in _states(table) for name in pair if name]
    used = [(names.index(name), names.index(state) if state else None) for name, state in _used(cross.cuenta, table)]
    every = counts if table.crosses else _added(counts)
    return {key: _tally(cross.cuenta, count, used) for key, count in every.items()}


def _used(cuenta: str, table: Table) -> list[tuple[str, str | None]]:
    """The columns that what is counted is made of, the roll first, each with its state."""
    wanted = {"votantes": (VOTERS,), "votaron": (ROLL, VOTERS), "abstencion": (ROLL, VOTERS)}.get(cuenta, (ROLL,))
    return [pair for name in wanted for pair in _states(table) if pair[0] == name]


def _codes(level: Level) -> dict[tuple[str, ...], str]:
    return {path: code for code, path in level.paths.items()}


def _states(table: Table) -> list[tuple[str, str | None]]:
    """The columns of a table with counts, each with the one that says why it is missing."""
    return [(item.name, item.status) for item in measures(table) if item.name in (ROLL, VOTERS)]


def _statement(source: SqlTable, table: Table, cross: Cross) -> Select[Any]:
    levels = cross.source.levels
    shown = [levels[name] for axis in (cross.rows, cross.columns) for name in (*axis.above, axis.name)]
    keys = [_column(source, table, level.column) for level in shown]
    wanted = [*_residents(source, table)]
    for name, value in cross.conditions.items():
        level = levels[name]
        path = [levels[item].column for item in level.above] + [level.column]
        wanted += [_column(source, table, item) == said for item, said in zip(path, level.paths[value], strict=True)]
    counts = [source.c[name] for pair in _states(table) for name in pair if name]
    if not table.crosses:
        return select(*keys, *(func.sum(item) for item in counts)).where(and_(True, *wanted)).group_by(*keys)
    wanted += _occasion(source, table, cross)
    fixed = {item for name in cross.conditions for item in (name, *levels[name].above)}
    filled = {level.name for level in shown} | fixed
    wanted += [source.c[level.column] == TOTAL for name, level in levels.items() if name not in filled]
    for axis in (cross.rows, cross.columns):
        free = [levels[name].column for name in (*axis.above, axis.name) if name not in fixed]
        wanted.append(or_(source.c[axis.column] != TOTAL, and_(*(source.c[name] == TOTAL for name in free))))
    return select(*keys, *counts).where(and_(True, *wanted))


def _occasion(source: SqlTable, table: Table, cross: Cross) -> list[ColumnElement[bool]]:
    said = {ELECTION: cross.eleccion, CUTOFF: date.fromisoformat(cross.corte)}
    return [source.c[name] == value for name, value in said.items() if name in names_of(table)]


def _added(counts: Mapping[Key, tuple[Any, ...]]) -> Mapping[Key, tuple[Any, ...]]:
    """The counts with the sums by row, by column and of everything, of a table that publishes all of its parts."""
    parts: dict[Key, list[tuple[Any, ...]]] = {}
    for (row, column), count in counts.items():
        for key in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            parts.setdefault(key, []).append(count)
    return {
        **counts,
        **{key: tuple(_sum(column) for column in zip(*found, strict=True)) for key, found in parts.items()},
    }


def _sum(values: Iterable[Any]) -> int | None:
    known = list(values)
    return None if None in known else sum(known)


def _tally(cuenta: str, count: tuple[Any, ...], used: Sequence[tuple[int, int | None]]) -> Tally:
    """What is counted of one cell; with a part that is not published, neither is what is made of it."""
    state = PUBLISHED
    for position, said in used:
        told = PUBLISHED if said is None else count[said]
        if told in WITHHELD:
            return Tally(None, None, told, True)
        if count[position] is None:
            return UNSAID
        state = told if state == PUBLISHED else state
    people = int(count[used[-1][0]])
    if len(used) == 1:
        return Tally(people, people if cuenta in (ROLL, "padron-eleccion") else None, state)
    roll = int(count[used[0][0]])
    return Tally(roll - people if cuenta == "abstencion" else people, roll, state)
