"""Turnout abroad election by election: in all, and by the place where people live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.figures.diaspora import Reading
from dashboard.figures.published import SHARE
from dashboard.kinds.fuera import STATE
from dashboard.view import Result
from dashboard.words import WITHHELD, Figure, Sentence, integer, listing, sentence

THOUSAND = 1000
__all__ = ["STATE", "Facts", "Place", "facts", "figure", "per_thousand", "text"]


@dataclass(frozen=True)
class Place:
    """A place (a state, another country or, inside of it, a city): its turnout in each election by its code."""

    code: str
    name: str
    city: bool
    turnout: Mapping[str, Reading]


@dataclass(frozen=True)
class Facts:
    """The elections (code, as a sentence calls them), the oldest first; the turnout of each, and that of each place in the
    order of the latest; `inside`, that of the people in the country in the latest election. `who` and `the` name the people.
    """

    elections: Mapping[str, str]
    total: Mapping[str, Reading]
    places: tuple[Place, ...]
    inside: Reading | None
    who: str
    the: str

    @property
    def last(self) -> str:
        """The code of the latest election."""
        return list(self.elections)[-1]

    @property
    def drawn(self) -> tuple[Place, ...]:
        """The states and countries that have some turnout published, in the order of the latest."""
        return tuple(
            place
            for place in self.places
            if not place.city and any(found.value is not None for found in place.turnout.values())
        )

    @property
    def lacking(self) -> tuple[Place, ...]:
        """The states and countries whose turnout in the latest election is confidential."""
        return tuple(place for place in self.places if not place.city and place.turnout[self.last].hidden)


def per_thousand(found: Reading) -> int | None:
    """How many of a thousand voted."""
    return None if found.value is None else round(10 * found.value)


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """Of a thousand, how many voted in each election and how many inside; then where most and least."""
    said = []
    named = {facts.elections[code]: per_thousand(found) for code, found in facts.total.items()}
    known = {words: count for words, count in named.items() if count is not None}
    if known:
        counts = listing([f"{integer(count)} en {words}" for words, count in known.items()])
        said.append(sentence("De cada 1,000 {who}, votaron {counts}.", who=facts.who, counts=counts))
    if facts.inside and (count := per_thousand(facts.inside)) is not None:
        words = facts.elections[facts.last]
        said.append(sentence("Dentro del país, {count} en {words}.", count=Figure(integer(count), count), words=words))
    if hidden := [words for words, count in named.items() if count is None]:
        said.append(sentence("La de {words}: {why}.", words=listing(hidden), why=WITHHELD))
    return (*said, *_extremes(facts))


def _extremes(facts: Facts) -> list[Sentence]:
    known = [place for place in facts.drawn if place.turnout[facts.last].value is not None]
    if len(known) < 2:
        return []
    most, least = known[0], known[-1]
    top, low = (
        Figure(SHARE.write(place.turnout[facts.last].value), place.turnout[facts.last].value) for place in (most, least)
    )
    among = "Entre los lugares con cifra publicada, va" if facts.lacking else "Va"
    return [
        sentence(
            "{among} del {low} en {least} al {top} en {most} ({words}).",
            among=among,
            low=low,
            least=least.name,
            top=top,
            most=most.name,
            words=facts.elections[facts.last],
        )
    ]


def figure(facts: Facts) -> dict[str, object]:
    """The turnout of each place by election, as value and words."""
    return {
        "lugares": [
            [place.code, place.name, {code: found.value for code, found in place.turnout.items()}]
            for place in facts.places
        ]
    }
