"""Several ballots, one person: how far apart the totals of the ballots of each polling table are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard.figures.polling import APART, EQUAL, FAR, NEAR
from dashboard.view import Result
from dashboard.words import PERCENT, Figure, Sentence, integer, plural, sentence

#: The bars: the largest distance of each, its words and the class it is of.
BARS = (
    (0, "0, iguales", EQUAL),
    (1, "1", NEAR),
    (2, "2", NEAR),
    (5, "3 a 5", NEAR),
    (10, "6 a 10", APART),
    (20, "11 a 20", APART),
    (50, "21 a 50", FAR),
    (100, "51 a 100", FAR),
    (None, "más de 100", FAR),
)
CLASSES = {
    EQUAL: "tienen todos los totales iguales",
    NEAR: "difieren en 1 a 5",
    APART: "difieren en 6 a 20",
    FAR: "difieren en más de 20",
}
NUMBERS = {1: "una", 2: "dos", 3: "tres", 4: "cuatro", 5: "cinco", 6: "seis"}
SQUARES = 100
#: What is said of an election whose actas are of one ballot.
ONE_BALLOT = "De esta elección hay actas de una sola papeleta: no hay con qué compararlas."


@dataclass(frozen=True)
class Material:
    """How many tables have each distance (None: those without all the ballots), how many ballots an election has, where, and
    in how many of the tables farthest apart the total written in the acta of the one ballot apart is near the others.
    """

    distances: Mapping[int | None, int]
    ballots: int
    within: str
    written_right: int


@dataclass(frozen=True)
class Bar:
    """The tables of some distances: in words, of which class, how many and for every hundred."""

    words: str
    name: str
    tables: int
    share: float


@dataclass(frozen=True)
class Facts:
    """The bars, the classes (with their squares of a hundred), and the tables with every ballot and without."""

    bars: tuple[Bar, ...]
    classes: tuple[Bar, ...]
    squares: Mapping[str, int]
    whole: int
    incomplete: int
    ballots: int
    within: str
    written_right: int

    @property
    def several(self) -> str:
        """How many ballots there are, in words."""
        return counted(self.ballots)

    @property
    def by_class(self) -> Mapping[str, Bar]:
        """The classes by name."""
        return {item.name: item for item in self.classes}


def counted(number: int) -> str:
    """A small number in words: «cinco»."""
    return NUMBERS.get(number, integer(number))


def facts(result: Result) -> Facts:
    """The distances gathered into bars, and these into classes."""
    material: Material = result.material
    whole = sum(count for distance, count in material.distances.items() if distance is not None)
    bars = tuple(_bars(material.distances, whole))
    classes = tuple(
        Bar(words, name, tables := sum(bar.tables for bar in bars if bar.name == name), _share(tables, whole))
        for name, words in CLASSES.items()
    )
    incomplete = material.distances.get(None, 0)
    squares = _squares(classes)
    return Facts(bars, classes, squares, whole, incomplete, material.ballots, material.within, material.written_right)


def _bars(distances: Mapping[int | None, int], whole: int) -> Iterator[Bar]:
    below = -1
    for limit, words, name in BARS:
        top = float("inf") if limit is None else limit
        tables = sum(count for distance, count in distances.items() if distance is not None and below < distance <= top)
        yield Bar(words, name, tables, _share(tables, whole))
        below = limit or 0


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _squares(classes: tuple[Bar, ...]) -> dict[str, int]:
    """A hundred squares shared among the classes by largest remainder; none when there is nothing to share."""
    if not any(item.tables for item in classes):
        return {item.name: 0 for item in classes}
    found = {item.name: int(item.share) for item in classes}
    rest = sorted(classes, key=lambda item: int(item.share) - item.share)
    for item in rest[: SQUARES - sum(found.values())]:
        found[item.name] += 1
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """What should be, how often it is, and how many tables cannot be compared."""
    if facts.ballots < 2:
        return (sentence(ONE_BALLOT),)
    if not facts.whole:
        return (
            sentence(
                "{within} ninguna mesa tiene actas con datos de las {several} papeletas: no hay qué comparar.",
                within=facts.within,
                several=facts.several,
            ),
        )
    return (_lead(facts), *([_incomplete(facts)] if facts.incomplete else []))


def _lead(facts: Facts) -> Sentence:
    classes = facts.by_class
    near = classes[EQUAL].share + classes[NEAR].share
    return sentence(
        "Cada quien recibe {several} papeletas, así que los {several} totales de una mesa deberían ser iguales. {within}, en "
        "{equal} de las mesas lo son exactamente y en {near} difieren en 5 o menos. En {far} de {whole} difieren en más de 20.",
        several=facts.several,
        within=facts.within,
        equal=Figure(PERCENT.write(classes[EQUAL].share), classes[EQUAL].share),
        near=Figure(PERCENT.write(near), near),
        far=Figure(integer(classes[FAR].tables), classes[FAR].tables),
        whole=integer(facts.whole),
    )


def _incomplete(facts: Facts) -> Sentence:
    return sentence(
        "En {tables} más falta alguna papeleta o su acta no tiene votos: no se comparan.",
        tables=Figure(plural(facts.incomplete, "mesa", "mesas"), facts.incomplete),
    )


def figure(facts: Facts) -> list[dict[str, str | int]]:
    """The bars as data."""
    return [{"diferencia": bar.words, "clase": bar.name, "mesas": bar.tables} for bar in facts.bars]
