"""Which counts are of the same people, or of part of them: the declaration that the protection and the attack share.

Two facts that anybody can take for granted are declared here; where they hold is seen in the figures themselves:

- cubes of a cut-off that give the same counts wherever both count are of the same people;
- who is on a roll is in the registry of the same cut-off, and who was on an earlier roll is on the later one, when no cell
  says otherwise. Those of the larger set that are not in the smaller (registered after the roll closed) are a group too,
  though no table shows them: a reader would only have to subtract.

Those who did what a cube counts (voted) and those who did not are parts of the people of that cube. All of these are values
of one axis, the subject, whose total is everybody in the largest set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from etl.disclosure.like import CubeLike, Cubes, Frames, columns_of
from etl.disclosure.tables import TOTAL, Axis

SUBJECT = "sujeto"


def did_not(act: str) -> str:
    """The value of those who did not do what a cube counts."""
    return f"no {act}"


@dataclass(eq=False)
class People:
    """Some cubes of the same people; `within` is the set that they are part of, the smallest that there is.

    `apart` are the dimensions by which they are not part of it cell by cell: the age, when each was counted on its day.
    """

    cubes: list[str]
    name: str
    within: People | None = None
    apart: frozenset[str] = frozenset()
    parts: list[People] = field(default_factory=list)

    @property
    def node(self) -> str:
        """Their value of the subject: the total, of the largest set."""
        return self.name if self.within else TOTAL

    @property
    def rest(self) -> str:
        """The value of those of the larger set that are not among them."""
        return f"no en {self.name}"

    def every(self) -> Iterator[People]:
        """This set and all that are part of it."""
        yield self
        for part in self.parts:
            yield from part.every()


def who(cubes: Cubes, frames: Frames) -> list[People]:
    """The largest sets of people that the cubes count, each with those that are part of it.

    Cubes are compared where both show a count; they must count by the same first dimension (places of the country, or
    cities abroad). Only a roll is part of something larger: two registries are of two moments.
    """
    order = sorted(cubes, key=lambda name: -_size(cubes[name], frames[name]))
    found: list[People] = []
    made: dict[tuple[str, str], _Beside] = {}

    def beside(one: str, other: str) -> _Beside:
        if (one, other) not in made:
            made[one, other] = _beside(cubes[one], frames[one], cubes[other], frames[other])
        return made[one, other]

    for name in order:
        for people in found:
            if all(beside(name, other).same for other in people.cubes):
                people.cubes.append(name)
                break
        else:
            title = f"padrón {cubes[name].election}".strip()
            taken = {people.name for people in found}
            found.append(People([name], title if title not in taken else f"{title} ({name})"))
    for position, people in enumerate(found):
        for other in reversed(found[:position]):
            apart = [beside(mine, its).apart for mine in people.cubes for its in other.cubes]
            if None not in apart and cubes[people.cubes[0]].election:
                people.within, people.apart = other, frozenset().union(*(item for item in apart if item))
                other.parts.append(people)
                break
    return [people for people in found if people.within is None]


def _size(cube: CubeLike, frame: pd.DataFrame) -> float:
    """The largest count that is shown: that of everybody, most of the time."""
    return float(frame[cube.measures[0].name].astype("Float64").fillna(0).max() if len(frame) else 0)


@dataclass(frozen=True)
class _Beside:
    """How the counts of a cube are beside those of another: the same, or part of them, but by the dimensions `apart`."""

    same: bool
    apart: frozenset[str] | None  # None: they are no part of them


def _beside(one: CubeLike, rows: pd.DataFrame, other: CubeLike, others: pd.DataFrame) -> _Beside:
    if one.dimensions[0].levels[-1].name != other.dimensions[0].levels[-1].name:
        return _Beside(False, None)
    columns = [columns_of(cube) for cube in (one, other)]
    both = [name for name in columns[0] if name in columns[1]]
    counts = []
    for cube, frame, own in zip((one, other), (rows, others), columns, strict=True):
        beyond = [name for name in own if name not in both]
        at = (frame[beyond] == TOTAL).all(axis=1) if beyond else slice(None)
        counts.append(frame.loc[at].set_index(both)[cube.measures[0].name].astype("Float64"))
    mine, its = counts[0].align(counts[1], join="inner")
    difference = mine.to_numpy(dtype=float, na_value=np.nan) - its.to_numpy(dtype=float, na_value=np.nan)
    finest = {level.name: item.levels[-1].name for item in one.dimensions for level in item.levels}
    filled = (mine.index.to_frame(index=False) != TOTAL).rename(columns=finest).T.groupby(level=0).any().T
    return _Beside(
        bool((np.nan_to_num(difference) == 0).all()),
        _apart(filled[difference > 0].drop_duplicates(), one.dimensions[0].levels[-1].name),
    )


def _apart(broken: pd.DataFrame, first: str) -> frozenset[str] | None:
    """The dimensions without which nothing is broken: the fewest; None if not even by the first one alone it holds."""
    found: set[str] = set()
    others = broken.drop(columns=first, errors="ignore")
    while len(others):
        if not others.any(axis=1).all():
            return None
        worst = str(others.sum().idxmax())
        found.add(worst)
        others = others[~others[worst]]
    return frozenset(found)


def subject(people: People, cubes: Cubes) -> Axis:
    """The axis of the sets of people of one system: each is divided by every set within it and by every act of its cubes."""
    parents: dict[str, str] = {}
    ways: dict[str, str] = {}
    for one in people.every():
        for part in one.parts:
            parents |= {part.node: one.node, part.rest: one.node}
            ways |= {part.node: part.name, part.rest: part.name}
        for act in acts_of(one, cubes):
            parents |= {act: one.node, did_not(act): one.node}
            ways |= {act: act, did_not(act): act}
    return Axis(SUBJECT, parents, ways)


def acts_of(people: People, cubes: Cubes) -> tuple[str, ...]:
    """The acts that the cubes of these people count."""
    return tuple(dict.fromkeys(cubes[name].act for name in people.cubes if len(cubes[name].measures) == 2))
