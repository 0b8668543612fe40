"""The polling tables of a place, one by one: the total of each ballot and how far apart they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.address.vocabulary import in_order
from dashboard.figures.polling import APART, CENTRE, EQUAL, FAR, NEAR, Agreement
from dashboard.figures.queries import Row
from dashboard.kinds.papeletas import counted
from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, listing, plural, sentence

#: The tables that are named because they differ the most.
MOST_NAMED = 5
WORDS = {EQUAL: "iguales", NEAR: "difieren en 1 a 5", APART: "difieren en 6 a 20", FAR: "difieren en más de 20"}
INCOMPLETE = "incompleta"
LACKING = "falta alguna papeleta"
#: What is said of the totals of a table in an election of one ballot.
ALONE = "una sola papeleta"


@dataclass(frozen=True)
class Material:
    """The tables by number, the ballots that the election has, and where."""

    tables: Sequence[Row]
    offices: tuple[str, ...]
    within: str


@dataclass(frozen=True)
class Facts:
    """The tables by number, those with every ballot that are equal, and those that differ the most."""

    tables: tuple[Row, ...]
    offices: tuple[str, ...]
    within: str
    whole: int
    counts: tuple[tuple[str, int], ...]
    farthest: tuple[Row, ...]

    @property
    def ballots(self) -> int:
        """How many ballots the election has."""
        return len(self.offices)

    @property
    def several(self) -> str:
        """How many ballots there are, in words."""
        return counted(self.ballots)

    @property
    def equal(self) -> int:
        """The tables whose totals are equal."""
        return dict(self.counts).get(EQUAL, 0)

    @property
    def centres(self) -> dict[str, tuple[Row, ...]]:
        """The tables by the code of their centre, in its order; none where nobody says which centre they were in."""
        found: dict[str, list[Row]] = {}
        for row in self.tables:
            if row[CENTRE] is not None:
                found.setdefault(row[CENTRE], []).append(row)
        return {code: tuple(found[code]) for code in sorted(found, key=in_order)}


def agreement_of(row: Row) -> str:
    """How the totals of a table are, in words."""
    return WORDS.get(row["acuerdo"], LACKING)


def said_of(row: Row, offices: Sequence[str]) -> str:
    """What is said of a table in a list: by how many votes it differs; of one ballot, how many it has."""
    if len(offices) > 1:
        apart = row["diferencia_votos"]
        return LACKING if apart is None else "totales iguales" if not apart else f"difiere en {integer(apart)}"
    votes = row[offices[0]]
    return "sin datos" if votes is None else plural(votes, "voto", "votos")


def agreement(rows: Sequence[Row]) -> Agreement:
    """How far some tables agree."""
    names = [row["acuerdo"] for row in rows if row["diferencia_votos"] is not None]
    equal, near, far = (sum(name in among for name in names) for among in ((EQUAL,), (EQUAL, NEAR), (FAR,)))
    return Agreement(len(rows), len(names), equal, near, far)


def facts(result: Result) -> Facts:
    """The tables counted by class."""
    material: Material = result.material
    compared = [row for row in material.tables if row["diferencia_votos"] is not None]
    counts = tuple((name, sum(row["acuerdo"] == name for row in compared)) for name in WORDS)
    differ = sorted(
        (row for row in compared if row["diferencia_votos"]), key=lambda row: (-row["diferencia_votos"], row["mesa"])
    )
    farthest = tuple(differ[:MOST_NAMED])
    return Facts(tuple(material.tables), material.offices, material.within, len(compared), counts, farthest)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many tables agree and how the others differ."""
    if not facts.tables:
        return (sentence("{within} no hay mesas en la publicación.", within=facts.within),)
    if facts.ballots < 2:
        count = Figure(plural(len(facts.tables), "mesa", "mesas"), len(facts.tables))
        return (sentence("{within} hay {tables}, con actas de una sola papeleta.", within=facts.within, tables=count),)
    if not facts.whole:
        return (
            sentence("{within} no hay mesas con las {several} papeletas.", within=facts.within, several=facts.several),
        )
    return (
        sentence(
            "{within}, {equal} de {whole} tienen los {several} totales iguales.",
            within=facts.within,
            equal=Figure(integer(facts.equal), facts.equal),
            whole=plural(facts.whole, "mesa", "mesas"),
            several=facts.several,
        ),
        sentence("{counts}.", counts=_in_words(facts)),
    )


def _in_words(facts: Facts) -> str:
    return listing([f"{integer(count)} {_of(name, count)}" for name, count in facts.counts if count])


def _of(name: str, count: int) -> str:
    """The words of a class for so many tables."""
    return WORDS[name].replace("iguales", "igual").replace("difieren", "difiere") if count == 1 else WORDS[name]


def figure(facts: Facts) -> list[dict[str, object]]:
    """The tables as data."""
    return [
        {"mesa": row["mesa"], "acuerdo": row["acuerdo"], "diferencia_votos": row["diferencia_votos"]}
        for row in facts.tables
    ]
