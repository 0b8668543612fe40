"""Promise: the page of the people abroad shows every state and marks what was chosen; with both kinds of figures it shows each
with its evidence, and it opens on a release without cubes, or with cubes made before they had days."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.address.abroad import people
from dashboard.figures.diaspora import TURNOUT
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.indicators.offers import DIASPORA, offer
from dashboard.pages import ficha
from dashboard.pages.diaspora_asked import OWN
from dashboard.pages.model import Request, face_of
from dashboard.render.diaspora import GRID, PLACES
from dashboard.render.html import to_html
from dashboard.site import Site
from dashboard.views import VIEWS
from etl.release import Release
from tests import abroad_support as invented
from tests.checkout_support import Checkout
from tests.release_support import with_cubes
from tests.site_support import Document


@pytest.fixture(scope="module")
def root(release_path: Path, published_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real release with cubes whose people abroad are invented whole."""
    folder = tmp_path_factory.mktemp("diaspora") / "publicacion"
    return with_cubes(release_path, published_cubes.current, folder)


@pytest.fixture(scope="module")
def made(root: Path) -> Mapping[str, pd.DataFrame]:
    return invented.with_people_abroad(root)


@pytest.fixture(scope="module")
def site(root: Path, made: Mapping[str, pd.DataFrame]) -> Site:
    return Site(Release.open(root))


def test_every_state_has_a_tile_and_none_hides_another(site: Site) -> None:
    assert len(set(PLACES.values())) == len(PLACES) == sum(len(row.replace("..", "").split()) for row in GRID)
    states = {row["codigo_estado"] for row in site.data.records("estados_eeuu")}
    assert states <= set(PLACES)
    shown = Document(invented.page(site, {}))
    assert len(shown.texts(".tesela")) == len(states)
    empty = shown.texts(".tesela.sin-centro")
    assert len(empty) == len(states) - 3 and not any(re.search(r"\d", text) for text in empty)


def test_the_chosen_row_is_marked_on_the_map_and_in_the_table(site: Site) -> None:
    html = invented.page(site, {"origen": "13", "estado": "CA"})
    shown = Document(html)
    assert shown.texts(".matriz-origen tr.elegida th") == ["Huehuetenango"] and 'class="elegido"' in html
    assert [text[:2] for text in shown.texts(".tesela [aria-current]")] == ["CA"]
    order = [row for row in shown.texts(".matriz-origen tbody th")]
    assert len(order) == len(invented.ORIGENES)


def test_a_release_with_both_shows_the_published_figures_with_their_evidence(site: Site) -> None:
    for accessible in (False, True):
        html = invented.page(site, {"eleccion": "2019-1", "mostrar": "votantes"}, accessible)
        assert "¿De dónde son?" in html and "63,695" in html and "Lo que publican el Tribunal y otras fuentes" in html
    profile = ficha.PAGE.screen(site, Request({}, face_of("/ficha/extranjero", False), {"codigo": "extranjero"}))
    html = "".join(to_html(node) for node in profile.content)
    assert "¿De dónde son?" in html and "63,695" in html


def test_a_release_without_cubes_is_as_before(release_path: Path) -> None:
    real = Site(Release.open(release_path))
    assert "¿De dónde son?" not in invented.page(real, {}) and "¿Desde dónde votan" in invented.page(real, {})
    assert not people().parameters(offer(real.data, DIASPORA))
    for view in OWN:
        with pytest.raises(Unaskable):
            real.answer(view, VIEWS[view].asked({}, real.data).selection)


def test_an_older_cube_without_days_is_opened(root: Path, made: Mapping[str, pd.DataFrame], tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "antes")
    package = json.loads((tmp_path / "antes" / "datapackage.json").read_text(encoding="utf-8"))
    manifest = json.loads((tmp_path / "antes" / "manifest.json").read_text(encoding="utf-8"))
    for item in package["resources"]:
        if item["name"] in invented.CROSSES:
            item["schema"]["fields"] = [field for field in item["schema"]["fields"] if field["name"] != "fecha_corte"]
            key = item["schema"]["primaryKey"]
            item["schema"]["primaryKey"] = [name for name in key if name != "fecha_corte"]
            name = next(entry["nombre"] for entry in manifest["archivos"] if entry["tabla"] == item["name"])
            frame = pd.read_parquet(tmp_path / "antes" / name)
            frame[frame["fecha_corte"] == invented.DAYS[-1]].drop(columns="fecha_corte").to_parquet(
                tmp_path / "antes" / name
            )
            _declared(manifest, name, (tmp_path / "antes" / name).read_bytes())
    for file, content in (("datapackage.json", package), ("manifest.json", manifest)):
        (tmp_path / "antes" / file).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    data = Data(Release.open(tmp_path / "antes"))
    assert people().parameters(offer(data, DIASPORA))
    assert "¿De dónde son?" in invented.page(Site(Release.open(tmp_path / "antes")), {"cuenta": TURNOUT})


def _declared(manifest: dict[str, Any], name: str, content: bytes) -> None:
    entry = next(item for item in manifest["archivos"] if item["nombre"] == name)
    entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
