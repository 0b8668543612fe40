"""The attack: what somebody who reads everything published can work out about the cells that are hidden.

It knows only what is published: the counts, which cells are hidden, that counts are not negative and add up, and which are
of the same people or of part of them (`links`). For each hidden cell it looks for the lowest and the highest count that
agree with all of it. A cell is exposed when they are closer than its threshold: zero apart is exact recovery.

In a small system the two programs of every cell are solved. In a large one, points that agree with everything are
collected first, many cells at a time; two of them a threshold apart in a cell are a proof, so only the cells without
one need their own two programs. The verdict is the same.

Limits, so that nobody reads more into it than it says. The bounds are those of linear programming: an attacker who also
uses that counts are whole numbers, or who knows some of the people in a cell, can do better. Everything published about
the same people at the same cut-off is joined into one system (`join`), earlier releases included. Releases of
different cut-offs are not equations of the same people: their difference bounds how many came and went, which is only a
danger where nearly nobody did, and no cell is hidden on that account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from etl.disclosure.bounds import TOLERANCE, Floats, Range, Region, agreeing_point
from etl.disclosure.explored import look
from etl.disclosure.layers import layers, whole
from etl.disclosure.tables import TOTAL, Axis, Bools, Cross, Ints, Nest, Tables, TablesError, link

PASSES, SIMPLE = 12, 2  # times that points are looked for; of them, layer by layer
WORKERS = 2
ONE_BY_ONE = 100  # hidden cells up to which each is bounded by itself


@dataclass(frozen=True)
class PublishedSystem:
    """What a reader has: the tables, and a count per cell (NaN where it is hidden), with the threshold of each.

    `implied` are the cells that no table shows and that are got by subtracting; of those, `behaviour` are of what people
    did. One that may reach its threshold exposes no one, and neither does one that may be empty, unless that too tells
    what people did.
    """

    tables: Tables
    counts: Floats
    thresholds: Ints
    implied: Bools | None = None
    behaviour: Bools | None = None

    @property
    def hidden(self) -> Bools:
        """The cells without a count."""
        return np.isnan(self.counts)


@dataclass(frozen=True)
class Exposed:
    """A hidden cell that can be worked out: its place, and the narrowest interval it is known to be in."""

    cell: dict[str, str]
    low: float
    high: float
    threshold: int

    @property
    def exactly(self) -> bool:
        """Whether the count itself is recovered."""
        return self.high - self.low < 1 - TOLERANCE


@dataclass(frozen=True)
class Audit:
    """The verdict: every hidden cell that is exposed, and the interval found for each cell."""

    published: PublishedSystem
    exposed: tuple[Exposed, ...]
    low: Floats
    high: Floats

    @property
    def hidden(self) -> int:
        """How many cells were attacked."""
        return int(self.published.hidden.sum())


def attack(published: PublishedSystem, progress: Callable[[str], None] = lambda _: None) -> Audit:
    """Bound every hidden cell with what is published. TablesError if what is published contradicts itself."""
    tables, hidden = published.tables, published.hidden
    point = np.nan_to_num(published.counts)
    point[hidden] = agreeing_point(tables, point, hidden)
    seen = Range.at(point)
    if hidden.sum() > ONE_BY_ONE:
        _collect(published, point, seen, progress)
    else:
        seen.high[hidden] = seen.low[hidden]  # bound each one exactly
    _bound(published, point, seen, progress)
    narrow = hidden & seen.narrow(published.thresholds) & ~_harmless(published, seen)
    exposed = tuple(
        Exposed(tables.name(cell), float(seen.low[cell]), float(seen.high[cell]), int(published.thresholds[cell]))
        for cell in np.flatnonzero(narrow).tolist()
    )
    return Audit(published, exposed, seen.low, seen.high)


def _harmless(published: PublishedSystem, seen: Range) -> Bools:
    """The cells that no table shows and of which nothing is known that exposes somebody."""
    if published.implied is None or published.behaviour is None:
        return np.zeros(published.tables.cells, dtype=bool)
    enough = seen.high >= published.thresholds - TOLERANCE
    empty = ~published.behaviour & (seen.low < TOLERANCE)
    return published.implied & (enough | empty)


def _collect(published: PublishedSystem, point: Floats, seen: Range, progress: Callable[[str], None]) -> None:
    """Points of the large system, layer by layer around a point of it, and then around others; at last, of all of it."""
    tables, hidden, thresholds = published.tables, published.hidden, published.thresholds
    implied, behaviour = published.implied, published.behaviour
    rest = np.zeros(tables.cells, dtype=bool) if implied is None or behaviour is None else implied & ~behaviour
    everything = Region(tables, point, hidden)
    simple = layers(tables)
    before = hidden.sum() + 1

    def narrow(seen: Range) -> Bools:
        return hidden & seen.narrow(thresholds) & ~_harmless(published, seen)

    for number in range(PASSES):
        among = simple if simple and number < SIMPLE else [whole(tables)]
        look(among, hidden, point, thresholds, rest, narrow, seen, WORKERS, 1_000 * number)
        left = int(narrow(seen).sum())
        progress(f"{int(hidden.sum()) - left} de {int(hidden.sum())} celdas ocultas, a salvo")
        if not left or (left == before and number >= SIMPLE):
            return
        before = left
        other = everything.towards(thresholds, seen, seed=number)
        if other is not None:
            point = point.copy()
            point[hidden] = (point[hidden] + other) / 2


def _bound(published: PublishedSystem, point: Floats, seen: Range, progress: Callable[[str], None]) -> None:
    """The exact interval of every hidden cell that nothing has proved wide enough."""
    hidden = published.hidden
    cells = np.flatnonzero(hidden & seen.narrow(published.thresholds) & ~_harmless(published, seen))
    region = Region(published.tables, point, hidden)
    for number, cell in enumerate(cells.tolist()):
        seen.low[cell], seen.high[cell] = region.exact(cell)
        if number % 100 == 99:
            progress(f"{number + 1} de {len(cells)} celdas, acotadas una por una")


# --- Everything that is published about the same people ----------------------------------------------------------------


def join(parts: Sequence[PublishedSystem]) -> PublishedSystem:
    """One system with all the tables that count the same people: several datasets, or releases of one cut-off.

    A value that one of them does not have counts nobody there. Raises TablesError if two publish different counts for
    the same cell: then they do not count the same people.
    """
    axes = _join_axes([part.tables for part in parts])
    crosses = [
        Cross(f"{cross.name} ({number})", cross.shows, cross.only)
        for number, part in enumerate(parts)
        for cross in part.tables.crosses
    ]
    nests: list[Nest] = [nest for part in parts for nest in part.tables.nests]
    tables = link(axes, crosses, tuple(dict.fromkeys(nests)))
    counts = np.full(tables.cells, np.nan)
    thresholds = np.zeros(tables.cells, dtype=np.int64)
    known, implied, behaviour = (np.zeros(tables.cells, dtype=bool) for _ in range(3))
    seen = np.zeros(tables.cells, dtype=bool)
    for part in parts:
        cells = tables.find(_translated(part.tables, axes))
        shown = ~part.hidden
        both = shown & ~np.isnan(counts[cells])
        if (counts[cells[both]] != part.counts[both]).any():
            raise TablesError("dos publicaciones del mismo corte dan cifras distintas para la misma celda")
        counts[cells[shown]] = part.counts[shown]
        thresholds[cells] = np.maximum(thresholds[cells], part.thresholds)
        known[cells] = True
        if part.implied is not None and part.behaviour is not None:
            implied[cells[part.implied]] = True
            behaviour[cells[part.behaviour]] = True
            seen[cells[~part.implied]] = True
        else:
            seen[cells] = True
    counts[~known] = 0
    return PublishedSystem(tables, counts, thresholds, implied & ~seen, behaviour)


def _join_axes(systems: Sequence[Tables]) -> list[Axis]:
    parents: dict[str, dict[str, str]] = {}
    ways: dict[str, dict[str, str]] = {}
    for tables in systems:
        for axis in tables.axes:
            mine = parents.setdefault(axis.name, {})
            for node, parent in axis.parents.items():
                if mine.setdefault(node, parent) != parent:
                    raise TablesError(f"{axis.name}: {node} es parte de {mine[node]} y de {parent}")
            ways.setdefault(axis.name, {}).update(axis.ways)
    return [Axis(name, nodes, ways[name]) for name, nodes in parents.items()]


def _translated(tables: Tables, axes: Sequence[Axis]) -> Ints:
    """The coordinates of every cell of `tables` on other axes, that include its own."""
    found = np.zeros((tables.cells, len(axes)), dtype=np.int64)
    own = {axis.name: (index, axis) for index, axis in enumerate(tables.axes)}
    for position, axis in enumerate(axes):
        if axis.name in own:
            index, mine = own[axis.name]
            numbers = np.array([axis.number[node] for node in mine.nodes])
            found[:, position] = numbers[tables.coordinates[:, index]]
    return found


__all__ = ["TOTAL", "Audit", "Exposed", "PublishedSystem", "attack", "join"]
