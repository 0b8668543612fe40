"""The borders of some places on a page, in millimetres: each once, and without the turns that a finger cannot follow.

A border that two places share is one line, which is made simpler once, so that both still share it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise

from dashboard.render.preview import rings

#: The least turn of a border, and the least island, that are drawn (mm²).
LEAST_TURN, LEAST_ISLAND = 3.0, 20.0

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Edge = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Outlines:
    """The rings of each place by its code, closed, and the lines between them: those that are the border of all (`outer`) and
    those between two places (`inner`).
    """

    rings: Mapping[str, tuple[tuple[Point, ...], ...]]
    outer: tuple[tuple[Point, ...], ...]
    inner: tuple[tuple[Point, ...], ...]


def extent(paths: Iterable[str]) -> Box:
    """The left, the top, the width and the height of some paths of a map, in its units."""
    points = [point for path in paths for ring in rings(path) for point in ring]
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across) - min(across), max(down) - min(down)


def outlines(paths: Mapping[str, str], scale: float, left: float, top: float) -> Outlines:
    """The places of a map (their paths, by code), `scale` millimetres for each unit, with its own corner at `left` and `top`."""
    x0, y0, _, _ = extent(paths.values())
    found = _without_lakes({code: _islands(list(rings(path)), scale) for code, path in paths.items()})
    edges = Counter(edge for own in found.values() for ring in own for edge in _edges(ring))
    joints = _joints(edges)
    known: dict[tuple[tuple[int, int], ...], tuple[Point, ...]] = {}
    lines: dict[tuple[tuple[int, int], ...], int] = {}

    def placed(point: tuple[int, int]) -> Point:
        return left + (point[0] - x0) * scale, top + (point[1] - y0) * scale

    def simple(arc: tuple[tuple[int, int], ...]) -> tuple[Point, ...]:
        own, back = arc, arc[::-1]
        one = min(own, back)
        if one not in known:
            known[one] = tuple(simplified([placed(point) for point in one], LEAST_TURN))
            lines[one] = edges[frozenset(one[:2])]
        return known[one] if one == own else known[one][::-1]

    drawn = {
        code: tuple(_joined(simple(arc) for arc in _arcs(ring, joints)) for ring in own) for code, own in found.items()
    }
    outer = tuple(known[arc] for arc, count in lines.items() if count == 1)
    inner = tuple(known[arc] for arc, count in lines.items() if count > 1)
    return Outlines(drawn, outer, inner)


def simplified(line: Sequence[Point], least: float) -> list[Point]:
    """A line without the turns that enclose less than `least` mm², the smallest first (Visvalingam and Whyatt, 1993); its ends
    stay and, of a closed one, two points more.
    """
    before, after = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))
    stay = len(line) - (2 if line[0] == line[-1] else 0)
    turns = [(_turn(line, number - 1, number, number + 1), number) for number in range(1, len(line) - 1)]
    heapify(turns)
    sizes = {number: size for size, number in turns}
    while turns and len(sizes) > len(line) - stay:
        size, number = heappop(turns)
        if sizes.get(number) != size:
            continue  # a neighbour of it was left out meanwhile
        if size >= least:
            break
        del sizes[number]
        left, right = before[number], after[number]
        after[left], before[right] = right, left
        for other in (left, right):
            if other in sizes:  # never smaller than what was left out beside it, so that the order is of the whole line
                sizes[other] = max(size, _turn(line, before[other], other, after[other]))
                heappush(turns, (sizes[other], other))
    return [point for number, point in enumerate(line) if number in sizes or number in (0, len(line) - 1)]


def _turn(line: Sequence[Point], left: int, middle: int, right: int) -> float:
    (x, y), (u, v), (a, b) = line[left], line[middle], line[right]
    return abs((u - x) * (b - y) - (a - x) * (v - y)) / 2


def area(ring: Sequence[Point]) -> float:
    """The area inside a ring."""
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _islands(found: list[list[tuple[int, int]]], scale: float) -> list[list[tuple[int, int]]]:
    """The rings of a place that are worth drawing: the largest and those that a finger notices."""
    closed = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in found]
    largest = max(closed, key=area)
    return [ring for ring in closed if ring is largest or area(ring) * scale * scale >= LEAST_ISLAND]


def _without_lakes(found: Mapping[str, list[list[tuple[int, int]]]]) -> dict[str, list[list[tuple[int, int]]]]:
    """The rings of the places, by code, without the holes that no other place fills."""
    edges = Counter(edge for own in found.values() for ring in own for edge in _edges(ring))
    kept = {}
    for code, own in found.items():
        largest = max(own, key=area)
        kept[code] = [
            ring
            for ring in own
            if ring is largest or not _inside(ring[0], largest) or any(edges[edge] > 1 for edge in _edges(ring))
        ]
    return kept


def _inside(point: tuple[int, int], ring: Sequence[tuple[int, int]]) -> bool:
    """Whether a point is inside a ring, by the borders that it has at its right."""
    x, y = point
    crossed = False
    for (left, high), (right, low) in pairwise(ring):
        if (high > y) != (low > y) and x < left + (right - left) * (y - high) / (low - high):
            crossed = not crossed
    return crossed


def _edges(ring: Sequence[tuple[int, int]]) -> Iterator[Edge]:
    return (frozenset(pair) for pair in pairwise(ring) if pair[0] != pair[1])


def _joints(edges: Mapping[Edge, int]) -> frozenset[tuple[int, int]]:
    """The points where lines meet: with more than two edges, or between an edge of one place and one of two."""
    at: dict[tuple[int, int], list[int]] = defaultdict(list)
    for edge, count in edges.items():
        for point in edge:
            at[point].append(count)
    return frozenset(point for point, counts in at.items() if len(counts) != 2 or counts[0] != counts[1])


def _arcs(ring: list[tuple[int, int]], joints: frozenset[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], ...]]:
    """A ring as the lines between its joints, in order; without any, the ring from its lowest point."""
    own = ring[:-1]
    start = next((number for number, point in enumerate(own) if point in joints), own.index(min(own)))
    turned = [*own[start:], *own[:start], own[start]]
    begun = 0
    for number in range(1, len(turned)):
        if turned[number] in joints or number == len(turned) - 1:
            yield tuple(turned[begun : number + 1])
            begun = number


def _joined(arcs: Iterable[tuple[Point, ...]]) -> tuple[Point, ...]:
    found: list[Point] = []
    for arc in arcs:
        found += arc[1:] if found else arc
    return tuple(found)
