"""Linked and hierarchical tables of counts as one system: cells, and the sums a reader can check among them.

A cell is a point of the product of the axes: one node per axis, where the root of an axis («total») means that the
cell is not broken down by it. So the cell (municipio 0101, mujeres, total) of a cross with pueblo and the same cell of
a cross without pueblo are one and the same: crosses are linked by construction. Every published sum is an equation
`parent = sum of children` along one axis; nothing else is known about the cells except that they count people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

TOTAL = "total"

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class TablesError(ValueError):
    """The tables contradict their own declaration: an unknown value, or parts that do not add up to their total."""


@dataclass(frozen=True)
class Axis:
    """One dimension as a tree: `parents` maps every value to the one it is part of; top values are part of «total».

    A value may be divided in several ways at once (a roll, into who voted and who did not, and into who was on the roll
    before and who was not): `ways` says of each value which way of dividing its whole it belongs to, if there are several.
    """

    name: str
    parents: Mapping[str, str]
    ways: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def flat(cls, name: str, values: Sequence[str]) -> Axis:
        """An axis without levels: every value is part of the total."""
        return cls(name, dict.fromkeys(values, TOTAL))

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Every value, the total first and parents before their parts."""
        children: dict[str, list[str]] = {}
        for node, parent in self.parents.items():
            children.setdefault(parent, []).append(node)
        found = [TOTAL]
        for node in found:  # grows while we walk it: breadth first
            found.extend(sorted(children.get(node, ())))
        if len(found) != len(self.parents) + 1:
            lost = sorted(set(self.parents) - set(found))
            raise TablesError(f"{self.name}: {', '.join(lost)} no son parte de ningún total")
        return tuple(found)

    @cached_property
    def number(self) -> dict[str, int]:
        """Position of each value among the nodes."""
        return {node: index for index, node in enumerate(self.nodes)}

    @cached_property
    def children(self) -> dict[int, Ints]:
        """Positions of the parts of each node that has any."""
        found: dict[int, list[int]] = {}
        for node in self.nodes[1:]:
            found.setdefault(self.number[self.parents[node]], []).append(self.number[node])
        return {parent: np.array(parts) for parent, parts in found.items()}

    @cached_property
    def splits(self) -> tuple[tuple[int, Ints], ...]:
        """(whole, its parts) for each way in which a value is divided."""
        found: dict[tuple[int, str], list[int]] = {}
        for node in self.nodes[1:]:
            found.setdefault((self.number[self.parents[node]], self.ways.get(node, "")), []).append(self.number[node])
        return tuple((parent, np.array(parts)) for (parent, _), parts in found.items())


@dataclass(frozen=True)
class Cross:
    """One published table: the values it shows of each axis it breaks people down by (None: all of them).

    The values shown must include what they are part of: a cross by municipio also shows departamentos and the total. Of an
    axis in `only` it shows those values and nothing else, whatever they are part of.
    """

    name: str
    shows: Mapping[str, Sequence[str] | None]
    only: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Nest:
    """A fact that links two axes: the people with one of `parts` of `axis` are those with `whole` of `other`.

    For example, those with a Maya linguistic community are the Maya. It is a sum like any other: it makes an equation
    wherever both sides are published.
    """

    axis: str
    parts: tuple[str, ...]
    other: str
    whole: str


@dataclass(frozen=True)
class Tables:
    """Every cell of a set of crosses, each once, and the sums among them.

    `coordinates` is cells x axes (node positions), sorted; `equation`, `cell` and `sign` are the sums in triplets: in
    each equation its parts have sign 1 and their total -1.
    """

    axes: tuple[Axis, ...]
    crosses: tuple[Cross, ...]
    nests: tuple[Nest, ...]
    coordinates: Ints
    keys: Ints
    equation: Ints
    cell: Ints
    sign: Ints

    @property
    def cells(self) -> int:
        """How many different cells there are."""
        return len(self.keys)

    @property
    def equations(self) -> int:
        """How many sums can be checked."""
        return int(self.equation[-1]) + 1 if len(self.equation) else 0

    def find(self, coordinates: Ints) -> Ints:
        """Positions of the cells with these coordinates (rows); -1 where there is no such cell."""
        wanted = _keys(self.axes, coordinates)
        at = np.minimum(np.searchsorted(self.keys, wanted), self.cells - 1)
        return np.where(self.keys[at] == wanted, at, -1)

    def of(self, cross: Cross) -> Ints:
        """Positions of the cells that one cross shows."""
        return self.find(_grid(self.axes, cross).reshape(-1, len(self.axes)))

    def leaves(self, cross: Cross) -> Bools:
        """Of the cells a cross shows (same order as `of`), those that are not the total of others in it."""
        parents = np.zeros(self.cells, dtype=bool)
        for triplet in _sums(self, cross):
            parents[triplet[0]] = True
        return ~parents[self.of(cross)]

    def name(self, cell: int) -> dict[str, str]:
        """The values that say which cell this is, without the totals."""
        values = zip(self.axes, self.coordinates[cell], strict=True)
        return {axis.name: axis.nodes[node] for axis, node in values if node}

    def check(self, values: Ints) -> None:
        """Raise TablesError unless `values` (one count per cell) are whole, not negative and add up."""
        if (values < 0).any():
            raise TablesError("hay conteos negativos")
        gap = np.bincount(self.equation, self.sign * values[self.cell], self.equations)
        for equation in np.flatnonzero(gap)[:1]:
            inside = self.equation == equation
            total = self.cell[inside & (self.sign < 0)][0]
            raise TablesError(
                f"las partes no suman su total en {int(np.count_nonzero(gap))} sumas; la primera, la de "
                f"{self.name(total) or TOTAL}, difiere en {int(gap[equation])}"
            )


def link(axes: Sequence[Axis], crosses: Sequence[Cross], nests: Sequence[Nest] = ()) -> Tables:
    """The system of cells and sums of all `crosses` together."""
    axes, crosses, nests = tuple(axes), tuple(crosses), tuple(nests)
    for cross in crosses:
        _check_cross(axes, cross)
    shown = [_grid(axes, cross).reshape(-1, len(axes)) for cross in crosses]
    coordinates = np.concatenate(shown) if shown else np.zeros((0, len(axes)), dtype=np.int64)
    keys, first = np.unique(_keys(axes, coordinates), return_index=True)
    empty = np.zeros(0, dtype=np.int64)
    bare = Tables(axes, crosses, nests, coordinates[first], keys, empty, empty, empty)
    equation, cell, sign = _equations(bare)
    return replace(bare, equation=equation, cell=cell, sign=sign)


def _check_cross(axes: tuple[Axis, ...], cross: Cross) -> None:
    known = {axis.name: axis for axis in axes}
    for name, shown in cross.shows.items():
        if name not in known:
            raise TablesError(f"{cross.name}: no existe la dimensión {name}")
        values = shown or ()
        for value in values:
            parents = known[name].parents
            if value != TOTAL and value not in parents:
                raise TablesError(f"{cross.name}: {name} no tiene el valor {value}")
            apart = value == TOTAL or name in cross.only
            if not apart and parents[value] != TOTAL and parents[value] not in values:
                raise TablesError(f"{cross.name}: muestra {value} sin aquello de lo que es parte, {parents[value]}")


def _shown(axis: Axis, cross: Cross) -> Ints:
    """Node positions of `axis` that a cross shows: only the total if it does not break people down by it."""
    if axis.name not in cross.shows:
        return np.array([0])
    values = cross.shows[axis.name]
    chosen = axis.nodes if values is None else {*values} if axis.name in cross.only else {TOTAL, *values}
    return np.sort(np.array([axis.number[value] for value in chosen]))


def _grid(axes: tuple[Axis, ...], cross: Cross) -> Ints:
    """Coordinates of every cell of a cross: one dimension per axis, and a last one of length `len(axes)`."""
    return np.stack(np.meshgrid(*[_shown(axis, cross) for axis in axes], indexing="ij"), axis=-1)


def _keys(axes: tuple[Axis, ...], coordinates: Ints) -> Ints:
    """One whole number per row of coordinates."""
    keys = np.zeros(len(coordinates), dtype=np.int64)
    for position, axis in enumerate(axes):
        keys = keys * len(axis.nodes) + coordinates[:, position]
    return keys


def _sums(tables: Tables, cross: Cross) -> list[tuple[Ints, Ints, tuple[int, int]]]:
    """(totals, their parts, which sum) for every way of dividing a value of an axis that the cross shows whole.

    Totals are n, parts n x children; which sum is the position of the axis and of the way among its own.
    """
    grid = tables.of(cross).reshape(_grid(tables.axes, cross).shape[:-1])
    found = []
    for position, axis in enumerate(tables.axes):
        shown = _shown(axis, cross)
        place = {int(node): index for index, node in enumerate(shown)}
        for way, (parent, children) in enumerate(axis.splits):
            inside = [place[int(child)] for child in children if int(child) in place]
            if parent in place and len(inside) == len(children):
                parts = np.moveaxis(np.take(grid, inside, axis=position), position, -1)
                totals = np.take(grid, place[parent], axis=position)
                found.append((totals.ravel(), parts.reshape(-1, len(inside)), (position, way)))
    return found


def _nested(tables: Tables) -> list[tuple[Ints, Ints]]:
    """(wholes, their parts) of every nest, wherever the whole and all the parts are cells."""
    place = {axis.name: index for index, axis in enumerate(tables.axes)}
    found = []
    for nest in tables.nests:
        axis, other = place[nest.axis], place[nest.other]
        whole = tables.axes[other].number[nest.whole]
        coordinates = tables.coordinates
        wholes = np.flatnonzero((coordinates[:, other] == whole) & (coordinates[:, axis] == 0))
        parts = []
        for value in nest.parts:
            wanted = coordinates[wholes].copy()
            wanted[:, other], wanted[:, axis] = 0, tables.axes[axis].number[value]
            parts.append(tables.find(wanted))
        together = np.column_stack(parts)
        complete = (together >= 0).all(axis=1)
        found.append((wholes[complete], together[complete]))
    return found


def _equations(tables: Tables) -> tuple[Ints, Ints, Ints]:
    """Triplets (equation, cell, sign) of every sum, each once though several crosses show it."""
    told: dict[tuple[int, int], list[tuple[Ints, Ints]]] = {}
    for cross in tables.crosses:
        for totals, parts, which in _sums(tables, cross):
            told.setdefault(which, []).append((totals, parts))
    sums = []
    for several in told.values():
        totals, parts = (np.concatenate(items) for items in zip(*several, strict=True))
        _, first = np.unique(totals, return_index=True)
        sums.append((totals[first], parts[first]))
    empty: Ints = np.zeros(0, dtype=np.int64)
    equation, cell, sign = [empty], [empty], [empty]
    number = 0
    for totals, parts in [*sums, *_nested(tables)]:
        width = parts.shape[1]
        equation.append(np.repeat(number + np.arange(len(totals)), width + 1))
        cell.append(np.column_stack([totals, parts]).ravel())
        sign.append(np.tile(np.array([-1] + [1] * width), len(totals)))
        number += len(totals)
    return np.concatenate(equation), np.concatenate(cell), np.concatenate(sign)
