"""The parts of a cube: the rows that were counted from the registry of one cut-off and, of an election, on its roll.

A cube is published as one table with all of its parts; each was counted, and is protected and attacked, by itself or with
those that count the same people. A part may lack dimensions that another has: its registry did not bring them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from etl import fields
from etl.cubes.declared import Cube
from etl.disclosure.frames import same_people
from etl.disclosure.like import state_columns
from etl.disclosure.policy import CellStatus
from etl.model import TOTAL, Field, Frames

CUTOFF, ELECTION = fields.fecha_corte.name, fields.eleccion.name


@dataclass(frozen=True, order=True)
class Part:
    """Which part of which cube: its cut-off (ISO) and its election («» when the cube is of none)."""

    cube: str
    cutoff: str
    election: str = ""

    def __str__(self) -> str:
        of_election = f" (elección {self.election})" if self.election else ""
        return f"{self.cube} de {self.cutoff}{of_election}"


def columns_of(cube: Cube) -> tuple[str, ...]:
    """The columns of a published cube that say which part a row is of."""
    return (CUTOFF, ELECTION) if cube.of_election else (CUTOFF,)


def united(declared: Cube, parts: Sequence[Cube]) -> Cube:
    """`declared` with the crosses and measures that some of its parts has."""
    crosses = tuple(cross for cross in declared.crosses if any(cross in part.crosses for part in parts))
    used = {field.name for cross in crosses for field in cross}
    return replace(
        declared,
        crosses=crosses,
        dimensions=tuple(item for item in declared.dimensions if used & {level.name for level in item.levels}),
        measures=tuple(item for item in declared.measures if any(item in part.measures for part in parts)),
    )


def filled(cube: Cube, frame: pd.DataFrame) -> pd.DataFrame:
    """The protected rows of one part with every column of `cube`: what it was not counted by is a total, and a count that
    it does not have is a table that is not published.
    """
    made = frame.assign(**dict.fromkeys([name for name in cube.columns if name not in frame], TOTAL))
    for measure, state in state_columns(cube).items():
        if measure not in made:
            made = made.assign(**{state: CellStatus.NO_TABULADA.value})
            made[measure] = pd.Series(pd.NA, index=made.index, dtype="Int64")
    return made


def split(declared: Cube, frame: pd.DataFrame, cutoff: str) -> Iterator[tuple[Part, Cube, pd.DataFrame]]:
    """The parts of a published table, each with the dimensions and measures that it has itself.

    `cutoff` (ISO) is the one of a table that does not say it row by row, as older releases published it.
    """
    rows = frame if CUTOFF in frame else frame.assign(**{CUTOFF: cutoff})
    for key, own in rows.groupby(list(columns_of(declared)), sort=True):
        part = Part(declared.name, *map(str, key))
        told = {name for name in declared.columns if name in own and (own[name] != TOTAL).any()}
        counted = {name for name, state in state_columns(declared).items() if _is_told(own, state)}
        cube = replace(declared, crosses=crosses_of(declared, own)).limited_to(told, counted & set(own.columns))
        if cube is not None:
            yield part, replace(cube, election=part.election), own.reset_index(drop=True)


def crosses_of(declared: Cube, rows: pd.DataFrame) -> tuple[tuple[Field, ...], ...]:
    """The crosses that some rows have, by the columns that they fill: those of the version that published them."""
    columns = [name for name in declared.columns if name in rows]
    patterns = (rows[columns] != TOTAL).drop_duplicates()
    found: dict[tuple[int, ...], tuple[Field, ...]] = {}
    for pattern in patterns.to_dict("records"):
        deep = [sum(bool(pattern.get(level.name)) for level in item.levels) for item in declared.dimensions]
        levels = [item.levels[depth - 1] for item, depth in zip(declared.dimensions, deep, strict=True) if depth]
        found[tuple(deep)] = tuple(levels)
    return tuple(
        levels
        for deep, levels in found.items()
        if not any(deep != other and all(a <= b for a, b in zip(deep, other, strict=True)) for other in found)
    )


def _is_told(rows: pd.DataFrame, state: str) -> bool:
    return state in rows and bool((rows[state] != CellStatus.NO_TABULADA.value).any())


def systems(cubes: Mapping[str, Cube], frames: Frames, parts: Mapping[str, Part]) -> list[dict[str, Cube]]:
    """The parts, by title, in the groups that are protected and attacked together: those of one cut-off that count the
    same people.
    """
    found: list[dict[str, Cube]] = []
    for cutoff in sorted({part.cutoff for part in parts.values()}):
        own = {title: cube for title, cube in cubes.items() if parts[title].cutoff == cutoff}
        found += [{title: cubes[title] for title in group} for group in same_people(own, frames)]
    return found
