"""Promise: R without packages and LibreOffice read by its address, from a site that serves it, what the site publishes: the same
rows, the same totals, and codes that are text with their zeros.

R runs the code that the page of the dataset shows, as it is written. Of LibreOffice, what the page says to do by hand (mark the
columns of a CSV as text) is what is asked of its filter. Whatever of the two is not installed is not tried.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from dashboard.render import snippets
from dashboard.render.inert import as_it_was
from dashboard.render.tables import PublishedTable
from etl.model import Kind
from etl.release import FileFacts, Release
from tests.test_snippets_keep_codes_as_text import told

NUMBERS = (Kind.ENTERO, Kind.DECIMAL)
#: Short tables with codes that begin with zero, whole numbers, decimals, empty cells and words with accents; and a longer one.
SHORT = ("municipios", "padron_serie_nacional", "consulados", "padron_municipal_alfabetismo")
LONG = "padron_municipal_edad"
#: A column of texts that are not codes and look like them.
LIKE_CODES = "participacion_mesa_lugar"
SECONDS = 240
with_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="no está R")
with_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="no está LibreOffice")
#: A CSV as LibreOffice is told to write it and to read it: commas, quotes, UTF-8, from the first line on.
WRITTEN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,1"
READ = "Text - txt - csv (StarCalc):44,34,76,1,{columns}"
TEXT, STANDARD = 2, 1
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


def facts(release: Release, name: str) -> FileFacts:
    """What the manifest says of a table."""
    return next(item for item in release.manifest["archivos"] if item["tabla"] == name and item["formato"] == "Parquet")


def published(release: Release, name: str) -> Rows:
    """The rows of a table, as published."""
    return pq.read_table(release.path(facts(release, name)["nombre"])).to_pylist()


def totals(release: Release, name: str) -> dict[str, float]:
    """What each column of numbers adds up to."""
    rows = published(release, name)
    columns = [item.name for item in release.tables[name].columns if item.kind in NUMBERS]
    return {one: float(sum(row[one] for row in rows if row[one] is not None)) for one in columns}


def address_of(site: str, release: Release, name: str, suffix: str) -> str:
    """Where the file of a table is."""
    return f"{site}/descargas/{release.id}/{Path(facts(release, name)['nombre']).stem}.{suffix}"


# --- R -------------------------------------------------------------------------------------------------------------------


def run_r(script: str, folder: Path) -> list[str]:
    """What a script of R without packages writes, line by line."""
    path = folder / "leer.R"
    path.write_text(script, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", str(path)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def same_in_r(site: str, release: Release, name: str, folder: Path) -> None:
    """R has as many rows, its codes as text one by one, and its columns of numbers add up to the same."""
    codes = snippets.codes(release.tables[name])
    expected = totals(release, name)
    lines = run_r(
        f"{told(release, site, name, 'R')}\n"
        "cat(nrow(datos), ncol(datos), sep = '\\n')\n"
        f"for (columna in c({', '.join(repr(one) for one in codes) or 'character()'})) {{\n"
        "  stopifnot(is.character(datos[[columna]]))\n"
        "  writeLines(c(columna, datos[[columna]]))\n"
        "}\n"
        f"for (columna in c({', '.join(repr(one) for one in expected) or 'character()'})) {{\n"
        "  cat(columna, sprintf('%.6f', sum(as.numeric(datos[[columna]]), na.rm = TRUE)), sep = '\\n')\n"
        "}\n",
        folder,
    )
    rows = published(release, name)
    header = pq.read_schema(release.path(facts(release, name)["nombre"])).names
    added = PublishedTable(release.path(facts(release, name)["nombre"]), facts(release, name), release.id).added_to(
        header
    )
    assert [int(line) for line in lines[:2]] == [len(rows), len(header) + len(added)], name
    left = lines[2:]
    for code in codes:
        assert left[0] == code
        assert left[1 : len(rows) + 1] == [row[code] or "" for row in rows], f"{name}.{code}"
        left = left[len(rows) + 1 :]
    found = dict(zip(left[::2], map(float, left[1::2]), strict=True))
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-5), name


@with_r
def test_r_runs_what_the_page_shows(site: str, release: Release, tmp_path: Path) -> None:
    codes = [row["codigo_municipio"] for row in published(release, "municipios")]
    assert min(codes) == "0101"  # what would be lost
    for name in (*SHORT, LONG, LIKE_CODES):
        same_in_r(site, release, name, tmp_path)


@with_r
@pytest.mark.largo
def test_r_reads_every_table(site: str, release: Release, tmp_path: Path) -> None:
    names = [str(item["tabla"]) for item in release.manifest["archivos"] if item["formato"] == "Parquet"]
    for name in names:
        if not release.tables[name].shaped:
            same_in_r(site, release, name, tmp_path)


@with_r
def test_r_reads_an_answer_of_the_api_and_a_view(site: str, release: Release, tmp_path: Path) -> None:
    text = 'colClasses = c(codigo_municipio = "character")'
    lines = run_r(
        f'api <- read.csv("{site}/api/v1/datasets/{LONG}/data.csv?sexo=mujeres&agrupar=codigo_municipio", {text})\n'
        f'vista <- read.csv("{site}/descargas/vista/padron_mapa.csv?indicador=empadronados&sexo=mujeres", {text})\n'
        'cat(nrow(api), sum(api$empadronados), min(api$codigo_municipio), sep = "\\n")\n'
        "vista <- vista[order(vista$codigo_municipio), ]\n"
        'cat(vista$codigo_municipio[1], sum(vista$valor), sep = "\\n")\n',
        tmp_path,
    )
    rows = [row for row in published(release, LONG) if row["sexo"] == "mujeres"]
    inside = sum(row["empadronados"] for row in rows if row["residencia"] == "pais")
    whole = sum(row["empadronados"] for row in rows)
    places = {row["codigo_municipio"] for row in rows}
    assert lines == [str(len(places)), str(whole), "0101", "0101", str(inside)]


@with_r
def test_without_saying_what_is_text_r_loses_the_zeros(site: str, release: Release, tmp_path: Path) -> None:
    """Why the page says it: and that this test would see it."""
    address = address_of(site, release, "municipios", "csv")
    assert run_r(f'cat(read.csv("{address}")$codigo_municipio[1])\n', tmp_path) == ["101"]


# --- LibreOffice -----------------------------------------------------------------------------------------------------------


def converted(addresses: list[str], folder: Path, *options: str) -> list[list[list[str]]]:
    """The first sheet of each address, opened by LibreOffice and written as CSV."""
    order = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/perfil", *options]
    order += ["--convert-to", WRITTEN, "--outdir", str(folder / "salida"), *addresses]
    done = subprocess.run(order, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    found = []
    for address in addresses:
        stem = Path(address.partition("?")[0]).stem
        (path,) = sorted((folder / "salida").glob(f"{stem}-*.csv"))
        found.append(list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))))
        path.unlink()
    return found


def marked(release: Release, name: str, header: list[str]) -> str:
    """How LibreOffice is told which columns of a CSV are text, as the page says to mark them: all but the numbers."""
    kinds = {item.name: item.kind for item in release.tables[name].columns}
    return "/".join(
        f"{place}/{STANDARD if kinds.get(column) in NUMBERS else TEXT}" for place, column in enumerate(header, start=1)
    )


def same_in_libreoffice(release: Release, name: str, table: list[list[str]]) -> None:
    """What LibreOffice has is what was published: the text of every column as text, and the numbers as numbers."""
    header, *lines = table
    rows = published(release, name)
    assert len(lines) == len(rows), name
    for column in release.tables[name].columns:
        place = header.index(column.name)
        for line, row in zip(lines, rows, strict=True):
            value, cell = row[column.name], line[place]
            if column.kind in NUMBERS:
                assert (float(cell) if cell else None) == value, f"{name}.{column.name}: {cell!r}, not {value!r}"
            elif column.kind in (Kind.CODIGO, Kind.CATEGORIA, Kind.TEXTO):
                assert as_it_was(cell) == (value or ""), f"{name}.{column.name}: {cell!r}, not {value!r}"
    for column_name, total in totals(release, name).items():
        place = header.index(column_name)
        found = sum(float(line[place]) for line in lines if line[place])
        assert found == pytest.approx(total, rel=1e-12), f"{name}.{column_name}"


@with_libreoffice
@pytest.mark.parametrize("names", [SHORT[:3], pytest.param((*SHORT, LONG), marks=pytest.mark.largo)])
def test_libreoffice_opens_workbooks_by_their_address(
    names: tuple[str, ...], site: str, release: Release, tmp_path: Path
) -> None:
    for name, table in zip(
        names, converted([address_of(site, release, name, "xlsx") for name in names], tmp_path), strict=True
    ):
        same_in_libreoffice(release, name, table)


@with_libreoffice
@pytest.mark.parametrize("names", [SHORT[:1], pytest.param(SHORT[1:], marks=pytest.mark.largo)])
def test_libreoffice_opens_a_csv_by_its_address_with_its_columns_marked_as_text(
    names: tuple[str, ...], site: str, release: Release, tmp_path: Path
) -> None:
    for name in names:
        address = address_of(site, release, name, "csv")
        header = next(csv.reader(io.StringIO(httpx.get(address).text)))
        option = f"--infilter={READ.format(columns=marked(release, name, header))}"
        (table,) = converted([address], tmp_path, option)
        same_in_libreoffice(release, name, table)


@with_libreoffice
@pytest.mark.largo
def test_without_marking_its_columns_libreoffice_loses_the_zeros(site: str, release: Release, tmp_path: Path) -> None:
    """Why the page says it: and that this test would see it."""
    (table,) = converted([address_of(site, release, "municipios", "csv")], tmp_path)
    assert table[1][0] == "101"


@with_libreoffice
def test_libreoffice_opens_the_workbook_of_a_view(site: str, release: Release, tmp_path: Path) -> None:
    address = f"{site}/descargas/vista/padron_mapa.xlsx?indicador=empadronados"
    ((header, *lines),) = converted([address], tmp_path)
    told_so = httpx.get(address.replace(".xlsx", ".json")).json()["filas"]
    place, value = header.index("codigo_municipio"), header.index("valor")
    assert [(line[place], int(line[value])) for line in lines] == [
        (row["codigo_municipio"], row["valor"]) for row in told_so
    ]
