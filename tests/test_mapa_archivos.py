"""The painted maps: small, whole, true to the boundaries, and every one of the 340 can be seen and reached."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import numpy as np
import pytest
import shapely

from etl.datasets import with_needs
from etl.geometry.paths import to_polygon
from etl.pipeline.run import Result, run
from tests.browser_support import ROOT

NATIONAL_BUDGET = 32_000  # bytes, gzip -9: the promise of the national map on the wire
DETAIL_BUDGET = 30_000


@pytest.fixture(scope="module")
def result() -> Result:
    """Territory and boundaries through the real pipeline, from the committed files."""
    done = run(with_needs(["limites"]), ROOT / "data" / "source")
    assert done.problems == []
    return done


@pytest.fixture(scope="module")
def files(result: Result) -> dict[str, bytes]:
    """Every painted map by file name."""
    return {name: item.content for name, (_, item) in result.artifacts.items() if name.startswith("mapa_")}


@pytest.fixture(scope="module")
def maps(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """Every painted map, parsed, by «nacional» or departamento code."""
    return {name[5:-5]: json.loads(content) for name, content in files.items()}


def drawn(layer: dict[str, dict[str, Any]]) -> dict[str, shapely.Geometry]:
    """What a browser fills, by code."""
    return {code: to_polygon(place["d"]) for code, place in layer.items()}


def test_one_national_map_and_one_per_departamento(maps: dict[str, dict[str, Any]]) -> None:
    assert sorted(maps) == [f"{number:02}" for number in range(1, 23)] + ["nacional"]
    assert len(maps["nacional"]["municipios"]) == 340
    assert sorted(maps["nacional"]["departamentos"]) == [f"{number:02}" for number in range(1, 23)]
    detailed = [code for name, content in maps.items() if name != "nacional" for code in content["municipios"]]
    assert sorted(detailed) == sorted(maps["nacional"]["municipios"])


def test_the_maps_fit_a_slow_line(files: dict[str, bytes]) -> None:
    compressed = {name: len(gzip.compress(content, 9)) for name, content in files.items()}
    assert compressed.pop("mapa_nacional.json") <= NATIONAL_BUDGET
    assert max(compressed.values()) <= DETAIL_BUDGET


def test_coordinates_are_whole_numbers(files: dict[str, bytes]) -> None:
    assert not [name for name, content in files.items() if re.search(rb"\d\.\d", content)]


def test_what_is_painted_has_no_gap_no_overlap_and_nobody_missing(maps: dict[str, dict[str, Any]]) -> None:
    for name, content in maps.items():
        shapes = np.array(
            [to_polygon(place["d"]) for place in content["municipios"].values()]
            + [to_polygon(path) for path in content["lagos"] + content.get("contexto", [])],
            dtype=object,
        )
        assert shapely.coverage_is_valid(shapes), name
        assert shapely.is_valid(shapes).all(), name
        assert shapely.area(shapes).min() > 0, name


def test_the_country_and_each_departamento_fill_their_picture(maps: dict[str, dict[str, Any]]) -> None:
    for name, content in maps.items():
        x, y, width, height = content["viewBox"]
        assert (x, y) == (0, 0) and 950 <= max(width, height) <= 1000, name
        west, north, east, south = shapely.total_bounds(list(drawn(content["municipios"]).values()))
        assert 0 < west < 20 and 0 < north < 20, name
        assert 0 < width - east < 20 and 0 < height - south < 20, name


def test_painted_areas_are_the_real_ones(result: Result, maps: dict[str, dict[str, Any]]) -> None:
    """Within 9 % for the smallest municipio of the national map, 1 % for most, and 2 % in the finer maps."""
    real = result.tables["limites_municipios"].set_index("codigo_municipio")["geometry"].map(lambda shape: shape.area)
    for name, content in maps.items():
        areas = {code: shape.area for code, shape in drawn(content["municipios"]).items()}
        unit = sum(real[code] for code in areas) / sum(areas.values())
        errors = {code: abs(area * unit / real[code] - 1) for code, area in areas.items()}
        assert max(errors.values()) <= (0.09 if name == "nacional" else 0.02), name
        assert np.median(list(errors.values())) <= 0.01, name


def widest_circle(shape: shapely.Geometry) -> float:
    """Radius of the biggest circle inside `shape`: what there is to see and to touch."""
    return shapely.length(shapely.maximum_inscribed_circle(shape, tolerance=shape.length / 10_000))


def test_no_municipio_is_painted_narrower_than_it_is(result: Result, maps: dict[str, dict[str, Any]]) -> None:
    """The room inside each is at least 85 % of the real one; 2.6 units across at worst (Santa Catarina Palopó)."""
    real = result.tables["limites_municipios"].set_index("codigo_municipio")["geometry"].map(widest_circle)
    for name, content in maps.items():
        shapes = drawn(content["municipios"])
        unit = (sum(real[code] ** 2 for code in shapes) / sum(widest_circle(s) ** 2 for s in shapes.values())) ** 0.5
        room = {code: widest_circle(shape) * unit / real[code] for code, shape in shapes.items()}
        assert min(room.values()) >= (0.85 if name == "nacional" else 0.95), name
        assert min(widest_circle(shape) for shape in shapes.values()) >= (1.25 if name == "nacional" else 10), name


def test_a_departamento_is_painted_as_its_municipios_with_the_lakes_filled(maps: dict[str, dict[str, Any]]) -> None:
    for name, content in maps.items():
        outlines = drawn(content["departamentos"])
        lakes = shapely.union_all([to_polygon(path) for path in content["lagos"]])
        land = drawn(content["municipios"])
        for code, outline in outlines.items():
            own = shapely.union_all([shape for key, shape in land.items() if key[:2] == code])
            assert own.difference(outline).area == 0, (name, code)
            assert outline.difference(own).difference(lakes).area == 0, (name, code)
            assert content["departamentos"][code]["b"] == [
                *outline.bounds[:2],
                outline.bounds[2] - outline.bounds[0],
                outline.bounds[3] - outline.bounds[1],
            ]


def test_points_for_labels_are_inside(maps: dict[str, dict[str, Any]]) -> None:
    for name, content in maps.items():
        for layer in ("municipios", "departamentos"):
            for code, shape in drawn(content[layer]).items():
                assert shape.contains(shapely.Point(content[layer][code]["r"])), (name, code)


def test_neighbours_in_the_map_are_the_published_ones(result: Result, maps: dict[str, dict[str, Any]]) -> None:
    table = result.tables["limites_vecinos"]
    published = table.groupby("codigo_municipio")["codigo_vecino"].agg(sorted).to_dict()
    for content in maps.values():
        assert all(place["v"] == published[code] for code, place in content["municipios"].items())
    crossing = {(a[:2], b[:2]) for a, b in zip(table["codigo_municipio"], table["codigo_vecino"], strict=True)}
    departamentos = maps["nacional"]["departamentos"]
    assert {(code, other) for code, place in departamentos.items() for other in place["v"]} == {
        pair for pair in crossing if pair[0] != pair[1]
    }


def test_the_national_map_paints_the_two_lakes(maps: dict[str, dict[str, Any]]) -> None:
    assert len(maps["nacional"]["lagos"]) == 2
    assert len(maps["07"]["lagos"]) == 1
    assert maps["22"]["lagos"] == []
