"""How each class feels: five textures from the least to the most, as lines and dots with room between them.

To touch, five are as many as are told apart; they grow with the figure: nothing, few large dots, many small dots, lines across,
and lines both ways. A map of six classes joins two of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dashboard.kinds.classes import Classes
from dashboard.render.tactile.marks import Mark, Part, Spot, Stroke
from dashboard.render.tactile.raster import FINE, Mask, deepest

#: As many textures as a finger tells apart.
MOST = 5
SMOOTH, SPARSE, DENSE, LINES, CROSSED = range(MOST)
#: What each is called, for who prints or explains the sheet.
NAMES = ("liso", "puntos grandes y separados", "puntos pequeños y juntos", "rayas", "cuadrícula")
#: For fewer classes, the textures that differ most.
CHOSEN = {
    1: (SPARSE,),
    2: (SMOOTH, LINES),
    3: (SMOOTH, SPARSE, LINES),
    4: (SMOOTH, SPARSE, LINES, CROSSED),
    5: (SMOOTH, SPARSE, DENSE, LINES, CROSSED),
}
#: The diameter of the dots and from one to the next; the width of the lines and from one to the next (mm).
SPARSE_DOT, SPARSE_STEP, DENSE_DOT, DENSE_STEP = 2.2, 6.0, 1.1, 2.6
LINE_WIDTH, LINE_STEP, CROSSED_STEP = 1.0, 3.2, 4.2
#: The shortest line that is drawn.
SHORTEST = 2.5


def few(classes: Classes) -> Classes:
    """Some classes, no more than there are textures: the two around the middle limit are joined (of those around zero, two of
    those above it), so that the other limits are those of the map.
    """
    breaks = classes.breaks
    while len(breaks) >= MOST:
        middle = len(breaks) // 2
        if classes.diverging and breaks[middle] == 0:
            middle += 1
        breaks = (*breaks[:middle], *breaks[middle + 1 :])
    return Classes(breaks, classes.unit)


def texture(part: Part, kind: int, free: Mask) -> Iterator[Mark]:
    """The marks of a texture where a mask is free; of what is too small for any, one in its deepest place."""
    if kind == SMOOTH:
        return
    found = list(_marks(part, kind, free))
    yield from found or _one(part, kind, free)


def _marks(part: Part, kind: int, free: Mask) -> Iterator[Mark]:
    if kind == SPARSE:
        yield from _dots(part, free, SPARSE_DOT, SPARSE_STEP)
    elif kind == DENSE:
        yield from _dots(part, free, DENSE_DOT, DENSE_STEP)
    elif kind == LINES:
        yield from _lines(part, free, LINE_STEP, across=True)
    else:
        yield from _lines(part, free, CROSSED_STEP, across=True)
        yield from _lines(part, free, CROSSED_STEP, across=False)


def _one(part: Part, kind: int, free: Mask) -> Iterator[Mark]:
    if not free.any():
        return
    x, y = deepest(free)
    if kind in (SPARSE, DENSE):
        yield Spot(part, x, y, SPARSE_DOT if kind == SPARSE else DENSE_DOT)
        return
    half = SHORTEST / 2
    yield Stroke(part, ((x - half, y), (x + half, y)), LINE_WIDTH)
    if kind == CROSSED:
        yield Stroke(part, ((x, y - half), (x, y + half)), LINE_WIDTH)


def _dots(part: Part, free: Mask, diameter: float, step: float) -> Iterator[Spot]:
    """Dots in rows, each row half a step from the last, that are wholly where it is free."""
    tall, wide = free.shape
    reach = diameter / 2 * FINE
    for turn, y in enumerate(np.arange(step, tall / FINE, step * 0.866)):
        for x in np.arange(step * (1 + turn % 2 / 2), wide / FINE, step):
            row, column = int(y * FINE), int(x * FINE)
            if free[row, column] and _around(free, row, column, reach):
                yield Spot(part, float(round(x, 2)), float(round(y, 2)), diameter)


def _around(free: Mask, row: int, column: int, reach: float) -> bool:
    """Whether a circle is wholly where it is free."""
    half = int(np.ceil(reach))
    near = free[max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1]
    return bool(near.all())


def _lines(part: Part, free: Mask, step: float, across: bool) -> Iterator[Stroke]:
    """Lines where it is free, across or down, not shorter than SHORTEST; their round ends are inside too."""
    own = free if across else free.T
    half = LINE_WIDTH / 2
    for at in np.arange(step, own.shape[0] / FINE, step):
        rows = own[int((at - half) * FINE) : int((at + half) * FINE) + 1]
        line = np.diff(np.concatenate(([0], rows.all(0).astype(np.int8), [0])))
        for start, end in zip(np.nonzero(line == 1)[0] / FINE, np.nonzero(line == -1)[0] / FINE, strict=True):
            if end - start < SHORTEST:
                continue
            first, last, level = float(start + half), float(end - half), float(at)
            points = ((first, level), (last, level)) if across else ((level, first), (level, last))
            yield Stroke(part, points, LINE_WIDTH)
