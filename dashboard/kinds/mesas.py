"""The polling tables of a place, one by one: the total of each ballot and how far apart they are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.figures.polling import APART, CENTRE, EQUAL, FAR, NEAR
from dashboard.figures.queries import Row
from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, listing, plural, sentence

#: The tables that are named because they differ the most.
MOST_NAMED = 5
WORDS = {EQUAL: "iguales", NEAR: "difieren en 1 a 5", APART: "difieren en 6 a 20", FAR: "difieren en más de 20"}
INCOMPLETE = "incompleta"
LACKING = "falta alguna papeleta"


@dataclass(frozen=True)
class Material:
    """The tables by number, how many ballots there are in words, and where."""

    tables: Sequence[Row]
    several: str
    within: str


@dataclass(frozen=True)
class Facts:
    """The tables by number, those with every ballot that are equal, and those that differ the most."""

    tables: tuple[Row, ...]
    several: str
    within: str
    whole: int
    counts: tuple[tuple[str, int], ...]
    farthest: tuple[Row, ...]

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
        return {code: tuple(found[code]) for code in sorted(found, key=_in_order)}


def _in_order(centre: str) -> tuple[int, str]:
    """Centres are numbered, and their numbers are text."""
    return (int(centre), "") if centre.isdecimal() else (sys.maxsize, centre)


def facts(result: Result) -> Facts:
    """The tables counted by class."""
    material: Material = result.material
    compared = [row for row in material.tables if row["diferencia_votos"] is not None]
    counts = tuple((name, sum(row["acuerdo"] == name for row in compared)) for name in WORDS)
    differ = sorted(
        (row for row in compared if row["diferencia_votos"]), key=lambda row: (-row["diferencia_votos"], row["mesa"])
    )
    farthest = tuple(differ[:MOST_NAMED])
    return Facts(tuple(material.tables), material.several, material.within, len(compared), counts, farthest)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many tables agree and how the others differ."""
    if not facts.tables:
        return (sentence("{within} no hay mesas con varias papeletas.", within=facts.within),)
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
    return listing([f"{integer(count)} {WORDS[name]}" for name, count in facts.counts if count])


def figure(facts: Facts) -> list[dict[str, object]]:
    """The tables as data."""
    return [
        {"mesa": row["mesa"], "acuerdo": row["acuerdo"], "diferencia_votos": row["diferencia_votos"]}
        for row in facts.tables
    ]
