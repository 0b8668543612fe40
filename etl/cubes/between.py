"""What two cut-offs of one cube say together: the change of every cell that both publish.

Two cut-offs do not count the same people: between them some arrived (in) and some left (out), and of a cell
x2 - x1 = in - out, where 0 <= in <= x2 and 0 <= out <= x1. Nothing else is known of in and out, so a change is only known
where both counts are: the range of a hidden cell is as wide as its threshold, whatever the other cut-off says. A change of
few people in a cell that says their pueblo or their language, or of who voted, singles out those who changed: whoever knows
that somebody of that place and age died or moved, learns the rest. Of a place where all are of one group, then and now, a single
cut-off tells it: the audit counts those groups, and the change of the place adds nothing.
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
from etl.disclosure.like import everybody_there, policy_of
from etl.model import TOTAL

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


def between(releases: Sequence[tuple[str, CubesOf]]) -> list[Between]:
    """Every pair of cut-offs of a cube (and election) that some release publishes, compared; each release with its name.

    What several releases publish of one cut-off is put together. One that gives other figures of it is a moment of its own: who
    was corrected can be singled out as who left can.
    """
    families: dict[tuple[str, str], dict[str, _Told]] = {}
    for name, release in releases:
        for title, part in release.parts.items():
            told = _Told(part, release.cubes[title], release.frames[title])
            own = families.setdefault((part.cube, part.election), {})
            before = own.get(part.cutoff)
            if before is None or not _disagree(before, told):
                own[part.cutoff] = told if before is None else _with_more(before, told)
            else:
                own[f"{part.cutoff} según {name}"] = told
    return [
        _compared(own[first], own[second], (first, second))
        for own in families.values()
        for first, second in combinations(sorted(own), 2)
    ]


def _disagree(one: _Told, other: _Told) -> bool:
    """Whether two releases give different figures for the same cell of the same part."""
    return any(
        bool((before.notna() & after.notna() & (before != after)).any()) for _, before, after, _ in _beside(one, other)
    )


def _with_more(one: _Told, other: _Told) -> _Told:
    """What two releases that agree publish of the same part: a count is known if either shows it."""
    keys = [name for name in one.cube.columns if name in other.frame]
    counts = [item.name for item in one.cube.measures if item.name in other.frame]
    more = one.frame.merge(other.frame[[*keys, *counts]], on=keys, how="outer", suffixes=("", AFTER))
    for name in counts:
        more[name] = more[name].fillna(more.pop(f"{name}{AFTER}"))
    return _Told(one.part, one.cube, more.fillna(dict.fromkeys([n for n in one.cube.columns if n not in keys], TOTAL)))


def _compared(one: _Told, other: _Told, moments: tuple[str, str]) -> Between:
    """The changes of the cells that two cut-offs publish."""
    policy = policy_of({one.cube.name: one.cube})
    common, plain = 0, 0
    sensitive: list[Changed] = []
    for measure, before, after, cells in _beside(one, other):
        known = before.notna() & after.notna()
        rows = cells[known]
        alone = _one_group(one, cells)[known].to_numpy() & _one_group(other, cells)[known].to_numpy()
        told, count = before[known].to_numpy(dtype=np.int64), after[known].to_numpy(dtype=np.int64)
        by_group = (rows[[name for name in rows if name in one.cube.attributes]] != TOTAL).any(axis=1).to_numpy()
        still = (rows[[name for name in one.cube.passing if name in rows]] == TOTAL).all(axis=1).to_numpy()
        least = np.where(by_group, policy.sensitive_threshold, policy.threshold)
        change = np.abs(count - told)
        few = (change > 0) & (change < least)
        matters = few & ((by_group & still & ~alone) | (measure != one.cube.measures[0].name))
        common, plain = common + int(known.sum()), plain + int((few & ~matters).sum())
        for position in np.flatnonzero(matters).tolist():
            row = rows.iloc[position]
            cell = {str(name): str(value) for name, value in row.items() if value != TOTAL}
            sensitive.append(Changed(cell, measure, int(told[position]), int(count[position]), int(least[position])))
    sensitive.sort(key=lambda item: (abs(item.change), *item.cell.values()))
    return Between(one.part.cube, one.part.election, moments, common, tuple(sensitive), plain)


def _beside(one: _Told, other: _Told) -> Iterator[tuple[str, pd.Series[int], pd.Series[int], pd.DataFrame]]:
    """What both count, by name: its two counts, and which cells they are of; those who did not, too."""
    keys = [name for name in one.cube.columns if name in other.cube.columns]
    both = _only_by(one, keys).merge(_only_by(other, keys), on=keys, suffixes=(BEFORE, AFTER))
    common = [item.name for item in one.cube.measures if item in other.cube.measures]
    for name in common:
        yield name, both[f"{name}{BEFORE}"], both[f"{name}{AFTER}"], both[keys]
    if len(common) > 1:
        everybody, did = common[:2]
        before, after = (both[f"{everybody}{moment}"] - both[f"{did}{moment}"] for moment in (BEFORE, AFTER))
        yield f"{everybody} que no son {did}", before, after, both[keys]


def _one_group(told: _Told, cells: pd.DataFrame) -> pd.Series[bool]:
    """Of which cells the group is everybody of its place."""
    columns = [str(name) for name in cells]
    rows = _only_by(told, columns)
    same = rows[columns].assign(same=everybody_there(told.cube, rows, told.cube.measures[0].name))
    return cells.merge(same, on=columns, how="left")["same"].eq(True).set_axis(cells.index)


def _only_by(told: _Told, keys: Sequence[str]) -> pd.DataFrame:
    """The cells that no column out of `keys` breaks down."""
    others = [name for name in told.cube.columns if name not in keys]
    rows = told.frame[(told.frame[others] == TOTAL).all(axis=1)] if others else told.frame
    return rows[[*keys, *(item.name for item in told.cube.measures)]]
