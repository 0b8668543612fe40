"""The elections of one release, and which of them a quantity has figures of: its catalogue and its tables say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.figures.counted import names_of
from dashboard.figures.measures import BEFORE, Conditions, Quantity, Unaskable
from dashboard.figures.queries import Data
from etl.model import Table

ELECTION, OFFICE, YEAR = "eleccion", "cargo", "anio"
GENERAL = "general"
#: The cut-off of the national figures that no later count changes.
DEFINITIVE = "definitivo"


def is_definitive(row: Mapping[str, Any]) -> bool:
    """Whether a row of the national totals has the final ones: older releases say it in `corte`, which is now always a day."""
    return bool((row["estado_recuento"] if "estado_recuento" in row else row["corte"]) == DEFINITIVE)


#: How an election that is not general is called inside a sentence («en la segunda vuelta de 2015»).
WORDS = {
    "segunda_vuelta": "la segunda vuelta de {}",
    "repeticion": "la repetición de {}",
    "consulta_popular": "la consulta popular de {}",
}
#: How a round is called in a label («2015, 2.ª vuelta»).
LABELS = {"segunda_vuelta": "2.ª vuelta", "repeticion": "repetición", "consulta_popular": "consulta"}


@dataclass(frozen=True)
class Election:
    """One event of the catalogue: its code, name, year and kind; the day, as ISO text, or the year when it is not known."""

    code: str
    title: str
    year: str
    kind: str
    day: str

    @property
    def words(self) -> str:
        """How a sentence calls it, after «en»: «2023», «la segunda vuelta de 2015»."""
        return WORDS.get(self.kind, "{}").format(self.year)

    @property
    def label(self) -> str:
        """How a chart calls it: «2023, 1.ª vuelta»."""
        return f"{self.year}, {LABELS.get(self.kind, '1.ª vuelta')}"


def elections(data: Data) -> Mapping[str, Election]:
    """The elections of the catalogue by code, the oldest first; none when the release does not bring it."""
    return data.once(("elections",), lambda: _elections(data))


def catalogue(data: Data) -> Mapping[str, Election]:
    """The same, for what means nothing without them: Unaskable when there are none."""
    found = elections(data)
    if not found:
        raise Unaskable("esta publicación no trae el catálogo de elecciones")
    return found


def _elections(data: Data) -> dict[str, Election]:
    try:
        found = [_election(row) for row in data.records("elecciones")]
    except Unaskable:
        return {}
    return {item.code: item for item in sorted(found, key=lambda item: (item.day, item.code))}


def _election(row: Mapping[str, Any]) -> Election:
    year, day = str(row["anio"]), row.get("fecha_eleccion")
    return Election(row["eleccion"], row["titulo"], year, row["tipo"], day.isoformat() if day else year)


def label(data: Data, code: str) -> str:
    """How a title calls an election: its year, with its round if it is not the first («2015, 2.ª vuelta»).

    One that is being prepared is not in the catalogue yet: its code begins with its year.
    """
    event = elections(data).get(code)
    if event is None:
        return code.partition("-")[0]
    return event.year if event.kind == GENERAL else event.label


def held(data: Data, quantity: Quantity) -> tuple[Election, ...]:
    """The elections that `quantity` has figures of, the oldest first."""
    key = ("held", quantity.places, quantity.where)
    return data.once(
        key, lambda: tuple(item for item in elections(data).values() if item.code in _filled(data, quantity))
    )


def _filled(data: Data, quantity: Quantity) -> set[str]:
    return data.once(("filled", quantity.places, quantity.where), lambda: set(_codes(data, quantity)))


def _codes(data: Data, quantity: Quantity) -> list[str]:
    found = _place(data, quantity)
    if found is None:
        return []
    table, column = found
    by, where = _says_when(table), {name: value for name, (value,) in _conditions(table, quantity.where)}
    if not by:
        return [_last_before(data, table)]
    rows = data.filled(table.name, [by], [column], where)
    return [_code(data, by, value) for value, _, filled in rows if filled and value is not None]


def _place(data: Data, quantity: Quantity) -> tuple[Table, str] | None:
    """The first table of the release that has the quantity, with its column; None when there is none."""
    tables = ((data.tables[name], column) for name, column in quantity.places if name in data.tables)
    return next(((table, column) for table, column in tables if column in names_of(table)), None)


def _says_when(table: Table) -> str:
    """The column that says the election of each row; "" when the table is of one election, which its cut-off says."""
    return next((name for name in (ELECTION, YEAR) if name in names_of(table)), "")


def _code(data: Data, by: str, value: object) -> str:
    """The election of a row: the one it says or, when it says only the year, the general one of that year."""
    if by == ELECTION:
        return str(value)
    general = (item.code for item in elections(data).values() if (item.year, item.kind) == (str(value), GENERAL))
    return next(general, "")


def _last_before(data: Data, table: Table) -> str:
    """The last general election on or before the cut-off of a table; "" when there is none."""
    cutoff = data.cutoff(table.name)
    before = [item.code for item in elections(data).values() if item.kind == GENERAL and item.day <= cutoff]
    return before[-1] if before else ""


def _conditions(table: Table, where: Conditions) -> Conditions:
    """`where`, without the office in a table that does not say it: it is of one office only."""
    return tuple(pair for pair in where if pair[0] != OFFICE or OFFICE in names_of(table))


def in_election(data: Data, quantity: Quantity, election: Election) -> Quantity:
    """`quantity`, which is counted election by election, in one of them; under another name if it is the one before."""
    return data.once(("in election", quantity, election), lambda: _in_election(data, quantity, election))


def _in_election(data: Data, quantity: Quantity, election: Election) -> Quantity:
    found = _place(data, quantity)
    if found is None:
        raise Unaskable(f"no hay ninguna tabla con «{quantity.title}»")
    table, _ = found
    bound = replace(quantity, places=((table.name, found[1]),), where=_conditions(table, quantity.where), when="")
    by = _says_when(table)
    if by:
        bound = bound.at(**{by: election.code if by == ELECTION else int(election.year)})
    name = f"{quantity.name}_antes" if quantity.when == BEFORE else quantity.name
    return bound.called(name, f"{quantity.title} en {election.words}")
