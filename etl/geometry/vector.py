"""The boundaries as the programs of maps take them: GeoPackage, Shapefile and GeoParquet, with names, and codes as text.

The same boundaries give the same bytes: coordinates are rounded to what they mean and no file says when it was written.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas
import pyogrio

from etl.geometry import LONLAT_CRS
from etl.geometry.files import to_lonlat
from etl.model import Artifact

if TYPE_CHECKING:
    from etl.model import License

#: What the files say instead of when they were written: the first day that a ZIP can tell.
NO_TIME, NO_DAY = "1980-01-01T00:00:00.000Z", "1980-01-01"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
#: A Shapefile has names of ten letters at most.
SHORT_NAMES = {
    "codigo_municipio": "cod_mun",
    "codigo_departamento": "cod_depto",
    "departamento": "depto",
    "codigo_estado": "cod_estado",
    "estado_ingles": "estado_ing",
}
README = """{title}

{scope}
Una capa por archivo .shp. Texto en UTF-8. Los códigos son texto, con sus ceros.
Los nombres de las columnas tienen diez letras como mucho en este formato: {names}.

Licencia: {license} ({url})
De dónde sale y cómo se cita: el campo «cita» de este archivo en manifest.json.
"""


@dataclass(frozen=True)
class Layers:
    """Some layers, by name, that are published together: what they are called, what they are and their licence."""

    title: str
    scope: str
    license: License
    features: Mapping[str, geopandas.GeoDataFrame]

    def drawn(self, crs: str) -> dict[str, geopandas.GeoDataFrame]:
        """The layers in `crs`, whole metres; in degrees, rounded to about one."""
        if crs == LONLAT_CRS:
            return {name: to_lonlat(layer) for name, layer in self.features.items()}
        return {name: layer if layer.crs == crs else layer.to_crs(crs) for name, layer in self.features.items()}


def vector_files(stem: str, layers: Layers, systems: Iterable[str]) -> dict[str, Artifact]:
    """The layers in every format and reference system («EPSG:4326»), by file name: `stem` begins those with all of them."""
    found = {}
    for crs in systems:
        number = crs.rpartition(":")[2]
        drawn, where = layers.drawn(crs), f"{layers.scope} {crs}."
        several = f"Capas: {', '.join(drawn)}. " if len(drawn) > 1 else ""
        found[f"{stem}_{number}.gpkg"] = Artifact(
            _geopackage(layers, drawn), f"{layers.title} (GeoPackage, {crs})", f"{several}{where}"
        )
        found[f"{stem}_{number}_shp.zip"] = Artifact(
            _shapefiles(layers, drawn, where), f"{layers.title} (Shapefile, {crs})", f"{several}{where}"
        )
        for name, layer in drawn.items():
            file = f"{stem}_{number}.parquet" if len(drawn) == 1 else f"{stem}_{name}_{number}.parquet"
            title = layers.title if len(drawn) == 1 else f"{layers.title}: {name}"
            found[file] = Artifact(_geoparquet(layer), f"{title} (GeoParquet, {crs})", f"Con nombres. {where}")
    return found


def _geopackage(layers: Layers, drawn: Mapping[str, geopandas.GeoDataFrame]) -> bytes:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": NO_TIME})
    told = {"titulo": layers.title, "licencia": layers.license.title, "licencia_url": layers.license.url}
    with tempfile.TemporaryDirectory(prefix="limites-") as folder:
        path = Path(folder) / "capas.gpkg"
        for name, layer in drawn.items():
            pyogrio.write_dataframe(
                layer,
                path,
                layer=name,
                driver="GPKG",
                append=path.exists(),
                geometry_type="MultiPolygon",
                promote_to_multi=True,
                layer_metadata=told,
                layer_options={"IDENTIFIER": name, "DESCRIPTION": f"{layers.scope} {layers.license.title}"},
            )
        return path.read_bytes()


def _shapefiles(layers: Layers, drawn: Mapping[str, geopandas.GeoDataFrame], where: str) -> bytes:
    sink = io.BytesIO()
    used = {name for layer in drawn.values() for name in layer.columns}
    names = ", ".join(f"{short} es {name}" for name, short in SHORT_NAMES.items() if name in used)
    terms = {"license": layers.license.title, "url": layers.license.url}
    readme = README.format(title=layers.title, scope=where, names=names, **terms)
    with tempfile.TemporaryDirectory(prefix="limites-") as folder, zipfile.ZipFile(sink, "w") as archive:
        for name, layer in drawn.items():
            pyogrio.write_dataframe(
                layer.rename(columns=SHORT_NAMES),
                Path(folder) / f"{name}.shp",
                driver="ESRI Shapefile",
                encoding="UTF-8",
                layer_options={"DBF_DATE_LAST_UPDATE": NO_DAY},
            )
        files = {path.name: path.read_bytes() for path in Path(folder).iterdir()} | {"LEAME.txt": readme.encode()}
        for file in sorted(files):
            entry = zipfile.ZipInfo(file, ZIP_TIME)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, files[file])
    return sink.getvalue()


def _geoparquet(layer: geopandas.GeoDataFrame) -> bytes:
    sink = io.BytesIO()
    layer.to_parquet(sink, index=False, compression="zstd", compression_level=9)
    return sink.getvalue()
