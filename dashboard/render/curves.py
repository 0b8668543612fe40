"""The geometry of charts drawn with the style sheet alone: strips and lines cut out of a box, in per cent of it.

A box scales with the page and its text does not, so the same chart is legible on a phone; and what is made of boxes can be
drawn by Dash, which has no elements of SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

#: A place in a box: from its left and from its top, in per cent.
Point = tuple[float, float]
#: What is said of an element in CSS: its declarations.
Style = str
STEPS = (0.5, 1, 2, 5, 10, 20, 25, 50)
MOST_TICKS = 6


@dataclass(frozen=True)
class Axis:
    """A vertical axis between two values, with marks at every `step`."""

    low: float
    high: float
    step: float

    def top(self, value: float) -> float:
        """How far from the top of the box a value is, in per cent."""
        return 100 * (self.high - value) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        """The values with a mark, from the lowest."""
        count = round((self.high - self.low) / self.step)
        return [self.low + number * self.step for number in range(count + 1)]


def axis(values: Sequence[float], least: float | None = None, most: float | None = None) -> Axis:
    """An axis of round marks around `values`, never below `least` nor above `most`."""
    bottom, top = min(values, default=0.0), max(values, default=0.0)
    step = next((item for item in STEPS if (top - bottom) / item <= MOST_TICKS - 2), STEPS[-1])
    low, high = step * floor(bottom / step), step * ceil(top / step)
    low = low if least is None else max(low, least)
    high = high if most is None else min(high, most)
    if high > low:
        return Axis(low, high, step)
    return Axis(low, low + step, step) if most is None or low + step <= most else Axis(high - step, high, step)


def pieces(points: Sequence[Point | None]) -> list[list[Point]]:
    """The points in a row that there are: a line is cut where one is missing."""
    found: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [piece for piece in found if piece]


def line(points: Sequence[Point], width: float) -> Style:
    """A line of `width` pixels through some points."""
    above: list[str] = []
    below: list[str] = []
    back, on = f"{-width / 2:g}px", f"{width / 2:g}px"
    places = [(f"calc({x:.2f}% + ", f"calc({y:.2f}% + ") for x, y in points]
    for (before, after), ((left, top), (right, end)) in zip(pairwise(points), pairwise(places), strict=True):
        # As if a square pen went from one to the other: a steep line is not thinner than a flat one, however wide the box.
        first, last = f"{left}{back}) {top}{back})", f"{right}{on}) {end}{back})"
        start, finish = f"{left}{back}) {top}{on})", f"{right}{on}) {end}{on})"
        if after[1] < before[1]:  # it rises
            above += [first, f"{right}{back}) {end}{back})", last]
            below += [start, f"{left}{on}) {top}{on})", finish]
        else:
            above += [first, f"{left}{on}) {top}{back})", last]
            below += [start, f"{right}{back}) {end}{on})", finish]
    return f"clip-path:polygon({', '.join([*above, *reversed(below)])})"


def band(above: Sequence[Point], below: Sequence[Point]) -> Style:
    """What is between two lines."""
    return f"clip-path:polygon({', '.join([f'{x:.2f}% {y:.2f}%' for x, y in [*above, *reversed(below)]])})"


def at(point: Point) -> Style:
    """Where a mark goes."""
    return f"left:{point[0]:.2f}%;top:{point[1]:.2f}%"


def spread(tops: Sequence[float], room: float) -> list[float]:
    """Where some labels go, each as near its point as the others let it and at least `room` from the next, in their order."""
    order = sorted(range(len(tops)), key=lambda number: tops[number])
    groups: list[list[float]] = []  # labels that touch: how far each would be from the first of them, were they one
    for place, number in enumerate(order):
        groups.append([tops[number] - place * room])
        while len(groups) > 1 and _middle(groups[-2]) >= _middle(groups[-1]):
            groups[-2:] = [[*groups[-2], *groups[-1]]]
    placed = [_middle(group) for group in groups for _ in group]
    found = [0.0] * len(tops)
    most = 100 - room * (len(tops) - 1)
    for place, number in enumerate(order):
        found[number] = min(max(placed[place], 0.0), max(most, 0.0)) + place * room
    return found


def _middle(values: Sequence[float]) -> float:
    return sum(values) / len(values)
