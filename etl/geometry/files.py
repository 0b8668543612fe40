"""The boundaries in the two formats web mapping reads: GeoJSON (RFC 7946) and TopoJSON 1.0, both in EPSG:4326."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas
import numpy as np
import shapely
from topojson.core.topology import Topology

from etl.geometry import LONLAT_CRS
from etl.geometry.coverage import Geometries

DECIMALS = 5  # of a degree: about one metre, well under what the generalised boundary claims
QUANTISATION = 100_000  # TopoJSON positions per axis: about five metres


def geojson(features: geopandas.GeoDataFrame, key: str) -> bytes:
    """A FeatureCollection, one feature per line so that two editions can be compared; `key` is also the feature id."""
    drawn = to_lonlat(features)
    properties = drawn.drop(columns=drawn.geometry.name).to_dict("records")
    lines = [
        _json({"type": "Feature", "id": row[key], "properties": row, "geometry": shapely.geometry.mapping(shape)})
        for row, shape in zip(properties, drawn.geometry, strict=True)
    ]
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def topology(layers: Mapping[str, geopandas.GeoDataFrame]) -> bytes:
    """One TopoJSON with an object per layer; a border shared by two polygons, or by two layers, is stored once."""
    drawn = [to_lonlat(layer) for layer in layers.values()]
    topo = Topology(drawn, object_name=list(layers), prequantize=QUANTISATION, shared_coords=False)
    return (_json(topo.to_dict()) + "\n").encode()


def to_lonlat(features: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """In degrees, rounded; outer rings counter-clockwise, as RFC 7946 asks."""
    degrees = np.asarray(features.to_crs(LONLAT_CRS).geometry.values)
    return features.set_geometry(shapely.orient_polygons(_rounded(degrees)), crs=LONLAT_CRS)


def _rounded(geometries: Geometries) -> Geometries:
    return shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS))


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
