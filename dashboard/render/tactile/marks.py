"""What a page to be touched is made of, in millimetres, and the measures of what is on it.

Braille is that of ONCE's Documento técnico B 1 («Parámetros dimensionales del braille»); lines, gaps and signs, those of the
BANA/CBA guidelines (2010) for swell paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.render.braille import BLANK, dots

Point = tuple[float, float]

#: The sides of an A4 sheet, and what nothing is drawn on around it.
SHORT, LONG, MARGIN = 210.0, 297.0, 10.0
#: The diameter of a dot; from dot to dot; from cell to cell; from line to line.
DOT, APART, CELL, LINE = 1.5, 2.5, 6.0, 10.0
#: How wide and how tall the dots of a full cell are.
CELL_WIDTH, CELL_HEIGHT = APART + DOT, 2 * APART + DOT
#: The least gap between braille and anything else.
GAP = 3.0
#: How wide the lines are: of the border of all, between places, that lead from a label to its place, of signs.
OUTER, INNER, LEAD, SIGN = 2.0, 1.0, 0.8, 1.2
#: Of a line that leads: how long its dashes and the gaps between them are.
DASH, NO_DASH = 3.0, 2.0
#: The side of a sign, and the size of what is printed, in points.
SIGN_SIDE, PRINT = 7.0, 14
#: Millimetres in a point, and how tall a printed line is.
POINT, PRINT_LINE = 25.4 / 72, 6.5


@dataclass(frozen=True)
class Part:
    """What some marks are: a kind («borde», «textura»…) and, if they are of a place or a class, which. A page is its parts in
    order.
    """

    kind: str
    place: str = ""
    klass: str = ""


@dataclass(frozen=True)
class Stroke:
    """A line through some points, of a width."""

    part: Part
    points: tuple[Point, ...]
    width: float


@dataclass(frozen=True)
class Spot:
    """A full circle."""

    part: Part
    x: float
    y: float
    diameter: float


@dataclass(frozen=True)
class Printed:
    """A line of print, its feet at `y`, for who sees."""

    part: Part
    x: float
    y: float
    text: str
    size: float = PRINT


Mark = Stroke | Spot | Printed


@dataclass(frozen=True)
class Page:
    """A sheet: its sides, what it is in words, and its marks. All of it is black."""

    width: float
    height: float
    title: str
    marks: tuple[Mark, ...]


def cells_in(width: float) -> int:
    """How many cells fit in a width."""
    return int((width - CELL_WIDTH) // CELL) + 1


def braille_width(patterns: str) -> float:
    """How wide some cells are, from the first dot to the last that they may have."""
    return (len(patterns) - 1) * CELL + CELL_WIDTH


def braille(part: Part, left: float, top: float, patterns: str) -> Iterator[Spot]:
    """The dots of a line of cells whose box has its corner at `left` and `top`."""
    for number, pattern in enumerate(patterns):
        for dot in dots(pattern) if pattern != BLANK else ():
            column, row = divmod(dot - 1, 3)
            x = left + number * CELL + column * APART + DOT / 2
            yield Spot(part, x, top + row * APART + DOT / 2, DOT)


def sign(part: Part, left: float, top: float) -> Iterator[Stroke]:
    """The sign of a place without figure, in a square of SIGN_SIDE: a cross if it is not known, a square if it is confidential,
    a line if there is nobody to count.
    """
    inset = SIGN / 2
    right, bottom = left + SIGN_SIDE - inset, top + SIGN_SIDE - inset
    start, high, middle = left + inset, top + inset, top + SIGN_SIDE / 2
    shapes: dict[str, Sequence[tuple[Point, ...]]] = {
        UNKNOWN: (((start, high), (right, bottom)), ((start, bottom), (right, high))),
        CONFIDENTIAL: (((start, high), (right, high), (right, bottom), (start, bottom), (start, high)),),
        NOBODY: (((start, middle), (right, middle)),),
    }
    for points in shapes[part.klass]:
        yield Stroke(part, tuple(points), SIGN)


#: What the classes without figure are called in a page.
UNKNOWN, CONFIDENTIAL, NOBODY = "sin-dato", "confidencial", "sin-personas"
