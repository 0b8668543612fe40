"""Promise: a hidden cell is «no se publica por confidencialidad» on every face of a map: its own texture, the sentence, the
table, the four files and the API. It is never mistaken for a zero or for what no source publishes, and nothing that is shown
uses it: what the map covers is worked out from the published total and from what is in sight."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.words import NOBODY, WITHHELD
from etl.model import TOTAL
from etl.release import Release
from tests.checkout_support import Checkout
from tests.release_support import asked_of, with_cubes
from tests.site_support import Document, accessible

#: What the map calls each kind of place without figure, and how a file says it.
STYLES = {WITHHELD: "confidencial", NOBODY: "sin-personas"}
QUERIES: tuple[dict[str, str], ...] = (
    {"indicador": "votaron", "sexo": "mujeres", "edad": "18_25"},
    {"indicador": "abstencion", "edad": "18_25"},
    {"indicador": "votaron", "pueblo": "garifuna", "ver": "departamento"},
    {"indicador": "votaron", "sexo": "mujeres", "edad": "18_25", "ver": "departamento"},
    {"indicador": "brecha-participacion", "alfabetismo": "analfabeta"},
)
#: People of whom no departamento has a thousand on the roll.
FEW = {"indicador": "votaron", "edad": "18_25", "ver": "departamento", "lugar": "01"}
DIMENSIONS = {"sexo": "sexo", "edad": "grupo_edad", "alfabetismo": "alfabetismo", "pueblo": "pueblo"}


@pytest.fixture(scope="module")
def release(release_path: Path, published_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real release and, beside it, the cubes of some invented people."""
    return with_cubes(release_path, published_cubes.current, tmp_path_factory.mktemp("con_cubos") / "publicacion")


@pytest.fixture(scope="module")
def answers(release: Path) -> dict[str, Any]:
    """What the site answers at every address that the tests look at, by address."""
    paths = []
    for query in QUERIES:
        asked = urlencode(query)
        paths += [f"/participacion?{asked}", accessible(f"/participacion?{asked}&filas=todas")]
        paths += [
            f"/descargas/vista/participacion_mapa.{suffix}?{asked}" for suffix in ("csv", "json", "parquet", "xlsx")
        ]
    paths += [
        "/participacion?indicador=votaron&sexo=mujeres&lugar=0101",
        f"/participacion?{urlencode(FEW)}",
        "/que-falta",
    ]
    return dict(zip(paths, asked_of(release, *paths), strict=True))


def rows_of(release: Path, query: Mapping[str, str]) -> pd.DataFrame:
    """What the cube says of the group of a question in each place of its level, by code; the country is «total»."""
    frame = pd.read_parquet(Release.open(release).table("participacion_cubo"))
    for name, column in DIMENSIONS.items():
        frame = frame[frame[column] == query.get(name, TOTAL)]
    if "fecha_corte" in frame:
        frame = frame[frame["fecha_corte"] == frame["fecha_corte"].max()]
    finest = "codigo_departamento" if query.get("ver") else "codigo_municipio"
    other = frame["codigo_municipio"] == TOTAL
    if finest == "codigo_municipio":
        other = ~other | (frame["codigo_departamento"] == TOTAL)
    return frame[other].set_index(finest)


@pytest.mark.parametrize("query", QUERIES[:4])
def test_it_is_the_same_words_on_the_map_the_table_and_every_file(
    query: dict[str, str], release: Path, answers: dict[str, Any]
) -> None:
    asked, cube = urlencode(query), rows_of(release, query).drop(index=TOTAL)
    nobody = {code for code, row in cube.iterrows() if row["empadronados"] == 0}
    hidden = {code for code, row in cube.iterrows() if code not in nobody and pd.isna(row["votantes"])}
    assert hidden or nobody == set(cube.index)

    page = Document(answers[f"/participacion?{asked}"].text)
    painted = {code: (page.state["clases"][str(klass)], text) for code, (klass, text) in page.state["pintura"].items()}
    assert {code for code, (_, text) in painted.items() if text == WITHHELD} == hidden
    assert {code for code, (_, text) in painted.items() if text == NOBODY} == nobody
    assert all(style == STYLES[text] for style, text in painted.values() if text in STYLES)

    plain = Document(answers[accessible(f"/participacion?{asked}&filas=todas")].text)
    table = plain.table("#tabla table")
    for code, row in zip(table.codes, table.rows, strict=True):
        assert (row["Estado de la cifra"] == WITHHELD) == (code in hidden)
        if code in hidden:
            assert next(text for title, text in row.items() if "%" in title) == WITHHELD
            assert WITHHELD in {text for title, text in row.items() if title.startswith("Personas")}
    svg = Counter(item.get("class") for item in plain.all("#mapa svg path") if item.findtext("title"))
    assert (svg["confidencial"], svg["sin-personas"]) == (len(hidden), len(nobody))
    assert plain.all("#mapa svg pattern#puntos circle")

    sheets = {
        suffix: answers[f"/descargas/vista/participacion_mapa.{suffix}?{asked}"].content
        for suffix in ("csv", "parquet")
    }
    rows = list(csv.DictReader(sheets["csv"].decode().splitlines()))
    assert {row[next(iter(row))] for row in rows if row["estado_celda"] == "confidencial"} == hidden
    assert all(row["valor"] == "" for row in rows if row["estado_celda"] != "publicada")
    assert {row["estado_celda"] for row in rows} <= {"publicada", "confidencial", "sin_personas", "sin_dato"}
    typed = pq.read_table(io.BytesIO(sheets["parquet"])).to_pylist()
    assert [row["estado_celda"] for row in typed] == [row["estado_celda"] for row in rows]
    told = json.loads(answers[f"/descargas/vista/participacion_mapa.json?{asked}"].text)["filas"]
    assert [(row["valor"] is None, row["estado_celda"]) for row in told] == [
        (row["valor"] == "", row["estado_celda"]) for row in rows
    ]


@pytest.mark.parametrize("query", QUERIES[:4])
def test_what_the_map_covers_comes_from_the_published_total(
    query: dict[str, str], release: Path, answers: dict[str, Any]
) -> None:
    cube = rows_of(release, query)
    total, places = cube.loc[TOTAL, "empadronados"], cube.drop(index=TOTAL)
    shown = places.loc[places["votantes"].notna() & (places["empadronados"] > 0), "empadronados"].sum()
    page = Document(answers[f"/participacion?{urlencode(query)}"].text)
    if pd.isna(total) or total == 0:
        assert page.all(".cobertura") == []
        return
    said = [item.text_content() for item in page.all(".cobertura li")]
    assert said[-1].startswith(f"{100 * (total - shown) / total:.1f}\u00a0%") and "confidencial" in said[-1]
    if shown:
        assert said[0].startswith(f"{100 * shown / total:.1f}\u00a0%")
    sentence = next(text for text in page.texts("#pregunta p") if WITHHELD in text)
    assert f"{100 * (total - shown) / total:.1f}\u00a0%" in sentence


def test_the_legend_counts_the_places_of_each_colour_and_of_each_texture(answers: dict[str, Any]) -> None:
    for query in QUERIES:
        page = Document(answers[f"/participacion?{urlencode(query)}"].text)
        painted = Counter(page.state["clases"][str(klass)] for klass, _ in page.state["pintura"].values())
        for item in page.all("#bajo-mapa .leyenda li"):
            assert int(item.cssselect("small")[0].text.split()[0].replace(",", "")) == painted[item.get("class")]


def test_where_nearly_all_is_confidential_the_departamento_is_proposed(answers: dict[str, Any]) -> None:
    by_municipio, by_departamento = QUERIES[0], QUERIES[3]
    page = Document(answers[f"/participacion?{urlencode(by_municipio)}"].text)
    assert sum(text == WITHHELD for _, text in page.state["pintura"].values()) > 170
    (link,) = page.all("#pregunta .propuesta a")
    assert "ver=departamento" in link.get("href") and "edad=18_25" in link.get("href")
    assert Document(answers[f"/participacion?{urlencode(by_departamento)}"].text).all("#pregunta .propuesta") == []


def test_places_of_few_people_are_not_set_in_order_and_it_is_said(release: Path, answers: dict[str, Any]) -> None:
    young = rows_of(release, FEW).drop(index=TOTAL)
    published = young[young["votantes"].notna() & (young["empadronados"] > 0)]
    enough = published[published["empadronados"] >= 1000]
    assert len(published) > 0 and len(enough) < 2
    page = Document(answers[f"/participacion?{urlencode(FEW)}"].text)
    assert page.all(".ranking li") == []
    many = "solo uno" if len(enough) else "ninguno"
    assert f"{many} tiene 1,000 personas o más" in page.one("#lateral").text_content()


def test_a_place_is_read_group_by_group_against_what_contains_it(release: Path, answers: dict[str, Any]) -> None:
    page = Document(answers["/participacion?indicador=votaron&sexo=mujeres&lugar=0101"].text)
    table = page.table(".por-grupo")
    assert table.header == ["Por grupo", "Guatemala", "Departamento", "País"] or len(table.header) == 4
    women = rows_of(release, {"sexo": "mujeres"}).loc["0101"]
    everybody = rows_of(release, {}).loc["0101"]
    said = [row["Guatemala"] for row in table.rows]
    for row, text in ((women, said[0]), (everybody, said[-1])):
        assert text == (
            "confidencial" if pd.isna(row["votantes"]) else f"{100 * row['votantes'] / row['empadronados']:.1f}\u00a0%"
        )


def test_what_no_source_crosses_leads_to_what_is_missing(answers: dict[str, Any]) -> None:
    page = Document(answers[f"/participacion?{urlencode(QUERIES[0])}"].text)
    links = [item.get("href") for item in page.all("#pie-filtros a")]
    assert "/que-falta#participacion-pais-comunidad_linguistica" in links
    missing = Document(answers["/que-falta"].text)
    for href in links:
        assert len(missing.all(f"[id='{href.split('#')[1]}']")) == 1
    offered = {item.get("value").split(".")[0] for item in page.all("#f-grupo option") if item.get("value")}
    assert offered == {"edad", "alfabetismo", "pueblo"}
