"""What two cut-offs of one cube say together: the change of every cell that both publish.

Two cut-offs do not count the same people: between them some arrived (in) and some left (out), and of a cell
x2 - x1 = in - out, where 0 <= in <= x2 and 0 <= out <= x1. Nothing else is known of in and out, so a change is only known
where both counts are: the range of a hidden cell is as wide as its threshold, whatever the other cut-off says. A change of
few people in a cell that says their pueblo or their language, or of who voted, singles out those who changed: whoever knows
that somebody of that place and age died or moved, learns the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from etl.cubes.declared import Cube
from etl.cubes.parts import Part
from etl.cubes.public import CubesOf
from etl.disclosure.like import policy_of
from etl.model import TOTAL

#: Whether what is published protects the change of a sensitive cell: until it does, `auditar` tells it and does not fail.
PROTECTED = False
#: What people are of that no other table tells month by month; who voted is as sensitive. The tribunal itself publishes, at every
#: cut-off, the registry by sex, by age and by literacy of each municipio, and that of each city abroad.
SENSITIVE = ("pueblo", "comunidad_linguistica")
BEFORE, AFTER = "|antes", "|después"


@dataclass(frozen=True)
class Changed:
    """A cell whose change between two cut-offs is known and is of few people: `before` and `after` are its counts."""

    cell: dict[str, str]
    measure: str
    before: int
    after: int
    threshold: int

    @property
    def change(self) -> int:
        """How many more there are: those who arrived minus those who left."""
        return self.after - self.before

    @property
    def arrived(self) -> tuple[int, int]:
        """The fewest and the most that may have arrived."""
        return max(self.change, 0), self.after

    @property
    def left(self) -> tuple[int, int]:
        """The fewest and the most that may have left."""
        return max(-self.change, 0), self.before


@dataclass(frozen=True)
class Between:
    """Two cut-offs of one cube: the cells that both publish (`common`), and those that changed by fewer than their threshold.

    `sensitive` are those that break people down by pueblo or language, or that count who voted; `plain`, how many others.
    """

    cube: str
    election: str
    cutoffs: tuple[str, str]
    common: int
    sensitive: tuple[Changed, ...]
    plain: int

    def __str__(self) -> str:
        of_election = f" (elección {self.election})" if self.election else ""
        return f"{self.cube}{of_election} entre {self.cutoffs[0]} y {self.cutoffs[1]}"


@dataclass(frozen=True)
class _Told:
    """A part of a cube, as everything that is kept publishes it: a count per cell and measure."""

    part: Part
    cube: Cube
    frame: pd.DataFrame


def between(releases: Sequence[CubesOf]) -> list[Between]:
    """Every pair of cut-offs of a cube (and election) that some release publishes, compared."""
    families: dict[tuple[str, str], dict[str, _Told]] = {}
    for release in releases:
        for title, part in release.parts.items():
            told = _Told(part, release.cubes[title], release.frames[title])
            own = families.setdefault((part.cube, part.election), {})
            own[part.cutoff] = _with_more(own[part.cutoff], told) if part.cutoff in own else told
    return [
        _compared(own[first], own[second])
        for own in families.values()
        for first, second in combinations(sorted(own), 2)
    ]


def _with_more(one: _Told, other: _Told) -> _Told:
    """What two releases publish of the same part: a count is known if either shows it, and the first is believed."""
    keys = [name for name in one.cube.columns if name in other.frame]
    counts = [item.name for item in one.cube.measures if item.name in other.frame]
    more = one.frame.merge(other.frame[[*keys, *counts]], on=keys, how="outer", suffixes=("", AFTER))
    for name in counts:
        more[name] = more[name].fillna(more.pop(f"{name}{AFTER}"))
    return _Told(one.part, one.cube, more.fillna(dict.fromkeys([n for n in one.cube.columns if n not in keys], TOTAL)))


def _compared(one: _Told, other: _Told) -> Between:
    """The changes of the cells that two cut-offs publish."""
    keys = [name for name in one.cube.columns if name in other.cube.columns]
    both = _only_by(one, keys).merge(_only_by(other, keys), on=keys, suffixes=(BEFORE, AFTER))
    common, plain = 0, 0
    sensitive: list[Changed] = []
    for measure, did, did_not in _counts(one.cube, other.cube):
        before, after = (_of(both, did, did_not, moment) for moment in (BEFORE, AFTER))
        known = before.notna() & after.notna()
        rows = both.loc[known, keys]
        told, count = before[known].to_numpy(dtype=np.int64), after[known].to_numpy(dtype=np.int64)
        by_group = (rows[[name for name in keys if name in SENSITIVE]] != TOTAL).any(axis=1).to_numpy()
        policy = policy_of({one.cube.name: one.cube})
        least = np.where(by_group, policy.sensitive_threshold, policy.threshold)
        change = np.abs(count - told)
        few = (change > 0) & (change < least)
        matters = few & (by_group | (measure != one.cube.measures[0].name))
        common, plain = common + int(known.sum()), plain + int((few & ~matters).sum())
        for position in np.flatnonzero(matters).tolist():
            row = rows.iloc[position]
            cell = {name: str(row[name]) for name in keys if row[name] != TOTAL}
            sensitive.append(Changed(cell, measure, int(told[position]), int(count[position]), int(least[position])))
    sensitive.sort(key=lambda item: (abs(item.change), *item.cell.values()))
    return Between(
        one.part.cube, one.part.election, (one.part.cutoff, other.part.cutoff), common, tuple(sensitive), plain
    )


def _only_by(told: _Told, keys: Sequence[str]) -> pd.DataFrame:
    """The cells that no column out of `keys` breaks down."""
    others = [name for name in told.cube.columns if name not in keys]
    rows = told.frame[(told.frame[others] == TOTAL).all(axis=1)] if others else told.frame
    return rows[[*keys, *(item.name for item in told.cube.measures)]]


def _counts(one: Cube, other: Cube) -> Iterator[tuple[str, str, str | None]]:
    """What both count: (name, its column, the column that is taken from it); those who did not, too."""
    common = [item.name for item in one.measures if item in other.measures]
    yield from ((name, name, None) for name in common)
    if len(common) > 1:
        yield f"{common[0]} que no son {common[1]}", common[0], common[1]


def _of(both: pd.DataFrame, column: str, less: str | None, moment: str) -> pd.Series[int]:
    return both[f"{column}{moment}"] - (both[f"{less}{moment}"] if less else 0)
