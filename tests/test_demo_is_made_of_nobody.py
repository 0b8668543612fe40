"""Promise: the demonstration's people add up to the published figures, are nobody, and never mix with real figures."""

from __future__ import annotations

from pathlib import Path

import httpx
import pandas as pd
import pytest

from etl.cubes.declared import CUBES
from etl.demo import registry
from etl.demo.release import Demonstration, demonstrate, marginals
from etl.release import Release
from tests.browser_support import ROOT, running_site
from tests.etl_support import etl, tree
from tests.site_support import ADDRESSES, Document, accessible

ORIGIN = ROOT / "data" / "source"
CATALOGUES = {"territorio", "limites", "territorio_extranjero", "limites_eeuu", "elecciones", "centros_extranjero"}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """A demonstration of 20,000 people."""
    return demonstrate(ORIGIN, tmp_path_factory.mktemp("demo"), 20_000)


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


def test_everything_published_says_it_is_synthetic(demonstration: Demonstration) -> None:
    release = Release.open(demonstration.release.root)
    assert release.synthetic and release.manifest["sintetica"] is True
    for item in release.manifest["archivos"]:
        if item["dataset"] in CATALOGUES:
            continue
        assert item["nombre"].startswith("sintetico_"), item["nombre"]
        assert "SINTÉTICO" in item["titulo"]
        if item["filas"]:
            assert pd.read_parquet(release.root / item["nombre"], columns=["sintetico"])["sintetico"].all()


def test_no_real_figure_is_in_a_demonstration(demonstration: Demonstration) -> None:
    published = {item["dataset"] for item in demonstration.release.manifest["archivos"]}
    assert published == CATALOGUES | {cube.name for cube in CUBES}
    cells = pd.read_parquet(demonstration.release.table("padron_cubo"))
    assert 19_000 < cells["empadronados"].max() < 20_000  # the invented people of the country, not the ten million


def test_every_page_opens_on_a_demonstration(demonstration: Demonstration, tmp_path: Path) -> None:
    """What it has is shown, what is confidential is said and what it lacks is said too: no error, and no zero."""
    with (
        running_site(demonstration.release.root, tmp_path / "servidor.log") as url,
        httpx.Client(base_url=url) as client,
    ):
        left_out = [f"/datos/{name}" for name in ("padron_municipal",)]
        for address in ADDRESSES:
            for path in (address, accessible(address)):
                response = client.get(path)
                assert response.status_code == (404 if address in left_out else 200), path
                assert "Personas inventadas" in response.text, path
        page = Document(client.get("/accesible/padron?indicador=empadronados&pueblo=garifuna").text)
        texts = {text for text in page.table("#tabla table").column("Personas empadronadas")}
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
