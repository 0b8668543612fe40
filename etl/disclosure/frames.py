"""From a cube's frame to the system of its cells and back: what is published of it.

A frame has one row per cell: text columns that say which cell it is (`TOTAL` where it is not broken down) and one count
per measure. The first measure counts everybody in the cell; a second one, those of them who did something (voted), and
then those who did not are cells too, though no column shows them: a reader would only have to subtract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from etl.disclosure.audit import PublishedSystem
from etl.disclosure.layout import Layout, layout
from etl.disclosure.like import CubeLike, Cubes, Frames, columns_of, everybody_there, policy_of, state_columns
from etl.disclosure.links import SUBJECT, People, who
from etl.disclosure.policy import CellStatus
from etl.disclosure.suppression import Protection, protect
from etl.disclosure.tables import TOTAL, Bools, Ints, TablesError

WITHOUT_COUNT = (CellStatus.CONFIDENCIAL.value, CellStatus.NO_TABULADA.value)
Known = Mapping[str, tuple[CubeLike, pd.DataFrame]]
#: Other counts of the people of a cube, at another moment, by its name: `frames` with the same columns.
Before = Mapping[str, Sequence[pd.DataFrame]]


def same_people(cubes: Cubes, frames: Frames) -> list[dict[str, CubeLike]]:
    """The cubes in groups that count the same people, or some of them: what they share must be protected together."""
    return [
        {name: cubes[name] for name in cubes if any(name in one.cubes for one in people.every())}
        for people in who(cubes, frames)
    ]


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
    group: Cubes,
    frames: Frames,
    progress: Callable[[str], None] = lambda _: None,
    known: Known | None = None,
    before: Before | None = None,
) -> tuple[dict[str, pd.DataFrame], tuple[Layout, Protection]]:
    """What may be published of the frames of cubes that count the same people: `protect_frames`, of one group.

    `before` are the counts of the same groups at other cut-offs: a cell that changed by fewer people than its threshold is
    confidential too, if it is of a sensitive group or of what people did (`etl.disclosure.policy`).
    """
    published = {name: frames[name].copy() for name in group}
    together, given = with_known(group, frames, known or {})
    place, values = _exact(together, given)
    public = place.silent
    for (name, measure), cells in place.cells.items():
        if name not in group:
            public[cells[(cells >= 0) & given[name][measure].notna().to_numpy()]] = True
    policy = policy_of(group)
    changed = _changed(place, group, frames, before or {}, policy.thresholds(place.tables))
    protection = protect(
        place.tables,
        values,
        policy,
        public=public,
        progress=progress,
        implied=place.implied,
        also=changed,
        plain=_plain(place, group),
    )
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
        candidate, wanted = {**together, name: cube}, {**given, name: frame}
        beside = [one for people in who(candidate, wanted) for one in people.every() if name in one.cubes]
        if len(beside[0].cubes) > 1:
            together, given = candidate, wanted
    return together, given


def published_system(cubes: Cubes, frames: Frames) -> PublishedSystem:
    """What a reader knows from published frames that count the same people, for the attack.

    Raises TablesError if counts and flags disagree, or if the frames contradict each other.
    """
    for name, cube in cubes.items():
        for measure, flag in state_columns(cube).items():
            if (frames[name][measure].isna() != frames[name][flag].isin(WITHOUT_COUNT)).any():
                raise TablesError(f"{name}: hay celdas confidenciales con cifra, o sin cifra y sin decir por qué")
    people = _one_system(cubes, frames)
    place = layout(cubes, frames, people)
    counts = place.counts(frames)
    if _contradicted(place, counts):  # not every Maya has a community: then that is no equation
        place = layout(cubes, frames, people, nested=False)
        counts = place.counts(frames)
    policy = policy_of(cubes)
    implied = np.zeros(place.tables.cells, dtype=bool)
    implied[place.implied[:, 0]] = True
    tables = place.tables
    return PublishedSystem(tables, counts, policy.thresholds(tables), implied, policy.behaviour(tables))


def _one_system(cubes: Cubes, frames: Frames) -> People:
    found = who(cubes, frames)
    if len(found) != 1:
        raise TablesError("dos tablas dan cifras distintas para la misma celda: no cuentan a las mismas personas")
    return found[0]


def _exact(cubes: Cubes, frames: Frames) -> tuple[Layout, Ints]:
    """The system of exact frames, and its values; nested if that is true of them.

    A cell that only what is known has, hidden, counts nobody: the exact frames have every cell with somebody.
    """
    people = _one_system(cubes, frames)
    place = layout(cubes, frames, people)
    counts = np.nan_to_num(place.counts(frames))
    if _contradicted(place, counts):
        place = layout(cubes, frames, people, nested=False)
        counts = np.nan_to_num(place.counts(frames))
    return place, counts.astype(np.int64)


def _contradicted(place: Layout, counts: np.ndarray) -> bool:
    """Whether some sum of published counts does not hold, when some are only supposed."""
    tables = place.tables
    if not tables.nests:
        return False
    gap = np.bincount(tables.equation, tables.sign * counts[tables.cell], tables.equations)
    return bool((np.abs(np.nan_to_num(gap)) > 0.5).any())


def _plain(place: Layout, group: Cubes) -> Bools:
    """The cells that only say how many people there are in a place: of everybody, of a roll, or of who voted."""
    places = {cube.dimensions[0].levels[-1].name for cube in group.values()} | {SUBJECT}
    others = [position for position, axis in enumerate(place.tables.axes) if axis.name not in places]
    plain: Bools = (place.tables.coordinates[:, others] == 0).all(axis=1)
    return plain


def _changed(place: Layout, group: Cubes, frames: Frames, before: Before, thresholds: Ints) -> Bools:
    """The cells of a sensitive group, or of what people did, that changed since `before` by fewer than their threshold.

    But for a group that is everybody of its place, then and now: its change is that of the place, which anybody may know.
    """
    changed = np.zeros(place.tables.cells, dtype=bool)
    for name, cube in group.items():
        for other in before.get(name, ()):
            keys = [column for column in columns_of(cube) if column in other]
            first = cube.measures[0].name
            other = other.assign(alone=everybody_there(cube, other, first))
            beside = frames[name][columns_of(cube)].merge(other, on=keys, how="left")
            alone = beside["alone"].eq(True).to_numpy() & everybody_there(cube, frames[name], first).to_numpy()
            sensitive = (beside[[c for c in cube.attributes if c in beside]] != TOTAL).any(axis=1).to_numpy()
            still = (beside[[c for c in cube.passing if c in beside]] == TOTAL).all(axis=1).to_numpy()
            for part, measure in enumerate(item.name for item in cube.measures if item.name in other):
                was = beside[measure].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
                moved = np.abs(frames[name][measure].to_numpy(dtype=float) - was)
                cells = place.cells[name, measure]
                small = (cells >= 0) & (moved > 0) & (moved < thresholds[cells])
                changed[cells[small & still & ((sensitive & ~alone) | (part > 0))]] = True
    return changed
