"""The publisher's shapefile becomes the compact file this project keeps; run once per edition, by hand."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import shapely

from etl.geometry import METRIC_CRS
from etl.geometry.coverage import generalise

CODE, NAME = "ADM2_PCODE", "ADM2_ES"
TOLERANCE = 30.0  # metres: one unit of the most detailed departamento map (Sacatepéquez, 30 km in 1000 units)


def import_shapefile(origin: Path, target: Path) -> geopandas.GeoDataFrame:
    """Write `target` (GeoParquet, EPSG:32615, whole metres) from the COD-AB ADM2 shapefile and return what it holds.

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
