"""Límites: the boundaries of municipios, departamentos and lakes, who borders whom, and the maps painted from them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from etl import fields
from etl.checks import existing, rows_of
from etl.country import COUNTRY, departamento_of, fold
from etl.geometry import LONLAT_CRS, METRIC_CRS
from etl.geometry.coverage import dissolve, generalise
from etl.geometry.files import geojson, topology
from etl.geometry.maps import Boundaries, map_files
from etl.geometry.source import CODE, NAME
from etl.geometry.vector import Layers, vector_files
from etl.licenses import CC_BY_3_IGO
from etl.model import Artifact, Column, Dataset, Field, Frames, Given, Input, Kind, Problem, Reference, Table

POLIGONOS = "poligonos"
WEB_TOLERANCE = 80.0  # metres, for GeoJSON and TopoJSON: what a web map shows of a whole departamento
AREA_MARGIN = 0.02  # the plane stretches up to 0.5 % in the east; twins with swapped codes differ by 47 %
SEAT_MARGIN = 500.0  # metres a town's point may fall outside a generalised boundary

# --- Columns --------------------------------------------------------------------------------------------------------

geometry = Field(
    "geometry",
    "Geometría",
    f"Polígono en {METRIC_CRS} (UTM 15N), metros enteros; los vecinos comparten exactamente sus vértices.",
    Kind.GEOMETRIA,
    english=("Geometry", f"Polygon in {METRIC_CRS} (UTM 15N), whole metres; neighbours share exactly their vertices."),
)
lago = Field(
    "lago",
    "Lago",
    "Nombre del lago que la fuente separa de los municipios.",
    Kind.TEXTO,
    english=("Lake", "Name of the lake that the source sets apart from the municipalities."),
)
codigo_vecino = fields.described(
    fields.codigo_municipio,
    "Código INE del municipio con el que comparte frontera.",
    name="codigo_vecino",
    title="Vecino",
    english=("Neighbour", "INE code of the municipality it shares a border with."),
)
frontera_km = Field(
    "frontera_km",
    "Frontera compartida",
    f"Longitud de la frontera común medida sobre el límite generalizado (30 m) en {METRIC_CRS}; la real es algo mayor.",
    Kind.DECIMAL,
    unit="kilómetros",
    decimals=3,
    minimum=0,
    english=(
        "Shared border",
        f"Length of the common border measured on the generalised boundary (30 m) in {METRIC_CRS}; the "
        "real one is somewhat longer.",
    ),
)

TO_MUNICIPIOS = Reference(("codigo_municipio",), "municipios", ("codigo_municipio",))

LIMITES_MUNICIPIOS = Table(
    "limites_municipios",
    "Límites de los municipios",
    "Un polígono por municipio, sin los lagos de Atitlán y Amatitlán.",
    (fields.codigo_municipio, geometry),
    ("codigo_municipio",),
    (TO_MUNICIPIOS,),
)
LIMITES_DEPARTAMENTOS = Table(
    "limites_departamentos",
    "Límites de los departamentos",
    "La unión de los municipios de cada departamento.",
    (fields.codigo_departamento, geometry),
    ("codigo_departamento",),
    (Reference(("codigo_departamento",), "departamentos", ("codigo_departamento",)),),
)
LIMITES_LAGOS = Table(
    "limites_lagos",
    "Lagos de Atitlán y Amatitlán",
    "Los lagos que la fuente separa de los municipios. El de Izabal no es un polígono de la fuente.",
    (lago, geometry),
    ("lago",),
)
LIMITES_VECINOS = Table(
    "limites_vecinos",
    "Municipios vecinos",
    "Cada par de municipios que comparten frontera, en los dos sentidos. Tocarse en un punto no es ser vecinos.",
    (fields.codigo_municipio, codigo_vecino, frontera_km),
    ("codigo_municipio", "codigo_vecino"),
    (TO_MUNICIPIOS, Reference(("codigo_vecino",), "municipios", ("codigo_municipio",))),
)


# --- From the source to the tables ----------------------------------------------------------------------------------


def read(frames: Frames) -> dict[str, pd.DataFrame]:
    """The four tables from the source's polygons; GeometryError if they are not one coverage."""
    source = frames[POLIGONOS]
    codes = source[CODE].str.removeprefix("GT")
    water = codes.str.endswith("00")
    boundaries = Boundaries.of(
        dict(zip(codes[~water], source.loc[~water, "geometry"], strict=True)),
        dict(zip(source.loc[water, NAME], source.loc[water, "geometry"], strict=True)),
    )
    vecinos = boundaries.neighbours.set_axis(["codigo_municipio", "codigo_vecino", "frontera_km"], axis=1)
    return {
        "limites_municipios": _table("codigo_municipio", boundaries.municipios),
        "limites_departamentos": _table("codigo_departamento", boundaries.departamentos()),
        "limites_lagos": _table("lago", boundaries.lagos),
        "limites_vecinos": vecinos.assign(frontera_km=(vecinos["frontera_km"] / 1000).round(3)),
    }


def _table(key: str, layer: Mapping[str, shapely.Geometry]) -> pd.DataFrame:
    return pd.DataFrame({key: list(layer), "geometry": pd.Series(list(layer.values()), dtype=object)})


# --- What must hold -------------------------------------------------------------------------------------------------


def neighbours_share_their_border(frames: Frames) -> list[Problem]:
    """Each polygon that overlaps another, or whose border is not vertex by vertex its neighbour's."""
    source = frames[POLIGONOS].dropna()
    torn = ~shapely.is_empty(shapely.coverage_invalid_edges(source["geometry"].to_numpy()))
    message = "el polígono se traslapa con otro o no comparte exactamente su frontera"
    bad = source.loc[torn, NAME]
    return [Problem(POLIGONOS, row, "geometry", name, message) for row, name in zip(bad.index, bad, strict=True)]


def each_polygon_is_the_place_its_code_says(frames: Frames) -> list[Problem]:
    """The source's own name must be one of the municipio's: two swapped codes fail here, with their row."""
    named = frames[POLIGONOS].dropna().assign(codigo_municipio=frames[POLIGONOS][CODE].str.removeprefix("GT"))
    joined = named.rename_axis("fila").reset_index().merge(frames["municipios"], on="codigo_municipio")
    return [
        Problem(POLIGONOS, int(row.fila), NAME, row.nombre, f"el código {row.codigo_municipio} es {row.municipio}")
        for row in rows_of(joined.rename(columns={NAME: "nombre"}))
        if fold(row.nombre) not in {fold(row.municipio), fold(row.nombre_ign or "")}
    ]


def every_municipio_is_drawn_with_its_area(given: Given) -> list[Problem]:
    """Those that existed on the day of the boundaries are there, each as large as the territory catalogue says."""
    drawn = given["limites_municipios"].set_index("codigo_municipio")["geometry"]
    expected = set(existing(given["municipios"], given.source(POLIGONOS).cutoff)["codigo_municipio"])
    problems = []
    for row in rows_of(given["municipios"]):
        if row.codigo_municipio not in drawn.index:
            if row.codigo_municipio in expected:
                problems.append(_problem(row, "codigo_municipio", row.codigo_municipio, "el municipio no tiene límite"))
            continue
        km2 = drawn[row.codigo_municipio].area / 1e6
        if abs(km2 / row.area_km2 - 1) > AREA_MARGIN:
            message = f"{row.municipio} mide {row.area_km2:g} km² según el catálogo de territorio"
            problems.append(_problem(row, "geometry", f"{km2:.1f} km²", message))
    return problems


def every_seat_falls_in_its_municipio(frames: Frames) -> list[Problem]:
    """The town that governs each municipio lies within its boundary (5 municipios have no known point)."""
    seats = frames["municipios"].dropna(subset=["cabecera_lon", "cabecera_lat"])
    seats = seats.merge(frames["limites_municipios"], on="codigo_municipio")
    lonlat = geopandas.GeoSeries.from_xy(seats["cabecera_lon"], seats["cabecera_lat"], crs=LONLAT_CRS)
    metres = shapely.distance(np.asarray(lonlat.to_crs(METRIC_CRS)), seats["geometry"].to_numpy())
    return [
        _problem(row, "geometry", f"{away:.0f} m", f"la cabecera de {row.municipio} cae fuera de su límite")
        for row, away in zip(rows_of(seats), metres, strict=True)
        if away > SEAT_MARGIN
    ]


def _problem(row: Any, column: str, value: str, message: str) -> Problem:
    return Problem("tabla limites_municipios", None, column, value, f"{row.codigo_municipio}: {message}")


# --- Files that are not tables --------------------------------------------------------------------------------------


def artifacts(frames: Frames) -> dict[str, Artifact]:
    """GeoJSON, TopoJSON, the files for programs of maps and the painted maps, by file name."""
    municipios, lagos = (
        dict(zip(layer[key], layer["geometry"], strict=True))
        for layer, key in ((frames["limites_municipios"], "codigo_municipio"), (frames["limites_lagos"], "lago"))
    )
    with ThreadPoolExecutor() as pool:  # GEOS lets the other threads run
        web = pool.submit(_web_files, frames, municipios, lagos)
        maps = _maps(frames, Boundaries.of(municipios, lagos))
        return {**web.result(), **vector_layers(frames), **maps}


def _web_files(
    frames: Frames, municipios: Mapping[str, shapely.Geometry], lagos: Mapping[str, shapely.Geometry]
) -> dict[str, Artifact]:
    coverage = generalise(np.array([*municipios.values(), *lagos.values()], dtype=object), WEB_TOLERANCE)
    land = coverage[: len(municipios)]
    codes = list(municipios)
    names = frames["municipios"].set_index("codigo_municipio")[["municipio", "codigo_departamento", "departamento"]]
    outlines = dissolve(land, [departamento_of(code) for code in codes])
    departamentos = frames["departamentos"].set_index("codigo_departamento")[["departamento"]]
    layers = {
        "municipios": _layer(names.loc[codes], land),
        "departamentos": _layer(departamentos.loc[list(outlines)], np.array([*outlines.values()], dtype=object)),
        "lagos": _layer(pd.DataFrame(index=pd.Index(lagos, name="lago")), coverage[len(municipios) :]),
    }
    scope = f"Bordes generalizados (tolerancia {WEB_TOLERANCE:.0f} m), {LONLAT_CRS}."
    return {
        "limites_municipios.geojson": Artifact(
            geojson(layers["municipios"], "codigo_municipio"), "Límites de los municipios (GeoJSON)", scope
        ),
        "limites_departamentos.geojson": Artifact(
            geojson(layers["departamentos"], "codigo_departamento"), "Límites de los departamentos (GeoJSON)", scope
        ),
        "limites_lagos.geojson": Artifact(geojson(layers["lagos"], "lago"), LIMITES_LAGOS.title + " (GeoJSON)", scope),
        "limites_municipios.topojson": Artifact(
            topology(layers), "Límites de municipios, departamentos y lagos (TopoJSON)", f"{scope} Tres capas."
        ),
    }


def vector_layers(frames: Frames) -> dict[str, Artifact]:
    """The boundaries of the tables with the names of what they bound, in degrees and in metres."""
    municipios = frames["municipios"][
        ["codigo_municipio", "municipio", "codigo_departamento", "departamento", "codigo_ocd"]
    ]
    departamentos = frames["departamentos"][["codigo_departamento", "departamento", "codigo_iso", "codigo_ocd"]]
    named = {
        "municipios": municipios.merge(
            frames["limites_municipios"][["codigo_municipio", "geometry"]], on="codigo_municipio"
        ),
        "departamentos": departamentos.merge(
            frames["limites_departamentos"][["codigo_departamento", "geometry"]], on="codigo_departamento"
        ),
        "lagos": frames["limites_lagos"][["lago", "geometry"]],
    }
    layers = {name: _layer(rows.drop(columns="geometry"), np.array(rows["geometry"])) for name, rows in named.items()}
    scope = "Límites generalizados (30 m): no sirven para deslindes."
    title = "Límites de municipios, departamentos y lagos"
    return vector_files("limites", Layers(title, scope, CC_BY_3_IGO, layers), (LONLAT_CRS, METRIC_CRS))


def _layer(properties: pd.DataFrame, geometries: np.ndarray) -> geopandas.GeoDataFrame:
    named = properties.reset_index(drop=properties.index.name is None)
    return geopandas.GeoDataFrame(named, geometry=geometries, crs=METRIC_CRS)


def _maps(frames: Frames, boundaries: Boundaries) -> dict[str, Artifact]:
    names = frames["departamentos"].set_index("codigo_departamento")["departamento"].to_dict()
    files = map_files(boundaries)
    scope = f"Trazados SVG de coordenadas enteras ({METRIC_CRS}, y hacia abajo), puntos interiores y vecinos."
    titles = {f"mapa_{code}.json": f"Mapa de {name} para pintar" for code, name in names.items()}
    titles["mapa_nacional.json"] = "Mapa del país para pintar"
    return {name: Artifact(content, titles[name], scope) for name, content in files.items()}


DATASET = Dataset(
    name="limites",
    title="Límites municipales y departamentales",
    topic="territorio",
    description=(
        "Los límites de los municipios y los departamentos, los lagos de Atitlán y Amatitlán, y quién es vecino "
        "de quién. Generalizados para mapas, sin huecos ni traslapes: no sirven para deslindes."
    ),
    inputs=(
        Input(
            POLIGONOS,
            (
                Column(CODE, Kind.CODIGO, pattern=f"GT{COUNTRY.municipio_pattern}"),
                Column(NAME, Kind.TEXTO),
                Column("geometry", Kind.GEOMETRIA),
            ),
            key=(CODE,),
        ),
    ),
    tables=(LIMITES_MUNICIPIOS, LIMITES_DEPARTAMENTOS, LIMITES_LAGOS, LIMITES_VECINOS),
    read=read,
    source_checks=(neighbours_share_their_border, each_polygon_is_the_place_its_code_says),
    checks=(every_municipio_is_drawn_with_its_area, every_seat_falls_in_its_municipio),
    disclosure="Cartografía: no contiene datos de personas.",
    needs=("territorio",),
    artifacts=artifacts,
    license=CC_BY_3_IGO,
)
