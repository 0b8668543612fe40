"""Promise: no figure is published without who says it, as of when and how sure it is: in no file and on no page."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import httpx
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.figures.queries import Data
from dashboard.indicators.offers import DIASPORA
from dashboard.views import VIEWS
from etl.datasets import all_datasets
from etl.fields.told import JOINED
from etl.model import Confidence
from etl.release import Release
from tests.site_support import ADDRESSES, READERS, Document, accessible

TABLES = [table.name for dataset in all_datasets() for table in dataset.tables]


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    """The release built from data/source."""
    return Release.open(release_path)


def test_every_file_says_its_cut_off_and_confidence(release: Release) -> None:
    for item in release.manifest["archivos"]:
        assert item["corte"] and item["confianza"] in list(Confidence), item["nombre"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_carries_its_sources_inside(name: str, release: Release) -> None:
    sources = json.loads(pq.read_schema(release.table(name)).metadata[b"fuentes"])
    assert sources
    for source in sources:
        assert all(source[fact] for fact in ("titulo", "editor", "url", "licencia", "corte", "confianza")), source


@pytest.mark.parametrize("name", TABLES)
def test_a_row_with_its_own_source_says_it(name: str, release: Release) -> None:
    """Tables gathered from many sources say it row by row; no row of them is without."""
    rows = pd.read_parquet(release.table(name))
    own = [column for column in ("confianza", "fuente", "cita") if column in rows]
    assert rows[own].notna().all(axis=None) and (rows[own] != "").all(axis=None)


# ---- the files of every view ----------------------------------------------------------------------------------------

#: Asked of every view: of each, only by the parameters that it takes.
SELECTIONS = (
    "lugares=0101,1601,02",
    "lugar=1601&lugares=0101,1601",
    "departamento=17&lugar=1713&lugares=17,18&mostrar=votantes&ver=por-mil",
    "indicador=empadronados&sexo=mujeres&edad=18_25&lugares=0101,0102&estado=TX",
    "indicador=cambio&eleccion=2023-1",
)
EVIDENCE = ("clave_fuente", "corte", "confianza", "licencia", "publicacion")


@pytest.fixture(scope="module")
def data(release: Release) -> Data:
    """The figures of that release."""
    return Data(release)


def get(client: httpx.Client, address: str) -> httpx.Response:
    """A response that must be 200."""
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return response


#: Rows of a workbook that are read back in `make test`: those of a longer one, in `make test-largo`.
MOST_ROWS = 2_000


@pytest.mark.parametrize("most", [MOST_ROWS, pytest.param(None, marks=pytest.mark.largo)])
@pytest.mark.parametrize("view", [name for name, view in VIEWS.items() if view.topic != DIASPORA])
def test_every_row_of_every_file_of_a_view_says_it(
    view: str, most: int | None, client: httpx.Client, data: Data
) -> None:
    if not VIEWS[view].held(data):  # of what nobody has published there is no row, and the file says so
        assert client.get(f"/descargas/vista/{view}.csv").status_code == 404
        return
    taken = {item.name: item.values for item in VIEWS[view].parameters(data)}
    asked = [[pair for pair in parse_qsl(selection) if pair[0] in taken] for selection in SELECTIONS]
    known = [[(name, value) for name, value in pairs if "," in value or value in taken[name]] for pairs in asked]
    honoured = [pairs for pairs in known if not VIEWS[view].asked(dict(pairs), data).notices]
    assert honoured
    for query in dict.fromkeys(urlencode(pairs, safe=",") for pairs in honoured):
        rows, said = 0, dict[str, set[str]]()
        for suffix in ("parquet", "csv", "xlsx"):
            if suffix == "xlsx" and most and rows > most:
                continue
            found = READERS[suffix](get(client, f"/descargas/vista/{view}.{suffix}?{query}").content)
            rows = len(found)
            for row in found:
                assert all(row[name] for name in EVIDENCE), f"{suffix} {query}: {row}"
                assert row["confianza"] in set(Confidence)
                assert date.fromisoformat(row["corte"]).isoformat() == row["corte"]
                said.setdefault(row["licencia"], set()).update(row["clave_fuente"].split(JOINED))
        document = get(client, f"/descargas/vista/{view}.json?{query}").json()
        assert document["fuentes"] and document["publicacion"]
        assert set(said) <= {document["licencia_id"]}
        assert set().union(*said.values()) <= {source["clave"] for source in document["fuentes"]}
        for source in document["fuentes"]:
            assert all(source[name] for name in ("titulo", "editor", "url", "licencia", "corte", "confianza"))


# ---- the pages ------------------------------------------------------------------------------------------------------

#: Blocks that show figures.
WITH_FIGURES = ", ".join(
    f"main {block}" for block in (".grafica", ".tarjeta table", ".tabla-marco", ".cifras-clave", ".ranking", ".mapa")
)
#: Of those, the ones that say their own sources, right under their figures.
ON_THEIR_OWN = "main figure.grafica, main .ficha-lugar, main .columna-mapa, main .ficha-mapa"
#: Lists of names, of files that each say their own cut-off and confidence, and of the sources themselves.
WITHOUT_FIGURES = ("/fichas", "/buscar", "/comparar", "/datos", "/estado")
EVERY_PAGE = [*ADDRESSES, *map(accessible, ADDRESSES)]


def said(page: Document) -> list[str]:
    """The source lines of a page."""
    return page.texts("main .fuente")


def answers_shown(page: Document) -> set[str]:
    """Where the JSON of each answer on a page is."""
    return {
        link
        for node in page.all("main a[download]")
        if ".json?" in (link := node.get("href")) or link.endswith(".json")
    }


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_every_answer_on_a_page_is_with_its_sources(address: str, client: httpx.Client) -> None:
    """Each source of each answer is named on the page, with its cut-off and its confidence, as in its file."""
    page = Document(get(client, address).text)
    for link in answers_shown(page):
        if link.startswith("/descargas/vista/"):
            for source in get(client, link).json()["fuentes"]:
                named = [line for line in said(page) if source["titulo"] in line]
                assert any(f"confianza {source['confianza']}" in line.lower() for line in named), f"{link}: {source}"


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_no_block_with_figures_is_on_a_page_without_sources(address: str, client: httpx.Client) -> None:
    page = Document(get(client, address).text)
    blocks = [node for node in page.all(WITH_FIGURES) if any(letter.isdigit() for letter in node.text_content())]
    lines = [line for line in said(page) if "confianza" in line.lower()]
    if address.removeprefix("/accesible").partition("?")[0] not in WITHOUT_FIGURES:
        assert lines or not blocks, f"{len(blocks)} blocks with figures and no source"
    for block in page.all(ON_THEIR_OWN):
        assert any("confianza" in node.text_content() for node in block.cssselect(".fuente")), block.text_content()[
            :200
        ]


@pytest.mark.parametrize("address", ["/", "/accesible/"])
def test_the_first_figures_one_sees_are_with_their_sources(address: str, client: httpx.Client) -> None:
    lines = " ".join(said(Document(get(client, address).text)))
    for source in get(client, "/descargas/vista/padron_lugar.json").json()["fuentes"]:
        assert source["titulo"] in lines, source


def test_the_list_of_files_says_of_each_table_its_cut_off_and_confidence(client: httpx.Client) -> None:
    for address in ("/datos", "/accesible/datos"):
        for row in Document(get(client, address).text).all("main .conjunto tbody tr"):
            assert "confianza" in row.text_content(), row.text_content()
