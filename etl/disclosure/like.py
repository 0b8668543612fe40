"""What protecting needs of a cube's declaration, whatever else it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from etl.disclosure.policy import Policy

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
    def act(self) -> str:
        """What those of the second measure did: two cubes of one act count the same people doing the same."""


Cubes = Mapping[str, CubeLike]
Frames = Mapping[str, pd.DataFrame]


def policy_of(cubes: Cubes) -> Policy:
    """The thresholds that the cubes declare; the strictest where they differ."""
    return Policy(
        max(cube.threshold for cube in cubes.values()),
        max(cube.sensitive_threshold for cube in cubes.values()),
        tuple(sorted({name for cube in cubes.values() for name in cube.sensitive})),
        acts(cubes),
    )


def acts(cubes: Cubes) -> tuple[str, ...]:
    """The acts that some of the cubes count, each an axis of its own in their system."""
    return tuple(dict.fromkeys(cube.act for cube in cubes.values() if len(cube.measures) == 2))


def state_columns(cube: CubeLike) -> dict[str, str]:
    """The flag column of each measure: `estado_celda` for the first, `estado_<measure>` for the other."""
    return {item.name: f"estado_{item.name}" if position else STATE for position, item in enumerate(cube.measures)}
