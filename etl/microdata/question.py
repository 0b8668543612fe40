"""What is counted, and the source it is counted from, as the statement sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import (
    BigInteger,
    FromClause,
    Text,
    and_,
    case,
    cast,
    func,
)

from etl import fields
from etl.cubes.declared import Cube
from etl.microdata.dialects import Expression
from etl.microdata.layout import Layout

TEXTO, ENTERO, DECIMAL, FECHA = "texto", "entero", "decimal", "fecha"
MIXTO = "mixto"  # a column of SQLite, whose values may be of any type
PAIS, EXTRANJERO = "pais", "extranjero"
#: A word that nobody declared is told when this many rows have it, and it is no longer than a coded word can be.
LISTED, LONGEST = 10, 40
AGE = fields.grupo_edad.name
# Ages that are not a group, as the row expression gives them.
VACIA, INVALIDA, POSTERIOR, MENOR, IMPOSIBLE = "vacia", "invalida", "posterior", "menor", "imposible"
AGE_REASONS = {
    VACIA: "edad_vacia",
    INVALIDA: "edad_invalida",
    POSTERIOR: "nacimiento_posterior",
    MENOR: "menor_de_edad",
    IMPOSIBLE: "edad_imposible",
}


@dataclass(frozen=True)
class Origin:
    """A source as the statement sees it: a selectable with the needed columns, and what kind each is.

    `rows` is the same with two columns more, archivo and fila, to say where a rejected row is.
    """

    records: FromClause
    rows: FromClause
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class Count:
    """A cube to be made and, when it is of one, of which election."""

    cube: Cube
    election: str | None = None

    @property
    def name(self) -> str:
        """How the statement and the messages call it: «participacion_cubo 2023-1»."""
        return f"{self.cube.name} {self.election}" if self.election else self.cube.name


@dataclass(frozen=True)
class Question:
    """What is counted: the cubes that can be made, the layout and the cut-off, the elections, the municipios.

    `municipios` maps a code of the TSE («2-1») to the INE's; `departamentos` names and codes of the
    TSE to the INE's; `states` and `cities` the folded names of places abroad to the catalogue's codes.
    `days` is the day on which the ages of each election are counted; of one that it lacks, the cut-off.
    """

    counts: tuple[Count, ...]
    layout: Layout
    cutoff: date
    elections: tuple[str, ...]
    municipios: Mapping[str, str]
    departamentos: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    cities: Mapping[tuple[str, str], str] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)

    @property
    def votes(self) -> dict[str, str]:
        """The name that the vote of each election has in the statement."""
        return {election: f"voto_{number}" for number, election in enumerate(self.elections)}

    @property
    def by_birth(self) -> bool:
        """Whether the ages come from birth dates: an age in years is the one of the cut-off, and no other."""
        return "edad" not in self.layout.columns

    @property
    def ages(self) -> tuple[date, ...]:
        """The days, besides the cut-off, on which ages are counted."""
        return tuple(sorted({*self.days.values()} - {self.cutoff})) if self.by_birth else ()

    @property
    def age_columns(self) -> dict[date, str]:
        """The column of the statement with the age group at the cut-off, and on each of the other days."""
        return {self.cutoff: AGE} | {day: f"{AGE}_{number}" for number, day in enumerate(self.ages)}

    def age_day(self, election: str) -> date | None:
        """The day on which the ages of an election are counted; None when they are those of the cut-off."""
        return self.days.get(election) if self.by_birth else None

    def age_column(self, election: str | None) -> str:
        """The one that the cubes of an election are counted by; with None, those of the registry."""
        return self.age_columns[self.age_day(election or "") or self.cutoff]


def text_of(column: Expression, kind: str) -> Expression:
    """A column as text, whole numbers without decimals (a file may hold the code 25 as 25.0)."""
    if kind == TEXTO:
        return column
    if kind == DECIMAL:
        whole = and_(column.between(-1e15, 1e15), column == func.floor(column))
        return case((whole, cast(cast(column, BigInteger), Text)), else_=cast(column, Text))
    if kind == MIXTO:
        number = cast(column, BigInteger)
        return case(
            (and_(func.typeof(column) == "real", column == number), cast(number, Text)), else_=cast(column, Text)
        )
    return cast(column, Text)
