"""What protecting needs of a cube's declaration, whatever else it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from etl.disclosure.policy import Policy
from etl.disclosure.tables import TOTAL

STATE = "estado_celda"


class Named(Protocol):
    """Anything with a column's name."""

    @property
    def name(self) -> str: ...


class LevelsOf(Protocol):
    """One thing people are counted by: columns from the coarsest to the finest, which names it."""

    @property
    def levels(self) -> Sequence[Named]: ...


class CubeLike(Protocol):
    """What is needed of a cube's declaration; `etl.cubes.declared.Cube` is one."""

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> Sequence[LevelsOf]: ...

    @property
    def crosses(self) -> Sequence[Sequence[Named]]: ...

    @property
    def measures(self) -> Sequence[Named]: ...

    @property
    def threshold(self) -> int: ...

    @property
    def sensitive_threshold(self) -> int: ...

    @property
    def sensitive(self) -> Sequence[str]: ...

    @property
    def attributes(self) -> Sequence[str]:
        """Columns of what is nobody else's to see of a person: a small change of them in time is confidential too."""

    @property
    def passing(self) -> Sequence[str]:
        """Columns that everybody changes with time: a change by them tells of nobody."""

    @property
    def election(self) -> str:
        """The election on whose roll everybody counted is; «» if they are those of the registry."""

    @property
    def act(self) -> str:
        """What those of the second measure did: two cubes of one act count the same people doing the same."""


Cubes = Mapping[str, CubeLike]
Frames = Mapping[str, pd.DataFrame]


def policy_of(cubes: Cubes) -> Policy:
    """The thresholds that the cubes declare; the strictest where they differ."""
    acts = dict.fromkeys(cube.act for cube in cubes.values() if len(cube.measures) == 2)
    return Policy(
        max(cube.threshold for cube in cubes.values()),
        max(cube.sensitive_threshold for cube in cubes.values()),
        tuple(sorted({name for cube in cubes.values() for name in cube.sensitive})),
        tuple(value for act in acts for value in (act, f"no {act}")),
    )


def columns_of(cube: CubeLike) -> list[str]:
    """The columns that say which cell a row is."""
    return [level.name for dimension in cube.dimensions for level in dimension.levels]


def depth_of(cube: CubeLike, cross: Sequence[Named]) -> dict[str, int]:
    """How many levels of each dimension (by its finest) a cross goes down to: its fields may be of any level."""
    wanted = {field.name for field in cross}
    found = {}
    for dimension in cube.dimensions:
        names = [level.name for level in dimension.levels]
        depth = max((names.index(name) + 1 for name in names if name in wanted), default=0)
        if depth:
            found[names[-1]] = depth
    return found


def everybody_there(cube: CubeLike, frame: pd.DataFrame, measure: str) -> pd.Series[bool]:
    """The rows whose group (of one of the cube's attributes) is all the people of its place: one cut-off alone says so."""
    columns = [name for name in columns_of(cube) if name in frame]
    attributes = [name for name in cube.attributes if name in frame]
    grouped = (frame[attributes] != TOTAL).any(axis=1)
    counts = frame.loc[~grouped, columns].assign(people=frame[measure])
    beside = frame[columns].assign(**dict.fromkeys(attributes, TOTAL)).merge(counts, on=columns, how="left")["people"]
    same = (beside.astype("Float64").set_axis(frame.index) == frame[measure].astype("Float64")).fillna(False)
    return grouped & same.astype(bool)


def state_columns(cube: CubeLike) -> dict[str, str]:
    """The flag column of each measure: `estado_celda` for the first, `estado_<measure>` for the other."""
    return {item.name: f"estado_{item.name}" if position else STATE for position, item in enumerate(cube.measures)}
