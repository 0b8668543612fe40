"""What is painted is what was measured: a path parses back to the very polygon it was written from."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from etl.geometry.paths import to_path, to_polygon


def test_a_path_is_relative_integers_with_no_space_to_spare() -> None:
    assert to_path(shapely.Polygon([(10, 20), (15, 20), (15, 12), (10, 12)])) == "M10 20l5 0 0-8-5 0z"


def test_a_hole_and_an_island_survive_and_the_biggest_part_goes_first() -> None:
    island = shapely.box(-9, -9, -7, -7)
    land = shapely.Polygon(shapely.box(0, 0, 30, 30).exterior, [shapely.box(10, 10, 20, 20).exterior])
    path = to_path(shapely.MultiPolygon([island, land]))
    assert path.count("M") == 3
    assert to_polygon(path[: path.index("z") + 1]).area == 900
    assert to_polygon(path).equals(shapely.MultiPolygon([island, land]))


@given(
    st.lists(st.tuples(st.integers(-2000, 2000), st.integers(-2000, 2000)), min_size=3, max_size=9).map(
        lambda points: shapely.MultiPoint(points).convex_hull
    )
)
def test_any_polygon_parses_back_to_itself(hull: shapely.Geometry) -> None:
    if isinstance(hull, shapely.Polygon):
        assert to_polygon(to_path(hull)).equals(hull)


@pytest.mark.parametrize("text", ["", "M0 0L5 5z", "M0 0l5 5", "M0 0l5 0 0 5z<script>"])
def test_text_that_is_no_path_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="No es un trazado"):
        to_polygon(text)
