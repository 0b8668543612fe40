"""What anybody already has about the people of a cube: published tables of the same cut-off, and earlier releases.

A count that is already public cannot be hidden any more, and whoever reads it can subtract it: the protection and the
attack take all of it into account.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from math import prod
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from etl.cubes.declared import CUBES, Cube, Dimension
from etl.cubes.parts import CUTOFF, Part, columns_of, split
from etl.cubes.rows import counts_the_same, is_dated, people_of
from etl.disclosure.frames import Known
from etl.disclosure.like import state_columns
from etl.disclosure.policy import CellStatus
from etl.model import TOTAL, Frames, Table
from etl.release import FileFacts, Kept, Past, Release, ReleaseError, releases

# --- Published tables -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One published table: its declaration, its cut-off (ISO) and how to read it; and where it is, if not in the release."""

    table: Table
    cutoff: str
    frame: Callable[[], pd.DataFrame]
    where: str = ""


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
        same = [title for title, cube in cubes.items() if counts_the_same(cube, item.table)]
        rows = item.frame() if same else pd.DataFrame()
        for title in same:
            part, cube = parts[title], cubes[title]
            for source, dimensions, own in people_of(cube, part, item.table, item.cutoff, rows):
                name = f"{item.table.name}{item.where}{f' de {source}' if source else ''} ({part})"
                made = _as_cube(cube, frames[title], name, dimensions, own)
                if made is not None:
                    found.append(SamePeople(item.table.name, part, *made))
    return found


def known(tables: Iterable[SamePeople]) -> Known:
    """The same as `etl.disclosure.frames` wants it."""
    return {item.cube.name: (item.cube, item.frame) for item in tables}


def _as_cube(
    cube: Cube, exact: pd.DataFrame, name: str, told: Sequence[Dimension], rows: pd.DataFrame
) -> tuple[Cube, pd.DataFrame] | None:
    """`rows` added up at every level of the dimensions that are `told`; None if they lack a cell, or speak of others."""
    count, levels = cube.measures[0].name, [level.name for one in told for level in one.levels]
    finest = [one.levels[-1].name for one in told]
    rows = rows.groupby(levels, observed=True)[count].sum(min_count=1).reset_index()
    if len(rows) != prod(rows[level].nunique() for level in finest):
        return None
    if any(not set(rows[level]) <= set(exact[level]) for level in finest):
        return None
    broken = {one.levels[0].name for one in told}
    used = [one for one in cube.dimensions if one.levels[0].name in broken]
    made = replace(
        cube,
        name=name,
        measures=cube.measures[:1],
        dimensions=(
            *(cube.dimensions[:1] if cube.dimensions[0] not in used else ()),
            *used,
        ),  # the first says who they are
        crosses=(tuple(one.field for one in used),),
    )
    return made, _with_totals(made, rows, set(levels))


def _with_totals(cube: Cube, rows: pd.DataFrame, levels: Container[str]) -> pd.DataFrame:
    """Every cell of the only cross of `cube` down to the `levels` that the rows have, added up, all of them published."""
    count = cube.measures[0].name
    parts = []
    for margin in (one for one in cube.margins if all(name in levels for name in one)):
        summed = rows.groupby(list(margin))[count].sum().reset_index() if margin else rows[[count]].sum().to_frame().T
        parts.append(summed.assign(**{name: TOTAL for name in cube.columns if name not in margin}))
    made = pd.concat(parts, ignore_index=True).astype({count: "Int64"})
    return made.assign(**dict.fromkeys(state_columns(cube).values(), CellStatus.PUBLICADA.value))


def told_before(destination: Path, now: Sequence[Told], parts: Collection[Part]) -> list[Told]:
    """The tables of the cut-offs of `parts` that only kept releases still have: a newer delivery took their place.

    A table that has every cut-off among its rows is in the newest release. What cannot be read tells nothing.
    """
    cutoffs = {part.cutoff for part in parts if not part.election}
    declared = {item.table.name: item for item in now}
    found: dict[tuple[str, str], Told] = {}
    for name in releases(destination):
        try:
            release = Release.open(destination / name, whole=False)
        except ReleaseError:
            continue
        for file in release.manifest["archivos"] if not release.synthetic else ():
            own = declared.get(str(file["tabla"]))
            if own is None or is_dated(own.table) or file["corte"] not in cutoffs - {own.cutoff}:
                continue
            if not any(counts_the_same(cube, own.table) for cube in CUBES):
                continue
            with suppress(ReleaseError):
                read = partial(pd.read_parquet, release.table(own.table.name))
                where = f" en {name}"
                found.setdefault((file["tabla"] or "", file["sha256"]), Told(own.table, file["corte"], read, where))
    return list(found.values())


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
