"""Attackers who do more than linear programming, or know more than what is published, each asked the same: whom do they find?

integers       counts of people are whole: mixed-integer programs of the narrowest cells, departamento by departamento
pattern        who knows the rule knows that something had to be hidden: of every group of hidden cells that depend on each
               other, at least one is below its threshold
alone          a person who knows that a cell is she alone (or that she is in it), and subtracts herself
homogeneous    groups of which everybody is of one pueblo or language: what a published total says of each of its people

All take the verdict of the audit further; none uses anything that is not published. Their work is bounded by a time: what was
asked is said, and the cells are always taken in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import numpy as np

from etl.disclosure.audit import Audit, Exposed, PublishedSystem
from etl.disclosure.blocks import blocks
from etl.disclosure.bounds import TOLERANCE, Floats
from etl.disclosure.tables import Bools, Ints, Tables
from etl.disclosure.whole import Knowledge, Near, Part, components

#: Hidden cells of each system that are asked: with whole counts, and as of a person who is alone; and cells of a program.
ASKED, ASKED_ALONE, NEAR = 66, 44, 250
#: Of the cells of her sums, how many are asked of each person who is alone: those of fewest people.
NEIGHBOURS = 4
#: Of the seconds that there are, the part for whole counts.
INTEGERS = 0.7
GROUPS = ("pueblo", "comunidad_linguistica")


@dataclass(frozen=True)
class Asked:
    """Programs of some cells: how many cells were asked, how many more there were to ask, and who was found.

    `tighter` are those that are known better than by linear programming of the same cells.
    """

    asked: int
    left: int
    tighter: int
    exposed: tuple[Exposed, ...]


@dataclass(frozen=True)
class Pattern:
    """What follows from the rule: cells known to be below their threshold, sums of which only one part may be, and who is
    exposed exactly by that.
    """

    below: int
    likely: int
    exposed: tuple[Exposed, ...]


@dataclass(frozen=True)
class Homogeneous:
    """Published groups whose people are all of one pueblo or language: how many, and how many people at most are in them."""

    groups: int
    people: int


@dataclass(frozen=True)
class Further:
    """What each attacker found in one system."""

    integers: Asked
    pattern: Pattern
    alone: Asked
    homogeneous: Homogeneous

    @property
    def exposed(self) -> tuple[Exposed, ...]:
        """The cells that are worked out by whoever knows only what is published."""
        return (*self.integers.exposed, *self.pattern.exposed)


def further(audit: Audit, seconds: float) -> Further:
    """Every attacker on the system of an audit, in about `seconds`."""
    start = monotonic()
    known = Knowledge.of(audit.published)
    pattern, homogeneous = follow_the_pattern(audit.published, known), all_of_one_group(audit.published)
    parts = Parts(audit.published, known)
    integers = ask_whole(audit, parts, start + INTEGERS * seconds)
    return Further(integers, pattern, ask_alone(audit, parts, start + seconds), homogeneous)


class Parts:
    """The program of any hidden cell: of the cells near it in its departamento, or of all when they are few."""

    def __init__(self, published: PublishedSystem, known: Knowledge) -> None:
        self.published, self.known, self.near = published, known, Near(published)
        self._implied, self._behaviour = published.implied, _behaviour(published)
        tables, hidden = published.tables, published.hidden
        self._free = [block.free for block in blocks(tables, hidden, ())]
        self.block = np.zeros(tables.cells, dtype=np.int64)
        for number, block in enumerate(blocks(tables, hidden, ())):
            self.block[block.own] = number

    def matters(self, cell: int, low: float, high: float) -> bool:
        """Whether to know a cell so exposes somebody: not of one that no table shows, if it may be large enough, or empty."""
        if self._implied is None or not self._implied[cell]:
            return True
        return high < self.published.thresholds[cell] and (low > 0 or bool(self._behaviour[cell]))

    def of(self, cell: int, known: Knowledge | None = None) -> Part:
        """The program of a cell, by what is known or by `known`."""
        cells = self.near.around(cell, NEAR, self._free[int(self.block[cell])])
        return Part(self.published, cells, known or self.known)


def _behaviour(published: PublishedSystem) -> Bools:
    """The cells that count people by what they did: of those, also nobody is confidential."""
    return np.zeros(published.tables.cells, dtype=bool) if published.behaviour is None else published.behaviour


def ask_whole(audit: Audit, parts: Parts, until: float) -> Asked:
    """The fewest and the most people of the narrowest hidden cells of each part, when every count is whole."""
    published = audit.published
    cells = _narrowest(published, audit.high - audit.low, parts.block)
    found, tighter, asked = [], 0, 0
    for cell in cells:
        if monotonic() > until:
            break
        part = parts.of(cell)
        real, whole = (part.bounds(cell, counted, until) for counted in (False, True))
        if real is None or whole is None:
            break
        asked += 1
        tighter += whole[0] > real[0] or whole[1] < real[1]
        if whole[1] - whole[0] < published.thresholds[cell] and parts.matters(cell, *whole):
            found.append(_exposed(published, cell, *whole))
    return Asked(asked, len(cells) - asked, tighter, tuple(found))


def _narrowest(published: PublishedSystem, width: Floats, block: Ints) -> list[int]:
    """Up to `ASKED` hidden cells, those with least room for their threshold first, one of each departamento in turn."""
    cells = np.flatnonzero(published.hidden)
    order = cells[np.lexsort((cells, (width - published.thresholds)[cells]))]
    taken: dict[int, list[int]] = {}
    for cell in order.tolist():
        taken.setdefault(int(block[cell]), []).append(cell)
    turns = ((turn, number, cell) for number, own in taken.items() for turn, cell in enumerate(own[:ASKED]))
    return [cell for _, _, cell in sorted(turns)][:ASKED]


def follow_the_pattern(published: PublishedSystem, known: Knowledge) -> Pattern:
    """What the rule tells: cells are hidden because some cell among those that depend on each other is below its threshold."""
    tables, hidden, thresholds = published.tables, published.hidden, published.thresholds
    label = components(published)
    may_be = hidden & (known.low < thresholds)  # whatever is surely larger was hidden for another's sake
    alone = np.flatnonzero(may_be)
    many = np.bincount(label[alone], minlength=int(label.max(initial=-1)) + 1)
    surely = alone[many[label[alone]] == 1]
    low, high = known.low.copy(), known.high.copy()
    high[surely] = np.minimum(high[surely], thresholds[surely] - 1)
    act = _behaviour(published)
    low[surely] = np.maximum(low[surely], np.where(act[surely], 0, 1))
    more = Knowledge(low, high).spread(tables)
    exactly = hidden & (more.high - more.low < 1 - TOLERANCE) & ~(more.low > more.high)
    if published.implied is not None:  # to work out that many are left, or nobody, exposes no one
        exactly &= ~published.implied | ((more.high < thresholds) & ((more.low > 0) | act))
    exposed = tuple(
        _exposed(published, cell, float(more.low[cell]), float(more.high[cell]))
        for cell in np.flatnonzero(exactly).tolist()
    )
    return Pattern(len(surely), _only_one_may_be(tables, hidden, may_be), exposed)


def _only_one_may_be(tables: Tables, hidden: Bools, may_be: Bools) -> int:
    """In how many sums with a published total only one of several hidden parts may be below its threshold."""
    total, parts = tables.sign < 0, tables.sign > 0
    counts = [
        np.bincount(tables.equation, mask[tables.cell] & side, tables.equations)
        for mask, side in ((hidden, total), (hidden, parts), (may_be, parts))
    ]
    return int(((counts[0] == 0) & (counts[1] > 1) & (counts[2] == 1)).sum())


def ask_alone(audit: Audit, parts: Parts, until: float) -> Asked:
    """Whom a person finds who knows that a hidden cell is she alone: a cell of its sums within less than its threshold minus one.

    The one is herself: with others, she may always be as many as the threshold says, less her.

    Nobody else knows which cells are of one person, so every hidden cell that may be is supposed to be. Every sum by itself is
    asked of all of them; programs, of those whose sums leave least.
    """
    published, known = audit.published, parts.known
    tables, thresholds = published.tables, published.thresholds
    inside = published.hidden[tables.cell]
    equation, cell = tables.equation[inside], tables.cell[inside]
    room = _room(published, known)[equation] + known.low[cell] - 1  # left for the others above what they surely have
    may_be = (known.low[cell] <= 1) & (known.high[cell] >= 1) & (room >= 0) & np.isfinite(room)
    found: dict[int, Exposed] = {}
    asked: set[int] = set()
    order = np.lexsort((cell, equation, room))
    for position in order[may_be[order]].tolist():
        me = int(cell[position])
        others = [other for other in parts.near.members(int(equation[position])).tolist() if other != me]
        others = [other for other in others if known.low[other] < thresholds[other]]
        for other in (one for one in others if room[position] < thresholds[one] - 1):
            least, most = known.low[other], min(known.low[other] + room[position], known.high[other])
            if parts.matters(other, least, most):
                found.setdefault(other, _exposed(published, other, least, most))
        if me in asked:
            continue
        if len(asked) >= ASKED_ALONE or monotonic() > until:
            break
        asked.add(me)
        for other, low, high in _found_by(me, parts, until):
            found.setdefault(other, _exposed(published, other, low, high))
    people = len(np.unique(cell[may_be]))
    return Asked(len(asked), people - len(asked), 0, tuple(found[other] for other in sorted(found)))


def _room(published: PublishedSystem, known: Knowledge) -> Floats:
    """What each sum with a published total has for its hidden parts above the least that they have; without end the others."""
    tables = published.tables
    adds = tables.sign > 0
    least = np.bincount(tables.equation, np.where(adds, known.low[tables.cell], 0), tables.equations)
    total = np.zeros(tables.equations)
    total[tables.equation[~adds]] = np.where(published.hidden, np.inf, known.high)[tables.cell[~adds]]
    return total - least


def _found_by(me: int, parts: Parts, until: float) -> Iterator[tuple[int, float, float]]:
    """The cells near `me` that whoever is alone there knows better than she should, and that may be below their threshold."""
    thresholds = parts.published.thresholds
    low, high = parts.known.low.copy(), parts.known.high.copy()
    others = [one for one in parts.near.of(me) if low[one] < thresholds[one]]
    low[me] = high[me] = 1
    part = parts.of(me, Knowledge(low, high))
    for other in sorted(others, key=lambda one: (high[one], one))[:NEIGHBOURS]:
        if other in part and (bounds := part.bounds(other, False, until)) is not None:
            least, most = bounds
            narrow = most - least < thresholds[other] - 1 and least < thresholds[other]
            if narrow and parts.matters(other, least, most):
                yield other, least, most


def all_of_one_group(published: PublishedSystem, names: tuple[str, ...] = GROUPS) -> Homogeneous:
    """The published totals of which one part, by pueblo or by language, has everybody and the others have nobody."""
    tables, counts = published.tables, published.counts
    position = [index for index, axis in enumerate(tables.axes) if axis.name in names]
    adds = tables.sign > 0
    total = np.zeros(tables.equations, dtype=np.int64)
    total[tables.equation[~adds]] = tables.cell[~adds]
    there = tables.equation[adds]
    own, whole = tables.coordinates[tables.cell[adds]], tables.coordinates[total[there]]
    along = (own[:, position] != whole[:, position]).any(axis=1)
    people = np.nan_to_num(counts[total[there]])
    everybody = along & (people > 0) & (counts[tables.cell[adds]] == people)
    groups = np.unique(total[there[everybody]])
    return Homogeneous(len(groups), int(_finest(tables, groups, counts)))


def _finest(tables: Tables, groups: Ints, counts: Floats) -> float:
    """The people of the groups, the largest set of them that is broken down by the same columns: nobody counted twice."""
    if not len(groups):
        return 0
    broken = tables.coordinates[groups] > 0
    _, kind = np.unique(broken, axis=0, return_inverse=True)
    return float(np.bincount(kind.ravel(), counts[groups]).max())


def _exposed(published: PublishedSystem, cell: int, low: float, high: float) -> Exposed:
    return Exposed(published.tables.name(cell), float(low), float(high), int(published.thresholds[cell]))


__all__ = ["Further", "all_of_one_group", "ask_alone", "ask_whole", "follow_the_pattern", "further"]
