"""The choropleth: every place coloured by its figure, with the sentence that answers and the ranking."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import NamedTuple

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.indicators import Finding, Indicator
from dashboard.indicators.readings import Doubt
from dashboard.kinds.classes import EMPTY, HIDDEN, NO_CLASS, Classes, classify
from dashboard.view import Result
from dashboard.words import (
    NO_DATA,
    NOBODY,
    PERCENT,
    POINTS,
    WITHHELD,
    Figure,
    Sentence,
    integer,
    listing,
    plural,
    sentence,
)

RANKED = 6
MOST_NAMED = 5
MOST_MISSING = 8
#: Among fewer people than these a share moves a lot with a few of them: places are not set against others by it.
ENOUGH_PEOPLE = 1_000
#: Why a place has no figure, when that has a class of its own.
CLASS_OF = {WITHHELD: HIDDEN, NOBODY: EMPTY}


@dataclass(frozen=True)
class Coverage:
    """How many of the `people` (in words) there are in all, and in the places of each kind: those with a figure, those whose
    figure is confidential, those without one, and those where there is nobody to compare them with. Their sum is the total
    that is published.
    """

    people: str
    total: float
    shown: float
    hidden: float
    missing: float
    alone: float

    def share(self, part: float) -> Figure:
        """A part of them all, per cent."""
        value = 100 * part / self.total
        return Figure(PERCENT.write(value), value)


@dataclass(frozen=True)
class Material:
    """What the map is drawn from. `values` are the places shown; `everywhere` those of the whole country, which set the
    classes, so that a colour means the same in every departamento; `rounded`, the values by place as a reader sees them.
    `lead` fills the slots of the indicator's sentence; `sizes` are the people that each figure is about, if it is a share of
    them.
    """

    indicator: Indicator
    level: str
    values: Mapping[str, float | None]
    rounded: Mapping[str, float]
    everywhere: tuple[float, ...]
    names: Mapping[str, str]
    parents: Mapping[str, str]
    lead: Mapping[str, str | Figure] | None
    inside: str
    doubts: Mapping[str, Doubt]
    sizes: Mapping[str, float]
    coverage: Coverage | None = None
    contrasts: tuple[Contrast, ...] = ()


@dataclass(frozen=True)
class Contrast:
    """The figure of another group (`people`, in words) in the territory of the sentence, and how far above it the one is that
    the map is of, in points.
    """

    people: str
    value: float
    above: float


class Place(NamedTuple):
    """One place of the map. `position` is its place from the highest, shared by ties; None without figure, and then `text`
    says why. `size` are the people that its figure is about; None when it is not a share of people.
    """

    code: str
    name: str
    parent: str
    value: float | None
    text: str
    klass: int
    position: int | None
    reason: str | None = None
    size: float | None = None


@dataclass(frozen=True)
class Facts:
    """Everything the faces of the map say."""

    indicator: Indicator
    level: str
    places: tuple[Place, ...]
    classes: Classes
    lead: Mapping[str, str | Figure] | None
    inside: str
    coverage: Coverage | None = None
    contrasts: tuple[Contrast, ...] = ()

    @cached_property
    def known(self) -> tuple[Place, ...]:
        """The places with a figure, from the highest to the lowest."""
        return tuple(place for place in self.places if place.value is not None)

    @cached_property
    def ranked(self) -> tuple[Place, ...]:
        """Of them, those that may be set against others: the ones whose figure is about enough people."""
        return tuple(place for place in self.known if place.size is None or place.size >= ENOUGH_PEOPLE)

    @cached_property
    def _by_class(self) -> Mapping[int, tuple[Place, ...]]:
        found: dict[int, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.klass, []).append(place)
        return {klass: tuple(places) for klass, places in found.items()}

    def of_class(self, klass: int) -> tuple[Place, ...]:
        """The places of one class."""
        return self._by_class.get(klass, ())

    @property
    def mostly_hidden(self) -> bool:
        """Whether more places are confidential than not."""
        return 2 * len(self.of_class(HIDDEN)) > len(self.places)

    @property
    def highest(self) -> tuple[Place, ...]:
        """The first places of the ranking."""
        return self.ranked[:RANKED] if len(self.ranked) > 1 else ()

    @property
    def lowest(self) -> tuple[Place, ...]:
        """The last places of the ranking, the lowest first, none of them among the highest."""
        return tuple(reversed(self.ranked[RANKED:][-RANKED:]))


def facts(result: Result) -> Facts:
    """The places from the highest to the lowest; those without figure at the end."""
    material: Material = result.material
    unit = material.indicator.unit
    classes = classify(material.everywhere, unit, material.indicator.diverging)
    places = tuple(_places(material, classes))
    lead, inside = material.lead, material.inside
    return Facts(
        material.indicator, material.level, places, classes, lead, inside, material.coverage, material.contrasts
    )


def _places(material: Material, classes: Classes) -> Iterator[Place]:
    """Each place with its figure as it is written, classed and ranked."""
    unit, names, parents, sizes = material.indicator.unit, material.names, material.parents, material.sizes
    rounded, written, class_of = material.rounded, unit.written, classes.of_rounded
    ascending = sorted(rounded[code] for code, value in material.values.items() if value is not None)
    after = 1 + len(ascending)
    for code, value in material.values.items():
        if value is None:
            yield _without_figure(code, material)
            continue
        seen = rounded[code]
        text, klass, position = written(seen), class_of(seen), after - bisect_right(ascending, seen)
        yield Place(code, names[code], parents[code], value, text, klass, position, None, sizes.get(code))


def _without_figure(code: str, material: Material) -> Place:
    doubt, name, parent = material.doubts.get(code), material.names[code], material.parents[code]
    size = material.sizes.get(code)
    if doubt is None:
        return Place(code, name, parent, None, NO_DATA, NO_CLASS, None, None, size)
    return Place(code, name, parent, None, doubt.state, CLASS_OF.get(doubt.state, NO_CLASS), None, doubt.reason, size)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The answer, how far apart the places are, what is not published and what stands out."""
    found = [
        _lead(facts),
        _spread(facts),
        _contrast(facts),
        *(_finding(finding, facts) for finding in facts.indicator.findings),
        *_missing(facts),
    ]
    return tuple(item for item in found if item)


def figure(facts: Facts) -> dict[str, object]:
    """The paint of the map: {code: [class, figure as written]}, the style of each class, the legend and the palette."""
    return {
        "pintura": {place.code: [place.klass, place.text] for place in facts.places},
        "clases": facts.classes.styles(),
        "leyenda": [[klass, words] for klass, words in facts.classes.labels()],
        "paleta": "divergente" if facts.classes.diverging else "secuencial",
        "unidad": facts.indicator.unit.phrase,
    }


def _lead(facts: Facts) -> Sentence | None:
    return sentence(facts.indicator.lead, **facts.lead) if facts.lead else None


def _contrast(facts: Facts) -> Sentence | None:
    """«Son 1.5 puntos más que los hombres mayas (58.1 %) y lo mismo que todas las personas (59.4 %).»"""
    if not facts.contrasts:
        return None
    slots: dict[str, str | Figure] = {}
    said = []
    for position, item in enumerate(facts.contrasts):
        apart = POINTS.rounded(item.above)
        slots[f"puntos{position}"] = Figure(POINTS.write(abs(apart)), abs(apart))
        slots[f"cifra{position}"] = Figure(facts.indicator.unit.write(item.value), item.value)
        more = f"{{puntos{position}}} puntos {'más' if apart > 0 else 'menos'} que" if apart else "lo mismo que"
        said.append(f"{more} {item.people} ({{cifra{position}}})")
    verb = "Es" if said[0].startswith("lo mismo") else "Son"
    return sentence(f"{verb} {listing(said)}.", **slots)


def _named(place: Place) -> str:
    # A third of the names exist in more than one departamento; a citizen must know which one is meant.
    return f"{place.name} ({place.parent})" if place.parent else place.name


def _spread(facts: Facts) -> Sentence | None:
    ranked = facts.ranked
    if len(ranked) < 2:
        return None
    top, bottom = ranked[0], ranked[-1]
    several = LEVEL_NAMES[facts.level][1]
    some = (
        f", entre los {integer(len(ranked))} {several} con mil personas o más" if len(ranked) < len(facts.known) else ""
    )
    return sentence(
        "{inside}{some} va de {low} en {low_place} a {high} en {high_place}.",
        inside=facts.inside,
        some=f"{some}," if some else "",
        low=Figure(bottom.text, bottom.value),
        low_place=_named(bottom),
        high=Figure(top.text, top.value),
        high_place=_named(top),
    )


def _finding(finding: Finding, facts: Facts) -> Sentence | None:
    unit = facts.indicator.unit
    hits = [place for place in facts.known if place.value is not None and finding.test(unit.rounded(place.value))]
    if not hits:
        return None
    if finding.test(-inf):
        # The lower the figure, the more it stands out: those are the ones to name.
        hits.reverse()
    # Those whose figure is about few people are counted, and not named before the others.
    ranked = {place.code for place in facts.ranked}
    large = [place for place in hits if place.code in ranked]
    named = [f"{place.name} ({place.text})" for place in (large or hits)[:MOST_NAMED]]
    if len(hits) > len(named):
        named.append(f"{integer(len(hits) - len(named))} más")
    return sentence(
        finding.template,
        cuantos=Figure(plural(len(hits), *LEVEL_NAMES[facts.level]), len(hits)),
        lista=listing(named),
    )


def _missing(facts: Facts) -> list[Sentence]:
    """The places without figure, by the reason their source gives; in one sentence, those whose group is too small for one."""
    states = dict.fromkeys(place.text for place in facts.places if place.value is None)
    named = [state for state in states if state not in CLASS_OF]
    small = _small(facts)
    return [
        *([small] if small else []),
        *(_without([place for place in facts.places if place.text == state], facts) for state in named),
    ]


def _small(facts: Facts) -> Sentence | None:
    """How many places are confidential, how many of the people are in the others (never whom, nor how many in each), and in
    how many places there is nobody.
    """
    said, slots = [], {"withheld": WITHHELD}
    counts = {name: len(facts.of_class(klass)) for name, klass in (("hidden", HIDDEN), ("empty", EMPTY))}
    figures = {name: Figure(plural(count, *LEVEL_NAMES[facts.level]), count) for name, count in counts.items()}
    if counts["hidden"]:
        said.append("En {hidden} la cifra {withheld}.")
        coverage = facts.coverage
        if coverage and coverage.hidden:
            said.append("Ahí está el {share} de {people}, que se cuentan en el total.")
            slots["people"] = coverage.people
            figures |= {"share": coverage.share(coverage.hidden), "shown": coverage.share(coverage.shown)}
            said += ["El mapa cubre el {shown}."] if coverage.shown else []
    if counts["empty"]:
        said.append("En {empty} no hay nadie de ese grupo.")
    return sentence(" ".join(said), **slots, **figures) if said else None


def _without(places: Sequence[Place], facts: Facts) -> Sentence:
    named = [place.name for place in places[:MOST_MISSING]]
    if len(places) > MOST_MISSING:
        named.append(f"{integer(len(places) - MOST_MISSING)} más")
    return sentence(
        "{count} sin cifra ({state}): {names}.",
        count=Figure(plural(len(places), *LEVEL_NAMES[facts.level]), len(places)),
        state=places[0].text,
        names=listing(named),
    )
