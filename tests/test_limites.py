"""The boundaries: 340 municipios that fit together, each where its code says, with the neighbours it really has."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from etl.datasets import with_needs
from etl.geometry import LONLAT_CRS, METRIC_CRS
from etl.pipeline import correct
from etl.pipeline.run import Result, run
from tests.browser_support import ROOT
from tests.etl_support import Damage, emptied, run_damaged, source_copy

SOURCE = ROOT / "data" / "source"
SOURCE_FILE = "limites_cod_ab_adm2.parquet"


@pytest.fixture(scope="module")
def result() -> Result:
    """Territory and boundaries through the real pipeline, from the committed files."""
    done = run(with_needs(["limites"]), SOURCE)
    assert done.problems == []
    return done


@pytest.fixture(scope="module")
def municipios(result: Result) -> dict[str, shapely.Geometry]:
    """Polygon of each municipio by code, in EPSG:32615."""
    return result.tables["limites_municipios"].set_index("codigo_municipio")["geometry"].to_dict()


@pytest.fixture(scope="module")
def neighbours(result: Result) -> set[tuple[str, str]]:
    """Every pair (municipio, neighbour)."""
    table = result.tables["limites_vecinos"]
    return set(zip(table["codigo_municipio"], table["codigo_vecino"], strict=True))


def metric_point(lon: float, lat: float) -> shapely.Point:
    """A point in degrees, in the metres of the boundaries."""
    return geopandas.GeoSeries.from_xy([lon], [lat], crs=LONLAT_CRS).to_crs(METRIC_CRS)[0]


def test_the_340_municipios_are_drawn_once(result: Result, municipios: dict[str, shapely.Geometry]) -> None:
    assert len(municipios) == 340
    assert set(municipios) == set(result.tables["municipios"]["codigo_municipio"])
    assert all(shape.is_valid and shape.area > 4e6 for shape in municipios.values())


def test_neither_gap_nor_overlap_between_neighbours(result: Result) -> None:
    land = result.tables["limites_municipios"]["geometry"].to_numpy()
    water = result.tables["limites_lagos"]["geometry"].to_numpy()
    coverage = np.concatenate([land, water])
    assert shapely.coverage_is_valid(coverage)
    whole = shapely.coverage_union_all(coverage)
    assert shapely.area(coverage).sum() == pytest.approx(whole.area, rel=1e-12)
    assert whole.area / 1e6 == pytest.approx(108_889, rel=0.006), "superficie oficial de Guatemala, km²"


def test_boundaries_are_generalised_to_whole_metres(municipios: dict[str, shapely.Geometry]) -> None:
    xy = shapely.get_coordinates(list(municipios.values()))
    assert len(xy) < 85_000, "el original tiene 111,574 vértices"
    assert (xy == np.rint(xy)).all()


def test_sanarate_and_sansare_have_the_codes_of_the_ine(municipios: dict[str, shapely.Geometry]) -> None:
    """The source swaps them; their towns, from GeoNames, tell which is which."""
    sansare, sanarate = metric_point(-90.1125, 14.74722), metric_point(-90.19222, 14.795)
    assert municipios["0206"].contains(sansare) and municipios["0207"].contains(sanarate)
    raw = geopandas.read_parquet(SOURCE / "limites" / SOURCE_FILE).set_index("ADM2_PCODE")
    assert raw.loc["GT0206", "geometry"].contains(sanarate), "la fuente ya se reparó: quite la corrección"


def test_every_known_seat_lies_within_its_municipio(result: Result, municipios: dict[str, shapely.Geometry]) -> None:
    seats = result.tables["municipios"].dropna(subset=["cabecera_lon"])
    assert len(seats) == 335, "5 municipios no tienen cabecera conocida"
    outside = [
        row.codigo_municipio
        for row in seats.itertuples()
        if not municipios[row.codigo_municipio].covers(metric_point(row.cabecera_lon, row.cabecera_lat))
    ]
    assert outside == []


def test_a_departamento_is_the_union_of_its_municipios(result: Result, municipios: dict[str, shapely.Geometry]) -> None:
    departamentos = result.tables["limites_departamentos"].set_index("codigo_departamento")["geometry"]
    assert len(departamentos) == 22
    for code, outline in departamentos.items():
        own = np.array([shape for key, shape in municipios.items() if key[:2] == code], dtype=object)
        assert shapely.symmetric_difference(outline, shapely.union_all(own)).area == 0
        assert outline.area == pytest.approx(shapely.area(own).sum(), rel=1e-12)


def test_neighbours_are_mutual(result: Result, neighbours: set[tuple[str, str]]) -> None:
    assert {(b, a) for a, b in neighbours} == neighbours
    assert not any(a == b for a, b in neighbours)
    assert {a for a, _ in neighbours} == set(result.tables["municipios"]["codigo_municipio"]), "nadie está aislado"
    assert (result.tables["limites_vecinos"]["frontera_km"] > 0).all()


@pytest.mark.parametrize(
    ("one", "other", "adjacent"),
    [
        ("0101", "0108", True),  # Guatemala, Mixco
        ("0101", "0102", True),  # Guatemala, Santa Catarina Pinula
        ("0206", "0207", True),  # Sansare, Sanarate
        ("0301", "0302", True),  # Antigua Guatemala, Jocotenango
        ("0701", "0710", True),  # Sololá, Panajachel
        ("0719", "0710", False),  # Santiago Atitlán, Panajachel: the lake is between them
        ("0101", "0901", False),  # Guatemala, Quetzaltenango
    ],
)
def test_well_known_neighbours(neighbours: set[tuple[str, str]], one: str, other: str, adjacent: bool) -> None:
    assert ((one, other) in neighbours) is adjacent


def test_the_shared_border_is_the_length_of_the_line_both_have(
    result: Result, municipios: dict[str, shapely.Geometry]
) -> None:
    table = result.tables["limites_vecinos"].set_index(["codigo_municipio", "codigo_vecino"])["frontera_km"]
    line = shapely.intersection(municipios["0101"].boundary, municipios["0108"].boundary)
    assert table["0101", "0108"] == table["0108", "0101"] == pytest.approx(line.length / 1000, abs=0.0006)


def test_the_lakes_are_water_and_nobodys_land(result: Result, municipios: dict[str, shapely.Geometry]) -> None:
    lakes = result.tables["limites_lagos"].set_index("lago")["geometry"]
    assert {name: round(shape.area / 1e6) for name, shape in lakes.items()} == {
        "Lago de Amatitlán": 15,
        "Lago de Atitlán": 127,
    }
    middle_of_atitlan = metric_point(-91.19, 14.69)
    assert lakes["Lago de Atitlán"].contains(middle_of_atitlan)
    assert not any(shape.contains(middle_of_atitlan) for shape in municipios.values())


def test_geojson_is_rfc_7946_and_still_fits_together(result: Result, tmp_path: Path) -> None:
    _, item = result.artifacts["limites_municipios.geojson"]
    collection = json.loads(item.content)
    mixco = next(feature for feature in collection["features"] if feature["id"] == "0108")
    assert mixco["properties"] == {
        "codigo_municipio": "0108",
        "municipio": "Mixco",
        "codigo_departamento": "01",
        "departamento": "Guatemala",
    }
    path = tmp_path / "limites.geojson"
    path.write_bytes(item.content)
    features = geopandas.read_file(path)
    assert len(features) == 340 and features.crs == LONLAT_CRS
    shapes = np.asarray(features.geometry)
    assert shapely.coverage_is_valid(shapes)
    assert all(shapely.is_ccw(part.exterior) for shape in shapes for part in shapely.get_parts(shape))
    decimals = {len(str(value).partition(".")[2]) for value in shapely.get_coordinates(shapes[0]).ravel()}
    assert max(decimals) <= 5


def test_topojson_opens_in_the_usual_tools_with_its_three_layers(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "limites.topojson"
    path.write_bytes(result.artifacts["limites_municipios.topojson"][1].content)
    for layer, count in {"municipios": 340, "departamentos": 22, "lagos": 2}.items():
        features = geopandas.read_file(path, layer=layer)
        assert len(features) == count
        assert shapely.coverage_is_valid(np.asarray(features.geometry))


def test_two_builds_give_the_same_bytes(result: Result) -> None:
    again = run(with_needs(["limites"]), SOURCE)
    assert {name: item.content for name, (_, item) in again.artifacts.items()} == {
        name: item.content for name, (_, item) in result.artifacts.items()
    }


def test_without_the_correction_the_swapped_codes_stop_the_build(tmp_path: Path) -> None:
    """The check that guards the codes does not depend on someone remembering the correction."""
    problems = run(with_needs(["limites"]), SOURCE, corrections_folder=tmp_path).problems
    swapped = {(problem.row, problem.value) for problem in problems if problem.column == "ADM2_ES"}
    assert {value for _, value in swapped} == {"Sanarate", "Sansare"}
    assert all(row for row, _ in swapped)


def test_once_the_source_is_repaired_the_correction_fails_loudly(tmp_path: Path) -> None:
    repaired = geopandas.read_parquet(SOURCE / "limites" / SOURCE_FILE)
    repaired["ADM2_PCODE"] = repaired["ADM2_PCODE"].replace({"GT0206": "GT0207", "GT0207": "GT0206"})
    _, problems = correct.apply(repaired.assign(geometry=None), correct.load("limites")[0])
    assert sum("quite la corrección" in problem.message for problem in problems) == 2


@pytest.mark.parametrize("damage", ["vacío", "truncado", "otro formato"])
def test_a_damaged_source_is_one_problem_with_its_file(tmp_path: Path, damage: str) -> None:
    damages: dict[str, Damage] = {
        "vacío": emptied,
        "truncado": lambda content: content[: len(content) // 2],
        "otro formato": lambda content: b"codigo,nombre\n0101,Guatemala\n",
    }
    result = run_damaged(tmp_path, "limites", SOURCE_FILE, damages[damage])
    (problem,) = result.problems
    assert ("vacío" if damage == "vacío" else "GeoParquet") in problem.message
    assert problem.file == SOURCE_FILE


def test_each_polygon_that_overlaps_another_is_named_with_its_row(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "limites")
    torn = geopandas.read_parquet(SOURCE / "limites" / SOURCE_FILE)
    position = int(torn.index[torn["ADM2_ES"] == "Mixco"][0])
    torn.loc[position, "geometry"] = shapely.affinity.translate(torn.geometry[position], 50, 0)
    torn.to_parquet(origin / "limites" / SOURCE_FILE)
    problems = run(with_needs(["limites"]), origin).problems
    overlaps = {problem.value: problem.row for problem in problems if "se traslapa" in problem.message}
    assert overlaps["Mixco"] == position + 1
    assert {"Guatemala", "San Pedro Sacatepéquez"} <= set(overlaps)
    assert "Flores" not in overlaps


@pytest.mark.parametrize(("table", "rows"), [("limites_municipios", 340), ("limites_departamentos", 22)])
def test_the_published_geoparquet_says_its_projection_and_fits_together(
    release_path: Path, table: str, rows: int
) -> None:
    published = geopandas.read_parquet(release_path / f"{table}.parquet")
    assert len(published) == rows and published.crs == METRIC_CRS
    assert shapely.coverage_is_valid(np.asarray(published.geometry))
