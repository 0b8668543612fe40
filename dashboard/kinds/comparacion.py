"""A place beside its departamento and the country, figure by figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.indicators import Indicator
from dashboard.indicators.readings import Reading
from dashboard.view import Result
from dashboard.words import Figure, Sentence, ordinal, plural, sentence


@dataclass(frozen=True)
class Standing:
    """The place a territory has among its peers for the selected indicator, 1 the highest; `tied` others share it."""

    position: int
    of: int
    peers: str
    tied: int


@dataclass(frozen=True)
class Material:
    """Indicators (the selected one first), territories by code (the chosen place first) with their names and their levels,
    and, by indicator, their figures. `beside` are those of the selected one for other groups; `peers`, those of all the places
    of the level of the chosen one.
    """

    indicators: tuple[Indicator, ...]
    names: Mapping[str, str]
    levels: Mapping[str, str]
    readings: tuple[Mapping[str, Reading], ...]
    lead: Mapping[str, str | Figure] | None
    standing: Standing | None
    beside: tuple[Beside, ...] = ()
    peers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Beside:
    """The selected indicator of one group, in words: its figure in each place, and how many people it is about."""

    people: str
    readings: Mapping[str, Reading]
    sizes: Mapping[str, Reading]


@dataclass(frozen=True)
class Line:
    """One indicator: the figure of each territory, exact and as written. Of one for several groups, `people` is whom it is
    of, and `size` how many they are in the chosen place, as written.
    """

    indicator: Indicator
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    people: str = ""
    size: str = ""


@dataclass(frozen=True)
class Facts:
    """What the card says."""

    names: Mapping[str, str]
    levels: Mapping[str, str]
    lines: tuple[Line, ...]
    lead: Mapping[str, str | Figure] | None
    standing: Standing | None
    reason: str | None = None
    groups: tuple[Line, ...] = ()
    peers: tuple[float, ...] = ()

    @property
    def main(self) -> Line:
        """The selected indicator."""
        return self.lines[0]


def facts(result: Result) -> Facts:
    """One line for each indicator."""
    material: Material = result.material
    lines = tuple(
        Line(
            indicator,
            tuple(read[code].value for code in material.names),
            tuple(read[code].text for code in material.names),
        )
        for indicator, read in zip(material.indicators, material.readings, strict=True)
    )
    here = next(iter(material.names), "")
    reason = material.readings[0][here].reason if material.names else None
    groups = tuple(
        Line(
            lines[0].indicator,
            tuple(of.readings[code].value for code in material.names),
            tuple(of.readings[code].text for code in material.names),
            of.people,
            of.sizes[here].text if of.sizes else "",
        )
        for of in material.beside
    )
    found = Facts(material.names, material.levels, lines, material.lead, material.standing, reason)
    return replace(found, groups=groups, peers=material.peers)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The answer for the place and its standing among its peers."""
    found = []
    if facts.lead:
        found.append(sentence(facts.main.indicator.lead, **facts.lead))
    elif facts.main.values and facts.main.values[0] is None:
        place, title = next(iter(facts.names.values())), facts.main.indicator.title
        found.append(sentence("{place}, «{title}»: {why}.", place=place, title=title, why=facts.main.texts[0]))
        if facts.reason:
            found.append(sentence("Por qué: {reason}", reason=facts.reason))
    if facts.standing:
        standing = facts.standing
        tie = f", empatado con {plural(standing.tied, 'otro', 'otros')}" if standing.tied else ""
        found.append(
            sentence(
                "Ocupa el lugar {position} de {count} " + standing.peers + ", de mayor a menor" + tie + ".",
                position=Figure(ordinal(standing.position), standing.position),
                count=Figure(str(standing.of), standing.of),
            )
        )
    return tuple(found)


def figure(facts: Facts) -> list[dict[str, object]]:
    """The figures as written, by indicator, group and territory: this kind's picture is a table."""
    return [
        {
            "indicador": line.indicator.name,
            "titulo": line.people or line.indicator.short,
            "cifras": dict(zip(facts.names, line.texts, strict=True)),
        }
        for line in (*facts.lines, *facts.groups)
    ]
