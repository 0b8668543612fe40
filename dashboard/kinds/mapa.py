"""The choropleth: every place coloured by its figure, with the sentence that answers and the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.indicators import Finding, Indicator
from dashboard.indicators.readings import Doubt
from dashboard.kinds.classes import Classes, classify
from dashboard.view import Result
from dashboard.words import Figure, Sentence, Unit, integer, listing, plural, sentence

RANKED = 6
MOST_NAMED = 5
MOST_MISSING = 8


@dataclass(frozen=True)
class Material:
    """What the map is drawn from. `values` are the places shown; `everywhere` those of the whole country, which set the
    classes, so that a colour means the same in every departamento. `lead` fills the slots of the indicator's sentence.
    """

    indicator: Indicator
    level: str
    values: Mapping[str, float | None]
    everywhere: tuple[float, ...]
    names: Mapping[str, str]
    parents: Mapping[str, str]
    lead: Mapping[str, str | Figure] | None
    inside: str
    doubts: Mapping[str, Doubt]


@dataclass(frozen=True)
class Place:
    """One place of the map. `position` is its place from the highest, shared by ties; None without figure, and then `text`
    says why.
    """

    code: str
    name: str
    parent: str
    value: float | None
    text: str
    klass: int
    position: int | None
    reason: str | None = None


@dataclass(frozen=True)
class Facts:
    """Everything the faces of the map say."""

    indicator: Indicator
    level: str
    places: tuple[Place, ...]
    classes: Classes
    lead: Mapping[str, str | Figure] | None
    inside: str

    @property
    def known(self) -> tuple[Place, ...]:
        """The places with a figure, from the highest to the lowest."""
        return tuple(place for place in self.places if place.value is not None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why places have no figure, each reason once."""
        return tuple(dict.fromkeys(place.text for place in self.places if place.value is None))

    @property
    def highest(self) -> tuple[Place, ...]:
        """The first places of the ranking."""
        return self.known[:RANKED]

    @property
    def lowest(self) -> tuple[Place, ...]:
        """The last places of the ranking, the lowest first, none of them among the highest."""
        return tuple(reversed(self.known[RANKED:][-RANKED:]))


def facts(result: Result) -> Facts:
    """The places from the highest to the lowest; those without figure at the end."""
    material: Material = result.material
    unit = material.indicator.unit
    classes = classify(material.everywhere, unit, material.indicator.diverging)
    known = [unit.rounded(value) for value in material.values.values() if value is not None]
    places = tuple(
        Place(
            code,
            material.names[code],
            material.parents[code],
            value,
            _written(value, unit, material.doubts.get(code)),
            classes.of(value),
            None if value is None else 1 + sum(other > unit.rounded(value) for other in known),
            material.doubts[code].reason if value is None and code in material.doubts else None,
        )
        for code, value in material.values.items()
    )
    return Facts(material.indicator, material.level, places, classes, material.lead, material.inside)


def _written(value: float | None, unit: Unit, doubt: Doubt | None) -> str:
    return doubt.state if value is None and doubt else unit.write(value)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The answer, how far apart the places are, and what stands out."""
    found = [
        _lead(facts),
        _spread(facts),
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


def _named(place: Place) -> str:
    # A third of the names exist in more than one departamento; a citizen must know which one is meant.
    return f"{place.name} ({place.parent})" if place.parent else place.name


def _spread(facts: Facts) -> Sentence | None:
    known = facts.known
    if len(known) < 2:
        return None
    top, bottom = known[0], known[-1]
    return sentence(
        "{inside} va de {low} en {low_place} a {high} en {high_place}.",
        inside=facts.inside,
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
    named = [f"{place.name} ({place.text})" for place in hits[:MOST_NAMED]]
    if len(hits) > MOST_NAMED:
        named.append(f"{integer(len(hits) - MOST_NAMED)} más")
    return sentence(
        finding.template,
        cuantos=Figure(plural(len(hits), *LEVEL_NAMES[facts.level]), len(hits)),
        lista=listing(named),
    )


def _missing(facts: Facts) -> list[Sentence]:
    """The places without figure, by the reason their source gives."""
    states = dict.fromkeys(place.text for place in facts.places if place.value is None)
    return [_without(state, [place for place in facts.places if place.text == state], facts.level) for state in states]


def _without(state: str, places: Sequence[Place], level: str) -> Sentence:
    named = [place.name for place in places[:MOST_MISSING]]
    if len(places) > MOST_MISSING:
        named.append(f"{integer(len(places) - MOST_MISSING)} más")
    return sentence(
        "{count} sin cifra ({state}): {names}.",
        count=Figure(plural(len(places), *LEVEL_NAMES[level]), len(places)),
        state=state,
        names=listing(named),
    )
