"""One line for each group along the elections; an election without figures keeps its place and says so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dashboard.figures.turnout import Voted
from dashboard.kinds.votaron import FEW, SAYS_NOTHING, Frame, called, hidden, not_counted, points, rate, unsaid
from dashboard.view import Result
from dashboard.words import Figure, Sentence, listing, sentence


@dataclass(frozen=True)
class Line:
    """One group: what is published of it in each election that has figures, the oldest first."""

    code: str
    name: str
    points: tuple[Voted, ...]
    chosen: bool = False

    @property
    def change(self) -> float | None:
        """How many points its rate changed from the first election to the last; None when either is not published."""
        first, last = self.points[0].rate, self.points[-1].rate
        return None if first is None or last is None or len(self.points) < 2 else last - first

    @property
    def telling(self) -> bool:
        """Whether its change may be the largest: it says something of a person, and they are not a few."""
        return self.code not in SAYS_NOTHING and all((point.roll or 0) >= FEW for point in self.points)


@dataclass(frozen=True)
class Facts:
    """The groups of `who` (a noun phrase) by one dimension in a place, and the frames of the elections; `whole` is what is
    published of all of them in each election that has figures. `uncrossed` is what was asked for that the cube does not cross.
    """

    within: str
    who: str
    dimension: str
    title: str
    frames: tuple[Frame, ...]
    whole: tuple[Voted, ...]
    lines: tuple[Line, ...]
    uncrossed: str = ""

    @cached_property
    def elections(self) -> tuple[str, ...]:
        """The elections with figures, in words."""
        return tuple(frame.label for frame in self.frames if frame.counted)

    def hidden(self, line: Line) -> list[str]:
        """The elections in which a group is confidential."""
        return [year for year, point in zip(self.elections, line.points, strict=True) if point.hidden]


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """From the first election to the last, where it rose the most and the least, and what is not published."""
    names = [f"{called(line.name)} ({listing(years)})" for line in facts.lines if (years := facts.hidden(line))]
    said = [sentence("No se publica el cruce de {uncrossed}: se muestra sin ese filtro.", uncrossed=facts.uncrossed)]
    return (
        *_whole(facts),
        *_changes(facts),
        *hidden(names),
        *(said if facts.uncrossed else ()),
        *not_counted(facts.frames),
    )


def _whole(facts: Facts) -> list[Sentence]:
    known = [
        (election, point)
        for election, point in zip(facts.elections, facts.whole, strict=True)
        if point.rate is not None
    ]
    if not known:
        words = "{within} la participación de {who} {why}."
        return [sentence(words, within=facts.within, who=facts.who, why=unsaid(*facts.whole))]
    (first, before), (last, now) = known[0], known[-1]
    slots: dict[str, str | Figure] = {"within": facts.within, "who": facts.who, "last": last, "now": rate(now)}
    if len(known) == 1:
        words = "{within}, en {last} votaron {now} de cada 100 {who}: es la única elección con cifras."
        return [sentence(words, **slots)]
    words = "{within}, de cada 100 {who} votaron {before} en {first} y {now} en {last}."
    return [sentence(words, first=first, before=rate(before), **slots)]


def _changes(facts: Facts) -> list[Sentence]:
    found = [(line, line.change) for line in facts.lines if line.telling]
    known = sorted(((line, change) for line, change in found if change is not None), key=lambda pair: pair[1])
    if len(known) < 2:
        return []
    (low, least), (high, most) = known[0], known[-1]
    rose = "más subió" if most > 0 else "menos bajó"
    fell = "más bajó" if least < 0 else "menos subió"
    every = [change for line in facts.lines if (change := line.change) is not None and line.code not in SAYS_NOTHING]
    whose = "con cifra" if len(every) == len(known) else f"de {FEW} personas o más"
    words = (
        f"De los grupos {whose}, "
        "donde {rose} fue en «{high}» ({most} puntos) y donde {fell}, en «{low}» ({least} puntos)."
    )
    return [
        sentence(
            words,
            rose=rose,
            fell=fell,
            high=high.name,
            most=points(most, signed=True),
            low=low.name,
            least=points(least, signed=True),
        )
    ]


def figure(facts: Facts) -> list[dict[str, object]]:
    """The points of each line, election by election; None where a rate is not published."""
    return [
        {
            "grupo": line.name,
            "puntos": dict(zip(facts.elections, (point.rate for point in line.points), strict=True)),
        }
        for line in facts.lines
    ]
