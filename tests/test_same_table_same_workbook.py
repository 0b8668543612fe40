"""Promise: the same table gives the same bytes, in Excel too, and what looks like a number or a formula stays text."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from dashboard.address.selection import Selection
from dashboard.render import files, tables
from dashboard.render.about import About
from dashboard.render.sheets import write_xlsx
from dashboard.render.workbook import workbook
from dashboard.site import Site
from etl.release import Release
from tests.release_support import written

CUTOFF = {"view": date(2018, 11, 16), "table": date(2018, 11, 16)}
#: The one date of what is inside: of a workbook written from memory, and of one that is written row by row.
INSIDE = {"view": (1980, 1, 1, 0, 0, 0), "table": (1980, 1, 31, 0, 0, 0)}


@pytest.fixture(scope="module")
def writers(release_path: Path) -> dict[str, Callable[[], bytes]]:
    """The two kinds of workbook that the site writes: of the answer of a view, and of a whole table."""
    release = Release.open(release_path)
    site = Site(release)
    name = "censo_2018_pueblo"
    facts = next(item for item in release.manifest["archivos"] if item["tabla"] == name)
    table = tables.PublishedTable(release.table(name), facts, release.id)
    answer = site.answer("censo_pueblo", Selection(lugar="1601"))
    return {
        "view": lambda: written(write_xlsx, files.sheet(answer)),
        "table": lambda: written(tables.write_xlsx, table),
    }


@pytest.mark.parametrize("kind", CUTOFF)
def test_the_same_bytes_whenever_it_is_written(writers: dict[str, Callable[[], bytes]], kind: str) -> None:
    first = writers[kind]()
    time.sleep(2.1)  # the dates inside a ZIP have two seconds of precision
    assert writers[kind]() == first
    assert {item.date_time for item in ZipFile(io.BytesIO(first)).infolist()} == {INSIDE[kind]}


@pytest.mark.parametrize("kind", CUTOFF)
def test_it_is_dated_like_its_figures(writers: dict[str, Callable[[], bytes]], kind: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(writers[kind]()))
    assert book.properties.created == datetime(*CUTOFF[kind].timetuple()[:3])
    assert book.sheetnames == ["datos", "fuentes", "acerca"]
    columns = [cell.value for cell in book["datos"][1]]
    assert [row[0].value for row in book["acerca"].iter_rows(min_row=2, max_row=1 + len(columns))] == columns


@pytest.mark.parametrize("fitted", [False, True])
def test_nothing_is_reinterpreted(fitted: bool) -> None:
    rows = [("0101", "=1+1", "https://www.tse.org.gt", 7, None), ("0102", "@SUM(A1)", "{=1}", 0, 1.5)]
    columns = [{"nombre": name, "titulo": name.upper()} for name in "abcde"]
    about = About("Título", "2026-07-12-1a2b3c4d", "CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org", ())
    file = io.BytesIO()
    workbook(file, rows, columns, date(2026, 7, 12), about, fitted=fitted)
    book = openpyxl.load_workbook(file)
    assert list(book["datos"].iter_rows(min_row=2, values_only=True)) == [
        ("0101", "'=1+1", "https://www.tse.org.gt", 7, None),  # what would be run has an apostrophe before
        ("0102", "'@SUM(A1)", "{=1}", 0, 1.5),
    ]
    assert {cell.data_type for row in book["datos"].iter_rows(min_row=2, max_col=3) for cell in row} == {"s"}
    assert not [cell for row in book["datos"].iter_rows() for cell in row if cell.hyperlink]
