"""Strips of dots, one for each group: where every dot goes so that none covers another, its labels and the axis.

What is across is in per cent of the width of the strip, which the screen decides; what is up and down, in pixels.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt
from typing import Any

#: Between two dots, in pixels.
GAP = 1.0
#: How high a strip without dots is.
EMPTY = 36.0
#: Of a division of floating numbers, what is left by being inexact.
TINY = 1e-9
#: People from which a place is drawn larger.
SIZES = (15_000, 50_000)
#: Pixels of a letter of a label, of a line of them, and between a dot and its label.
LETTER, LINE, BESIDE = 7.8, 22.0, 6.0


@dataclass(frozen=True)
class Shape:
    """The least pixels across that strips are drawn for, the radii of the dots from the smallest place, that of a group,
    the least height and how many marks the axis has at most.
    """

    name: str
    width: float
    radii: tuple[float, float, float]
    whole: float
    least: float
    marks: int


WIDE = Shape("ancha", 520, (3.4, 4.8, 7.0), 24, 108, 8)
NARROW = Shape("angosta", 262, (2.7, 3.8, 5.6), 22, 84, 5)


@dataclass(frozen=True)
class Line:
    """What is drawn of a group: its dots (code, value, people) from the lowest to the highest, the labels of those named,
    which of them is chosen, and the figure of the whole group, if it has one.
    """

    dots: tuple[tuple[str, float, float], ...]
    named: Mapping[str, str]
    chosen: str
    value: float | None
    text: str


@dataclass(frozen=True)
class Circle:
    """A circle in a strip: its centre, from the left end and from the middle line, and its radius, in pixels."""

    x: float
    y: float
    r: float


def spread(dots: Sequence[tuple[float, float]], taken: Iterable[Circle] = ()) -> tuple[Circle, ...]:
    """Each dot (x, radius) as near to the middle line as it can be without touching another or what is `taken`.

    The largest are placed first, in the order given among equals.
    """
    fixed = list(taken)
    placed: list[Circle] = []
    widest = max([r for _, r in dots], default=0.0)
    found: dict[int, Circle] = {}
    for position in sorted(range(len(dots)), key=lambda item: (-dots[item][1], item)):
        x, r = dots[position]
        far = r + widest + GAP
        first, last = bisect_left(placed, x - far, key=_across), bisect_right(placed, x + far, key=_across)
        found[position] = Circle(x, _nearest(x, r, [*fixed, *placed[first:last]]), r)
        insort(placed, found[position], key=_across)
    return tuple(found[position] for position in range(len(dots)))


def _across(circle: Circle) -> float:
    return circle.x


def _nearest(x: float, r: float, placed: Sequence[Circle]) -> float:
    """The height nearest to the middle line where a dot at `x` touches none of those placed."""
    forbidden = sorted(_forbidden(x, r, placed))
    below = above = 0.0
    moved = True
    while moved:
        moved = False
        for low, high in forbidden:
            if low < above < high:
                above, moved = high, True
        for low, high in reversed(forbidden):
            if low < below < high:
                below, moved = low, True
    return above if above <= -below else below


def _forbidden(x: float, r: float, placed: Sequence[Circle]) -> list[tuple[float, float]]:
    """Between which heights a dot at `x` would touch each of those near it."""
    found = []
    for other in placed:
        reach, apart = r + other.r + GAP, abs(other.x - x)
        if apart < reach:
            half = sqrt(reach * reach - apart * apart)
            found.append((other.y - half, other.y + half))
    return found


def ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round numbers between `low` and `high`, as many as there can be up to `most`; none when the two are one."""
    wide = high - low
    if wide <= 0:
        return ()
    powers = range(floor(log10(wide)) - 1, ceil(log10(wide)) + 1)
    steps = (factor * 10.0**power for power in powers for factor in (1, 2, 5))
    found = ((step, ceil(low / step - TINY), floor(high / step + TINY)) for step in steps)
    return next(
        (
            tuple(round(number * step, 9) for number in range(first, last + 1))
            for step, first, last in found
            if last - first < most
        ),
        (),
    )


def strips(lines: Sequence[Line], value: float | None, text: str, shape: Shape) -> dict[str, Any]:
    """The marks of the axis, the figure of them all, and of each group its height, its circles and its labels."""
    values = [found for line in lines for _, found, _ in line.dots]
    values += [found for found in (value, *(line.value for line in lines)) if found is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    marks, room = ticks(low, high, shape.marks), shape.radii[-1] + 2

    def across(found: float) -> float:
        # When every place has one figure, it goes in the middle.
        return room + (shape.width - 2 * room) * ((found - low) / (high - low) if high > low else 0.5)

    return {
        "desde": low,
        "marcas": [[_share(across(mark), shape), mark] for mark in marks],
        "todo": None if value is None else [_share(across(value), shape), text],
        "grupos": [_strip(line, shape, across) for line in lines],
    }


def _share(x: float, shape: Shape) -> float:
    return round(100 * x / shape.width, 1)


def size(people: float) -> int:
    """0, 1 or 2: how large a place is drawn."""
    return sum(people >= limit for limit in SIZES)


def _strip(line: Line, shape: Shape, across: Callable[[float], float]) -> dict[str, Any]:
    whole = [] if line.value is None else [Circle(across(line.value), 0.0, shape.whole)]
    dots = spread([(across(value), shape.radii[size(people)]) for _, value, people in line.dots], whole)
    reach = max((abs(dot.y) + dot.r for dot in (*dots, *whole)), default=0.0) + 5
    least = shape.least if dots else EMPTY
    by_code = {code: dot for (code, _, _), dot in zip(line.dots, dots, strict=True)}
    labels = _labels(line, shape, by_code)
    above, below = (LINE * sum(label["lado"] == side for label in labels) for side in ("arriba", "abajo"))
    middle = round(max(least / 2, reach + above), 1)
    height = round(middle + max(least / 2, reach + below), 1)
    row = 0
    for label in labels:
        dot = by_code[label["codigo"]]
        label["y"] = round(middle + dot.y, 1)
        if label["lado"] == "arriba":
            label["guia"] = [LINE - 4, round(middle + dot.y - dot.r, 1)]
            label["y"] = LINE / 2
        elif label["lado"] == "abajo":
            row += 1
            label["y"] = round(height - LINE * (below / LINE - row) - LINE / 2, 1)
            label["guia"] = [round(middle + dot.y + dot.r, 1), round(label["y"] - 9, 1)]
    return {
        "alto": height,
        "medio": middle,
        "puntos": [[code, _share(dot.x, shape), round(middle + dot.y, 1), dot.r] for code, dot in by_code.items()],
        "grupo": [_share(whole[0].x, shape), middle, shape.whole, line.text] if whole else None,
        "rotulos": labels,
    }


def _labels(line: Line, shape: Shape, dots: Mapping[str, Circle]) -> list[dict[str, Any]]:
    """Where each name goes: beside its dot when it is at an end and there is room; else above, or below the others."""
    codes = list(dots)
    found = []
    for code, words in line.named.items():
        dot, wide = dots[code], LETTER * len(words) + BESIDE
        chosen = code == line.chosen
        first, last = code == codes[0], code == codes[-1]
        if first and not chosen and dot.x - dot.r - wide >= 0:
            side, anchor = "izquierda", "end"
        elif last and not chosen and dot.x + dot.r + wide <= shape.width:
            side, anchor = "derecha", "start"
        else:
            side = "arriba" if first and not chosen else "abajo"
            half = wide / 2
            anchor = "start" if dot.x < half else "end" if dot.x > shape.width - half else "middle"
        found.append(
            {
                "codigo": code,
                "texto": words,
                "x": _share(dot.x, shape),
                "dx": {"izquierda": -(dot.r + BESIDE), "derecha": dot.r + BESIDE}.get(side, 0.0),
                "ancla": anchor,
                "lado": side,
                "elegido": chosen,
                "guia": None,
            }
        )
    return found
