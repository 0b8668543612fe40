"""What the actas say against what adds up: how many agree, and the steps from one total to the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.figures.polling import APART, EQUAL, FAR, NEAR, NO_DATA, UNWRITTEN, ActaClass
from dashboard.view import Result
from dashboard.words import MINUS, NBSP, PERCENT, Figure, Sentence, integer, plural, sentence

#: The words for each class of acta.
CLASSES = {
    EQUAL: "iguales",
    NEAR: "difieren en 1 a 5",
    APART: "difieren en 6 a 20",
    FAR: "difieren en más de 20",
    UNWRITTEN: "total sin escribir",
    NO_DATA: "acta sin datos",
}
#: How often the totals agree, in words, from what share on.
OFTEN = ((90, "Casi siempre."), (50, "Las más de las veces."), (0, "No siempre."))


@dataclass(frozen=True)
class Official:
    """The official count of the votes cast, and who says it."""

    votes: int
    source: str


@dataclass(frozen=True)
class Material:
    """The classes by name, the ballot and the place in words, the share of equal ones by other ballot and the official count."""

    classes: Mapping[str, ActaClass]
    ballot: str
    within: str
    others: Mapping[str, float]
    official: Official | None


@dataclass(frozen=True)
class Facts:
    """The classes with data, in order; how many actas have none; and the totals."""

    material: Material
    classes: tuple[ActaClass, ...]
    actas: int
    without_data: int
    written: int
    added: int
    more: int
    less: int
    unwritten: ActaClass

    def share(self, item: ActaClass) -> float | None:
        """Its actas for every hundred with data."""
        return 100 * item.actas / self.actas if self.actas else None

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """The ledger: (words, amount as written), from the totals written to the votes added up."""
        blank = plural(self.unwritten.actas, "acta dejó el total sin escribir", "actas dejaron el total sin escribir")
        if not self.unwritten.actas:
            blank = "Ninguna acta dejó el total sin escribir"
        return (
            ("Suma de los totales escritos", integer(self.written)),
            (blank, f"+{NBSP}{integer(self.unwritten.added)}"),
            ("Actas que escribieron de menos", f"+{NBSP}{integer(self.less)}"),
            ("Actas que escribieron de más", f"{MINUS}{NBSP}{integer(self.more)}"),
            ("Suma de todos los votos", integer(self.added)),
        )


def facts(result: Result) -> Facts:
    """The totals of the classes."""
    material: Material = result.material
    known = tuple(item for name, item in material.classes.items() if name != NO_DATA)
    return Facts(
        material,
        known,
        sum(item.actas for item in known),
        material.classes[NO_DATA].actas,
        sum(item.written for item in known),
        sum(item.added for item in known),
        sum(item.more for item in known),
        sum(item.less for item in known),
        material.classes[UNWRITTEN],
    )


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many agree, how far the totals are, the actas without data, the other ballots and the official count."""
    if not facts.actas:
        return (sentence("{within} no hay actas con datos de esa papeleta.", within=facts.material.within),)
    return tuple(
        item for item in (_lead(facts), _apart(facts), _without(facts), _others(facts), _official(facts)) if item
    )


def figure(facts: Facts) -> list[dict[str, str | int]]:
    """The classes as data."""
    return [{"clase": item.name, "actas": item.actas} for item in facts.classes]


def _lead(facts: Facts) -> Sentence:
    by_name = {item.name: item for item in facts.classes}
    share = facts.share(by_name[EQUAL]) or 0
    often = next(words for limit, words in OFTEN if share >= limit)
    return sentence(
        "{often} {within}, en {equal} de {actas} ({share}) el total escrito en el acta de {ballot} es igual al que resulta de "
        "sumar sus votos. En {far} hay más de 20 de diferencia y en {blank} el total quedó sin escribir.",
        often=often,
        within=facts.material.within,
        equal=Figure(integer(by_name[EQUAL].actas), by_name[EQUAL].actas),
        actas=plural(facts.actas, "mesa", "mesas"),
        share=Figure(PERCENT.write(share), share),
        ballot=facts.material.ballot,
        far=_none_or(by_name[FAR].actas),
        blank=_none_or(facts.unwritten.actas),
    )


def _none_or(count: int) -> Figure:
    return Figure(integer(count) if count else "ninguna", count)


def _apart(facts: Facts) -> Sentence:
    distance = abs(facts.added - facts.written)
    share = 100 * distance / facts.added if facts.added else 0.0
    return sentence(
        "Los totales escritos suman {written} y los votos, {added}: {distance} de diferencia ({share}).",
        written=Figure(integer(facts.written), facts.written),
        added=Figure(integer(facts.added), facts.added),
        distance=Figure(plural(distance, "voto", "votos"), distance),
        share=Figure(f"{share:.2f}{NBSP}%", share),
    )


def _without(facts: Facts) -> Sentence | None:
    if not facts.without_data:
        return None
    found = Figure(plural(facts.without_data, "acta más", "actas más"), facts.without_data)
    return sentence("De {actas} no hay datos: no se cuentan como cero.", actas=found)


def _others(facts: Facts) -> Sentence | None:
    if not facts.material.others:
        return None
    ordered = sorted(facts.material.others.items(), key=lambda pair: (-pair[1], pair[0]))
    named = [f"{ballot}, {PERCENT.write(share)}" for ballot, share in ordered]
    return sentence("En las otras papeletas son iguales: {others}.", others="; ".join(named))


def _official(facts: Facts) -> Sentence | None:
    official = facts.material.official
    if official is None:
        return None
    return sentence(
        "El resultado oficial es {votes} ({source}). Que se parezca a alguna de las dos sumas no prueba nada: los errores se "
        "compensan entre sí.",
        votes=Figure(integer(official.votes), official.votes),
        source=official.source,
    )
