"""Promise: the demonstration's people add up to the published figures, are nobody, and never mix with real figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.cubes.declared import CUBES
from etl.demo import registry
from etl.demo.release import marginals
from etl.release import Release
from tests.browser_support import ROOT
from tests.etl_support import etl, tree
from tests.release_support import asked_of
from tests.site_support import ADDRESSES, Document, accessible

ORIGIN = ROOT / "data" / "source"
CATALOGUES = {"territorio", "limites", "territorio_extranjero", "limites_eeuu", "elecciones", "centros_extranjero"}


@pytest.fixture
def release(demonstration: Path) -> Release:
    """What the demonstration publishes."""
    return Release.open(demonstration / "release" / "current")


def test_groups_add_up_to_the_published_figures_of_every_municipio() -> None:
    """Before anybody is drawn: sex x age and sex x literacy of the 340 municipios, to the last person."""
    tables, _ = marginals(ORIGIN)
    made = registry.groups(tables, registry.SEED)
    home = made[made["city"] < 0]
    assert int(home["n"].sum()) == 10_030_374
    assert int(made["n"].sum()) == 10_030_374 + registry.ABROAD
    codes = sorted(tables["municipios"]["codigo_municipio"])
    for table, column, values in (
        ("padron_municipal_edad", "edad", list(registry.fields.GRUPOS_EDAD)),
        ("padron_municipal_alfabetismo", "alfabetismo", list(registry.fields.ALFABETISMOS)),
    ):
        added = home.groupby(["municipio", "sexo", column])["n"].sum()
        published = tables[table]
        key = pd.MultiIndex.from_arrays(
            [
                published["codigo_municipio"].map(codes.index),
                published["sexo"].map(list(registry.fields.SEXOS).index),
                published[tables[table].columns[3]].map(values.index),
            ]
        )
        expected = pd.Series(published["empadronados"].to_numpy(dtype="int64"), index=key)
        assert (added.reindex(key, fill_value=0).to_numpy() == expected.to_numpy()).all()


def test_everything_published_says_it_is_synthetic(release: Release) -> None:
    assert release.synthetic and release.manifest["sintetica"] is True
    for item in release.manifest["archivos"]:
        if item["dataset"] in CATALOGUES:
            continue
        assert item["nombre"].startswith("sintetico_"), item["nombre"]
        assert "SINTÉTICO" in item["titulo"]
        if item["filas"]:
            assert pd.read_parquet(release.root / item["nombre"], columns=["sintetico"])["sintetico"].all()


def test_no_real_figure_is_in_a_demonstration(release: Release) -> None:
    published = {item["dataset"] for item in release.manifest["archivos"]}
    assert published == CATALOGUES | {cube.name for cube in CUBES}
    cells = pd.read_parquet(release.table("padron_cubo"))
    assert 19_000 < cells["empadronados"].max() < 20_000  # the invented people of the country, not the ten million


def test_every_page_opens_on_a_demonstration(release: Release) -> None:
    """What it has is shown, what is confidential is said and what it lacks is said too: no error, and no zero."""
    left_out = [f"/datos/{name}" for name in ("padron_municipal",)]
    paths = [path for address in ADDRESSES for path in (address, accessible(address))]
    *pages, garifuna = asked_of(release.root, *paths, "/accesible/padron?indicador=empadronados&pueblo=garifuna")
    for path, response in zip(paths, pages, strict=True):
        expected = 404 if path.removeprefix("/accesible") in left_out else 200
        assert response.status_code == expected, path
        assert "Personas inventadas" in response.text, path
    texts = {text for text in Document(garifuna.text).table("#tabla table").column("Personas empadronadas")}
    assert "no se publica por confidencialidad" in texts
    assert texts - {"no se publica por confidencialidad"} <= {"0"}  # so few that only nobody is published


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        result = etl("demo", "--personas", "2000", "--carpeta", tmp_path / name, "--solo-registro")
        assert result.exit_code == 0, result.output
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    people = pd.read_parquet(tmp_path / "a" / "registro_sintetico.parquet")
    assert len(people) == 2000 and people["CUI"].is_unique
    assert people["CUI"].str.fullmatch(r"S\d{12}").all()  # a real identifier has no letter
