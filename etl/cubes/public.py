"""What anybody already has about the people of a cube: published tables of the same cut-off, and earlier releases.

A count that is already public cannot be hidden any more, and whoever reads it can subtract it: the protection and the
attack take all of it into account.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path

import pandas as pd

from etl import fields
from etl.country import departamentos_of
from etl.cubes.declared import CUBES, Cube
from etl.cubes.parts import Part, split
from etl.disclosure.frames import Known
from etl.disclosure.like import state_columns
from etl.disclosure.policy import CellStatus
from etl.model import TOTAL, Frames, Table
from etl.release import Manifest, Release, ReleaseError, releases

SEPARATE = (fields.residencia.name, fields.eleccion.name)
PLACE_COLUMNS = {item.name for item in fields.PLACES}


# --- Published tables -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One published table: its declaration, its cut-off (ISO) and how to read it."""

    table: Table
    cutoff: str
    frame: Callable[[], pd.DataFrame]


@dataclass(frozen=True)
class SamePeople:
    """A published table of the people that a part of a cube counts, as a cube with totals at every level."""

    table: str
    of: Part
    cube: Cube
    frame: pd.DataFrame


def told_of(
    cubes: Mapping[str, Cube], frames: Frames, parts: Mapping[str, Part], told: Iterable[Told]
) -> list[SamePeople]:
    """The tables that count the people of some part of a cube (by its title) by its own dimensions."""
    found = []
    for item in told:
        for title, cube in cubes.items():
            part = parts[title]
            if (cube.of_election or item.cutoff == part.cutoff) and counts_the_same(cube, item.table):
                made = _as_cube(cube, frames[title], item, part)
                if made is not None:
                    found.append(SamePeople(item.table.name, part, *made))
    return found


def known(tables: Iterable[SamePeople]) -> Known:
    """The same as `etl.disclosure.frames` wants it."""
    return {item.cube.name: (item.cube, item.frame) for item in tables}


def counts_the_same(cube: Cube, table: Table) -> bool:
    """Whether `table` counts what the cube does, by dimensions of the cube and nothing else."""
    if (fields.eleccion.name in table.key) != cube.of_election:
        return False
    finest = {item.field.name for item in cube.dimensions}
    others = set(table.key) - finest
    return (
        cube.measures[0].name in {item.name for item in table.fields}
        and bool(finest & set(table.key))
        and others <= PLACE_COLUMNS | set(SEPARATE)
    )


def _as_cube(cube: Cube, exact: pd.DataFrame, item: Told, part: Part) -> tuple[Cube, pd.DataFrame] | None:
    """`item` added up at every level of the cube's dimensions; None if it lacks a cell, or speaks of something else."""
    rows = item.frame()
    for name, wanted in zip(SEPARATE, (cube.residence, part.election), strict=True):
        if name in item.table.key:
            rows = rows[rows[name] == wanted]
    dimensions = tuple(one for one in cube.dimensions if one.field.name in item.table.key)
    finest, count = [one.field.name for one in dimensions], cube.measures[0].name
    rows = rows.groupby(finest, observed=True)[count].sum(min_count=1).reset_index()
    every = [set(exact[name]) - {TOTAL} for name in finest]
    if not len(rows) or rows[count].isna().any() or len(rows) != prod(rows[name].nunique() for name in finest):
        return None
    if any(not set(rows[name]) <= known for name, known in zip(finest, every, strict=True)):
        return None
    if fields.codigo_municipio.name in finest:
        rows[fields.codigo_departamento.name] = departamentos_of(rows[fields.codigo_municipio.name])
    made = replace(
        cube,
        name=f"{item.table.name} ({part})",
        measures=cube.measures[:1],
        dimensions=dimensions,
        crosses=(tuple(one.field for one in dimensions),),
    )
    if set(made.columns) - set(rows):
        return None
    return made, _with_totals(made, rows)


def _with_totals(cube: Cube, rows: pd.DataFrame) -> pd.DataFrame:
    """Every cell of the only cross of `cube`, added up from its finest ones, all of them published."""
    count = cube.measures[0].name
    parts = []
    for margin in cube.margins:
        summed = rows.groupby(list(margin))[count].sum().reset_index() if margin else rows[[count]].sum().to_frame().T
        parts.append(summed.assign(**{name: TOTAL for name in cube.columns if name not in margin}))
    made = pd.concat(parts, ignore_index=True).astype({count: "Int64"})
    return made.assign(**dict.fromkeys(state_columns(cube).values(), CellStatus.PUBLICADA.value))


# --- Earlier releases -----------------------------------------------------------------------------------------------


@dataclass
class CubesOf:
    """The parts of the cubes of a release, by title: declarations without what was left out, frames, and which they are."""

    cubes: dict[str, Cube] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)


def cubes_of(release: Release, wanted: Container[str] | None = None) -> CubesOf:
    """The published cubes of a release, part by part, with only the dimensions and crosses that each has.

    With `wanted`, only the parts with those titles.
    """
    found = CubesOf()
    files = {item["tabla"]: item for item in release.manifest["archivos"] if item.get("tabla")}
    for declared in CUBES:
        if declared.name not in files:
            continue
        frame = pd.read_parquet(release.table(declared.name))
        for part, cube, rows in split(declared, frame, files[declared.name]["corte"]):
            if wanted is None or str(part) in wanted:
                found.cubes[str(part)], found.frames[str(part)], found.parts[str(part)] = cube, rows, part
    return found


@dataclass(frozen=True, eq=False)
class Earlier:
    """One part of a cube as a kept release published it."""

    release: str
    part: Part
    cube: Cube
    frame: pd.DataFrame

    def contradicts(self, exact: pd.DataFrame) -> bool:
        """Whether it gave other figures: then its sums are not of the same people."""
        return any((now.isna() | (shown != now)).any() for shown, now in self._beside(exact))

    def adds_to(self, published: pd.DataFrame) -> bool:
        """Whether it shows a count that `published` hides."""
        return any(now.isna().any() for _, now in self._beside(published))

    def _beside(self, frame: pd.DataFrame) -> Iterator[tuple[pd.Series, pd.Series]]:
        """The counts that it shows, and those of the same cells in `frame`; one pair per measure."""
        columns = list(self.cube.columns)
        other = frame.assign(**dict.fromkeys([name for name in columns if name not in frame], TOTAL))
        both = self.frame.merge(other, on=columns, how="left", suffixes=("", "|"))
        for item in (item for item in self.cube.measures if item.name in frame):
            shown = both[item.name].notna()
            yield both.loc[shown, item.name].astype("Int64"), both.loc[shown, f"{item.name}|"].astype("Int64")


def earlier(destination: Path, parts: Collection[Part]) -> list[Earlier]:
    """What the releases kept under `destination` publish of `parts`: same cube, cut-off and election."""
    wanted = {str(part) for part in parts}
    cutoffs = {(part.cube, part.cutoff) for part in parts}
    found = []
    for name in releases(destination):
        try:
            release = Release.open(destination / name)
            if release.synthetic or not cutoffs & _cutoffs(release.manifest):
                continue
            kept = cubes_of(release, wanted)
        except (ReleaseError, OSError, ValueError):  # a release that cannot be read tells nothing
            continue
        found += [Earlier(name, kept.parts[title], cube, kept.frames[title]) for title, cube in kept.cubes.items()]
    return found


def _cutoffs(manifest: Manifest) -> set[tuple[str, str]]:
    """The tables of a release with each of the cut-offs that they rest on, as its manifest says."""
    files = [item for item in manifest["archivos"] if item.get("tabla")]
    every = {(str(item["tabla"]), source["corte"]) for item in files for source in item["fuentes"]}
    return every | {(str(item["tabla"]), item["corte"]) for item in files}
