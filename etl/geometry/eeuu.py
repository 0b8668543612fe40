"""The painted map of the United States: the same contract as the national map, with what is far away in insets.

The 48 contiguous states and the capital are drawn in Albers equal-area (EPSG:5070). Alaska, Hawaii and Puerto Rico go
in boxes of their own, each in an equal-area projection centred on itself and at its own scale, which the map must say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas
import numpy as np
import pandas as pd
import shapely

from etl.geometry import LONLAT_CRS
from etl.geometry.coverage import Geometries, shared_borders, snap
from etl.geometry.maps import Canvas, Layer, label_point
from etl.geometry.paths import to_path

STATES_CRS = "EPSG:5070"
INSET_PADDING = 6  # units between a box and the land in it


@dataclass(frozen=True)
class Inset:
    """A box of the map (x, y, width, height in its units; y counts from the bottom) and the centre of its projection."""

    box: tuple[int, int, int, int]
    lon: float
    lat: float

    @property
    def crs(self) -> str:
        """Lambert azimuthal equal-area, in metres, centred on the place itself."""
        return f"+proj=laea +lat_0={self.lat} +lon_0={self.lon} +datum=NAD83 +units=m"


INSETS = {
    "AK": Inset((4, 150, 190, 146), -154, 63.5),
    "HI": Inset((202, 92, 126, 88), -157.3, 20.6),
    "PR": Inset((904, 62, 92, 58), -66.45, 18.2),
}


@dataclass(frozen=True)
class Panel:
    """Where and how one part of the map is drawn: its projection, its canvas and the corner where the canvas goes."""

    crs: str
    canvas: Canvas
    x: int = 0
    y: int = 0

    def place(self, shapes: geopandas.GeoSeries) -> Geometries:
        """`shapes`, in any CRS, in (fractional) units of the whole map."""
        placed = self.canvas.place(np.asarray(shapes.to_crs(self.crs).values))
        return shapely.transform(placed, lambda xy: xy + np.array([self.x, self.y]))


def states_map(states: Layer, cities: pd.DataFrame) -> bytes:
    """mapa_eeuu.json: shapes by state, boxes of the insets and a point for each city.

    `states` are polygons in EPSG:5070 by postal code, a coverage; `cities` has codigo_ciudad, codigo_estado, lon, lat.
    """
    shapes = geopandas.GeoSeries(dict(states), crs=STATES_CRS)
    panels = _panels(shapes)
    main = panels[""]
    drawn = _draw(shapes, panels)
    boxes = {code: [panel.x, panel.y, *INSETS[code].box[2:]] for code, panel in panels.items() if code}
    neighbours = _neighbours(shapes)
    content = {
        "viewBox": [0, 0, main.canvas.width, main.canvas.height],
        "estados": {
            code: {"d": to_path(drawn[code]), "r": label_point(drawn[code]), "v": neighbours.get(code, [])}
            for code in sorted(drawn)
        },
        "recuadros": boxes,
        "puntos": _points(cities, panels),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _panels(shapes: geopandas.GeoSeries) -> dict[str, Panel]:
    """The panel of each inset by state, and of everything else under the empty text."""
    inside = [code for code in shapes.index if code not in INSETS]
    mainland = Panel(STATES_CRS, Canvas.around(np.asarray(_only(shapes, inside).values)))
    return {"": mainland} | {
        code: _inset_panel(inset, _only(shapes, [code]), mainland.canvas.height) for code, inset in INSETS.items()
    }


def _only(shapes: geopandas.GeoSeries, codes: Sequence[str]) -> geopandas.GeoSeries:
    """The shapes of some states, in that order."""
    return geopandas.GeoSeries(shapes.loc[list(codes)], crs=shapes.crs)


def _inset_panel(inset: Inset, shape: geopandas.GeoSeries, height: int) -> Panel:
    """A panel that fits `shape` in the middle of its box."""
    x, up, width, tall = inset.box
    west, south, east, north = shapely.total_bounds(shape.to_crs(inset.crs).to_numpy())
    room = (width - 2 * INSET_PADDING, tall - 2 * INSET_PADDING)
    scale = int(np.ceil(max((east - west) / room[0], (north - south) / room[1])))
    middle = ((east + west) / 2, (north + south) / 2)
    canvas = Canvas(middle[0] - width / 2 * scale, middle[1] + tall / 2 * scale, scale, width, tall)
    return Panel(inset.crs, canvas, x, height - up)


def _panel_of(code: str, panels: Mapping[str, Panel]) -> Panel:
    return panels.get(code, panels[""])


def _draw(shapes: geopandas.GeoSeries, panels: Mapping[str, Panel]) -> dict[str, shapely.Geometry]:
    """Integer polygons by state; those of one panel are snapped together, so that no border is torn."""
    drawn: dict[str, shapely.Geometry] = {}
    for name, panel in panels.items():
        codes = [name] if name else [code for code in shapes.index if code not in panels]
        drawn |= dict(zip(codes, snap(panel.place(_only(shapes, codes))), strict=True))
    return drawn


def _neighbours(shapes: geopandas.GeoSeries) -> dict[str, list[str]]:
    pairs = shared_borders(shapes.to_numpy(), list(shapes.index))
    return {str(code): sorted(group) for code, group in pairs.groupby("codigo")["vecino"]}


def _points(cities: pd.DataFrame, panels: Mapping[str, Panel]) -> dict[str, Sequence[int]]:
    """Whole-number position of each city that has coordinates, by its code."""
    known = cities.dropna(subset=["lon", "lat"]).sort_values("codigo_ciudad")
    points: dict[str, Sequence[int]] = {}
    for city, state, lon, lat in zip(
        known["codigo_ciudad"], known["codigo_estado"], known["lon"], known["lat"], strict=True
    ):
        lonlat = geopandas.GeoSeries.from_xy([lon], [lat], crs=LONLAT_CRS)
        place = shapely.get_coordinates(_panel_of(state, panels).place(lonlat))[0]
        points[city] = np.rint(place).astype(int).tolist()
    return points
