"""The publisher's boundaries become the compact file this project keeps; run once per edition, by hand."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from etl.geometry import METRIC_CRS, GeometryError
from etl.geometry.coverage import generalise, snap
from etl.geometry.eeuu import STATES_CRS

CODE, NAME = "ADM2_PCODE", "ADM2_ES"
TOLERANCE = 30.0  # metres: one unit of the most detailed departamento map (Sacatepéquez, 30 km in 1000 units)


def import_shapefile(origin: Path, target: Path) -> geopandas.GeoDataFrame:
    """Write `target` (GeoParquet, in the country's plane, whole metres) from the COD-AB ADM2 shapefile and return what it holds.

    Codes and names stay exactly as the publisher wrote them, mistakes included: those are corrected in the build, in
    the open (`limites.correcciones.toml`). Raises GeometryError if the shapefile is no valid coverage.
    """
    layer = geopandas.read_file(origin, columns=[CODE, NAME]).sort_values(CODE, ignore_index=True)
    metric = layer.to_crs(METRIC_CRS)
    geometry = generalise(np.asarray(metric.geometry.values), TOLERANCE)
    kept = geopandas.GeoDataFrame(metric[[CODE, NAME]], geometry=shapely.normalize(geometry), crs=METRIC_CRS)
    target.parent.mkdir(parents=True, exist_ok=True)
    kept.to_parquet(target, index=False, compression="zstd", compression_level=19)
    return kept


def import_states(states: Path, countries: Path, target: Path) -> geopandas.GeoDataFrame:
    """Write `target` (GeoParquet, EPSG:5070, whole metres) from Natural Earth 1:110m and return what it holds.

    `states` is admin_1_states_provinces (50 states and the capital); `countries` is admin_0, where Puerto Rico is. The
    edition is already generalised, so it is only rounded. Raises GeometryError if the states are no valid coverage.
    """
    inland = geopandas.read_file(states, columns=["postal", "name"])[["postal", "name", "geometry"]]
    apart = geopandas.read_file(countries, columns=["name"]).query("name == 'Puerto Rico'").assign(postal="PR")
    # A TopoJSON does not say its own projection: it is always degrees.
    apart = geopandas.GeoDataFrame(apart, geometry=np.asarray(apart.geometry), crs=inland.crs)
    layer = pd.concat([inland, apart[inland.columns]]).sort_values("postal", ignore_index=True)
    if not shapely.coverage_is_valid(np.asarray(inland.geometry)):
        raise GeometryError("Los estados se traslapan o no comparten exactamente sus fronteras.")
    metric = layer.to_crs(STATES_CRS)
    kept = geopandas.GeoDataFrame(
        metric[["postal", "name"]], geometry=snap(np.asarray(metric.geometry)), crs=STATES_CRS
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    kept.to_parquet(target, index=False, compression="zstd", compression_level=19)
    return kept
