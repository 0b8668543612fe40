"""What the page of a dataset says to run opens its table in that program as it is written, with the codes as text.

Against a site in a process of its own, by address, as whoever copies it does; polars, in the environment of outside readers. R
and LibreOffice have a file of their own: tests/test_r_and_libreoffice_read_it.py.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import httpx
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest

from dashboard.address.own import ADDRESS_VARIABLE
from dashboard.app import create_app
from dashboard.render import snippets
from dashboard.render.formats import XLSX
from dashboard.render.tables import TABLE_FORMATS, takes
from etl.model import Kind, Table
from etl.release import FileFacts, Release
from tests.readers_support import read
from tests.release_support import run_apart
from tests.site_support import Document

NAME = "https://padron.example.org"
#: A short table with codes that begin with zero, days, decimals and empty cells; and one with codes of several kinds.
SHORT = ("municipios", "padron_serie_nacional", "consulados", "participacion_mesa_lugar")


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


def shown(site: str, dataset: str) -> dict[str, str]:
    """The code that a page shows for each program, with the address of the site where it goes."""
    page = Document(httpx.get(f"{site}/datos/{dataset}").text)
    found = {}
    for box in page.all("main > details"):
        for code in box.cssselect("code[data-sitio]"):
            found[box.cssselect("summary")[0].text_content()] = code.text_content().replace(snippets.HERE, site)
    return found


def tables(release: Release) -> dict[str, tuple[Table, FileFacts]]:
    return {
        item["tabla"]: (release.tables[item["tabla"]], item)
        for item in release.manifest["archivos"]
        if item["tabla"] and item["formato"] == "Parquet"
    }


def told(release: Release, site: str, name: str, program: str) -> str:
    """The code for a table and a program."""
    table, item = tables(release)[name]
    address = f"{site}/descargas/{release.id}/{Path(item['nombre']).stem}"
    found = snippets.of_table(table, address, takes(TABLE_FORMATS[XLSX.suffix], item))
    return next(one.code for one in found if program in one.program)


def texts(release: Release, name: str) -> dict[str, list[str | None]]:
    """The columns of text of a table, as published."""
    table, item = tables(release)[name]
    published = pq.read_table(release.path(item["nombre"]))
    kinds = (Kind.CODIGO, Kind.TEXTO, Kind.CATEGORIA)
    return {c.name: published.column(c.name).to_pylist() for c in table.columns if c.kind in kinds}


def same_texts(release: Release, name: str, column: Callable[[str], list[Any]]) -> None:
    """Every column of text has what was published, as text: nothing is empty text in a CSV read without saying so."""
    for key, expected in texts(release, name).items():
        read = [None if value is None or value is pd.NA or value != value else value for value in column(key)]
        plain = [value.removeprefix("'") if isinstance(value, str) else value for value in read]
        assert plain == [value.removeprefix("'") if value else value for value in expected], (name, key)


def test_the_page_shows_what_is_tried_here(site: str, release: Release) -> None:
    found = shown(site, "territorio")
    for program in ("Python (pandas)", "Python (polars)", "R", "DuckDB"):
        assert found[program] == told(release, site, "departamentos", program), program
    page = Document(httpx.get(f"{site}/datos/territorio").text)
    assert "No detectar tipos de datos" in page.all("main")[0].text_content()


def test_a_site_with_a_name_writes_it(release_path: Path, monkeypatch: pytest.MonkeyPatch, release: Release) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, NAME)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(release_path))
        async with httpx.AsyncClient(transport=transport, base_url=NAME) as client:
            return await client.get("/datos/territorio")

    answer = run_apart(ask)
    assert f"https://padron.example.org/descargas/{release.id}/departamentos.csv" in answer.text
    assert snippets.HERE not in answer.text


@pytest.mark.parametrize("name", SHORT)
def test_pandas(name: str, site: str, release: Release) -> None:
    names: dict[str, Any] = {}
    exec(told(release, site, name, "pandas"), names)
    for frame in (names["datos"], names["datos_csv"]):
        assert len(frame) == tables(release)[name][1]["filas"]
    same_texts(release, name, lambda key: names["datos"][key].tolist())
    for code in snippets.codes(tables(release)[name][0]):
        published = [value or None for value in texts(release, name)[code]]
        assert (
            names["datos_csv"][code].astype("object").where(names["datos_csv"][code].notna(), None).tolist()
            == published
        )


@pytest.mark.largo
def test_pandas_with_every_table(site: str, release: Release) -> None:
    for name in tables(release):
        test_pandas(name, site, release)


#: Runs the code that it is given, where polars is, and tells the columns that are asked for of each of its two frames.
WITH_POLARS = """
    names = {}
    exec(given[0], names)
    wanted = json.loads(given[1])
    tell([{key: names[frame][key].to_list() for key in wanted} for frame in ("datos", "datos_csv")])
"""


@pytest.mark.parametrize("name", SHORT)
def test_polars(name: str, site: str, release: Release) -> None:
    codes = snippets.codes(tables(release)[name][0])
    code = told(release, site, name, "polars")
    parquet, lines = read(WITH_POLARS, site, release.id, code, json.dumps(list(codes)))
    published = {key: texts(release, name)[key] for key in codes}
    assert parquet == lines == published and codes


@pytest.mark.parametrize("name", SHORT)
def test_duckdb(name: str, site: str, release: Release, tmp_path: Path) -> None:
    """By address, with the extension for it where it is; or else of the same bytes, taken from that address before."""
    said = told(release, site, name, "DuckDB")
    with duckdb.connect() as connection:
        try:
            connection.execute("LOAD httpfs")
        except duckdb.Error:
            for address in re.findall(r"http://[^']+", said):
                local = tmp_path / Path(address).name
                local.write_bytes(httpx.get(address).content)
                said = said.replace(address, str(local))
        for statement in said.split(";")[:2]:
            found = connection.execute(statement)
            columns = [column[0] for column in found.description or ()]
            rows = dict(zip(columns, map(list, zip(*found.fetchall(), strict=True)), strict=True))
            for code in snippets.codes(tables(release)[name][0]):
                assert rows[code] == texts(release, name)[code], (name, code)


@pytest.mark.parametrize("name", SHORT)
def test_excel(name: str, site: str, release: Release) -> None:
    """The workbook has the codes as text: no cell of them is a number or a day."""
    content = httpx.get(f"{site}/descargas/{release.id}/{name}.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content))["datos"]
    header, *rows = sheet.iter_rows(values_only=True)
    for code in snippets.codes(tables(release)[name][0]):
        assert [row[header.index(code)] for row in rows] == [value or None for value in texts(release, name)[code]]


@pytest.mark.parametrize(("dataset", "key"), [("limites", "codigo_municipio"), ("limites_eeuu", "codigo_estado")])
def test_the_layers_that_qgis_is_told_open_by_address(dataset: str, key: str, site: str) -> None:
    """With OGR, which is what opens them in QGIS, in R (sf) and in geopandas."""
    found = shown(site, dataset)
    qgis = re.search(r'"(/vsicurl/[^"|]+)\|layername=(\w+)"', found["QGIS"])
    assert qgis
    layer = pyogrio.read_dataframe(qgis[1], layer=qgis[2])
    assert layer[key].map(type).eq(str).all() and len(layer) in (340, 52)
    names: dict[str, Any] = {}
    exec(found["Python (geopandas)"], names)
    assert names["mapa"][key].tolist() == layer[key].tolist()
    assert f'"{qgis[1]}", layer = "{qgis[2]}"' in found["R (sf)"]


def test_a_table_that_qgis_adds_is_all_text(site: str, release: Release) -> None:
    """As the page says: OGR guesses no type of a CSV unless it is asked to."""
    found = pyogrio.read_dataframe(f"/vsicurl/{site}/descargas/{release.id}/municipios.csv", read_geometry=False)
    assert found["codigo_municipio"].tolist() == texts(release, "municipios")["codigo_municipio"]


def test_the_browser_puts_the_address_of_the_site(site: str, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(f"{site}/datos/territorio")
    codes = page.locator("code[data-sitio]").all_text_contents()
    assert codes and all(site in code and snippets.HERE not in code for code in codes)
    csl = next(code for code in codes if code.startswith("["))
    assert json.loads(csl)[0]["URL"].startswith(site)
