"""What a map shows of its places: which are beside which and in what direction, and whether the high figures and the low ones
are together. Pure functions of {code: figure} and of the shapes of mapa_nacional.json; a place without a published figure is
not in the figures, so nothing that is said here counts it or ranks it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, degrees, hypot
from typing import Any

import numpy as np
import numpy.typing as npt

#: Clockwise from the north, as they are called in Guatemala.
DIRECTIONS = ("norte", "nororiente", "oriente", "suroriente", "sur", "suroccidente", "occidente", "noroccidente")
CENTRE = "centro"
#: How near the middle of a territory its centre reaches, as a part of what it measures from corner to corner.
NEAR = 0.08
#: The high places are the highest fifth, and the low ones the lowest: a class of the map may have no place in a departamento.
FIFTH = 5
#: With fewer places there is no fifth to speak of; when ties make it reach this part of them, it says nothing either.
FEWEST_PLACES, MOST_TIED = 10, 0.4
#: Figures are dealt at random over the map so many times, always the same ones; no more than 1 in 100 may be as grouped. Both
#: ends are looked at, so chance is taken for a group in 2 maps of 100.
SHUFFLES, SEED, BY_CHANCE = 199, 340, 0.01
#: A group that is named has at least so many places and this part of those of its end.
FEWEST_OF_A_GROUP, LEAST_OF_A_GROUP, MOST_GROUPS = 3, 0.25, 2

Point = tuple[float, float]
Borders = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Geography:
    """Where places are: the point that stands for each (x to the east, y to the south) and which share a border with it."""

    points: Mapping[str, Point]
    beside: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Group:
    """Places that touch one another, in order of code, and the part of the territory where they are."""

    codes: tuple[str, ...]
    region: str


@dataclass(frozen=True)
class End:
    """One end of the figures: its places, whether more of them touch than by chance, and then its large `groups`, if any."""

    codes: tuple[str, ...]
    together: bool = False
    groups: tuple[Group, ...] = ()

    @property
    def size(self) -> int:
        """How many places it has."""
        return len(self.codes)


@dataclass(frozen=True)
class Trend:
    """Where the high figures are, and the low ones."""

    high: End
    low: End


def geography(places: Mapping[str, Any]) -> Geography:
    """The places of a layer of mapa_nacional.json. A border is of both sides, whichever one says it."""
    beside: dict[str, set[str]] = {code: set() for code in places}
    for code, place in places.items():
        for other in place["v"]:
            if other in beside:
                beside[code].add(other)
                beside[other].add(code)
    points = {code: (float(place["r"][0]), float(place["r"][1])) for code, place in places.items()}
    return Geography(points, {code: tuple(sorted(found)) for code, found in beside.items()})


def direction(origin: Point, target: Point) -> str:
    """In which of the eight directions one point is seen from another; y grows to the south."""
    clockwise = degrees(atan2(target[0] - origin[0], origin[1] - target[1]))
    return DIRECTIONS[round(clockwise / 45) % 8]


def by_direction(code: str, where: Geography) -> list[tuple[str, str]]:
    """The neighbours of a place as (direction, code), clockwise from the north; by code in the same direction."""
    found = [(direction(where.points[code], where.points[other]), other) for other in where.beside.get(code, ())]
    return sorted(found, key=lambda item: (DIRECTIONS.index(item[0]), item[1]))


def region(codes: Collection[str], among: Collection[str], where: Geography) -> str:
    """The part of a territory (the places `among`) where some of them are: the direction of the mean of their points from the
    middle of the territory, or its centre when they are near it. The middle is halfway from west to east and, from north to
    south, where half of the places are on each side: halfway, the north of the country would be one departamento.
    """
    every = np.array([where.points[code] for code in among])
    low, high = every.min(axis=0), every.max(axis=0)
    middle = (float(low[0] + high[0]) / 2, float(np.median(every[:, 1])))
    mean = np.mean([where.points[code] for code in sorted(codes)], axis=0)
    if hypot(mean[0] - middle[0], mean[1] - middle[1]) <= NEAR * hypot(*(high - low)):
        return CENTRE
    return direction(middle, (float(mean[0]), float(mean[1])))


def trend(figures: Mapping[str, float], where: Geography) -> Trend | None:
    """Where the high figures and the low ones are; None when places are few, or so many tie that neither end stands out.

    The highest fifth is together when more of its pairs of places touch than in 99 of 100 random deals of the same figures
    over the same map (a permutation test of join counts); its groups are the ones that touch. So is the lowest.
    """
    codes = sorted(code for code in figures if code in where.points)
    values = np.array([figures[code] for code in codes])
    if len(codes) < FEWEST_PLACES:
        return None
    wanted = round(len(codes) / FIFTH)
    ordered = np.sort(values)
    high, low = values >= ordered[-wanted], values <= ordered[wanted - 1]
    most = MOST_TIED * len(codes)
    if high.sum() > most or low.sum() > most:
        return None
    borders = _borders(codes, where)
    return Trend(*(_end(end, codes, borders, where) for end in (high, low)))


def _borders(codes: Sequence[str], where: Geography) -> Borders:
    """The pairs of places that touch, each once, as two columns of positions in `codes`."""
    at = {code: position for position, code in enumerate(codes)}
    pairs = [(at[code], at[other]) for code in codes for other in where.beside[code] if other in at and code < other]
    return np.array(pairs, np.int64).reshape(-1, 2).T


def _end(chosen: npt.NDArray[np.bool_], codes: Sequence[str], borders: Borders, where: Geography) -> End:
    members = tuple(code for code, inside in zip(codes, chosen, strict=True) if inside)
    size = len(members)
    dealt = _deals(len(codes)) < size
    first, second = borders
    by_chance = (dealt[first] & dealt[second]).sum(axis=0)
    own = (chosen[first] & chosen[second]).sum()
    if (1 + int((by_chance >= own).sum())) / (1 + SHUFFLES) > BY_CHANCE:
        return End(members)
    least = max(FEWEST_OF_A_GROUP, LEAST_OF_A_GROUP * size)
    large = [group for group in groups(members, where) if len(group) >= least][:MOST_GROUPS]
    return End(members, True, tuple(Group(group, region(group, codes, where)) for group in large))


@lru_cache(maxsize=64)
def _deals(count: int) -> npt.NDArray[np.int64]:
    """Random orders of so many places, one a column, always the same ones."""
    chance = np.random.default_rng(SEED)
    return np.ascontiguousarray(np.argsort(chance.random((SHUFFLES, count)), axis=1).T)


def groups(codes: Collection[str], where: Geography) -> list[tuple[str, ...]]:
    """The places that touch one another, directly or through others of them, the largest group first."""
    left, found = {*codes}, []
    for first in sorted(codes):
        if first not in left:
            continue
        left.discard(first)
        group, waiting = [first], [first]
        while waiting:
            near = left.intersection(where.beside[waiting.pop()])
            left -= near
            group += near
            waiting += near
        found.append(tuple(sorted(group)))
    return sorted(found, key=lambda group: (-len(group), group))
