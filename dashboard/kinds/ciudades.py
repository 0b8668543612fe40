"""Circles on the cities where people vote, sized by a figure; a city without figure keeps its place, empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.view import Result
from dashboard.words import Figure, Sentence, listing, plural, sentence

#: More figures than these written on the map would cover it: they are in the table.
MOST_WRITTEN = 5


@dataclass(frozen=True)
class City:
    """A city with voting centres: its figure as written (None and why when there is none); `exact` unless it is rounded,
    partial or of more than the city.
    """

    code: str
    name: str
    value: float | None
    text: str
    exact: bool = True


@dataclass(frozen=True)
class Material:
    """The cities of one election, what their circles measure and `largest`, the figure of the widest circle of any
    election, so that one election compares with another. `lead` and its `slots` answer the question; `known` says which
    cities have a figure ({names}), `none` that no city has; `more` follows.
    """

    cities: Sequence[City]
    measure: str
    largest: float
    lead: str
    slots: Mapping[str, str | Figure]
    known: str
    none: str
    more: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Facts:
    """The cities, those with figure first, from the highest."""

    cities: tuple[City, ...]
    measure: str
    largest: float
    lead: Sentence
    known_words: str
    none: str
    more: tuple[Sentence, ...]

    @property
    def known(self) -> tuple[City, ...]:
        """The cities with a figure."""
        return tuple(city for city in self.cities if city.value is not None)


def facts(result: Result) -> Facts:
    """The cities in order."""
    material: Material = result.material
    ordered = sorted(material.cities, key=lambda city: (city.value is None, -(city.value or 0), city.name))
    lead = sentence(material.lead, **material.slots)
    return Facts(tuple(ordered), material.measure, material.largest, lead, material.known, material.none, material.more)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The answer, which cities have a figure and how many have none."""
    missing = len(facts.cities) - len(facts.known)
    if not facts.known:
        return (facts.lead, sentence(facts.none), *facts.more)
    reach = sentence(
        facts.known_words,
        count=Figure(plural(len(facts.known), "ciudad", "ciudades"), len(facts.known)),
        names=listing([f"{city.text} en {city.name}" for city in facts.known]),
    )
    rest = Figure(plural(missing, "ciudad más", "ciudades más"), missing)
    absent = (sentence("De {rest} con centro de votación no hay dato publicado.", rest=rest),) if missing else ()
    return (facts.lead, reach, *absent, *facts.more)


def figure(facts: Facts) -> dict[str, object]:
    """The circles: [code, figure, words, whether it is exact], the largest first so that none hides another; whether there
    are few enough to write their figures beside them."""
    return {
        "circulos": [[city.code, city.value, f"{city.name}: {city.text}", city.exact] for city in facts.cities],
        "mayor": facts.largest,
        "medida": facts.measure,
        "rotulos": len(facts.known) <= MOST_WRITTEN,
    }
