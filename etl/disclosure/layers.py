"""The simple ways in which hidden counts of linked people can change and still agree with all that is published.

Together, the sets of people of a system and what they did are many times the cells of one of them. But nearly all that a
reader cannot rule out are changes of one of two kinds, each a table without the axis of the subject:

- some people more in a cell of a set, of those that hold it, and of those that every other division of them needs: nothing
  of the smaller sets within it changes (`path`);
- some people more in a cell of a set, or among those who did something, and as many fewer among the others of the same
  larger set, which stays as it is (`split`).

A change of either kind is a change of the whole system, so the room that one proves is proved. The opposite does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from etl.disclosure.bounds import Floats, Range
from etl.disclosure.tables import Bools, Cross, Ints, Tables, link

NOWHERE = -1
MANY = 4  # thresholds of people: of a set or a cell that holds as many, some can be taken and some left


@dataclass(frozen=True)
class Room:
    """What of a layer may change: its free cells, how many people each may lose and gain, and the cells that follow each.

    `cells` are followers x cells of the layer: positions in the whole system (-1: none). For each person that the cell of the
    layer gains or loses, a follower gains or loses `parts`; negative where it moves in the opposite direction.
    """

    free: Bools
    fewer: Floats
    more: Floats
    cells: Ints
    parts: Floats


class Acting(Enum):
    """Whether those who come and go are counted among who acted."""

    NO = "no"
    AS_ALL = "as all"
    YES = "yes"

    def part(self, counts: Floats) -> float:
        """The part of them that acted; `counts` are of who acted and who did not, in every cell."""
        if self is Acting.AS_ALL:
            return float(counts[0].sum() / max(counts.sum(), 1.0))
        return float(self is Acting.YES)


@dataclass(frozen=True)
class Layer:
    """One kind of change: the cells of the whole that each of its cells stands for.

    `moving` change with it and `against` in the opposite direction; so do `rests`, what is left of a set without one of those
    within it; and of `acts` (pairs of who did something and who did not), one or both. -1 where there is no such cell.
    Changes of two layers that `adds` can be made at once: of a cell that several of them would take from, each may take its
    part, one of `shared`.
    """

    tables: Tables
    moving: Ints
    against: Ints
    rests: tuple[Ints, ...]
    acts: tuple[Ints, ...]
    adds: bool
    shared: Ints

    def room(self, hidden: Bools, values: Ints | Floats, acting: Acting = Acting.NO) -> Room:
        """What may change of it with these cells hidden and these counts.

        Who comes and goes counts among those who did not act, among those who did, or among both: the same part everywhere,
        so that the sums of both still hold. Each layer may take of them as many as its people are of the set, so that the
        changes of several leave nobody below zero.
        """
        count = self.tables.cells
        free, one, share = np.ones(count, dtype=bool), np.ones(count), np.ones(count)
        fewer, more = np.full(count, np.inf), np.full(count, np.inf)
        followers: list[tuple[Ints, Floats]] = []
        for positions in (*self.moving, *self.rests):
            there = positions >= 0
            free &= ~there | hidden[positions]
            fewer = np.where(there, np.minimum(fewer, values[positions]), fewer)
            followers.append((positions, one))
        if (self.against >= 0).any():
            there = self.against >= 0
            free &= ~there | hidden[self.against]
            more = np.where(there, values[self.against], more)
            followers.append((self.against, -one))
        for parts in self.acts:
            counts = np.where(parts >= 0, values[parts], 0.0)
            total = counts.sum(axis=0)
            acted = acting.part(counts)
            for positions, own, part in zip(parts, counts, (acted, 1 - acted), strict=True):
                if part:
                    free &= (positions < 0) | hidden[positions]
                    share = np.minimum(share, np.divide(own / part, total, out=np.ones(count), where=total > 0))
                    followers.append((positions, part * one))
        cells, parts_of = (np.array(item) for item in zip(*followers, strict=True))
        return Room(free, np.where(free, fewer * share / self.shared, 0.0), more, cells, parts_of)

    def of(self, thresholds: Ints) -> Ints:
        """The thresholds of its cells, from those of the whole."""
        found: Ints = np.where(self.moving >= 0, thresholds[self.moving], 0).max(axis=0)
        return found

    def largest(self, room: Room, values: Ints | Floats) -> Room:
        """The room that there would be if all who must go with those of a cell could."""
        people = np.where(self.moving >= 0, values[self.moving], np.inf).min(axis=0)
        return replace(room, fewer=np.where(room.free, people, 0.0))

    def emptied(self, room: Room, narrow: Bools, rest: Bools) -> Bools:
        """Its cells that are looked at only for what is left of a larger set, which must be seen without anybody."""
        others = (self.against >= 0) & rest[self.against] & narrow[self.against]
        found: Bools = room.free & others & ~((self.moving[-1] >= 0) & narrow[self.moving[-1]])
        return found

    def wanting(self, narrow: Bools, room: Room, values: Ints, thresholds: Ints, rest: Bools) -> tuple[Bools, Bools]:
        """Its cells that must rise, and those that must fall, for the narrow ones that depend on it to have room.

        Those of a division depend on the layer that leaves their whole as it is, if there are many people in it; on the one
        that changes it too, if not. What holds many must fall: to rise, it would take from the few that are beside it.
        """
        last, above = self.moving[-1], self.moving[-2] if len(self.moving) > 1 else None
        own = room.free & (last >= 0) & narrow[last]
        many = MANY * thresholds
        if (self.against >= 0).any():
            others = room.free & (self.against >= 0) & narrow[self.against]
            enough = room.fewer + room.more >= many
            empty = others & rest[self.against]
            rise = (own & enough & (room.more >= thresholds)) | empty
            return rise, (own | others) & enough & ~rise
        if above is not None:
            own &= (above >= 0) & (values[above] < many)
        divided = np.zeros_like(own)
        small = (last >= 0) & (values[last] < many)
        for cells in room.cells[len(self.moving) :]:
            divided |= room.free & small & (cells >= 0) & narrow[cells]
        wanted, large = own | divided, room.fewer >= many
        return wanted & ~large, wanted & large


def moved(room: Room, found: Range, cells: int) -> Range:
    """How far each of `cells` positions of the whole was seen to fall and rise in a layer, around the people it may lose."""
    down, up = found.low - room.fewer, found.high - room.fewer
    reach = Range(np.zeros(cells), np.zeros(cells))
    for positions, parts in zip(room.cells, room.parts, strict=True):
        there = np.flatnonzero((positions >= 0) & room.free)
        ends = (down * parts)[there], (up * parts)[there]
        at = positions[there]
        reach.low[at] = np.minimum(reach.low[at], np.minimum(*ends))
        reach.high[at] = np.maximum(reach.high[at], np.maximum(*ends))
    return reach


def layers(tables: Tables) -> list[Layer]:
    """The layers of a system; none if its people are one set that did nothing: then it is one by itself (`whole`)."""
    position = next((index for index, axis in enumerate(tables.axes) if axis.ways), None)
    return [] if position is None else _Layers(tables, position).every()


def whole(tables: Tables) -> Layer:
    """Everything that may change of a system at once, as if it were a layer."""
    one = np.ones(tables.cells, dtype=np.int64)
    return Layer(tables, np.arange(tables.cells)[None], np.full(tables.cells, NOWHERE), (), (), False, one)


class _Layers:
    def __init__(self, tables: Tables, position: int) -> None:
        self.tables, self.position = tables, position
        self.axis = tables.axes[position]

    def every(self) -> list[Layer]:
        sets = [node for node in self.axis.nodes if self._own_crosses(node)]
        found = [self._path(node) for node in sets]
        for node in self.axis.nodes:
            found += [self._layer([inside], others) for inside, others in self._ways(node)]
        return found

    def _own_crosses(self, node: str) -> list[Cross]:
        name = self.axis.name
        return [cross for cross in self.tables.crosses if list(cross.shows[name] or ()) == [node]]

    def _path(self, node: str) -> Layer:
        path = [node]
        while path[-1] in self.axis.parents:
            path.append(self.axis.parents[path[-1]])
        path.reverse()
        return self._layer(path, None)

    def _layer(self, path: Sequence[str], other: str | None) -> Layer:
        crosses = [cross for node in path for cross in self._own_crosses(node) or self._crosses_with(node)]
        name = self.axis.name
        own = [Cross(item.name, {k: v for k, v in item.shows.items() if k != name}) for item in crosses]
        axes = [axis for axis in self.tables.axes if axis is not self.axis]
        tables = link(axes, own, self.tables.nests)
        rests, acts = [], []
        for node in path:
            for inside, others in self._ways(node):
                if inside in path:
                    continue
                if self._own_crosses(inside):
                    rests.append(self._find(tables, others))
                else:
                    acts.append(np.array([self._find(tables, inside), self._find(tables, others)]))
        against = self._find(tables, other) if other else np.full(tables.cells, NOWHERE)
        moving = np.array([self._find(tables, node) for node in path])
        adds = other is None and self._chain
        shared = self._shared(tables, path) if adds else np.ones(tables.cells, dtype=np.int64)
        return Layer(tables, moving, against, tuple(rests), tuple(acts), adds, shared)

    def _shared(self, tables: Tables, path: Sequence[str]) -> Ints:
        """How many layers take from the smallest set of the path that has each cell: those down to the next set that has it."""
        every = [node for node in self.axis.nodes if self._own_crosses(node)]  # in a chain, the larger first
        there = np.array([self._find(tables, node) >= 0 for node in every])
        order = np.arange(len(every))[:, None]
        here = every.index(path[-1])
        smallest = np.where(there & (order <= here), order, -1).max(axis=0)
        following = np.where(there & (order > smallest), order, len(every)).min(axis=0)
        sharing: Ints = np.maximum(following - smallest, 1)
        return sharing

    def _ways(self, node: str) -> list[tuple[str, str]]:
        """The two parts of each way of dividing a set."""
        ways: dict[str, list[str]] = {}
        for part, parent in self.axis.parents.items():
            if parent == node:
                ways.setdefault(self.axis.ways[part], []).append(part)
        return [(first, second) for first, second in ways.values()]

    @property
    def _chain(self) -> bool:
        """Whether no set holds two others: then every person is in the smallest set of one layer, and in no other's."""
        return all(sum(bool(self._own_crosses(one)) for one, _ in self._ways(node)) < 2 for node in self.axis.nodes)

    def _crosses_with(self, node: str) -> list[Cross]:
        name = self.axis.name
        return [cross for cross in self.tables.crosses if node in (cross.shows[name] or ())]

    def _find(self, tables: Tables, node: str) -> Ints:
        """The cells of the whole that are like those of a layer and of `node`; -1 where there is none."""
        coordinates = np.insert(tables.coordinates, self.position, self.axis.number[node], axis=1)
        return self.tables.find(coordinates)
