"""The borders of a page as a grid of quarters of a millimetre, in which it is quick to ask what is free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from dashboard.render.tactile.outlines import Outlines

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Mask = npt.NDArray[np.bool_]
#: Cells of the grid in a millimetre.
FINE = 4


@dataclass(frozen=True)
class Grid:
    """Of a page of `width` by `height` millimetres: which place each of its cells is in, 1 for the first; 0 is none."""

    width: float
    height: float
    found: Outlines
    places: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, found: Outlines, width: float, height: float) -> Grid:
        """The grid of some outlines, in the order of their places."""
        image = _blank(width, height)
        draw = ImageDraw.Draw(image)
        for number, rings in enumerate(found.rings.values(), 1):
            for ring in rings:
                draw.polygon([_cell(point) for point in ring], fill=number)
        return cls(width, height, found, np.asarray(image))

    def near_borders(self, outer: float, inner: float) -> Mask:
        """What is nearer than that to the middle of a border of all, or of one between two places."""
        return self.near(self.found.outer, outer) | self.near(self.found.inner, inner)

    def near(self, lines: Iterable[Sequence[Point]], distance: float) -> Mask:
        """What is nearer than `distance` to some lines."""
        image = _blank(self.width, self.height)
        draw, radius = ImageDraw.Draw(image), distance * FINE
        for line in lines:
            points = [_cell(point) for point in line]
            draw.line(points, fill=1, width=round(2 * radius))
            for x, y in points:
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=1)
        return np.asarray(image).astype(bool)

    def boxes(self, found: Iterable[Box], gap: float) -> Mask:
        """What is in some boxes (left, top, width, height), or nearer to one of them than `gap`."""
        mask = np.zeros(self.places.shape, bool)
        for left, top, width, height in found:
            across = slice(_floor(left - gap), _floor(left + width + gap) + 1)
            mask[_floor(top - gap) : _floor(top + height + gap) + 1, across] = True
        return mask


def corners(free: Mask, width: float, height: float) -> npt.NDArray[np.int64]:
    """The cells (row, column) where the corner of a box of that size may be, so that all of it is free."""
    tall, wide = int(np.ceil(height * FINE)), int(np.ceil(width * FINE))
    if free.shape[0] <= tall or free.shape[1] <= wide:
        return np.zeros((0, 2), np.int64)
    sums = np.zeros((free.shape[0] + 1, free.shape[1] + 1), np.int32)
    sums[1:, 1:] = free.cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32)
    inside = sums[tall:, wide:] - sums[:-tall, wide:] - sums[tall:, :-wide] + sums[:-tall, :-wide]
    return np.argwhere(inside == tall * wide)


def deepest(free: Mask) -> Point:
    """The point of a mask that is farthest from what is not in it, or nearly, in millimetres; its middle cell if it is thin."""
    rows, columns = np.nonzero(free)
    top, left = rows.min(), columns.min()
    rest: Any = np.pad(free[top : rows.max() + 1, left : columns.max() + 1], 1)
    last = rest
    while rest.any():
        last = rest
        rest = last & np.roll(last, 1, 0) & np.roll(last, -1, 0) & np.roll(last, 1, 1) & np.roll(last, -1, 1)
    cells = np.argwhere(last)
    middle = cells[np.abs(cells - cells.mean(0)).sum(1).argmin()]
    return (float(middle[1] - 1 + left) + 0.5) / FINE, (float(middle[0] - 1 + top) + 0.5) / FINE


def _blank(width: float, height: float) -> Image.Image:
    return Image.new("L", (round(width * FINE), round(height * FINE)))


def _cell(point: Point) -> Point:
    return point[0] * FINE, point[1] * FINE


def _floor(value: float) -> int:
    return max(0, int(value * FINE))
