"""The map of agreement: in each municipio, of how many polling tables every ballot has the same total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.figures.polling import Agreement
from dashboard.kinds.classes import NO_CLASS, WITHOUT_FIGURE
from dashboard.view import Result
from dashboard.words import PERCENT, Figure, Sentence, integer, listing, plural, sentence

#: From how many of every hundred on each class is, from the palest colour to the darkest: pale agrees, dark differs.
LIMITS = (90, 80, 70, 60, 50, 0)
HALF = 50
MOST_NAMED = 8


@dataclass(frozen=True)
class Material:
    """The agreement of each place, those without tables too; its name and its departamento; how many ballots, and where."""

    agreements: Mapping[str, Agreement]
    names: Mapping[str, str]
    parents: Mapping[str, str]
    several: str
    within: str


@dataclass(frozen=True)
class Place:
    """One municipio: its share of tables that agree as it is written, or why it has none, and its class."""

    code: str
    name: str
    parent: str
    agreement: Agreement
    text: str
    klass: int


@dataclass(frozen=True)
class Facts:
    """The places, those that agree most first; the ones without every ballot last."""

    places: tuple[Place, ...]
    several: str
    within: str

    @property
    def known(self) -> tuple[Place, ...]:
        """The places where some table has every ballot."""
        return tuple(place for place in self.places if place.agreement.whole)

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """(style, words) of each class, from the palest to the darkest."""
        first, *middle = LIMITS[:-1]
        words = [f"{first} o más", *(f"{low} a {high}" for high, low in zip(LIMITS, middle, strict=False))]
        found = [(f"q{number}", text) for number, text in enumerate([*words, f"menos de {middle[-1]}"])]
        lacking = [(WITHOUT_FIGURE, f"sin las {self.several} papeletas")] if len(self.known) < len(self.places) else []
        return (*found, *lacking)


def facts(result: Result) -> Facts:
    """The places by their share, the largest number of tables first among equals."""
    material: Material = result.material
    places = [
        Place(
            code,
            material.names[code],
            material.parents[code],
            item,
            _written(item, material.several),
            class_of(item.share),
        )
        for code, item in material.agreements.items()
    ]
    ordered = sorted(places, key=lambda place: (-(place.agreement.share or -1.0), -place.agreement.whole, place.code))
    return Facts(tuple(ordered), material.several, material.within)


def class_of(share: float | None) -> int:
    """The class of a share as a reader sees it."""
    if share is None:
        return NO_CLASS
    return next(number for number, limit in enumerate(LIMITS) if PERCENT.rounded(share) >= limit)


def _written(item: Agreement, several: str) -> str:
    return PERCENT.write(item.share) if item.whole else f"sin las {several} papeletas"


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many places agree most and least, and which cannot be compared."""
    known = facts.known
    if not known:
        return (
            sentence(
                "{within} ninguna mesa tiene las {several} papeletas.", within=facts.within, several=facts.several
            ),
        )
    most = [place for place in known if place.klass == 0]
    least = [place for place in known if PERCENT.rounded(place.agreement.share or 0) < HALF]
    lacking = [place for place in facts.places if not place.agreement.whole]
    lead = sentence(
        "En {most} coinciden al menos 9 de cada 10 mesas. En {least} coincide menos de la mitad.",
        most=Figure(plural(len(most), "municipio", "municipios"), len(most)),
        least=Figure(integer(len(least)), len(least)),
    )
    return (lead, *([_lacking(lacking, facts)] if lacking else []))


def _lacking(places: Sequence[Place], facts: Facts) -> Sentence:
    named = sorted(f"{place.name} ({place.parent})" for place in places[:MOST_NAMED])
    if len(places) > MOST_NAMED:
        named.append(f"{integer(len(places) - MOST_NAMED)} más")
    return sentence(
        "{count} sin las {several} papeletas: {names}.",
        count=Figure(plural(len(places), "municipio", "municipios"), len(places)),
        several=facts.several,
        names=listing(named),
    )


def figure(facts: Facts) -> dict[str, object]:
    """The paint of the map, as `kinds.mapa` gives it: {code: [class, figure as written]} and the style of each class."""
    styles = {str(number): f"q{number}" for number in range(len(LIMITS))} | {str(NO_CLASS): WITHOUT_FIGURE}
    return {
        "pintura": {place.code: [place.klass, place.text] for place in facts.places},
        "clases": styles,
        "paleta": "secuencial",
        "unidad": "de las mesas",
    }
