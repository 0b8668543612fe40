"""Who voted in one place and election, group by group: everything that the cube of an election publishes of it, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from dashboard.address.vocabulary import Group, Trait
from dashboard.figures.counted import CUTOFF
from dashboard.figures.elections import GENERAL, Election, elections, held, in_election
from dashboard.figures.measures import Quantity, Unaskable
from dashboard.figures.places import Cell
from dashboard.figures.queries import Data
from dashboard.figures.slices import TERRITORY
from etl.model import TOTAL, Field

SEXO, EDAD = "sexo", "grupo_edad"
CACHED_PLACES = 256


class Voted(NamedTuple):
    """One group on the roll of an election: how many they are and how many voted. None is what is not published; `hidden`
    when either is so that nobody is singled out.
    """

    roll: float | None
    voters: float | None
    hidden: bool = False

    @property
    def rate(self) -> float | None:
        """Voters for every hundred on the roll; None when either is not published, or nobody is on it."""
        return None if self.hidden or self.voters is None or not self.roll else 100 * self.voters / self.roll


#: A group of which the cube has no cell.
NOBODY = Voted(None, None)


@dataclass(frozen=True)
class Turnout:
    """What is published of one place in one election. `dimensions` are what the cube is divided by, in its order."""

    election: Election
    dimensions: Mapping[str, Field]
    groups: Mapping[Group, Voted]

    def of(self, group: Group) -> Voted:
        """What is published of a group."""
        return self.groups.get(group, NOBODY)

    def values(self, dimension: str) -> Mapping[str, str]:
        """The values of a dimension that the place has cells of, in the order of the release, with their words."""
        if dimension not in self._values:
            labels, present = self.dimensions[dimension].labels or {}, self._present
            self._values[dimension] = {
                value: words for value, words in labels.items() if value != TOTAL and (dimension, value) in present
            }
        return self._values[dimension]

    @cached_property
    def _values(self) -> dict[str, Mapping[str, str]]:
        return {}

    @cached_property
    def _present(self) -> frozenset[tuple[str, str]]:
        """Every value of a dimension that the place has cells of."""
        sexes = {(SEXO, group.sexo) for group in self.groups if group.sexo}
        return frozenset(
            sexes | {(group.trait.dimension, group.trait.value) for group in self.groups if group.trait is not None}
        )

    def divided(self, dimension: str, sexo: str | None = None) -> Mapping[str, Voted]:
        """What the cube says of each value of a dimension, of one sexo or of both; nothing where it does not cross them."""
        there = self._divided.get((dimension, None if dimension == SEXO else sexo), {})
        return {value: there[value] for value in self.values(dimension) if value in there}

    @cached_property
    def _divided(self) -> Mapping[tuple[str, str | None], Mapping[str, Voted]]:
        """What the cube says of each value, by dimension and by the sexo that it is crossed with."""
        found: dict[tuple[str, str | None], dict[str, Voted]] = {}
        for group, voted in self.groups.items():
            if group.trait is not None:
                found.setdefault((group.trait.dimension, group.sexo), {})[group.trait.value] = voted
            elif group.sexo:
                found.setdefault((SEXO, None), {})[group.sexo] = voted
        return found


@dataclass(frozen=True)
class Roll:
    """Where the people of the elections are counted: those on the roll, and those who voted."""

    roll: Quantity
    voters: Quantity

    def as_of(self, day: str) -> Roll:
        """The same, counted from the cut-off of a day (ISO), or else ("") from the latest of each election."""
        return _as_of(self, day)

    def elections(self, data: Data) -> tuple[Election, ...]:
        """The elections that a release has both of, the oldest first; Unaskable when there is none."""
        found = data.once(("elections of", self), lambda: self._held(data))
        if not found:
            raise Unaskable("no hay ninguna elección contada persona por persona")
        return found

    def _held(self, data: Data) -> tuple[Election, ...]:
        return tuple(item for item in held(data, self.voters) if item in held(data, self.roll))

    def chosen(self, data: Data, code: str) -> Election:
        """The election with a code, or the latest there is."""
        found = self.elections(data)
        return next((item for item in found if item.code == code), found[-1])

    def story(self, data: Data) -> tuple[tuple[Election, bool], ...]:
        """Every general election of the catalogue, the oldest first, and whether it is counted person by person."""
        counted = self.elections(data)
        return tuple(
            (item, item in counted) for item in elections(data).values() if item.kind == GENERAL or item in counted
        )

    def at(self, data: Data, election: Election, code: str) -> Turnout:
        """Everything that is published of a place (a code, or "" for the country) in an election."""
        kept = data.once(("turnout", self), lambda: lru_cache(CACHED_PLACES)(partial(_turnout, data, self)))
        return kept(code)[election.code]

    def table(self, data: Data) -> str:
        """The name of the table that they are counted in."""
        return data.place(in_election(data, self.voters, self.elections(data)[-1])).table.name

    def cutoffs(self, data: Data, *asked: Election) -> tuple[date, ...]:
        """As of when the rolls of some elections are; none in a release that does not say it row by row."""
        places = [data.place(in_election(data, self.voters, item)) for item in asked]
        days = (values[0] for place in places for name, values in place.where if name == CUTOFF)
        return tuple(dict.fromkeys(day for day in days if isinstance(day, date)))


#: Of one group in an election, those on the roll and those who voted in each place that the cube has a cell of.
_Counted = tuple[Group, Mapping[str, Cell], Mapping[str, Cell]]


@dataclass(frozen=True)
class _Cube:
    """The cube of some rolls: what it is divided by and, by election, every group."""

    dimensions: Mapping[str, Field]
    elections: tuple[tuple[Election, tuple[_Counted, ...]], ...]


@lru_cache(64)
def _as_of(counted: Roll, day: str) -> Roll:
    cutoff = date.fromisoformat(day) if day else None
    return Roll(replace(counted.roll, cutoff=cutoff), replace(counted.voters, cutoff=cutoff))


def _cube(data: Data, counted: Roll) -> _Cube:
    found = {item.code: item for item in counted.elections(data)}
    roll, voters = (
        [data.place(in_election(data, one, item)) for item in found.values()] for one in (counted.roll, counted.voters)
    )
    if len({place.table.name for place in (*roll, *voters)}) > 1:
        raise Unaskable("las personas del padrón y las que votaron no están en una misma tabla")
    table = voters[-1].table
    crossed = {name for cross in table.crosses for name in cross}
    dimensions = {
        item.name: item for item in table.fields if item.name in crossed and item.name in data.vocabulary.groups
    }
    slices, totals = data.slices(table), dict.fromkeys(crossed - {*dimensions, *TERRITORY}, (TOTAL,))
    asked = []
    for election, place in zip(found.values(), voters, strict=True):
        wanted = {name: values for name, values in place.where if name not in crossed} | totals
        on_roll, voted = (
            slices.everywhere(column, wanted, tuple(dimensions)) for column in (roll[-1].column, voters[-1].column)
        )
        groups = [(_group(tuple(dimensions), values), on_roll.get(values, {}), of) for values, of in voted.items()]
        asked.append((election, tuple((group, there, of) for group, there, of in groups if group is not None)))
    return _Cube(dimensions, tuple(asked))


def _turnout(data: Data, counted: Roll, code: str) -> Mapping[str, Turnout]:
    """Everything that is published of a place, by election."""
    cube, found = data.once(("cube of", counted), lambda: _cube(data, counted)), {}
    for election, groups in cube.elections:
        here = {group: _voted(there[code], of[code]) for group, there, of in groups if code in of}
        found[election.code] = Turnout(election, cube.dimensions, here)
    if not any(there.groups for there in found.values()):
        raise Unaskable("no hay ninguna cifra publicada de quienes votaron en este lugar")
    return found


def _voted(roll: Cell, voters: Cell) -> Voted:
    return Voted(
        None if roll.hidden else roll.value, None if voters.hidden else voters.value, roll.hidden or voters.hidden
    )


@lru_cache(4_096)
def _group(dimensions: tuple[str, ...], of_each: tuple[object, ...]) -> Group | None:
    """The group whose columns have these values; None when it has two traits, which no page asks for."""
    values = {name: str(value) for name, value in zip(dimensions, of_each, strict=True) if value != TOTAL}
    traits = [Trait(name, value) for name, value in values.items() if name != SEXO]
    if len(traits) > 1:
        return None
    return Group(values.get(SEXO), traits[0] if traits else None)
