"""Límites de los Estados Unidos: the states, and the map where the vote abroad is painted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from etl import fields
from etl.checks import rows_of
from etl.datasets.limites import geometry
from etl.datasets.territorio_extranjero import OF_ESTADO
from etl.geometry import LONLAT_CRS
from etl.geometry.eeuu import INSETS, STATES_CRS, states_map
from etl.licenses import DOMINIO_PUBLICO
from etl.model import Artifact, Column, Dataset, Frames, Input, Kind, Notice, Problem, Table

POLIGONOS = "poligonos"
NOT_DRAWN = ("VI",)  # Natural Earth 1:110m has no polygon for them
CITY_MARGIN = 25_000.0  # metres a city may fall outside its state: at 1:110m coasts and borders are that coarse

geometry_eeuu = replace(
    geometry,
    description=f"Polígono en {STATES_CRS} (Albers de área igual), metros enteros; los vecinos comparten sus vértices. "
    "Alaska, Hawái y Puerto Rico conservan su área, no su forma: quedan lejos del centro de la proyección.",
    crs=STATES_CRS,
    english=(
        "Geometry",
        f"Polygon in {STATES_CRS} (Albers equal area), whole metres; neighbours share their vertices. "
        "Alaska, Hawaii and Puerto Rico keep their area, not their shape: they are far from the centre "
        "of the projection.",
    ),
)


def read(frames: Frames) -> dict[str, pd.DataFrame]:
    """One polygon per state."""
    return {"limites_eeuu": frames[POLIGONOS].rename(columns={"postal": "codigo_estado"})}


# --- What must hold -------------------------------------------------------------------------------------------------


def _named_as_in_the_catalogue(frames: Frames) -> list[Problem]:
    """The name beside each code is that state's: two swapped codes show with their row."""
    rows, known = frames[POLIGONOS], frames["estados_eeuu"].set_index("codigo_estado")["estado_ingles"]
    rows = rows.assign(expected=rows["postal"].map(known))
    wrong = rows[(rows["expected"] != rows["name"]) & rows["name"].notna() & rows["postal"].notna()]
    return [
        Problem(POLIGONOS, row.Index, "name", row.name, f"el código {row.postal} es {row.expected}")
        for row in rows_of(wrong)
    ]


def _all_but_those_without_polygon(frames: Frames) -> list[Problem]:
    missing = set(frames["estados_eeuu"]["codigo_estado"]) - set(frames[POLIGONOS]["postal"]) - set(NOT_DRAWN)
    return [Problem(POLIGONOS, None, "postal", code, "falta el polígono del estado") for code in sorted(missing)]


def _neighbours_share_their_border(frames: Frames) -> list[Problem]:
    source = frames[POLIGONOS].dropna()
    torn = ~shapely.is_empty(shapely.coverage_invalid_edges(source["geometry"].to_numpy()))
    message = "el polígono se traslapa con otro o no comparte exactamente su frontera"
    bad = source.loc[torn, "name"]
    return [Problem(POLIGONOS, row, "geometry", name, message) for row, name in zip(bad.index, bad, strict=True)]


def _cities_fall_in_their_state(frames: Frames) -> list[Problem]:
    import geopandas  # only here: it is slow to import

    cities = frames["ciudades_extranjero"].dropna(subset=["lon", "lat", "codigo_estado"])
    cities = cities.merge(frames["limites_eeuu"], on="codigo_estado")
    places = geopandas.GeoSeries.from_xy(cities["lon"], cities["lat"], crs=LONLAT_CRS).to_crs(STATES_CRS)
    away = shapely.distance(np.asarray(places.values), cities["geometry"].to_numpy())
    return [
        Problem("tabla ciudades_extranjero", None, "lon, lat", row.codigo_ciudad, f"cae fuera de {row.codigo_estado}")
        for row in rows_of(cities[away > CITY_MARGIN])
    ]


def _what_the_map_lacks(frames: Frames) -> list[Notice]:
    names = frames["estados_eeuu"].set_index("codigo_estado")["estado"]
    missing = ", ".join(names[code] for code in NOT_DRAWN)
    apart = ", ".join(names[code] for code in INSETS)
    message = (
        f"El mapa de los Estados Unidos dibuja {apart} en recuadros, cada uno a su propia escala, y no dibuja "
        f"{missing}: Natural Earth no trae su polígono a esta escala. Su cifra está en la tabla."
    )
    return [Notice("limites_eeuu", message)]


# --- The map --------------------------------------------------------------------------------------------------------


def artifacts(frames: Frames) -> dict[str, Artifact]:
    """mapa_eeuu.json, and the states as the programs of maps take them."""
    states = dict(zip(frames["limites_eeuu"]["codigo_estado"], frames["limites_eeuu"]["geometry"], strict=True))
    scope = (
        f"Trazados SVG de coordenadas enteras ({STATES_CRS}, y hacia abajo) por estado, con su punto interior y sus "
        "vecinos; recuadros de Alaska, Hawái y Puerto Rico a otra escala; y el punto de cada ciudad del catálogo."
    )
    content = states_map(states, frames["ciudades_extranjero"])
    return {
        "mapa_eeuu.json": Artifact(content, "Mapa de los Estados Unidos para pintar", scope),
        **exchange_files(frames),
    }


def exchange_files(frames: Frames) -> dict[str, Artifact]:
    """The states with their names, in degrees and in the projection of their table: UTM 15N would tear the far ones."""
    import geopandas  # only here: it is slow to import

    from etl.geometry.files import geojson, topology
    from etl.geometry.vector import Layers, vector_files

    names = frames["estados_eeuu"][["codigo_estado", "estado", "estado_ingles"]]
    rows = names.merge(frames["limites_eeuu"][["codigo_estado", "geometry"]], on="codigo_estado")
    layer = geopandas.GeoDataFrame(rows, geometry="geometry", crs=STATES_CRS)
    scope = "Límites generalizados (Natural Earth 1:110m)."
    title = "Límites de los estados de los Estados Unidos"
    layers = Layers(title, scope, DOMINIO_PUBLICO, {"estados": layer})
    return {
        "limites_eeuu.geojson": Artifact(
            geojson(layer, "codigo_estado"), f"{title} (GeoJSON)", f"{scope} {LONLAT_CRS}."
        ),
        "limites_eeuu.topojson": Artifact(topology(layers.features), f"{title} (TopoJSON)", f"{scope} {LONLAT_CRS}."),
        **vector_files("limites_eeuu", layers, (LONLAT_CRS, STATES_CRS)),
    }


DATASET = Dataset(
    name="limites_eeuu",
    title="Límites de los estados de los Estados Unidos",
    topic="territorio",
    description="Los límites generalizados de los estados donde reside y vota la mayor parte de los guatemaltecos en "
    "el extranjero, y el mapa que se pinta con ellos.",
    inputs=(
        Input(
            POLIGONOS,
            (
                Column("postal", Kind.CODIGO, pattern=r"[A-Z]{2}"),
                Column("name", Kind.TEXTO),
                Column("geometry", Kind.GEOMETRIA),
            ),
            key=("postal",),
        ),
    ),
    tables=(
        Table(
            "limites_eeuu",
            "Límites de los estados de los Estados Unidos",
            "Un polígono por estado, más el Distrito de Columbia y Puerto Rico.",
            (fields.codigo_estado, geometry_eeuu),
            ("codigo_estado",),
            (OF_ESTADO,),
        ),
    ),
    read=read,
    source_checks=(_neighbours_share_their_border, _named_as_in_the_catalogue, _all_but_those_without_polygon),
    checks=(_cities_fall_in_their_state,),
    notices=(_what_the_map_lacks,),
    disclosure="Cartografía: no contiene datos de personas.",
    needs=("territorio_extranjero",),
    artifacts=artifacts,
    license=DOMINIO_PUBLICO,
)
