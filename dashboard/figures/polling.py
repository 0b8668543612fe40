"""What the actas of the polling tables say, asked of the tables of a release: written against added up, and ballot by ballot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, null, select
from sqlalchemy import Table as SqlTable

from dashboard.figures.queries import Data, Row
from etl.country import COUNTRY, departamento_of, is_municipio

ACTAS, PLACES, BALLOTS = "participacion_mesa", "participacion_mesa_lugar", "participacion_mesa_papeletas"
DISCREPANCIES = "participacion_mesa_discrepancias"
CENTRE = "codigo_centro"
#: The classes of an acta, from the one that agrees to the ones that cannot be compared; both last are of no difference.
EQUAL, NEAR, APART, FAR, UNWRITTEN, NO_DATA = (
    *("iguales", "difieren_1_5", "difieren_6_20", "difieren_mas_20"),
    *("sin_escribir", "sin_datos"),
)
#: Votes of difference up to which each of the first three classes goes.
LIMITS = ((EQUAL, 0), (NEAR, 5), (APART, 20))


@dataclass(frozen=True)
class Scope:
    """What is asked about: the code of a place ("" for everything, a departamento, that of residents abroad too, or a
    municipio) and, in a municipio, perhaps the code of one of its centres.
    """

    code: str = ""
    centre: str | None = None


@dataclass(frozen=True)
class ActaClass:
    """The actas of one class: how many, the votes written and added up in them, and those written in excess and missing."""

    name: str
    actas: int
    written: int
    added: int
    more: int
    less: int


@dataclass(frozen=True)
class Agreement:
    """Of the polling tables of one place: how many there are, how many have every ballot, and of these how many have equal
    totals, totals within five and totals more than twenty apart.
    """

    tables: int = 0
    whole: int = 0
    equal: int = 0
    near: int = 0
    far: int = 0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(*(mine + its for mine, its in zip(self.parts, other.parts, strict=True)))

    @property
    def parts(self) -> tuple[int, ...]:
        """The five counts."""
        return (self.tables, self.whole, self.equal, self.near, self.far)

    @property
    def share(self) -> float | None:
        """Tables with equal totals for every hundred with every ballot."""
        return 100 * self.equal / self.whole if self.whole else None


def ballots(data: Data) -> Mapping[str, Mapping[str, str]]:
    """The ballots with actas of each election, with the words for each; the latest election of several ballots first."""
    words = data.labels(PLACES, "cargo")
    rows = data.found(PLACES, lambda table: select(table.c.eleccion, table.c.cargo).distinct())
    found: dict[str, dict[str, str]] = {}
    for office, label in words.items():
        for event in sorted({event for event, cargo in rows if cargo == office}):
            found.setdefault(event, {})[office] = label
    return dict(sorted(found.items(), key=lambda pair: (len(pair[1]) > 1, pair[0]), reverse=True))


def titles(data: Data) -> Mapping[str, str]:
    """The name of each election with actas, in the order of `ballots`."""
    named = {row["eleccion"]: row["titulo"] for row in data.records("elecciones")}
    return {event: named[event] for event in ballots(data)}


def places_of_tables(data: Data) -> Mapping[str, Mapping[str, tuple[str, str | None]]]:
    """The place and the centre of each polling table, by number, of each election."""

    def statement(table: SqlTable) -> Select[Any]:
        key = (table.c.eleccion, table.c.mesa)
        return select(*key, *_where_it_was(table)).group_by(*key).order_by(table.c.mesa)

    found: dict[str, dict[str, tuple[str, str | None]]] = {}
    for event, mesa, code, centre in data.found(ACTAS, statement):
        found.setdefault(event, {})[str(mesa)] = (code, centre)
    return found


def _where_it_was(table: SqlTable) -> tuple[ColumnElement[Any], ...]:
    """The place and the centre of a polling table, from its actas; no centre where the release does not say it."""
    centre = func.max(table.c[CENTRE]) if CENTRE in table.c else null()
    return func.max(table.c.codigo_municipio), centre.label(CENTRE)


def _within(table: SqlTable, scope: Scope) -> ColumnElement[bool]:
    column = table.c.codigo_municipio
    if scope.centre:
        return and_(column == scope.code, table.c[CENTRE] == scope.centre)
    return column == scope.code if is_municipio(scope.code) else column.startswith(scope.code, autoescape=True)


def _classed(distance: ColumnElement[Any], *before: tuple[ColumnElement[bool], str]) -> ColumnElement[str]:
    return case(*before, *((distance <= limit, name) for name, limit in LIMITS), else_=FAR)


def acta_classes(data: Data, event: str, ballot: str, scope: Scope) -> Mapping[str, ActaClass]:
    """The actas of one ballot in one scope by class; a class without actas is there too."""

    def statement(table: SqlTable) -> Select[Any]:
        written, added = table.c.votos_emitidos_escrito, table.c.votos_emitidos
        over = written - added
        name = _classed(func.abs(over), (~table.c.contabilizada, NO_DATA), (written.is_(None), UNWRITTEN))
        sums = [
            func.coalesce(func.sum(votes), 0)
            for votes in (written, added, case((over > 0, over)), case((over < 0, -over)))
        ]
        wanted = and_(table.c.eleccion == event, table.c.cargo == ballot, _within(table, scope))
        return select(name, func.count(), *sums).where(wanted).group_by(name)

    found = {name: ActaClass(name, *map(int, counts)) for name, *counts in data.found(ACTAS, statement)}
    names = (*(name for name, _ in LIMITS), FAR, UNWRITTEN, NO_DATA)
    return {name: found.get(name, ActaClass(name, 0, 0, 0, 0, 0)) for name in names}


def equal_shares(data: Data, event: str, scope: Scope) -> Mapping[str, float]:
    """Actas whose written total is the one that adds up for every hundred with data, by ballot."""

    def statement(table: SqlTable) -> Select[Any]:
        wanted = and_(table.c.eleccion == event, table.c.contabilizada, _within(table, scope))
        equal = func.count(case((table.c.votos_emitidos_escrito == table.c.votos_emitidos, 1)))
        return select(table.c.cargo, equal, func.count()).where(wanted).group_by(table.c.cargo)

    return {office: 100 * equal / known for office, equal, known in data.found(ACTAS, statement)}


def distances(data: Data, event: str, scope: Scope) -> Mapping[int | None, int]:
    """How many polling tables have each distance between the largest and the smallest total; None, those without all."""

    def statement(table: SqlTable) -> Select[Any]:
        wanted = and_(table.c.eleccion == event, _within(table, scope))
        return select(table.c.diferencia_votos, func.count()).where(wanted).group_by(table.c.diferencia_votos)

    return {distance: count for distance, count in data.found(BALLOTS, statement)}


def agreements(data: Data, event: str) -> Mapping[str, Agreement]:
    """How far the ballots agree in each municipio of an election."""

    def statement(table: SqlTable) -> Select[Any]:
        distance = table.c.diferencia_votos
        counts = [
            func.count(case((mark, 1))) for mark in (distance == 0, distance <= LIMITS[1][1], distance > LIMITS[2][1])
        ]
        code = table.c.codigo_municipio
        return select(code, func.count(), func.count(distance), *counts).where(table.c.eleccion == event).group_by(code)

    return {code: Agreement(*counts) for code, *counts in data.found(BALLOTS, statement)}


def written_right(data: Data, event: str, scope: Scope) -> int:
    """Of the tables whose totals are more than twenty apart because of one ballot, those where the total written in its acta
    is near the other ballots.
    """

    def statement(table: SqlTable) -> Select[Any]:
        far = and_(table.c.acuerdo == FAR, table.c.cuadra_con_lo_escrito)
        return select(func.count()).where(and_(table.c.eleccion == event, _within(table, scope), far))

    return int(data.found(BALLOTS, statement)[0][0])


def tables(data: Data, event: str, scope: Scope, offices: tuple[str, ...]) -> tuple[Row, ...]:
    """The polling tables of a scope by number, with the total of each ballot under the name of its office.

    `codigo_centro` is the centre that each was in: missing where neither the source nor the release says it. What compares
    the ballots is missing in an election of one.
    """

    def totals(table: SqlTable) -> Select[Any]:
        each = [func.max(case((table.c.cargo == office, table.c.votos_emitidos))) for office in offices]
        wanted = and_(table.c.eleccion == event, _within(table, scope))
        return select(table.c.mesa, *_where_it_was(table), *each).where(wanted).group_by(table.c.mesa)

    names = ("diferencia_votos", "acuerdo", "papeleta_aparte")

    def compared(table: SqlTable) -> Select[Any]:
        place = _within(table, Scope(scope.code))
        return select(table.c.mesa, *(table.c[name] for name in names)).where(and_(table.c.eleccion == event, place))

    of_each = {mesa: found for mesa, *found in data.found(BALLOTS, compared)}
    nothing = [None] * len(names)
    columns = ("mesa", "codigo_municipio", CENTRE, *offices, *names)
    found = sorted(data.found(ACTAS, totals))
    return tuple(Row(zip(columns, (*row, *of_each.get(row[0], nothing)), strict=True)) for row in found)


def discrepancies(data: Data, event: str, scope: Scope, mesa: int | None = None) -> tuple[Row, ...]:
    """The figures that do not add up in the actas of a scope, or of one polling table."""
    names = ("mesa", "cargo", "tipo_discrepancia", "campo", "escrito", "calculado", "explicacion")

    def statement(table: SqlTable) -> Select[Any]:
        actas = data.sql_table(ACTAS)
        here = select(actas.c.mesa).where(and_(actas.c.eleccion == event, _within(actas, scope)))
        one = table.c.mesa == mesa if mesa else table.c.mesa.in_(here)
        chosen = select(*(table.c[name] for name in names)).where(and_(table.c.eleccion == event, one))
        return chosen.order_by(table.c.mesa, table.c.cargo, table.c.campo, table.c.tipo_discrepancia)

    return tuple(Row(zip(names, row, strict=True)) for row in data.found(DISCREPANCIES, statement))


def sums(data: Data, event: str, ballot: str) -> tuple[Row, ...]:
    """The sums of the actas of one ballot by place: municipios and places abroad."""
    return data.records(PLACES, eleccion=event, cargo=ballot)


def is_abroad(code: str) -> bool:
    """Whether a place is one of those of residents abroad, or all of them."""
    return departamento_of(code) == COUNTRY.abroad
