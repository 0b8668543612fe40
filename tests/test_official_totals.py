"""Promise: what is published adds up to the official totals, which anyone can check by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.release import Release


@pytest.fixture(scope="module")
def table(release_path: Path):
    """A function that reads a published table by its name."""
    release = Release.open(release_path)
    return lambda name: pd.read_parquet(release.table(name))


def test_padron_of_2026(table) -> None:
    by_age, by_literacy = table("padron_municipal_edad"), table("padron_municipal_alfabetismo")
    for frame in (by_age, by_literacy):
        assert frame["empadronados"].sum() == 10_030_374
        assert frame.groupby("sexo")["empadronados"].sum().to_dict() == {"mujeres": 5_416_937, "hombres": 4_613_437}
        assert frame["codigo_municipio"].nunique() == 340
        assert set(frame["residencia"]) == {"pais"}
    illiterate = by_literacy[by_literacy["alfabetismo"] == "analfabeta"]
    assert illiterate["empadronados"].sum() == 1_735_994


def test_the_two_tables_agree_in_every_municipio_and_sex(table) -> None:
    keys = ["codigo_municipio", "sexo"]
    by_age = table("padron_municipal_edad").groupby(keys)["empadronados"].sum()
    by_literacy = table("padron_municipal_alfabetismo").groupby(keys)["empadronados"].sum()
    pd.testing.assert_series_equal(by_age, by_literacy)


def test_the_capital_in_2026(table) -> None:
    frame = table("padron_municipal_edad").query("codigo_municipio == '0101'")
    assert frame["empadronados"].sum() == 854_232
    young = frame.query("sexo == 'mujeres' and grupo_edad == '18_25'")["empadronados"]
    assert young.to_list() == [46_075]


def test_a_departamento_with_another_number_in_the_tse(table) -> None:
    """Antigua Guatemala is 2-1 for the TSE and 0301 for the INE; Guastatoya is 4-1 and 0201."""
    municipios = table("municipios").set_index("codigo_municipio")
    assert municipios.loc[["0101", "0102", "0201", "0301", "0401", "2217"], "codigo_tse"].to_list() == [
        "1-1",
        "1-2",
        "4-1",
        "2-1",
        "3-1",
        "22-17",
    ]
    assert municipios.loc[["0101", "0102", "0201", "0301"], "codigo_trep"].to_list() == ["0-1", "1-2", "4-1", "2-1"]
    registered = table("padron_municipal_edad").groupby("codigo_municipio")["empadronados"].sum()
    series = table("padron_serie_municipal").query("anio == 2023").set_index("codigo_municipio")["empadronados"]
    assert 0.8 < registered["0301"] / series["0301"] < 1.3  # the two sources speak of the same place


def test_series_by_municipio(table) -> None:
    series = table("padron_serie_municipal")
    sums = series.groupby("anio")["empadronados"].sum().to_dict()
    assert sums == {2011: 7_340_841, 2023: 9_270_360, 2026: 10_030_374}
    missing = series[series["empadronados"].isna()]
    assert set(missing["anio"]) == {2011}
    assert missing["codigo_municipio"].to_list() == ["0514", "1021", "1230", "1333", "1713", "1714", "1911"]
    assert not (series["empadronados"] == 0).any()


def test_national_series_keeps_contradictions_and_rejects_approximations(table) -> None:
    series = table("padron_serie_nacional").set_index(["fecha", "ambito"])
    final = series.xs("2023-04-27")
    assert final["empadronados"].to_dict() == {"pais": 9_270_360, "extranjero": 90_708, "total": 9_361_068}
    assert series.loc[("2015", "total"), "empadronados"] == 7_556_873
    assert series.loc[("2025-08-21", "total"), ["mujeres", "hombres"]].to_list() == [5_158_017, 4_381_411]
    assert series.loc[("2019-06-13", "extranjero"), "empadronados"] == 63_267  # and three days later
    assert series.loc[("2019-06-16", "extranjero"), "empadronados"] == 63_695
    assert series.loc[("2023-01", "extranjero"), "confianza"] == "media-baja"
    march = series.loc[("2023-03-13", "total")]
    assert (march["empadronados"], march["mujeres"], pd.isna(march["hombres"])) == (9_206_866, 4_968_850, True)
    assert "errata" in march["nota"]


def test_departamentos_of_2022_and_the_partial_ones_of_2023(table) -> None:
    frame = table("padron_serie_departamental")
    whole = frame[frame["cobertura"] == "completa"].groupby("fecha_texto")["empadronados"].agg(["sum", "size"])
    assert whole.to_dict("index") == {
        "2022-08": {"sum": 8_631_646, "size": 23},
        "2022-09": {"sum": 8_691_894, "size": 23},
        "2026-07-12": {"sum": 10_030_374, "size": 22},
    }
    partial = frame[(frame["cobertura"] == "parcial") & (frame["fecha_texto"] == "2023-04")]
    assert partial["codigo_departamento"].to_list() == ["01", "09", "12", "13", "14", "16"]
    assert (partial["mujeres"] + partial["hombres"] == partial["empadronados"]).all()


def test_population_of_2026_and_its_anomaly(table) -> None:
    population, published = table("poblacion_municipal"), table("poblacion_municipal_publicada")
    assert published["poblacion_publicada"].sum() == 18_312_323
    assert population["poblacion"].sum() == 18_312_323 + 50
    assert set(published["anio"]) == set(population["anio"]) == {2026}
    differing = published[published["diferencia_sexos"] != 0]
    differing = differing[["codigo_municipio", "anio", "poblacion_publicada", "diferencia_sexos"]]
    assert differing.to_dict("records") == [
        {"codigo_municipio": "1805", "anio": 2026, "poblacion_publicada": 69_044, "diferencia_sexos": 50}
    ]


def test_the_anomaly_of_los_amates_is_a_published_warning(release_path: Path) -> None:
    warnings = Release.open(release_path).manifest["advertencias"]
    assert [item["territorios"] for item in warnings if item["dataset"] == "poblacion"] == [["1805"]]


def test_population_2011_2015(table) -> None:
    adults, by_age = table("poblacion_18_mas_2011_2015"), table("poblacion_2011_2015")
    assert adults["codigo_municipio"].nunique() == 333
    assert len(adults) == 333 * 5 * 2
    row = adults.query("codigo_municipio == '0114' and anio == 2011 and sexo == 'hombres'")
    assert row["poblacion_18_mas"].to_list() == [32_036.18]
    assert round(by_age.query("anio == 2015")["poblacion"].sum()) == 16_175_615


def test_census_2018(table) -> None:
    for name in ("censo_2018_sexo", "censo_2018_edad", "censo_2018_area", "censo_2018_pueblo"):
        assert table(name)["poblacion"].sum() == 14_901_286
    capital = table("censo_2018_alfabetismo").query("codigo_municipio == '0101' and sexo == 'mujeres'")
    assert capital.set_index("alfabetismo")["poblacion"].to_dict() == {
        "alfabeta": 414_128,
        "analfabeta": 435_362 - 414_128,
    }
    maya = table("censo_2018_pueblo").query("pueblo == 'maya'")["poblacion"].sum()
    assert table("censo_2018_comunidad_linguistica")["poblacion"].sum() == maya
    tongues = table("censo_2018_idioma_materno").query("codigo_municipio == '0101'").set_index("idioma")["poblacion"]
    assert (tongues["espanol"], tongues["kiche"], tongues.sum()) == (828_696, 10_421, 867_269)
