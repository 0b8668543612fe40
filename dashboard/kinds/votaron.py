"""What the charts of who votes share: how a rate is written, how an age is said, and what is said of what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.figures.elections import Election
from dashboard.figures.turnout import Voted
from dashboard.words import WITHHELD, Figure, Sentence, Unit, integer, listing, sentence

#: Voters for every hundred on the roll, and the distance between two such rates.
RATE = Unit(decimals=1)
DISTANCE = Unit(decimals=1, signed=True)
#: Among fewer people than these a few votes move the rate a lot: no extreme is told of them.
FEW = 100
#: Values that say nothing of a person: they are shown, and are never the highest nor the lowest.
SAYS_NOTHING = ("sin_dato", "no_aplica")
MOST_NAMED = 5
AGES = re.compile(r"(\d+) a (\d+) años")
OPEN_AGES = re.compile(r"(\d+) años y más")


@dataclass(frozen=True)
class Frame:
    """Some consecutive elections of the story: one with figures or, together, those without them."""

    elections: tuple[Election, ...]
    counted: bool

    @property
    def label(self) -> str:
        """How its years are written: «2015», «2007 y 2011», «de 2003 a 2011»."""
        years = list(dict.fromkeys(item.words for item in self.elections))
        return listing(years) if len(years) < 3 else f"de {years[0]} a {years[-1]}"


def frames(story: Iterable[tuple[Election, bool]]) -> tuple[Frame, ...]:
    """The elections of a story as frames, in order: those in a row that are not counted make one."""
    found: list[Frame] = []
    for election, counted in story:
        if found and not counted and not found[-1].counted:
            found[-1] = Frame((*found[-1].elections, election), counted=False)
        else:
            found.append(Frame((election,), counted))
    return tuple(found)


def not_counted(found: Iterable[Frame]) -> list[Sentence]:
    """That the elections of some frames are not counted person by person; nothing when all of them are."""
    years = [item.words for frame in found if not frame.counted for item in frame.elections]
    if not years:
        return []
    return [sentence("De {years} no hay cifras publicadas de quiénes votaron.", years=listing(years))]


def rate(voted: Voted) -> Figure:
    """Its rate as a part of a sentence; ValueError when there is none."""
    if voted.rate is None:
        raise ValueError("esa participación no se publica")
    return Figure(RATE.write(voted.rate), voted.rate)


def count(value: float | None) -> Figure:
    """A count as a part of a sentence."""
    return Figure(integer(value), value)


def points(value: float, signed: bool = False) -> Figure:
    """A distance between two rates, as a part of a sentence: without its sign unless it is asked for."""
    return Figure(DISTANCE.write(value) if signed else RATE.write(abs(value)), value)


def distance(first: Voted, second: Voted) -> float | None:
    """How many points the rate of one is above that of another; None when either has none."""
    return None if first.rate is None or second.rate is None else first.rate - second.rate


def in_ages(name: str) -> str:
    """Ages as a sentence ends: «entre 18 y 25 años», «desde los 70 años»."""
    if found := AGES.fullmatch(name):
        return f"entre {found[1]} y {found[2]} años"
    found = OPEN_AGES.fullmatch(name)
    return f"desde los {found[1]} años" if found else f"en {name.lower()}"


def short_age(name: str) -> str:
    """Ages as an axis writes them: «18–25», «70+»."""
    if found := AGES.fullmatch(name):
        return f"{found[1]}–{found[2]}"
    found = OPEN_AGES.fullmatch(name)
    return f"{found[1]}+" if found else name


def unsaid(*counted: Voted) -> str:
    """Why there is no figure of all of somebody, as a sentence ends."""
    return WITHHELD if any(item.hidden for item in counted) else "no está publicada"


def called(name: str) -> str:
    """A group as a list names it: «Afrodescendiente», of one whose name has commas."""
    return name.partition(",")[0]


def hidden(names: Sequence[str]) -> list[Sentence]:
    """That the figure of some groups is not published, and that totals do count them; nothing when there is none."""
    if not names:
        return []
    named = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        named.append(f"{integer(len(names) - MOST_NAMED)} más")
    words = f"De {{names}} la participación {WITHHELD}; los totales publicados sí cuentan a esas personas."
    return [sentence(words, names=listing(named))]
