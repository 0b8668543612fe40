"""From a cube's frame to the system of its cells and back: what is published of it.

A frame has one row per cell: text columns that say which cell it is (`TOTAL` where it is not broken down) and one count
per measure. The first measure counts everybody in the cell; a second one, those of them who did something (voted), and
then those who did not are cells too, though no column shows them: a reader would only have to subtract.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from etl.disclosure.audit import PublishedSystem
from etl.disclosure.like import CubeLike, Cubes, Frames, acts, policy_of, state_columns
from etl.disclosure.policy import CellStatus
from etl.disclosure.suppression import Protection, protect
from etl.disclosure.tables import TOTAL, Axis, Cross, Ints, Nest, Tables, TablesError, link

DID, DID_NOT = "voto", "no_voto"
MAYA = "maya"
WITHOUT_COUNT = (CellStatus.CONFIDENCIAL.value, CellStatus.NO_TABULADA.value)
ENOUGH = 0.25  # of the groups of a table must be publishable by themselves, or the table is withheld


@dataclass(frozen=True)
class Layout:
    """Where the counts of some frames are in one system: a position per row, for each cube and measure.

    A row of a table that is withheld whole (`told`) has no position: -1.
    """

    tables: Tables
    cells: dict[tuple[str, str], Ints]

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
        return _with_the_rest(self.tables, counts)


def layout(cubes: Cubes, frames: Frames, nested: bool = True) -> Layout:
    """The system of the cells of cubes that count the same people, linked where they share a cell.

    Raises TablesError if a frame has a row that is in no cross, or the same cell twice. With `nested`, the Maya are
    taken to be those with a linguistic community. A value that is the only part of another (the only city of a state)
    is the same cell under two names.
    """
    for name, cube in cubes.items():
        if frames[name].duplicated([level.name for item in cube.dimensions for level in item.levels]).any():
            raise TablesError(f"{name}: hay celdas repetidas")
    columns = _without_only_parts({name: _columns(cube, frames[name]) for name, cube in cubes.items()})
    names = list(dict.fromkeys(axis for own in columns.values() for axis in own))
    axes = [_axis(name, {v for own in columns.values() if name in own for v in own[name].unique()}) for name in names]
    axes += [Axis.flat(act, [DID, DID_NOT]) for act in acts(cubes)]
    crosses = [cross for name, cube in cubes.items() for cross in _crosses(cube, columns[name], frames[name])]
    tables = link(axes, crosses, _nests(axes) if nested else ())
    cells = {}
    for name, cube in cubes.items():
        for part, measure in enumerate(cube.measures):
            cells[name, measure.name] = _positions(tables, columns[name], cube.act if part else None)
    return Layout(tables, cells)


def same_people(cubes: Cubes, frames: Frames) -> list[dict[str, CubeLike]]:
    """The cubes in groups that count the same people: what they share must be protected together.

    Exact frames: cubes with a common dimension whose totals agree wherever they overlap.
    """
    groups: list[dict[str, CubeLike]] = []
    for name, cube in cubes.items():
        for group in groups:
            together = {**group, name: cube}
            if _axes_of(cube) & set().union(*map(_axes_of, group.values())) and _agree(together, frames):
                group[name] = cube
                break
        else:
            groups.append({name: cube})
    return groups


Known = Mapping[str, tuple[CubeLike, pd.DataFrame]]


def protect_frames(
    cubes: Cubes, frames: Frames, progress: Callable[[str], None] = lambda _: None, known: Known | None = None
) -> tuple[dict[str, pd.DataFrame], list[tuple[Layout, Protection]]]:
    """What may be published of exact frames: the same rows, empty counts where hidden, and the flag columns.

    Cubes that count the same people are protected as one system, together with what is `known` of them: published cubes
    (flags included) whose counts cannot be hidden any more. Those that count other people are left out. Raises
    DisclosureError if that cannot be done, and TablesError if a frame contradicts itself.
    """
    published: dict[str, pd.DataFrame] = {}
    protections = []
    for group in same_people(cubes, frames):
        own, made = protect_together(group, frames, progress, known)
        published |= own
        protections.append(made)
    return {name: published[name] for name in frames}, protections


def protect_together(
    group: Cubes, frames: Frames, progress: Callable[[str], None] = lambda _: None, known: Known | None = None
) -> tuple[dict[str, pd.DataFrame], tuple[Layout, Protection]]:
    """What may be published of the frames of cubes that count the same people: `protect_frames`, of one group."""
    published = {name: frames[name].copy() for name in group}
    together, given = with_known(group, frames, known or {})
    place, values = _exact(together, given)
    public = np.zeros(place.tables.cells, dtype=bool)
    for (name, measure), cells in place.cells.items():
        if name not in group:
            public[cells[(cells >= 0) & given[name][measure].notna().to_numpy()]] = True
    protection = protect(place.tables, values, policy_of(group), public=public, progress=progress)
    states = protection.states()
    for (name, measure), cells in place.cells.items():
        if name not in group:
            continue
        own = published[name]
        hidden = protection.hidden[cells] | (cells < 0)
        own[measure] = own[measure].astype("Int64").mask(hidden)
        flags = np.where(cells < 0, CellStatus.NO_TABULADA.value, states[cells])
        own[state_columns(group[name])[measure]] = pd.Series(flags, index=own.index, dtype="str")
    return published, (place, protection)


def with_known(group: Cubes, frames: Frames, known: Known) -> tuple[dict[str, CubeLike], dict[str, pd.DataFrame]]:
    """A group of cubes with every one that is known of the same people, and the frames of all."""
    together, given = dict(group), {name: frames[name] for name in group}
    for name, (cube, frame) in known.items():
        candidate = {**together, name: cube}
        if _axes_of(cube) & set().union(*map(_axes_of, group.values())) and _agree(candidate, {**given, name: frame}):
            together, given[name] = candidate, frame
    return together, given


def published_system(cubes: Cubes, frames: Frames) -> PublishedSystem:
    """What a reader knows from published frames that count the same people, for the attack.

    Raises TablesError if counts and flags disagree, or if the frames contradict each other.
    """
    for name, cube in cubes.items():
        for measure, flag in state_columns(cube).items():
            if (frames[name][measure].isna() != frames[name][flag].isin(WITHOUT_COUNT)).any():
                raise TablesError(f"{name}: hay celdas confidenciales con cifra, o sin cifra y sin decir por qué")
    place = layout(cubes, frames)
    counts = place.counts(frames)
    if _contradicted(place.tables, counts):  # not every Maya has a community: then that is no equation
        place = layout(cubes, frames, nested=False)
    return PublishedSystem(place.tables, counts, policy_of(cubes).thresholds(place.tables))


def _exact(cubes: Cubes, frames: Frames) -> tuple[Layout, Ints]:
    """The system of exact frames, and its values; nested if that is true of them.

    A cell that only what is known has, hidden, counts nobody: the exact frames have every cell with somebody.
    """
    place = layout(cubes, frames)
    counts = np.nan_to_num(place.counts(frames))
    if _contradicted(place.tables, counts):
        place = layout(cubes, frames, nested=False)
    return place, counts.astype(np.int64)


def _contradicted(tables: Tables, counts: np.ndarray) -> bool:
    """Whether some sum of published counts does not hold."""
    if not tables.nests:
        return False
    gap = np.bincount(tables.equation, tables.sign * counts[tables.cell], tables.equations)
    return bool((np.abs(np.nan_to_num(gap)) > 0.5).any())


def _agree(cubes: Cubes, frames: Frames) -> bool:
    try:
        layout(cubes, frames, nested=False).counts(frames)
    except TablesError:
        return False
    return True


def _axes_of(cube: CubeLike) -> set[str]:
    return {dimension.levels[0].name for dimension in cube.dimensions[:1]}


# --- Pieces -------------------------------------------------------------------------------------------------------------


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


Margin = tuple[tuple[str, int], ...]  # what a table breaks people down by: dimensions with how many of their levels


def told(cube: CubeLike, frame: pd.DataFrame, nodes: Mapping[str, pd.Series], part: int) -> list[Margin]:
    """The tables in which a measure is told at all, the largest of them.

    In an exact frame, those where enough groups could be published by themselves: a table of which nearly every cell is
    confidential tells nothing, and costs what must be hidden around it. In a published one, those its flags say.
    Raises TablesError if the frame has a row of a table that is in no cross.
    """
    depth = pd.DataFrame({name: _depths(node) for name, node in nodes.items()}, index=frame.index)
    least = np.where((depth[[name for name in depth if name in cube.sensitive]] > 0).any(axis=1), 1, 0)
    least = np.where(least, cube.sensitive_threshold, cube.threshold)
    everybody, own = frame[cube.measures[0].name], frame[cube.measures[part].name]
    flag = state_columns(cube)[cube.measures[part].name]
    if flag in frame:
        shown = frame[flag] != CellStatus.NO_TABULADA.value
        counts = pd.DataFrame({"safe": shown, "rows": shown})
    else:
        safe = (own >= least) & (True if part == 0 else everybody - own >= least)
        counts = pd.DataFrame({"safe": safe, "rows": everybody > 0})
    margins = counts.groupby([depth[name] for name in depth]).sum()
    declared = [frozenset(field.name for field in cross) for cross in cube.crosses]
    found: list[Margin] = []
    for depths, safe, rows in zip(margins.index, margins["safe"], margins["rows"], strict=True):
        depths = depths if isinstance(depths, tuple) else (depths,)
        margin = tuple((name, int(many)) for name, many in zip(nodes, depths, strict=True) if many)
        if not any({name for name, _ in margin} <= cross for cross in declared):
            raise TablesError(f"{cube.name}: hay filas que no son de ningún cruce declarado")
        enough = not margin or (rows and safe >= ENOUGH * rows)
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


def _crosses(cube: CubeLike, columns: Mapping[str, pd.Series], frame: pd.DataFrame) -> list[Cross]:
    """The tables of everybody, and those of who did and who did not."""
    made = []
    for part, _ in enumerate(cube.measures):
        for margin in told(cube, frame, columns, part):
            shows: dict[str, list[str] | None] = {
                name: [node for node in columns[name].unique() if node != TOTAL and node.count("/") < depth]
                for name, depth in margin
            }
            title = " × ".join([name for name, _ in margin] + [cube.act] * part) or TOTAL
            made.append(Cross(f"{cube.name}: {title}", shows | ({cube.act: None} if part else {})))
    return made


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


def _positions(tables: Tables, columns: Mapping[str, pd.Series], act: str | None) -> Ints:
    """The cell of each row: of everybody, or of those who did `act`; -1 where it is withheld."""
    rows = len(next(iter(columns.values())))
    coordinates = np.zeros((rows, len(tables.axes)), dtype=np.int64)
    for position, axis in enumerate(tables.axes):
        if axis.name in columns:
            coordinates[:, position] = columns[axis.name].map(axis.number).to_numpy(dtype=np.int64)
        if axis.name == act:
            coordinates[:, position] = axis.number[DID]
    return tables.find(coordinates)


def _with_the_rest(tables: Tables, values: np.ndarray) -> np.ndarray:
    """`values` with those who did not, wherever there is an axis of what people did: everybody minus those who did."""
    for position, axis in enumerate(tables.axes):
        if DID_NOT not in axis.number:
            continue
        rest = np.flatnonzero(tables.coordinates[:, position] == axis.number[DID_NOT])
        everybody, did = tables.coordinates[rest].copy(), tables.coordinates[rest].copy()
        everybody[:, position], did[:, position] = 0, axis.number[DID]
        values[rest] = values[tables.find(everybody)] - values[tables.find(did)]
    return values
