"""The parts into which a large system of tables is taken, so that each linear program is small.

In a block only the cells of one branch of the largest hierarchy (a departamento with its municipios) are free, plus
those of the paths to a few well filled leaves, the hubs (the capital): what a departamento takes, a hub gives. Everything
else stays at its true value, so a point of a block is a point of the whole system, and what it proves is proved. The
opposite does not hold: a cell can be safe and need more than its block and the hub to show it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from etl.disclosure.tables import Axis, Bools, Ints, Tables

WHOLE = 3_000  # hidden cells up to which there is no need for blocks
MOST_HUBS = 3


def main_axis(tables: Tables) -> int | None:
    """Position of the axis with most branches; None if no axis has levels (one that is divided in several ways is no tree)."""
    branches = [0 if axis.ways else len(axis.children) for axis in tables.axes]
    return int(np.argmax(branches)) if max(branches, default=0) > 1 else None


def path(axis: Axis, node: int) -> list[int]:
    """`node` and everything it is part of, up to and including the total."""
    found = [node]
    while found[-1]:
        found.append(axis.number[axis.parents[axis.nodes[found[-1]]]])
    return found


def moved(tables: Tables, axis: int, cells: Ints, node: int | Ints) -> Ints:
    """The cells that are like `cells` but of another node of the axis, or each of its own; -1 where there is none."""
    coordinates = tables.coordinates[cells].copy()
    coordinates[:, axis] = node
    return tables.find(coordinates)


def outside(tables: Tables) -> Iterator[tuple[Ints, Ints]]:
    """The wholes of every nest, and who is not in it: pairs of cells of the same people, for each value that is no part."""
    place = {axis.name: index for index, axis in enumerate(tables.axes)}
    for nest in tables.nests:
        axis, other = place[nest.axis], place[nest.other]
        whole = tables.axes[other].number[nest.whole]
        wholes = np.flatnonzero((tables.coordinates[:, other] == whole) & (tables.coordinates[:, axis] == 0))
        for value in set(tables.axes[axis].nodes[1:]) - set(nest.parts):
            wanted = tables.coordinates[wholes].copy()
            wanted[:, other], wanted[:, axis] = 0, tables.axes[axis].number[value]
            cells = tables.find(wanted)
            yield wholes[cells >= 0], cells[cells >= 0]


def above_leaves(tables: Tables, axis: int) -> Ints:
    """The cells of the branches of the axis (the departamentos): neither the total nor a leaf."""
    branches = np.zeros(len(tables.axes[axis].nodes), dtype=bool)
    branches[[node for node in tables.axes[axis].children if node]] = True
    return np.flatnonzero(branches[tables.coordinates[:, axis]])


def upper(tables: Tables, axis: int, hidden: Bools) -> Ints:
    """One hidden cell of each kind (same coordinates but on `axis`) that is hidden above the leaves."""
    cells = above_leaves(tables, axis)
    cells = cells[hidden[cells]]
    like = tables.coordinates[cells].copy()
    like[:, axis] = 0
    _, first = np.unique(like, axis=0, return_index=True)
    return cells[np.sort(first)]


def leaves_below(axis: Axis) -> list[int]:
    """Leaves that are part of something smaller than the total."""
    return [n for n in range(1, len(axis.nodes)) if n not in axis.children and len(path(axis, n)) > 2]


def hubs(tables: Tables, axis: int, values: Ints, hidden: Bools, room: Ints) -> tuple[int, ...]:
    """The leaves, few and best first, that can give `room` of each kind hidden above the leaves; none if none is."""
    wanted = upper(tables, axis, hidden)
    leaves = leaves_below(tables.axes[axis])
    if not len(wanted) or not leaves:
        return ()
    at = moved(tables, axis, np.tile(wanted, len(leaves)), np.repeat(leaves, len(wanted)))
    given = np.where(at >= 0, values[at], 0).reshape(len(leaves), len(wanted))
    need = room[wanted].astype(float)
    found: list[int] = []
    while len(found) < MOST_HUBS and (need > 0).any():
        gains = np.minimum(given, need).sum(axis=1)
        best = int(np.argmax(gains))
        if gains[best] == 0:
            break
        found.append(leaves[best])
        need = np.maximum(need - given[best], 0)
        given[best] = 0
    return tuple(found)


@dataclass(frozen=True)
class Block:
    """The cells that a program may move (`free`) and those of them that it is to prove, which no other block has."""

    free: Bools
    own: Bools


def blocks(tables: Tables, hidden: Bools, hub_leaves: tuple[int, ...]) -> Iterator[Block]:
    """Every hidden cell in a block of its own branch; one block with everything when that is small enough.

    What is neither a leaf nor above one (the total, most of the time) is the first block's own.
    """
    position = main_axis(tables)
    if position is None or hidden.sum() <= WHOLE:
        yield Block(hidden, hidden)
        return
    axis = tables.axes[position]
    node = tables.coordinates[:, position]
    shared = [0, *(node for leaf in hub_leaves for node in path(axis, leaf))]
    branches = {
        branch: [branch, *leaves]
        for branch, children in axis.children.items()
        if (leaves := [int(child) for child in children if int(child) not in axis.children])
    }
    rest = np.ones(len(axis.nodes), dtype=bool)
    rest[[own for nodes in branches.values() for own in nodes]] = False
    for branch, nodes in branches.items():
        own, free = rest.copy(), rest.copy()
        own[nodes] = free[nodes] = True
        free[[*shared, *path(axis, branch)]] = True
        yield Block(hidden & free[node], hidden & own[node])
        rest[:] = False
