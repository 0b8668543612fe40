"""Boundaries: one generalised coverage becomes tables, exchange files and the painted map.

Everything here is a pure function of geometries in the country's plane (`etl.country`, metres), so that areas and lengths
are measured on the plane and two neighbours always share exactly the same vertices. A *coverage* is a list of polygons
without overlaps whose shared borders are vertex by vertex the same: simplifying or rounding one polygon at a time would
tear it, so every operation takes and returns the whole list.

    coverage  generalise, round, dissolve, find neighbours
    paths     polygon <-> SVG path of integers
    maps      mapa_nacional.json and mapa_<dd>.json
    files     GeoJSON and TopoJSON
    vector    GeoPackage, Shapefile and GeoParquet
    eeuu      mapa_eeuu.json: the states where residents abroad vote, in their own projection
    source    the publisher's shapefile -> the file kept in data/source/limites (`python -m etl.geometry importar`)
"""

from etl.country import COUNTRY

METRIC_CRS = COUNTRY.crs
LONLAT_CRS = COUNTRY.degrees


class GeometryError(ValueError):
    """A boundary cannot be published as it is; the message, in Spanish, says which one and why."""
