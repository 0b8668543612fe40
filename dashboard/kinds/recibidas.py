"""Votes for every hundred ballots received, place by place: only over the actas that say both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.view import Result
from dashboard.words import Figure, Sentence, Unit, integer, sentence

#: The country is written with two decimals: its figure is compared with the official one.
RATE = Unit(decimals=1)
WHOLE_RATE = Unit(decimals=2)


@dataclass(frozen=True)
class Place:
    """A place and, of the actas that say both things, how many there are, the ballots they received and the votes cast."""

    code: str
    name: str
    tables: int
    with_data: int
    both: int
    ballots: int
    votes: int
    abroad: bool = False

    @property
    def rate(self) -> float | None:
        """Votes for every hundred ballots received."""
        return 100 * self.votes / self.ballots if self.ballots else None


@dataclass(frozen=True)
class Material:
    """The whole, its places, the ballot and where, in words."""

    whole: Place
    places: Sequence[Place]
    ballot: str
    within: str


@dataclass(frozen=True)
class Facts:
    """The whole and its places from the highest rate to the lowest; those without any at the end."""

    whole: Place
    places: tuple[Place, ...]
    ballot: str
    within: str


def facts(result: Result) -> Facts:
    """The places in order."""
    material: Material = result.material
    ordered = sorted(material.places, key=lambda place: (-(place.rate if place.rate is not None else -1), place.code))
    return Facts(material.whole, tuple(ordered), material.ballot, material.within)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The rate of the whole, between which it goes, and what it is not."""
    rate = facts.whole.rate
    if rate is None:
        return (sentence("{within} ninguna acta dice cuántas papeletas recibió.", within=facts.within),)
    lead = sentence(
        "{within} hubo {rate} votos por cada 100 papeletas de {ballot} recibidas, en las {both} mesas que dicen ambas cosas.",
        within=facts.within,
        rate=Figure(WHOLE_RATE.write(rate), rate),
        ballot=facts.ballot,
        both=integer(facts.whole.both),
    )
    known = [place for place in facts.places if place.rate is not None]
    home = [place for place in known if not place.abroad] or known
    apart = next((place for place in known if place.abroad), None) if len(home) < len(known) else None
    return (
        lead,
        *([_spread(home[0], home[-1])] if len(home) > 1 else []),
        *([_abroad(apart)] if apart else []),
    )


def _abroad(place: Place) -> Sentence:
    return sentence("En el extranjero fueron {rate}.", rate=Figure(RATE.write(place.rate), place.rate))


def _spread(top: Place, bottom: Place) -> Sentence:
    return sentence(
        "Va de {low} en {low_place} a {high} en {high_place}.",
        low=Figure(RATE.write(bottom.rate), bottom.rate),
        low_place=bottom.name,
        high=Figure(RATE.write(top.rate), top.rate),
        high_place=top.name,
    )


def figure(facts: Facts) -> list[dict[str, object]]:
    """The rates as data."""
    return [{"codigo": place.code, "tasa": place.rate} for place in facts.places]
