"""Promise: no spreadsheet runs a cell of what it opens as a formula, and programs get every text as its source has it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from dashboard.render import sheets, tables
from dashboard.render.about import About
from dashboard.render.inert import as_it_was, inert, inert_column
from dashboard.render.sheets import Column, Sheet
from etl.model import Kind
from tests.release_support import written
from tests.site_support import Document

#: What the field knows to be run (OWASP), and what is only like it.
RUN = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\ufeff=1",
    "'=1",
    '"=1"',
    " '\t\"@x",
    "\uff1d1",
    "-",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org")',
)
READ = ("", "a=1", "«= 1»", "1-2", "0101", "\u22121", "K'iche'", "'hola'", "(=1)", "\u2014 nota", "a\tb")
#: A real note of the tribunal's figures abroad.
NOTE = "= numeración 20,991\u201321,099 (109) en Guitlle"


@pytest.mark.parametrize("text", RUN)
def test_what_would_be_run_is_only_read(text: str) -> None:
    assert inert(text) == "'" + text


@pytest.mark.parametrize("text", READ)
def test_what_is_only_read_is_not_touched(text: str) -> None:
    assert inert(text) == text


@given(st.text(st.sampled_from("=+-@'\" \t\r\n\u00a0\u200b\uff1da1") | st.characters(codec="utf-8"), max_size=8))
def test_the_text_can_always_be_had_back_and_columns_are_as_cells(text: str) -> None:
    assert as_it_was(inert(text)) == text
    assert not inert(text).lstrip().startswith(("=", "+", "-", "@"))
    assert inert_column(pa.array([text, None, "a"])).to_pylist() == [inert(text), None, "a"]


# ---- the files of a view ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile() -> Sheet:
    """An answer whose texts would be run: in its rows, in what was asked, in its headers and in what is said around them."""
    return Sheet(
        view="=vista",
        question="¿=?",
        sentences=("=frase",),
        asked={},
        about=About(
            title="=título",
            release="2026-07-12-1a2b3c4d",
            license_id="=id",
            license_title="=l",
            license_url="=u",
            sources=({"clave": "=c", "titulo": "=t", "editor": "=e", "url": "=u", "corte": "2026-07-12"},),
        ),
        notes=("@nota",),
        own=(Column("=columna", Kind.TEXTO, "+título", "-qué es"), Column("valor", Kind.ENTERO, "Valor")),
        context=((Column("consulta_lugar", Kind.TEXTO, "Lugar"), "@lugar"),),
        rows=tuple((text, -number) for number, text in enumerate(RUN)),
    )


@pytest.mark.parametrize("write", [sheets.write_csv, sheets.write_csv_for_excel])
def test_a_csv_of_a_view_runs_nothing(hostile: Sheet, write: object) -> None:
    content = written(write, hostile).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    assert header == ["'=columna", "valor", "consulta_lugar"]
    assert rows == [["'" + text, str(-number), "'@lugar"] for number, text in enumerate(RUN)]


def test_a_workbook_of_a_view_runs_nothing(hostile: Sheet) -> None:
    book = load_workbook(io.BytesIO(written(sheets.write_xlsx, hostile)))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [
        cell.value for cell in cells if isinstance(cell.value, str) and inert(as_it_was(cell.value)) != cell.value
    ] == []
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert texts and all(not text.lstrip(' \t\r\n\u00a0\ufeff"').startswith(("=", "+", "-", "@")) for text in texts)
    assert "'@nota" in texts and "'=columna" in texts


def test_programs_get_the_texts_of_a_view_as_they_are(hostile: Sheet) -> None:
    document = json.loads(written(sheets.write_json, hostile))
    assert [row["=columna"] for row in document["filas"]] == list(RUN)
    found = pq.read_table(io.BytesIO(written(sheets.write_parquet, hostile)))
    assert found["=columna"].to_pylist() == list(RUN)


# ---- whole tables ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prefix(release_path: Path) -> str:
    """Where the files of the release are."""
    return f"/descargas/{release_path.resolve().name}"


def test_a_real_note_is_read_and_not_run(client: httpx.Client, prefix: str, release_path: Path) -> None:
    notes = pq.read_table(release_path / "extranjero.parquet")["nota"].to_pylist()
    assert NOTE in notes
    assert [row["nota"] for row in client.get(f"{prefix}/extranjero.json").json()["filas"]] == notes
    told = [row["nota"] for row in csv.DictReader(io.StringIO(client.get(f"{prefix}/extranjero.csv").text))]
    assert told == [inert(note or "") for note in notes] and "'" + NOTE in told
    header, *rows = load_workbook(io.BytesIO(client.get(f"{prefix}/extranjero.xlsx").content))["datos"].values
    assert [row[header.index("nota")] or "" for row in rows] == told


def test_no_cell_of_any_table_would_be_run(release_path: Path) -> None:
    """Of each table as CSV: every cell that begins as a formula does is a number."""
    facts = json.loads((release_path / "manifest.json").read_bytes())
    for item in facts["archivos"]:
        if item["formato"] != "Parquet" or item["filas"] > tables.MOST_ROWS:
            continue
        table = tables.PublishedTable(release_path / item["nombre"], item, facts["publicacion"])
        for row in csv.reader(io.StringIO(written(tables.write_csv, table).decode(), newline="")):
            for cell in row:
                assert inert(cell) == cell or cell.startswith("'") or float(cell) < 0, (item["tabla"], cell)


def test_readers_are_told(client: httpx.Client, prefix: str) -> None:
    assert "apóstrofo" in Document(client.get("/datos/extranjero").text).all("main")[0].text_content()
    notes = load_workbook(io.BytesIO(client.get(f"{prefix}/extranjero.xlsx").content))["acerca"].values
    assert any("apóstrofo" in str(row[0]) for row in notes)
