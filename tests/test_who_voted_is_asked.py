"""Promise: what is asked of who voted (its order, its cut-off, the groups followed) is answered or said, and kept."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.site import Site
from dashboard.views import VIEWS
from etl.release import Release
from tests.checkout_support import Checkout
from tests.release_support import with_cubes
from tests.who_voted_support import (
    CUBE,
    INSIDE,
    Cube,
    ask,
    askings,
    figures,
    page,
    records,
    rewrite,
    sexo_of,
    with_elections,
)


@pytest.fixture(scope="module")
def folder(release_path: Path, published_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = with_cubes(release_path, published_cubes.current, tmp_path_factory.mktemp("votaron") / "publicacion")
    return with_elections(made, None)


@pytest.fixture(scope="module")
def site(folder: Path) -> Site:
    return Site(Release.open(folder))


@pytest.fixture(scope="module")
def cube(folder: Path) -> Cube:
    return Cube(folder)


@pytest.mark.parametrize("accessible", [False, True])
def test_the_questions_come_before_the_table_and_the_ways_out(site: Site, accessible: bool) -> None:
    document = page(site, accessible, indicador="votaron")
    parts = [node.get("id") for node in document.all("#resultados > [id]")]
    assert parts == ["mas", "tabla", "caminos", "descargas"]
    assert [bool(document.all(f"#{part} {what}")) for part, what in zip(parts, INSIDE, strict=True)] == [True] * 4


def test_groups_are_ordered_by_how_many_they_are_but_ages_are_not(site: Site, cube: Cube) -> None:
    for place, election, asked in askings():
        sexo = sexo_of(asked)
        first, other = (
            records(ask(site, "quien_vota_grupos", place, election, {**asked, **order}))
            for order in ({}, {"orden": "tamano"})
        )
        assert sorted(map(str, first)) == sorted(map(str, other))
        assert [row for row in first if row["rasgo"] == "grupo_edad"] == [
            row for row in other if row["rasgo"] == "grupo_edad"
        ]
        for name in ("alfabetismo", "pueblo"):
            own = [row["valor"] for row in other if row["rasgo"] == name]
            rolls = [-1 if cube.by(name, election, place, **sexo)[value].roll is None else 1 for value in own]
            sizes = [cube.by(name, election, place, **sexo)[value].roll or 0 for value in own]
            assert sizes == sorted(sizes, reverse=True) and rolls == sorted(rolls, reverse=True)


def test_the_order_is_a_link_and_a_change_of_filters_keeps_what_is_asked(site: Site) -> None:
    document = page(site, True, indicador="votaron", por="edad", orden="tamano")
    links = {link.text_content(): link for link in document.all("#quien_vota_grupos .conmutador a")}
    assert [text for text, link in links.items() if link.get("aria-current")] == ["Por tamaño"]
    assert "orden=tamano&por" not in links["Por participación"].get("href")
    assert links["Por tamaño"].get("href").endswith("&por=edad&orden=tamano#quien_vota_grupos")
    kept = {
        field.get("name"): field.get("value") for field in document.all("#filtros input[type=hidden]:not([disabled])")
    }
    assert kept == {"por": "edad", "orden": "tamano"}


def test_the_cut_off_that_the_rolls_were_counted_from_is_asked_or_said(
    release_path: Path, folder: Path, tmp_path: Path
) -> None:
    """Of the same elections counted as of two days, each day is answered with its own; another day is said not to be there."""
    made = tmp_path / "publicacion"
    shutil.copytree(folder, made)
    path = next(made.glob(f"*{CUBE}.parquet"))
    table = pq.read_table(path)
    now = table.to_pandas()
    days = [date(2024, 1, 31), now["fecha_corte"].iloc[0]]
    before = now.assign(fecha_corte=days[0], votantes=(now["votantes"] * 0.5).round().astype("Int64"))
    rewrite(made, path, pa.Table.from_pandas(pd.concat([before, now]), schema=table.schema, preserve_index=False))
    found = Site(Release.open(made))
    (later,) = figures(ask(found, "quien_vota_grupos", "", "2023-1", {}))[:1]
    for day, factor in ((days[1], 1), (days[0], 0.5)):
        asked = {"corte": day.isoformat()}
        answer = ask(found, "quien_vota_grupos", "", "2023-1", asked)
        assert answer.sentences[0].figures()[1].value == round(later[1] * factor)
        mapa = VIEWS["participacion_mapa"].asked({"indicador": "votantes", "eleccion": "2023-1", **asked}, found.data)
        assert mapa.notices == () and mapa.selection.corte == day.isoformat()
        assert found.answer("participacion_mapa", mapa.selection).sentences[0].figures()[0].value == round(
            later[1] * factor
        )
    voted = page(Site(Release.open(release_path)), True, corte="2026-07-12").one(".avisos").text_content()
    assert voted == "Aquí no hay nada que elegir en «Corte»: se muestra sin ese filtro."
    told = page(found, True, indicador="votaron", corte="2025-05-05").one(".avisos").text_content()
    assert "No hay «2025-05-05» en corte" in told
