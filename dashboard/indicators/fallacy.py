"""What places cannot say of persons, with an example that is counted: figures of one release where both say the opposite.

The registry is crossed person by person with few traits. For those, what groups of municipios seem to say of the people
with a trait can be held against what these people are.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import fsum

from dashboard.address.vocabulary import EVERYONE, Group, Trait
from dashboard.figures.measures import Measure, Ratio, Sums, Unaskable
from dashboard.figures.queries import COUNTRY_CODE, Data
from dashboard.indicators import INDICATORS, Indicator
from dashboard.indicators.by_election import at
from dashboard.indicators.characteristics import tiers_of
from dashboard.indicators.padron import REGISTERED

#: Two figures nearer than this, in points, are called alike; what persons differ in must be at least as many points to
#: show that places hide it.
ALIKE, APART = 0.5, 3.0


@dataclass(frozen=True)
class Candidate:
    """A trait of the persons, by the column and the value of the registry, and the indicator looked at. In the words, {high}
    and {low} are the figures of the municipios with most and with least of the trait, {seems} what they seem to say, {have}
    and {rest} the figures of the persons with the trait and without it.
    """

    column: str
    value: str
    indicator: str
    words: str
    seems: tuple[str, str, str]


@dataclass(frozen=True)
class Example:
    """The four figures, of every hundred, of a candidate that deceives; the tables that they come from."""

    candidate: Candidate
    indicator: Indicator
    low: float
    high: float
    have: float
    rest: float
    tables: tuple[str, ...]

    @property
    def seems(self) -> str:
        """What the places seem to say: that there is less, the same or more."""
        distance = self.high - self.low
        return self.candidate.seems[1 if abs(distance) < ALIKE else 2 if distance > 0 else 0]


#: The first that a release can count, and that deceives, is the one told.
CANDIDATES: Sequence[Candidate] = (
    Candidate(
        "alfabetismo",
        "analfabeta",
        "votaron",
        "donde más personas empadronadas no leen ni escriben, la participación fue de {high}, y donde menos, de {low}: "
        "parecería que quienes no leen {seems}. Pero entre quienes no leen ni escriben fue de {have}, y entre quienes sí, de "
        "{rest}.",
        ("votan menos", "votan lo mismo", "votan más"),
    ),
    Candidate(
        "alfabetismo",
        "analfabeta",
        "mujeres",
        "en los municipios donde más personas empadronadas no leen ni escriben, las mujeres son {high} del padrón, y donde "
        "menos, {low}: parecería que no leer toca {seems} a las mujeres que a los hombres. Pero de quienes no leen ni "
        "escriben, {have} son mujeres, y de quienes sí, {rest}.",
        ("menos", "igual", "más"),
    ),
    Candidate(
        "grupo_edad",
        "18_25",
        "mujeres",
        "en los municipios con más jóvenes de 18 a 25 años, las mujeres son {high} del padrón, y donde menos, {low}: "
        "parecería que de los jóvenes las mujeres son {seems} en otras edades. Pero entre ellos son {have}, y en las demás "
        "edades, {rest}.",
        ("menos que", "tantas como", "más que"),
    ),
)


def example(data: Data) -> Example | None:
    """The first candidate whose places and persons say the opposite in this release; None when none does."""
    return data.once(("fallacy",), lambda: next((item for item in _tried(data) if item and _deceives(item)), None))


def _tried(data: Data) -> Sequence[Example | None]:
    return [_example(data, candidate) for candidate in CANDIDATES]


def _example(data: Data, candidate: Candidate) -> Example | None:
    """The figures of a candidate; None when the release does not cross, or does not publish, some of them."""
    with suppress(Unaskable):
        indicator = at(data, INDICATORS[candidate.indicator])
        everywhere = tiers_of(data, _share(candidate))
        places = data.figures(indicator.measure, EVERYONE)
        ends = [_value(indicator.measure, [places[code] for code in tier.codes]) for tier in everywhere]
        have, rest = _of_persons(data, candidate, indicator.measure)
        if len(ends) > 1 and None not in (ends[0], ends[-1], have, rest):
            tables = (*data.sources(indicator.measure, _with(candidate)), *data.sources(_share(candidate), EVERYONE))
            low, high = (value or 0.0 for value in (ends[0], ends[-1]))
            return Example(candidate, indicator, low, high, have or 0.0, rest or 0.0, tuple(dict.fromkeys(tables)))
    return None


def _share(candidate: Candidate) -> Ratio:
    having = REGISTERED.at(**{candidate.column: candidate.value})
    return Ratio(having.called("con_el_rasgo", REGISTERED.title), REGISTERED)


def _with(candidate: Candidate, value: str = "") -> Group:
    return Group(trait=Trait(candidate.column, value or candidate.value))


def _of_persons(data: Data, candidate: Candidate, measure: Measure) -> tuple[float | None, float | None]:
    """The figure of those with the trait, and of those with any other value of the same column, in the whole country."""
    if not data.crosses(measure, (candidate.column,)):
        return None, None
    values = data.vocabulary.groups[candidate.column].labels or {}
    by_value = {value: data.figures(measure, _with(candidate, value))[COUNTRY_CODE] for value in values}
    others = [sums for value, sums in by_value.items() if value != candidate.value]
    return measure.value(by_value[candidate.value]), _value(measure, others)


def _value(measure: Measure, parts: Sequence[Sums]) -> float | None:
    """The figure of several places or groups together; None when any of them is not published."""
    names = [quantity.name for quantity in measure.quantities]
    known = [[part[name] for part in parts] for name in names]
    if not parts or any(count is None for counts in known for count in counts):
        return None
    added = {name: fsum(count or 0 for count in counts) for name, counts in zip(names, known, strict=True)}
    return measure.value(added)


def _deceives(item: Example) -> bool:
    write = item.indicator.unit.rounded
    places, persons = write(item.high) - write(item.low), write(item.have) - write(item.rest)
    return places * persons < 0 or (abs(places) < ALIKE and abs(persons) >= APART)
