"""Promise: the map of the United States is small, whole and true, and every city is where it should be."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from etl.datasets import with_needs
from etl.geometry.eeuu import INSETS
from etl.geometry.paths import to_polygon
from etl.pipeline.run import Result, run
from tests.browser_support import ROOT
from tests.etl_support import cell, places, run_damaged

BUDGET = 12_000  # bytes, gzip -9


@pytest.fixture(scope="module")
def result() -> Result:
    """Places abroad and state boundaries through the real pipeline, from the committed files."""
    done = run(with_needs(["limites_eeuu"]), ROOT / "data" / "source")
    assert done.problems == []
    return done


@pytest.fixture(scope="module")
def content(result: Result) -> bytes:
    return result.artifacts["mapa_eeuu.json"][1].content


@pytest.fixture(scope="module")
def drawing(content: bytes) -> dict[str, Any]:
    return json.loads(content)


@pytest.fixture(scope="module")
def shapes(drawing: dict[str, Any]) -> dict[str, shapely.Geometry]:
    """What a browser fills, by state."""
    return {code: to_polygon(place["d"]) for code, place in drawing["estados"].items()}


def test_it_fits_a_slow_line_in_whole_numbers(content: bytes) -> None:
    assert len(gzip.compress(content, 9)) <= BUDGET
    assert not re.search(rb"\d\.\d", content)


def test_every_state_is_drawn_but_the_virgin_islands_and_that_is_said(result: Result, shapes) -> None:
    catalogue = set(result.tables["estados_eeuu"]["codigo_estado"])
    assert len(catalogue) == 53 and catalogue - set(shapes) == {"VI"}
    assert any("no dibuja Islas Vírgenes" in notice.message for notice in result.notices)


def test_no_gap_no_overlap_and_all_inside_the_picture(drawing, shapes) -> None:
    drawn = np.array(list(shapes.values()), dtype=object)
    assert shapely.coverage_is_valid(drawn) and shapely.is_valid(drawn).all()
    _, _, width, height = drawing["viewBox"]
    west, north, east, south = shapely.total_bounds(drawn)
    assert min(west, north) > 0 and east < width and south < height


def test_an_inset_holds_its_state_and_nothing_else(drawing, shapes) -> None:
    assert set(drawing["recuadros"]) == set(INSETS)
    for code, (x, y, width, height) in drawing["recuadros"].items():
        box = shapely.box(x, y, x + width, y + height)
        assert box.contains(shapes[code])
        assert not [other for other, shape in shapes.items() if other != code and box.intersects(shape)]


def test_areas_on_the_mainland_keep_their_proportion(result: Result, shapes) -> None:
    real = result.tables["limites_eeuu"].set_index("codigo_estado")["geometry"]
    large = [code for code in shapes if code not in INSETS and real[code].area > 50_000e6]
    ratio = np.array([shapes[code].area / real[code].area for code in large])
    assert len(large) > 35 and ratio.max() / ratio.min() < 1.05
    assert round(real["TX"].area / 1e9) == pytest.approx(690, abs=15)  # thousand km²


def test_neighbours_are_mutual(drawing) -> None:
    states = drawing["estados"]
    assert states["CA"]["v"] == ["AZ", "NV", "OR"]
    assert states["AK"]["v"] == states["HI"]["v"] == states["PR"]["v"] == []
    assert all(code in states[other]["v"] for code, place in states.items() for other in place["v"])


def test_label_points_are_inside_their_state(drawing, shapes) -> None:
    outside = [code for code, place in drawing["estados"].items() if not shapes[code].covers(shapely.Point(place["r"]))]
    assert outside == []


def test_every_city_with_coordinates_has_its_point_in_or_beside_its_state(result: Result, drawing, shapes) -> None:
    cities = result.tables["ciudades_extranjero"].set_index("codigo_ciudad")
    assert set(cities.index) - set(drawing["puntos"]) == {"orlando"}
    for code, point in drawing["puntos"].items():
        assert shapes[cities.loc[code, "codigo_estado"]].distance(shapely.Point(point)) <= 5, code
    los_angeles, nueva_york, houston = (drawing["puntos"][code] for code in ("los_angeles", "nueva_york", "houston"))
    assert los_angeles[0] < houston[0] < nueva_york[0] and nueva_york[1] < los_angeles[1] < houston[1]


def test_two_builds_give_the_same_bytes(content: bytes) -> None:
    again = run(with_needs(["limites_eeuu"]), ROOT / "data" / "source")
    assert again.artifacts["mapa_eeuu.json"][1].content == content


def test_the_published_geoparquet_says_its_projection(release_path: Path) -> None:
    published = geopandas.read_parquet(release_path / "limites_eeuu.parquet")
    assert len(published) == 52 and published.crs == "EPSG:5070"


CITIES = "ciudades_extranjero.csv"
DAMAGES = {
    "a coordinate is missing": (cell(2, "lat", ""), (2, "lon, lat", "arlington"), "le falta la otra"),
    "a city without state": (cell(2, "codigo_estado", ""), (2, "codigo_estado", "arlington"), "tiene estado"),
    "a state that does not exist": (cell(2, "codigo_estado", "ZZ"), (2, "codigo_estado", "ZZ"), "no existe"),
    "words in a coordinate": (cell(3, "lon", "oeste"), (3, "lon", "oeste"), "se esperaba un número"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_catalogue_is_explained(name: str, tmp_path: Path) -> None:
    damage, place, words = DAMAGES[name]
    problems = run_damaged(tmp_path, "territorio_extranjero", CITIES, damage).problems
    assert places(problems) == [place] and words in problems[0].message
