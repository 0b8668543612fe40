"""The questions about who voted, group by group, and what they share: each is of one place, told by the roll of elections.

brechas   how far apart women and men are at each age, election by election
edades    women and men of each age
grupos    every group, with how many they are
lineas    the groups of one dimension along the elections
piramide  the roll and the voters by age and sex
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboard.address.phrases import focus, within
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import Group
from dashboard.figures.counted import how_old
from dashboard.figures.elections import Election
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import PUBLISHED, Data
from dashboard.figures.turnout import EDAD, NOBODY, Turnout, Voted
from dashboard.indicators.offers import VOTED as TOPIC
from dashboard.indicators.offers import offer
from dashboard.indicators.participacion import ON_ROLLS as COUNTED
from dashboard.kinds.edades import Age, Facts
from dashboard.kinds.votaron import FEW
from dashboard.view import AnswerColumn, Result, number_column, text_column
from dashboard.words import COUNT, WITHHELD, Unit

__all__ = ("COUNTED", "TOPIC")
WOMEN, MEN = Group("mujeres"), Group("hombres")
PER_100, POINTS = Unit(decimals=1), Unit(decimals=1, signed=True)
ON_THE_ROLL = (
    "Del padrón de cada elección: personas que residen en el país, con los rasgos que tenían en el registro. Los totales son los "
    "publicados, no la suma de lo que se ve."
)
FEWEST = (
    f"Lo más alto y lo más bajo se dice solo de grupos con {FEW} personas o más en el padrón: con menos, pocos votos lo "
    "mueven."
)
ELECTION = text_column("eleccion_codigo", "Código de la elección", "Código de la elección.", hidden=True)


def at(data: Data, selection: Selection, election: Election | None = None) -> Turnout:
    """Who voted in the place asked about, in an election or else in the one asked for."""
    counted = COUNTED.as_of(selection.corte)
    return counted.at(data, election or counted.chosen(data, selection.eleccion), focus(selection))


def held(data: Data) -> bool:
    """Whether a release counts anybody who voted, person by person."""
    return bool(offer(data, TOPIC).every_election)


def where(data: Data, selection: Selection) -> str:
    """The place asked about, as a sentence begins."""
    return within(focus(selection), data.territories)


def ages(data: Data, selection: Selection, found: Turnout) -> Facts:
    """Women and men of each age; Unaskable when the cube does not cross both."""
    women, men = (found.divided(EDAD, side.sexo) if EDAD in found.dimensions else {} for side in (WOMEN, MEN))
    if not (women and men):
        raise Unaskable("quienes votaron no están contados por sexo y edad")
    rows = [
        Age(code, name, women.get(code, NOBODY), men.get(code, NOBODY)) for code, name in found.values(EDAD).items()
    ]
    return Facts(where(data, selection), found.election.words, found.of(WOMEN), found.of(MEN), tuple(rows))


def result(
    data: Data,
    question: str,
    columns: tuple[AnswerColumn, ...],
    rows: Iterable[tuple[Any, ...]],
    material: object,
    elections: Iterable[Election],
    corte: str,
) -> Result:
    """The result of one of these questions, with where its figures come from and as of when."""
    days = COUNTED.as_of(corte).cutoffs(data, *elections)
    table = COUNTED.table(data)
    notes = (ON_THE_ROLL, *how_old(data.table(table)), FEWEST)
    return Result(question, columns, tuple(rows), material, (table,), notes, days)


# --- The columns of one group ---------------------------------------------------------------------------------------


def columns(who: str = "", suffix: str = "", rates: bool = True, counts: bool = True) -> tuple[AnswerColumn, ...]:
    """A group in a table: its rate, its voters, how many it has on the roll and, in files, whether they are published.

    Without `rates` or without `counts`, these are for the files only.
    """
    of, end = (f", {who}" if who else ""), (f"_{suffix}" if suffix else "")
    why, roll_why = f"estado_votaron{end}", f"estado_empadronados{end}"
    found = (
        number_column(
            f"por_cien{end}", f"Votaron de cada 100{of}", "Votaron por cada 100 en el padrón.", "%", PER_100, True
        ),
        number_column(f"votaron{end}", f"Votaron{of}", "Personas que votaron.", "personas", COUNT),
        number_column(f"empadronados{end}", f"En el padrón{of}", "Personas en el padrón.", "personas", COUNT),
    )
    told = zip(found, (why, why, roll_why), (rates, counts, counts), strict=True)
    return (
        *(AnswerColumn(item.field, item.unit, not shown, reason) for item, reason, shown in told),
        text_column(why, f"Estado de quienes votaron{of}", "Si la cifra se publica.", hidden=True),
        text_column(roll_why, f"Estado del padrón{of}", "Si la cifra se publica.", hidden=True),
    )


def cells(voted: Voted) -> tuple[Any, ...]:
    """What is published of a group, in the order of `columns`."""
    return (
        voted.rate,
        voted.voters,
        voted.roll,
        WITHHELD if voted.hidden else PUBLISHED,
        WITHHELD if voted.hidden and voted.roll is None else PUBLISHED,
    )


def gap_column() -> AnswerColumn:
    """The distance between women and men, in points."""
    words = "Participación de las mujeres menos la de los hombres, en puntos porcentuales."
    made = number_column("distancia", "Distancia, en puntos", words, "puntos porcentuales", POINTS, True)
    return AnswerColumn(made.field, made.unit, made.hidden, "estado_distancia")


GAP = (gap_column(), text_column("estado_distancia", "Estado de la distancia", "Si la cifra se publica.", hidden=True))


def gap_cells(age: Age) -> tuple[Any, ...]:
    """The distance at an age, in the order of `GAP`."""
    return (age.gap, WITHHELD if age.women.hidden or age.men.hidden else PUBLISHED)


AGE = (
    text_column("grupo_edad", "Código de la edad", "Código del grupo de edad.", hidden=True),
    text_column("edad", "Edad", "Grupo de edad."),
)
RATES = (*columns("mujeres", "mujeres", counts=False), *columns("hombres", "hombres", counts=False))
COUNTS = (*columns("mujeres", "mujeres", rates=False), *columns("hombres", "hombres", rates=False))


def by_sex(age: Age) -> tuple[Any, ...]:
    """Women and men of an age, in the order of `RATES` and of `COUNTS`."""
    return (*cells(age.women), *cells(age.men))
