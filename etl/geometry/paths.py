"""Polygons as SVG paths of integers with relative commands, and back.

A path is `M x y l dx dy dx dy … z` once per ring, with a space only where two numbers would run together: half the
bytes of absolute coordinates before compression, and what a browser reads natively.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

_RING = re.compile(r"M([^lMz]+)l([^Mz]+)z")
_NUMBER = re.compile(r"-?\d+")


def to_path(polygon: shapely.Geometry) -> str:
    """The path of a Polygon or MultiPolygon with integer coordinates, biggest part first; holes follow their part."""
    parts = sorted(shapely.get_parts(polygon), key=lambda part: -part.area)
    return "".join(_ring_path(shapely.get_coordinates(ring)) for part in parts for ring in shapely.get_rings(part))


def to_polygon(path: str) -> shapely.Geometry:
    """The geometry a browser fills for `path` under the even-odd rule; ValueError if it is not one of ours."""
    rings = [_ring_polygon(start, steps) for start, steps in _RING.findall(path)]
    if not rings or _RING.sub("", path):
        raise ValueError(f"No es un trazado de este proyecto: {path[:40]!r}")
    filled: shapely.Geometry = rings[0]
    for ring in rings[1:]:
        filled = shapely.symmetric_difference(filled, ring)
    return filled


def _ring_path(closed: NDArray[np.float64]) -> str:
    points = np.rint(closed[:-1]).astype(int)
    return f"M{_numbers(points[0])}l{_numbers(np.diff(points, axis=0).ravel())}z"


def _ring_polygon(start: str, steps: str) -> shapely.Polygon:
    origin = np.array(_integers(start))
    moves = np.array(_integers(steps)).reshape(-1, 2)
    return shapely.Polygon(np.vstack([origin, origin + np.cumsum(moves, axis=0)]))


def _numbers(values: Iterable[int]) -> str:
    return "".join(f" {value}" if value >= 0 else str(value) for value in values).lstrip(" ")


def _integers(text: str) -> Sequence[int]:
    return [int(number) for number in _NUMBER.findall(text)]
