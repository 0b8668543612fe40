"""The boundaries, the lakes and the states open in the programs of maps: every format, with names, and codes as text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from etl.datasets.limites import vector_layers as vector_files
from etl.datasets.limites_eeuu import exchange_files
from etl.geometry.vector import NO_TIME, SHORT_NAMES
from etl.release import Release
from tests.release_support import asked_of

LAYERS = {"municipios": ("codigo_municipio", 340), "departamentos": ("codigo_departamento", 22), "lagos": ("lago", 2)}
NAMES = {"municipios": "municipio", "departamentos": "departamento", "lagos": "lago"}
SYSTEMS = ("4326", "32615")


@pytest.fixture(scope="module")
def folder(release_path: Path) -> Path:
    """The files of the release, as somebody who downloaded them has them."""
    return release_path


def published(folder: Path, table: str) -> geopandas.GeoDataFrame:
    """A table of boundaries."""
    return geopandas.read_parquet(folder / f"{table}.parquet")


def read(folder: Path, form: str, layer: str, system: str) -> geopandas.GeoDataFrame:
    """A layer from a file, with the names of its columns in full."""
    if form == "gpkg":
        return geopandas.read_file(folder / f"limites_{system}.gpkg", layer=layer)
    if form == "shp":
        found = geopandas.read_file(f"zip://{folder / f'limites_{system}_shp.zip'}!{layer}.shp")
        return found.rename(columns={short: name for name, short in SHORT_NAMES.items()})
    return geopandas.read_parquet(folder / f"limites_{layer}_{system}.parquet")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("form", ["gpkg", "shp", "parquet"])
def test_every_layer_has_names_and_text_codes(form: str, layer: str, system: str, folder: Path) -> None:
    found, (key, count) = read(folder, form, layer, system), LAYERS[layer]
    assert len(found) == count and found.crs.to_epsg() == int(system)
    assert found.is_valid.all() and not found.is_empty.any()
    own = published(folder, f"limites_{layer}")
    assert found[key].map(type).eq(str).all() and sorted(found[key]) == sorted(own[key])
    assert found[NAMES[layer]].str.len().gt(2).all()
    areas = found.to_crs("EPSG:32615").set_index(key).area
    expected = own.set_index(key).area
    assert np.allclose(areas[expected.index], expected, rtol=1e-3)


def test_a_name_with_accents_is_whole_in_every_format(folder: Path) -> None:
    for form in ("gpkg", "shp", "parquet"):
        for system in SYSTEMS:
            found = read(folder, form, "municipios", system).set_index("codigo_municipio")
            assert found.loc["1701", "municipio"] == "Flores" and found.loc["1701", "departamento"] == "Petén"
            assert found.loc["0101", "codigo_departamento"] == "01"


@pytest.mark.parametrize("system", SYSTEMS)
def test_neighbours_still_share_their_borders(system: str, folder: Path) -> None:
    found = read(folder, "gpkg", "municipios", system)
    assert shapely.coverage_is_valid(np.concatenate([shapely.get_parts(shape) for shape in found.geometry]))


@pytest.mark.parametrize("system", ["4326", "5070"])
def test_the_states_have_their_names(system: str, folder: Path) -> None:
    package = geopandas.read_file(folder / f"limites_eeuu_{system}.gpkg", layer="estados")
    shapes = geopandas.read_file(f"zip://{folder / f'limites_eeuu_{system}_shp.zip'}!estados.shp")
    parquet = geopandas.read_parquet(folder / f"limites_eeuu_{system}.parquet")
    for found in (package, shapes.rename(columns={short: name for name, short in SHORT_NAMES.items()}), parquet):
        assert len(found) == 52 and found.crs.to_epsg() == int(system) and found.is_valid.all()
        assert found.set_index("codigo_estado").loc["NY", "estado"] == "Nueva York"


def test_lakes_and_states_are_on_the_web_too(folder: Path) -> None:
    lakes = geopandas.read_file(folder / "limites_lagos.geojson")
    assert sorted(lakes["lago"]) == ["Lago de Amatitlán", "Lago de Atitlán"] or len(lakes) == 2
    assert lakes.crs.to_epsg() == 4326
    for suffix in ("geojson", "topojson"):
        assert len(geopandas.read_file(folder / f"limites_eeuu.{suffix}")) == 52


def test_no_file_says_when_it_was_written(folder: Path) -> None:
    """Made again from the tables, some time later, they are the bytes that were published."""
    names = ("limites_municipios", "limites_departamentos", "limites_lagos", "limites_eeuu")
    tables = {name: pd.DataFrame(published(folder, name)) for name in names}
    tables |= {
        name: pd.read_parquet(folder / f"{name}.parquet") for name in ("municipios", "departamentos", "estados_eeuu")
    }
    again = vector_files(tables) | exchange_files(tables)
    assert len(again) == 18
    differing = [name for name, item in again.items() if item.content != (folder / name).read_bytes()]
    assert not differing
    told = pyogrio.read_info(folder / "limites_4326.gpkg", layer="municipios")
    assert told["layer_metadata"]["licencia_url"].startswith("https://creativecommons.org/licenses/by/3.0/igo")
    with zipfile.ZipFile(folder / "limites_4326_shp.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        readme = archive.read("LEAME.txt").decode()
    assert "cod_mun es codigo_municipio" in readme and "creativecommons.org/licenses/by/3.0/igo" in readme
    assert NO_TIME.startswith("1980")


def test_they_are_served_as_what_they_are(release_path: Path) -> None:
    release = Release.open(release_path)
    names = ("limites_4326.gpkg", "limites_32615_shp.zip", "limites_municipios_4326.parquet")
    listed = {item["nombre"]: item for item in release.manifest["archivos"]}
    for name, answer in zip(
        names, asked_of(release_path, *(f"/descargas/{release.id}/{name}" for name in names)), strict=True
    ):
        assert answer.status_code == 200 and len(answer.content) == listed[name]["bytes"]
        assert "immutable" in answer.headers["cache-control"] and listed[name]["licencia_id"] == "CC-BY-3.0-IGO"
    assert listed["limites_eeuu_4326.gpkg"]["licencia"] != listed["limites_4326.gpkg"]["licencia"]
    assert listed["limites_4326.gpkg"]["formato"] == "GeoPackage"
