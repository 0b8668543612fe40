"""Groups one under another: how many of each voted for every hundred, with how many they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dashboard.figures.turnout import Voted
from dashboard.kinds.votaron import FEW, RATE, SAYS_NOTHING, called, count, hidden, rate, unsaid
from dashboard.view import Result
from dashboard.words import Figure, Sentence, listing, sentence


@dataclass(frozen=True)
class Line:
    """One group: its value, its words, what is published of it, and whether it is the one asked for."""

    code: str
    name: str
    voted: Voted
    chosen: bool = False


@dataclass(frozen=True)
class Panel:
    """The groups of one dimension; `ordered` when their order is their own and not that of their rates; `compared`
    when they are not parts of those asked about, and only stand beside them.
    """

    dimension: str
    title: str
    lines: tuple[Line, ...]
    ordered: bool = False
    compared: bool = False

    @cached_property
    def telling(self) -> tuple[Line, ...]:
        """The groups that may be the highest or the lowest: with a rate, and not of a few people."""
        return tuple(
            line
            for line in self.lines
            if line.voted.rate is not None and (line.voted.roll or 0) >= FEW and line.code not in SAYS_NOTHING
        )


@dataclass(frozen=True)
class Facts:
    """The groups of a place in one election: `within` it («En el país»), of whom they are parts (`who`, as a noun phrase) and
    what is published of all of these; `by_size` when they are in order of how many they are; `uncrossed`, the
    dimensions that the cube does not cross with the sex that is asked for.
    """

    within: str
    election: str
    who: str
    whole: Voted
    panels: tuple[Panel, ...]
    by_size: bool = False
    uncrossed: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every group, panel by panel."""
        return tuple(line for panel in self.panels for line in panel.lines)

    @cached_property
    def largest(self) -> float:
        """How many the largest of the published groups has on the roll: the whole of the bars of size."""
        parts = [line for panel in self.panels if not panel.compared for line in panel.lines]
        return max((line.voted.roll or 0 for line in parts), default=0)


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many of all of them voted, between which extremes by each dimension, and what is not published."""
    return (
        *_whole(facts),
        *_extremes(facts),
        *hidden([called(line.name) for line in facts.lines if line.voted.hidden]),
        *_uncrossed(facts),
    )


def _whole(facts: Facts) -> list[Sentence]:
    if facts.whole.rate is None:
        words = "{within}, en {election}, la participación de {who} {why}."
        slots = {"within": facts.within, "election": facts.election, "who": facts.who, "why": unsaid(facts.whole)}
        return [sentence(words, **slots)]
    words = "{within}, en {election} votaron {rate} de cada 100 {who}: {voters} de {roll}."
    return [
        sentence(
            words,
            within=facts.within,
            election=facts.election,
            rate=rate(facts.whole),
            who=facts.who,
            voters=count(facts.whole.voters),
            roll=count(facts.whole.roll),
        )
    ]


def _uncrossed(facts: Facts) -> list[Sentence]:
    if not facts.uncrossed:
        return []
    by = listing(list(facts.uncrossed))
    return [sentence("No se publica el cruce de sexo con {by}: para verlo, elija todas las personas en «Sexo».", by=by)]


def _extremes(facts: Facts) -> list[Sentence]:
    parts: list[str] = []
    slots: dict[str, str | Figure] = {}
    for number, panel in enumerate(facts.panels):
        found = sorted(panel.telling, key=lambda line: line.voted.rate or 0)
        if len(found) < 2 or panel.compared:
            continue
        low, high = found[0], found[-1]
        slots |= {f"low{number}": rate(low.voted), f"high{number}": rate(high.voted)}
        slots |= {f"from{number}": low.name, f"to{number}": high.name, f"by{number}": panel.title.lower()}
        said = "por {by#}, de {low#} ({from#}) a {high#} ({to#})".replace("#", str(number))
        parts.append(said if parts or _of_many(facts) else said[0].upper() + said[1:])
    return [sentence(_of_many(facts) + "; ".join(parts) + ".", **slots)] if parts else []


def _of_many(facts: Facts) -> str:
    """Among which groups the extremes are, when some that are seen have too few people."""
    parts = [panel for panel in facts.panels if not panel.compared]
    seen = [
        line for panel in parts for line in panel.lines if line.voted.rate is not None and line.code not in SAYS_NOTHING
    ]
    return (
        f"Entre los grupos de {FEW} personas o más: " if len(seen) > sum(len(panel.telling) for panel in parts) else ""
    )


def figure(facts: Facts) -> list[dict[str, object]]:
    """The bars: the rate of each group, its size and why there is no bar."""
    return [
        {
            "grupo": line.name,
            "por_cien": line.voted.rate,
            "texto": RATE.write(line.voted.rate) if line.voted.rate is not None else "",
            "empadronados": line.voted.roll,
            "confidencial": line.voted.hidden,
        }
        for line in facts.lines
    ]
