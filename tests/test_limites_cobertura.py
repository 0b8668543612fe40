"""A coverage stays a coverage: simplified, rounded, dissolved or measured, no border tears and no place vanishes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from etl.geometry import GeometryError
from etl.geometry.coverage import dissolve, generalise, shared_borders, snap

# Two rows of two squares of 10 x 10 metres: 0101 0102 below, 0201 0202 above.
CODES = ["0101", "0102", "0201", "0202"]
SQUARES = np.array([shapely.box(x, y, x + 10, y + 10) for y in (0, 10) for x in (0, 10)], dtype=object)


def pairs(geometries: np.ndarray, codes: list[str]) -> dict[tuple[str, str], float]:
    """Length of each shared border, both ways."""
    return {(row.codigo, row.vecino): row.metros for row in shared_borders(geometries, codes).itertuples()}


def test_neighbours_share_a_side_and_never_a_corner() -> None:
    sides = [("0101", "0102"), ("0101", "0201"), ("0102", "0202"), ("0201", "0202")]
    assert pairs(SQUARES, CODES) == {pair: 10.0 for side in sides for pair in (side, side[::-1])}


def test_a_departamento_is_the_union_of_its_municipios() -> None:
    union = dissolve(SQUARES, [code[:2] for code in CODES])
    assert list(union) == ["01", "02"]
    assert union["01"].equals(shapely.box(0, 0, 20, 10))
    assert union["02"].equals(shapely.box(0, 10, 20, 20))


def test_overlapping_boundaries_are_refused() -> None:
    overlapping = np.array([shapely.box(0, 0, 10, 10), shapely.box(9, 0, 20, 10)], dtype=object)
    with pytest.raises(GeometryError, match="se traslapan"):
        generalise(overlapping, 1)


def test_a_place_that_would_vanish_on_the_grid_stops_the_build() -> None:
    tiny = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 10.3, 0.3)], dtype=object)
    with pytest.raises(GeometryError, match="desaparecen"):
        snap(tiny)


@given(
    middle=st.lists(st.floats(6.0, 14.0), min_size=3, max_size=12),
    slope=st.floats(-0.4, 0.4),
)
def test_any_winding_border_rounds_to_integers_without_gap_or_overlap(middle: list[float], slope: float) -> None:
    """Two places divided by a zigzag inside a 20-unit square: rounding must not open, cross or lose anything."""
    ys = np.linspace(0, 20, len(middle))
    border = list(zip(np.array(middle) + slope * (ys - 10), ys, strict=True))
    west = shapely.Polygon([(0, 0), *border, (0, 20)])
    east = shapely.Polygon([(20, 0), *border, (20, 20)])
    snapped = snap(np.array([west, east], dtype=object))
    assert shapely.coverage_is_valid(snapped)
    assert shapely.is_valid(snapped).all()
    assert shapely.area(snapped).sum() == 400
    xy = shapely.get_coordinates(snapped)
    assert (xy == np.rint(xy)).all()
