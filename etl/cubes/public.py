"""What anybody already has about the people of a cube: published tables of the same cut-off, and earlier releases.

A count that is already public cannot be hidden any more, and whoever reads it can subtract it: the protection and the
attack take all of it into account.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import pandas as pd
import pyarrow.parquet as pq

from etl import fields
from etl.country import departamentos_of
from etl.cubes.declared import CUBES, Cube
from etl.cubes.parts import CUTOFF, Part, columns_of, split
from etl.disclosure.frames import Known
from etl.disclosure.like import state_columns
from etl.disclosure.policy import CellStatus
from etl.model import TOTAL, Frames, Table
from etl.release import FileFacts, Kept, Past, Release, ReleaseError

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
    for declared in CUBES:
        for item in (item for item in release.manifest["archivos"] if item.get("tabla") == declared.name):
            for part, cube, rows in _parts(release, declared, item, wanted):
                found.cubes[str(part)], found.frames[str(part)], found.parts[str(part)] = cube, rows, part
    return found


def _parts(
    release: Release, declared: Cube, file: FileFacts, wanted: Container[str] | None
) -> Iterator[tuple[Part, Cube, pd.DataFrame]]:
    frame = pd.read_parquet(release.table(declared.name))
    for part, cube, rows in split(declared, frame, file["corte"]):
        if wanted is None or str(part) in wanted:
            yield part, cube, rows


@dataclass(frozen=True, eq=False)
class Earlier:
    """One part of a cube as some kept releases published it, all the same."""

    releases: tuple[str, ...]
    part: Part
    cube: Cube
    frame: pd.DataFrame

    def contradicts(self, exact: pd.DataFrame) -> bool:
        """Whether it gave other figures: then its sums are not of the same people. A group that `exact` breaks people down
        by and does not have counts nobody; of what it does not break down by, it says nothing.
        """
        columns = list(self.cube.columns)
        other = exact.assign(**dict.fromkeys([name for name in columns if name not in exact], TOTAL))
        both = self.frame.merge(other, on=columns, how="left", suffixes=("", "|"))
        comparable = broken_down(self.frame, columns).isin(broken_down(other, columns).unique())
        for item in (item for item in self.cube.measures if item.name in exact):
            shown = both[item.name].notna() & comparable.to_numpy()
            if (both.loc[shown, item.name] != both.loc[shown, f"{item.name}|"].fillna(0)).any():
                return True
        return False

    def adds_to(self, published: pd.DataFrame) -> bool:
        """Whether it shows a count that `published` hides."""
        columns = list(self.cube.columns)
        other = published.assign(**dict.fromkeys([name for name in columns if name not in published], TOTAL))
        both = self.frame.merge(other, on=columns, how="left", suffixes=("", "|"))
        measures = [item.name for item in self.cube.measures if item.name in published]
        return any((both[name].notna() & both[f"{name}|"].isna()).any() for name in measures)


def broken_down(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """By which of `columns` each row is broken down, as one number: the same for the rows of one table."""
    filled = pd.Series(0, index=frame.index)
    for position, name in enumerate(columns):
        filled += (frame[name] != TOTAL).astype("int64") * 2**position
    return filled


def earlier(past: Past, parts: Collection[Part]) -> list[Earlier]:
    """What the kept releases publish of `parts`: same cube, cut-off and election. What cannot be read tells nothing."""
    wanted = {str(part) for part in parts}
    cutoffs = {(part.cube, part.cutoff) for part in parts}
    declared = {cube.name: cube for cube in CUBES}
    tellers: dict[tuple[str, str], list[tuple[Release, FileFacts]]] = {}
    for kept in past.kept.values():
        release = kept.release
        for item in release.manifest["archivos"] if release else ():
            table = item.get("tabla")
            if release and table in declared and cutoffs & _cutoffs(item):
                tellers.setdefault((table, item["sha256"]), []).append((release, item))
    found = []
    for (table, _), told in tellers.items():
        names = tuple(sorted(release.id for release, _ in told))
        for release, item in told:
            try:
                own = list(_parts(release, declared[table], item, wanted))
            except (ReleaseError, OSError, ValueError):
                continue
            found += [Earlier(names, part, cube, rows) for part, cube, rows in own]
            break
    return found


def _cutoffs(file: FileFacts) -> set[tuple[str, str]]:
    """The table of a file with each of the cut-offs that it rests on, as the manifest says."""
    every = [file["corte"], *(source["corte"] for source in file["fuentes"])]
    return {(str(file["tabla"]), cutoff) for cutoff in every}


def parts_told(kept: Kept) -> set[Part]:
    """Every part of a cube that a kept release published: as its tables say or, of one that is damaged, its manifest."""
    found: set[Part] = set()
    release = kept.release
    if release is None:
        return found
    lost = {item["nombre"]: item.get("utilidad", []) for item in release.manifest["datasets"]}
    for declared in CUBES:
        for item in (item for item in release.manifest["archivos"] if item.get("tabla") == declared.name):
            try:
                path = release.table(declared.name)
                columns = [name for name in columns_of(declared) if name in pq.read_schema(path).names]
                rows = pd.read_parquet(path, columns=columns).drop_duplicates()
                keys = rows.assign(**({} if CUTOFF in rows else {CUTOFF: item["corte"]}))
                for key in keys[list(columns_of(declared))].itertuples(index=False):
                    found.add(Part(declared.name, *map(str, key)))
            except (ReleaseError, OSError, ValueError, KeyError):
                for one in lost.get(item["dataset"], ()):
                    found.add(Part(declared.name, one.get("corte", item["corte"]), one.get("eleccion", "")))
    return found
