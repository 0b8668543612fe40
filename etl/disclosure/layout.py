"""Where the counts of frames are in one system of cells: its axes, its crosses and the place of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.disclosure.like import CubeLike, Cubes, Frames, columns_of, depth_of, state_columns
from etl.disclosure.links import SUBJECT, People, acts_of, did_not, subject
from etl.disclosure.policy import CellStatus
from etl.disclosure.tables import TOTAL, Axis, Bools, Cross, Ints, Nest, Tables, TablesError, link

MAYA = "maya"
ENOUGH = 0.25  # of the groups of a table must be publishable by themselves, or the table is withheld
FEW = 0.45  # … and at most this part of them may leave few people when they are subtracted from the larger set's
SPARED = 10  # … but for so few of them
Margin = tuple[tuple[str, int], ...]  # what a table breaks people down by: dimensions with how many of their levels


@dataclass(frozen=True)
class Layout:
    """Where the counts of some frames are in one system: a position per row, for each cube and measure.

    A row of a table that is withheld whole (`told`) has no position: -1. `implied` are the cells that no table shows and a
    reader gets by subtracting: n x 3 positions (cell, whole, the other part).
    """

    tables: Tables
    cells: dict[tuple[str, str], Ints]
    implied: Ints

    def counts(self, frames: Frames) -> np.ndarray:
        """One count per cell of the system, NaN where it is hidden; a cell without a row counts nobody.

        Raises TablesError when two frames give different counts for the same cell.
        """
        counts = np.zeros(self.tables.cells)
        told = np.zeros(self.tables.cells, dtype=bool)
        for (cube, measure), places in self.cells.items():
            own = frames[cube][measure].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            own, cells = own[places >= 0], places[places >= 0]
            twice = told[cells] & ~np.isnan(own) & ~np.isnan(counts[cells])
            if (counts[cells][twice] != own[twice]).any():
                raise TablesError(
                    "dos tablas dan cifras distintas para la misma celda: no cuentan a las mismas personas"
                )
            counts[cells] = np.where(told[cells] & np.isnan(own), counts[cells], own)
            if (~np.isnan(own) & (counts[cells] != own)).any():
                raise TablesError(f"{cube}: un lugar con una sola parte no tiene las personas de esa parte")
            told[cells] = True
        cell, whole, part = self.implied.T
        counts[cell] = counts[whole] - counts[part]
        return counts

    @property
    def silent(self) -> Bools:
        """The cells that no row tells and nobody can subtract: there is nobody in them, and nothing can be hidden there."""
        silent = np.ones(self.tables.cells, dtype=bool)
        silent[self.implied[:, 0]] = False
        for cells in self.cells.values():
            silent[cells[cells >= 0]] = False
        return silent


def layout(cubes: Cubes, frames: Frames, people: People, nested: bool = True) -> Layout:
    """The system of the cells of the cubes of `people` and of those within them, linked where they share a cell.

    Raises TablesError if a frame has a row that is in no cross, or the same cell twice. With `nested`, the Maya are
    taken to be those with a linguistic community. A value that is the only part of another (the only city of a state)
    is the same cell under two names.
    """
    for name, cube in cubes.items():
        if frames[name].duplicated(columns_of(cube)).any():
            raise TablesError(f"{name}: hay celdas repetidas")
    columns = _without_only_parts({name: _columns(cube, frames[name]) for name, cube in cubes.items()})
    names = list(dict.fromkeys(axis for own in columns.values() for axis in own))
    axes = [_axis(name, {v for own in columns.values() if name in own for v in own[name].unique()}) for name in names]
    axes.append(subject(people, cubes))
    crosses = _Crosses(people, cubes, frames, columns, axes).of(people)
    tables = link(axes, crosses, _nests(axes) if nested else ())
    cells = {}
    for one in people.every():
        for name in one.cubes:
            for part, measure in enumerate(cubes[name].measures):
                cells[name, measure.name] = _positions(tables, columns[name], cubes[name].act if part else one.node)
    return Layout(tables, cells, _implied(tables, people, cubes))


# --- Rows ---------------------------------------------------------------------------------------------------------------


def _columns(cube: CubeLike, frame: pd.DataFrame) -> dict[str, pd.Series]:
    """The node of each row on each axis: its codes from the coarsest on, as far as they go («01/0101», «01», «total»)."""
    if len(cube.measures) > 2:
        raise TablesError(f"{cube.name}: solo se sabe proteger un conteo, o un conteo y una parte de él")
    found = {}
    for dimension in cube.dimensions:
        first, *others = [frame[level.name].astype("str") for level in dimension.levels]
        for values in others:
            first = first.where(values == TOTAL, first + "/" + values)
        found[dimension.levels[-1].name] = first
    return found


def _without_only_parts(columns: dict[str, dict[str, pd.Series]]) -> dict[str, dict[str, pd.Series]]:
    """The same nodes, with every only part called by the name of what it is the only part of."""
    for name in {axis for own in columns.values() for axis in own}:
        parents = _axis(name, {node for own in columns.values() if name in own for node in own[name].unique()}).parents
        parts = Counter(parents.values())
        names = {TOTAL: TOTAL}
        for node in sorted(parents, key=lambda item: item.count("/")):
            above = names[parents[node]]
            short = node.rpartition("/")[2]
            names[node] = above if parts[parents[node]] == 1 else short if above == TOTAL else f"{above}/{short}"
        for own in columns.values():
            if name in own:
                own[name] = own[name].map(names)
    return columns


def told(
    cube: CubeLike, frame: pd.DataFrame, nodes: Mapping[str, pd.Series], part: int, rest: pd.Series | None = None
) -> list[Margin]:
    """The tables in which a measure is told at all, the largest of them.

    In an exact frame, those where enough groups could be published by themselves: a table of which nearly every cell is
    confidential tells nothing, and costs what must be hidden around it. So does one that leaves few people nearly everywhere
    when it is subtracted from a larger one (`rest` of each row; missing where it is not). In a published one, those its
    flags say. Raises TablesError if the frame has a row of a table that is in no cross.
    """
    depth = pd.DataFrame({name: _depths(node) for name, node in nodes.items()}, index=frame.index)
    least = np.where((depth[[name for name in depth if name in cube.sensitive]] > 0).any(axis=1), 1, 0)
    least = np.where(least, cube.sensitive_threshold, cube.threshold)
    everybody, own = frame[cube.measures[0].name], frame[cube.measures[part].name]
    flag = state_columns(cube)[cube.measures[part].name]
    if flag in frame:
        shown = frame[flag] != CellStatus.NO_TABULADA.value
        counts = pd.DataFrame({"safe": shown, "rows": shown, "few": False})
    else:
        safe = (own >= least) & (True if part == 0 else everybody - own >= least)
        few = (rest > 0) & (rest < least) if rest is not None else pd.Series(False, index=frame.index)
        counts = pd.DataFrame({"safe": safe, "rows": everybody > 0, "few": few})
    margins = counts.groupby([depth[name] for name in depth]).sum()
    declared = [depth_of(cube, cross) for cross in cube.crosses]
    pairs = {
        name: node.nunique() == 3 for name, node in nodes.items()
    }  # of two values and the total: to hide one is to hide both
    found: list[Margin] = []
    for depths, safe, rows, few in zip(margins.index, *(margins[name] for name in counts), strict=True):
        depths = depths if isinstance(depths, tuple) else (depths,)
        margin = tuple((name, int(many)) for name, many in zip(nodes, depths, strict=True) if many)
        if not any(_inside(margin, cross) for cross in declared):
            raise TablesError(f"{cube.name}: hay filas que no son de ningún cruce declarado")
        lost = few * (2 if any(pairs[name] for name, _ in margin) else 1)
        enough = not margin or (rows and safe >= ENOUGH * rows and lost <= max(FEW * rows, SPARED))
        if enough and all(above in found for above in _above(margin)):  # those come before: they fill fewer levels
            found.append(margin)
    return [margin for margin in found if not any(margin in _above(other) for other in found)]


def _depths(nodes: pd.Series) -> pd.Series:
    """How many levels of its axis each node fills: none if it is the total."""
    return nodes.map({node: 0 if node == TOTAL else node.count("/") + 1 for node in nodes.unique()})


def _above(margin: Margin) -> list[Margin]:
    """The tables that a table adds up to: with one level less of one dimension."""
    less = [[(n, d - (n == name)) for n, d in margin] for name, _ in margin]
    return [tuple((name, depth) for name, depth in item if depth) for item in less]


class _Crosses:
    """The tables of a system: of everybody in each set of people, of what they did, and of those whom another set lacks."""

    def __init__(
        self,
        people: People,
        cubes: Cubes,
        frames: Frames,
        columns: Mapping[str, Mapping[str, pd.Series]],
        axes: Sequence[Axis],
    ) -> None:
        self.cubes, self._frames, self._columns = cubes, frames, columns
        self._nodes = {axis.name: axis.nodes[1:] for axis in axes if axis.name != SUBJECT}
        self._told = {
            (name, part): told(cubes[name], frames[name], columns[name], part, self._rest(one, name))
            for one in people.every()
            for name in one.cubes
            for part, _ in enumerate(cubes[name].measures)
        }

    def _rest(self, one: People, name: str) -> pd.Series | None:
        """How many of the larger set are not in each row of a cube; missing where that set does not count them so."""
        if one.within is None:
            return None
        mine, found = pd.DataFrame(self._columns[name]), pd.Series(np.nan, index=self._frames[name].index)
        linked = (mine[[axis for axis in mine if axis in one.apart]] == TOTAL).all(axis=1)
        for other in one.within.cubes:
            its = pd.DataFrame(self._columns[other])
            both = [axis for axis in mine if axis in its]
            counts = its[(its.drop(columns=both) == TOTAL).all(axis=1)][both]
            counts = counts.assign(n=self._frames[other][self.cubes[other].measures[0].name]).drop_duplicates(both)
            at = linked & (mine.drop(columns=both) == TOTAL).all(axis=1)
            beside = mine.loc[at, both].merge(counts, on=both, how="left")["n"].to_numpy(dtype=float, na_value=np.nan)
            own = self._frames[name].loc[at, self.cubes[name].measures[0].name]
            found[at] = np.where(np.isnan(beside), found[at], beside - own.to_numpy(dtype=float, na_value=np.nan))
        return found

    def of(self, people: People) -> list[Cross]:
        """All of them."""
        made = []
        for one in people.every():
            made += [self._cross(margin, one.name, [one.node]) for margin in self._margins(one)]
            for name in one.cubes:
                act = self.cubes[name].act
                made += [
                    self._cross(margin, act, [one.node, act, did_not(act)]) for margin in self._told.get((name, 1), ())
                ]
            if one.within:
                links = [one.within.node, one.node, one.rest]
                made += [self._cross(margin, one.rest, links) for margin in self._common(one, one.within)]
        return made

    def _margins(self, people: People) -> list[Margin]:
        return _largest([margin for name in people.cubes for margin in self._told[name, 0]])

    def _common(self, one: People, other: People) -> list[Margin]:
        """The tables that both sets of people have."""
        found = []
        for mine in self._margins(one):
            for its in map(dict, self._margins(other)):
                both = [(name, min(depth, its[name])) for name, depth in mine if name in its and name not in one.apart]
                found.append(tuple(both))
        return _largest(found)

    def _cross(self, margin: Margin, whose: str, subjects: list[str]) -> Cross:
        shows: dict[str, list[str] | None] = {
            name: [node for node in self._nodes[name] if node.count("/") < depth] for name, depth in margin
        }
        title = " × ".join([whose, *(name for name, _ in margin)])
        return Cross(title, shows | {SUBJECT: subjects}, frozenset({SUBJECT}))


def _largest(margins: Iterable[Margin]) -> list[Margin]:
    """Those that are not part of another, each once."""
    found = list(dict.fromkeys(tuple(sorted(margin)) for margin in margins))
    return [one for one in found if not any(one != other and _inside(one, dict(other)) for other in found)]


def _inside(one: Margin, other: Mapping[str, int]) -> bool:
    return all(depth <= other.get(name, 0) for name, depth in one)


def _implied(tables: Tables, people: People, cubes: Cubes) -> Ints:
    """The cells that are got by subtracting, as `Layout` says."""
    position = len(tables.axes) - 1
    axis = tables.axes[position]
    found = [np.zeros((0, 3), dtype=np.int64)]
    pairs = [(one.rest, one.within.node, one.node) for one in people.every() if one.within]
    pairs += [(did_not(act), one.node, act) for one in people.every() for act in acts_of(one, cubes)]
    for node, whole, part in pairs:
        cells = np.flatnonzero(tables.coordinates[:, position] == axis.number[node])
        around = []
        for other in (whole, part):
            coordinates = tables.coordinates[cells].copy()
            coordinates[:, position] = axis.number[other]
            around.append(tables.find(coordinates))
        found.append(np.column_stack([cells, *around]))
    return np.concatenate(found)


def _axis(name: str, nodes: Iterable[str]) -> Axis:
    parents: dict[str, str] = {}
    for node in sorted(nodes):
        while node != TOTAL:
            parent = node.rpartition("/")[0] or TOTAL
            parents[node] = parent
            node = parent
    return Axis(name, parents)


def _nests(axes: Sequence[Axis]) -> tuple[Nest, ...]:
    """The equation that the Maya are those with a linguistic community, for cells where no answer is missing."""
    known = {axis.name: axis for axis in axes}
    if not {"comunidad_linguistica", "pueblo"} <= set(known) or MAYA not in known["pueblo"].parents:
        return ()
    parts = tuple(value for value in known["comunidad_linguistica"].nodes[1:] if value not in ("no_aplica", "sin_dato"))
    missing = {"sin_dato"} & (set(known["comunidad_linguistica"].parents) | set(known["pueblo"].parents))
    return (Nest("comunidad_linguistica", parts, "pueblo", MAYA),) if parts and not missing else ()


def _positions(tables: Tables, columns: Mapping[str, pd.Series], whose: str) -> Ints:
    """The cell of each row, of the people or of the act `whose`; -1 where it is withheld."""
    rows = len(next(iter(columns.values())))
    coordinates = np.zeros((rows, len(tables.axes)), dtype=np.int64)
    for position, axis in enumerate(tables.axes):
        if axis.name in columns:
            coordinates[:, position] = columns[axis.name].map(axis.number).to_numpy(dtype=np.int64)
        if axis.name == SUBJECT:
            coordinates[:, position] = axis.number[whose]
    return tables.find(coordinates)
