"""The blocks of a layer, side by side: what room its cells have, and what would give them more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from etl.disclosure.blocks import Block, blocks, hubs, main_axis
from etl.disclosure.bounds import Floats, Range, Region
from etl.disclosure.layers import Acting, Layer, Room, moved
from etl.disclosure.tables import Bools, Ints, Tables

HUB_ROOM = 3  # thresholds that the hubs must be able to give of each kind


def look(
    among: Sequence[Layer],
    hidden: Bools,
    point: Ints | Floats,
    thresholds: Ints,
    rest: Bools,
    narrow: Callable[[Range], Bools],
    seen: Range,
    workers: int,
    seed: int = 0,
) -> None:
    """Widen `seen` of a whole system around `point`, layer by layer, until nothing is `narrow` or no layer shows more.

    `rest` are the cells of what is left of a larger set. The blocks of a layer start from the same state: their order is
    indifferent.
    """
    wanted_of = narrow(seen)
    for acting in Acting:
        reach = Range(np.zeros(len(hidden)), np.zeros(len(hidden)))
        for layer in among:
            if acting is not Acting.NO and not layer.acts:
                continue
            room = layer.room(hidden, point, acting)
            wanted = room.free & ((room.cells >= 0) & wanted_of[room.cells]).any(axis=0)
            if not wanted.any():
                continue
            emptied = layer.emptied(room, wanted_of, rest)
            found = explored(layer.tables, room, wanted, emptied, layer.of(thresholds), workers, seed)
            moves = moved(room, found, len(hidden))
            if layer.adds:
                reach = moves = Range(reach.low + moves.low, reach.high + moves.high)
            seen.join(Range(point + moves.low, point + moves.high))
            wanted_of = narrow(seen)


def explored(
    tables: Tables, room: Room, wanted: Bools, emptied: Bools, thresholds: Ints, workers: int, seed: int = 0
) -> Range:
    """What was seen of the cells of a layer around the people that they may lose (`room.fewer`), block by block.

    Of the `emptied`, only the largest count is looked for: the one that leaves nobody on the other side.
    All blocks start from the same state, so that what is found does not depend on which ends first.
    """
    found = Range.at(room.fewer)
    chosen = [block for block in _parts(tables, room, thresholds) if (block.own & wanted).any()]
    enough = np.where(emptied, np.minimum(thresholds, room.more), thresholds)

    def one(numbered: tuple[int, Block]) -> Range:
        number, block = numbered
        own = Range.at(room.fewer)
        region = Region(tables, room.fewer, block.free, room.fewer + room.more)
        region.explore(enough, own, block.own & wanted, seed + number, emptied)
        return own

    with ThreadPoolExecutor(workers) as pool:
        for own in pool.map(one, enumerate(chosen)):
            found.join(own)
    return found


def needed(
    among: Sequence[tuple[Block, Region]],
    rise: Bools,
    fall: Bools,
    hidden: Bools,
    thresholds: Ints,
    cost: Floats,
    workers: int,
) -> Iterator[Ints]:
    """For each block `among` them, the cells to hide, at least cost, for some to rise, or fall, by their threshold."""
    chosen = [(block, region) for block, region in among if (block.own & (rise | fall)).any()]

    def one(part: tuple[Block, Region]) -> Ints:
        block, region = part
        return region.cheapest_change(rise & block.own, fall & block.own, hidden, thresholds, cost)

    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(one, chosen)


def regions(tables: Tables, room: Room, thresholds: Ints) -> list[tuple[Block, Region]]:
    """The blocks of a layer, and in each what may change around the people that its cells may lose."""
    most = room.fewer + room.more
    return [(block, Region(tables, room.fewer, block.free, most)) for block in _parts(tables, room, thresholds)]


def _parts(tables: Tables, room: Room, thresholds: Ints) -> list[Block]:
    """The blocks of a layer, the largest first: side by side, none is left for the end."""
    axis = main_axis(tables)
    whole = np.where(np.isfinite(room.fewer), room.fewer, 0)
    leaves = () if axis is None else hubs(tables, axis, whole, room.free, HUB_ROOM * thresholds)
    found = blocks(tables, room.free, leaves)
    return sorted(found, key=lambda block: -int(block.free.sum()))
