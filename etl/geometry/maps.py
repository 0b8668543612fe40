"""The painted map: one small JSON of integer SVG paths for the country and a finer one per departamento.

`y` grows downwards and one unit is a whole number of metres. Every vertex is put on the integer grid once, for all the
polygons that share it, so no hairline of background shows between neighbours at any zoom.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
import shapely

from etl.country import departamento_of, departamentos_of
from etl.geometry import GeometryError
from etl.geometry.coverage import Geometries, dissolve, shared_borders, snap
from etl.geometry.paths import to_path

UNITS = 1000  # longest side of a map, padding included
PADDING = 8  # units around the land, so that a thick outline is not cut
# Measured together: 350 m, then 1.05 units after rounding, is 29 kB gzipped and no municipio is off by 9 % of its area;
# 500 m and 0.75 would be as heavy with an error of 14 % (rounding leaves stairs that only the second pass removes).
NATIONAL_TOLERANCE = 350.0  # metres
ROUNDING_TOLERANCE = 1.05  # units

Layer = Mapping[str, shapely.Geometry]


@dataclass(frozen=True)
class Canvas:
    """A rectangle of the country and the units it is drawn in."""

    west: float
    north: float
    scale: int  # metres per unit
    width: int
    height: int

    @classmethod
    def around(cls, geometries: Geometries, padding: int = PADDING) -> Canvas:
        """The canvas whose longest side is UNITS and that leaves `padding` units around `geometries`."""
        west, south, east, north = shapely.total_bounds(geometries)
        scale = math.ceil(max(east - west, north - south) / (UNITS - 2 * padding))
        width, height = (math.ceil(side / scale) + 2 * padding for side in (east - west, north - south))
        return cls(west - padding * scale, north + padding * scale, scale, width, height)

    def place(self, geometries: Geometries) -> Geometries:
        """Geometries in metres, in (fractional) units of this canvas."""
        return shapely.transform(
            geometries,
            lambda xy: np.column_stack([xy[:, 0] - self.west, self.north - xy[:, 1]]) / self.scale,
        )

    def frame(self) -> shapely.Polygon:
        """The canvas and the padding again around it: where clipped land ends, out of sight."""
        return shapely.box(-PADDING, -PADDING, self.width + PADDING, self.height + PADDING)


@dataclass(frozen=True)
class Boundaries:
    """The finest boundaries there are, by code: municipios and lakes are one coverage; departamentos are its unions."""

    municipios: Layer
    lagos: Layer
    neighbours: pd.DataFrame  # codigo, vecino, metros: municipios only
    lake_homes: Mapping[str, str]  # lake -> the departamento it shares most of its shore with

    @classmethod
    def of(cls, municipios: Layer, lagos: Layer) -> Boundaries:
        """Boundaries with their neighbours measured; GeometryError if they are not one coverage."""
        coverage = _array([*municipios.values(), *lagos.values()])
        if not shapely.coverage_is_valid(coverage):
            raise GeometryError("Los límites se traslapan o no comparten exactamente sus fronteras.")
        borders = shared_borders(coverage, [*municipios, *lagos])
        land = borders[borders["vecino"].isin(municipios.keys())]
        shores = land[land["codigo"].isin(lagos.keys())].assign(home=departamentos_of(land["vecino"]))
        homes = shores.groupby(["codigo", "home"], as_index=False)[["metros"]].sum().sort_values("metros")
        between = land[land["codigo"].isin(municipios.keys())].reset_index(drop=True)
        return cls(municipios, lagos, between, dict(zip(homes["codigo"], homes["home"], strict=True)))

    @cached_property
    def near(self) -> dict[str, list[str]]:
        """The neighbours of each municipio."""
        return _neighbours(self.neighbours)

    @cached_property
    def near_departamentos(self) -> dict[str, list[str]]:
        """The neighbours of each departamento."""
        return _neighbours(_by_departamento(self.neighbours))

    def departamentos(self) -> dict[str, shapely.Geometry]:
        """Each departamento as the union of its municipios, by code."""
        return dissolve(_array(self.municipios.values()), [departamento_of(code) for code in self.municipios])


def map_files(boundaries: Boundaries) -> dict[str, bytes]:
    """Every map as `file name -> JSON bytes`: mapa_nacional.json and one mapa_<departamento>.json each."""
    outlines = boundaries.departamentos()
    with ThreadPoolExecutor() as pool:  # most of a map is made by GEOS, which lets the other threads run meanwhile
        national = pool.submit(national_map, boundaries)
        maps = pool.map(partial(departamento_map, boundaries, outlines), outlines)
        named = zip((f"mapa_{code}.json" for code in outlines), maps, strict=True)
        return {"mapa_nacional.json": _bytes(national.result()), **{name: _bytes(found) for name, found in named}}


def national_map(boundaries: Boundaries) -> dict[str, Any]:
    """The whole country: every municipio, departamento and lake."""
    names = [*boundaries.municipios, *boundaries.lagos]
    whole = _array([*boundaries.municipios.values(), *boundaries.lagos.values()])
    canvas = Canvas.around(whole)
    drawn = dict(zip(names, _draw(whole, canvas, NATIONAL_TOLERANCE), strict=True))
    municipios = {code: drawn[code] for code in boundaries.municipios}
    lagos = {name: drawn[name] for name in boundaries.lagos}
    return {
        "viewBox": [0, 0, canvas.width, canvas.height],
        "municipios": _places(municipios, boundaries.near),
        "departamentos": _departamentos(municipios, lagos, boundaries),
        "lagos": [to_path(lago) for lago in lagos.values()],
    }


def departamento_map(boundaries: Boundaries, outlines: Layer, code: str) -> dict[str, Any]:
    """One departamento in finer detail, with the outlines of what surrounds it up to the edge of the picture."""
    own = {key: shape for key, shape in boundaries.municipios.items() if departamento_of(key) == code}
    canvas = Canvas.around(_array(own.values()))
    around = {key: shape for key, shape in {**outlines, **boundaries.lagos}.items() if key != code}
    names = [*own, *around]
    drawn = dict(zip(names, _draw(_array([*own.values(), *around.values()]), canvas, canvas.scale), strict=True))
    visible = {name: shape for name, shape in drawn.items() if not shape.is_empty}
    municipios = {key: visible[key] for key in own}
    lagos = {name: visible[name] for name in boundaries.lagos if name in visible}
    own_lagos = {name: lago for name, lago in lagos.items() if boundaries.lake_homes.get(name) == code}
    return {
        "viewBox": [0, 0, canvas.width, canvas.height],
        "municipios": _places(municipios, boundaries.near),
        "departamentos": _departamentos(municipios, own_lagos, boundaries),
        "lagos": [to_path(lago) for lago in lagos.values()],
        "contexto": [to_path(shape) for key, shape in visible.items() if key in outlines],
    }


def _draw(geometries: Geometries, canvas: Canvas, tolerance: float) -> Geometries:
    """Integer geometries on `canvas`, simplified by `tolerance` metres; empty where nothing falls inside it."""
    placed = canvas.place(shapely.coverage_simplify(geometries, tolerance))
    clipped = shapely.intersection(placed, canvas.frame())
    seen = np.flatnonzero(shapely.area(clipped) >= 1)
    drawn = np.full(len(geometries), shapely.Polygon(), dtype=object)
    drawn[seen] = shapely.normalize(shapely.coverage_simplify(snap(clipped[seen]), ROUNDING_TOLERANCE))
    return drawn


def _places(shapes: Layer, neighbours: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    return {
        code: {"d": to_path(shape), "r": label_point(shape), "v": list(neighbours.get(code, ()))}
        for code, shape in shapes.items()
    }


def _departamentos(municipios: Layer, lagos: Layer, boundaries: Boundaries) -> dict[str, dict[str, Any]]:
    """Outlines drawn over the municipios: their union, lakes filled so that no shore is taken for a border."""
    homes = {name: home for name, home in boundaries.lake_homes.items() if name in lagos}
    parts = [*municipios.values(), *(lagos[name] for name in homes)]
    outlines = dissolve(_array(parts), [*(departamento_of(code) for code in municipios), *homes.values()])
    places = _places(outlines, boundaries.near_departamentos)
    return {code: {**place, "b": _box(outlines[code])} for code, place in places.items()}


def _by_departamento(neighbours: pd.DataFrame) -> pd.DataFrame:
    pairs = neighbours.assign(
        codigo=departamentos_of(neighbours["codigo"]), vecino=departamentos_of(neighbours["vecino"])
    )
    return pairs[pairs["codigo"] != pairs["vecino"]].drop_duplicates(["codigo", "vecino"])


def _neighbours(pairs: pd.DataFrame) -> dict[str, list[str]]:
    return {str(code): sorted(group) for code, group in pairs.groupby("codigo")["vecino"]}


def label_point(shape: shapely.Geometry) -> list[int]:
    """A whole-number point well inside the biggest part of `shape`, for a label, a mark or a symbol."""
    biggest = max(shapely.get_parts(shape), key=lambda part: part.area)
    centre = shapely.get_coordinates(shapely.maximum_inscribed_circle(biggest, tolerance=0.5))[0]
    x, y = np.rint(centre).astype(int).tolist()
    return [x, y]


def _box(shape: shapely.Geometry) -> list[int]:
    west, north, east, south = (int(side) for side in shapely.bounds(shape))
    return [west, north, east - west, south - north]


def _array(shapes: Any) -> Geometries:
    return np.array(list(shapes), dtype=object)


def _bytes(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
