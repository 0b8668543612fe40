"""Promise: no file that the site gives says more of a hidden cell than the published table: not as CSV, JSON or a workbook, not
in what a format keeps beside what it shows (statistics, sheets, properties, text in a picture), nor in the catalogues.
"""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from etl.cubes.declared import CUBES
from etl.disclosure.policy import CellStatus
from etl.release import DATAPACKAGE, MANIFEST, Release
from tests.release_support import asked_of

STATES = {"empadronados": "estado_celda", "votantes": "estado_votantes"}
HIDDEN = (CellStatus.CONFIDENCIAL.value, CellStatus.NO_TABULADA.value)
#: The cubes of few rows, which a workbook takes too.
SHORT = (pytest.param("extranjero_cubo", marks=pytest.mark.largo), "participacion_extranjero_cubo")
#: Everything that a workbook of ours is made of: no comments, no caches of other tables, no custom XML, no macros.
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/(workbook|styles|sharedStrings)\.xml|xl/theme/theme1\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/metadata\.xml|xl/tables/table\d\.xml|xl/worksheets/(sheet\d|_rels/sheet\d)\.xml(\.rels)?"
)


@pytest.fixture(scope="module")
def release(demonstration: Path) -> Release:
    return Release.open(demonstration / "release" / "current")


def file_of(release: Release, table: str) -> dict[str, Any]:
    return next(dict(item) for item in release.manifest["archivos"] if item["tabla"] == table)


def hidden_of(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    for measure, state in STATES.items():
        if measure in frame:
            yield measure, frame[state].isin(HIDDEN)


@pytest.mark.parametrize("cube", [cube.name for cube in CUBES])
def test_a_parquet_file_keeps_no_count_that_it_does_not_show(cube: str, release: Release) -> None:
    """Its statistics are of what it shows, and its pages hold as many values as there are counts."""
    path = release.table(cube)
    frame, file = pd.read_parquet(path), pq.ParquetFile(path)
    names = file.schema_arrow.names
    for measure, hidden in hidden_of(frame):
        assert hidden.any() and frame.loc[hidden, measure].isna().all()
        groups = [
            file.metadata.row_group(number).column(names.index(measure)).statistics
            for number in range(file.metadata.num_row_groups)
        ]
        told = [item for item in groups if item is not None]
        assert sum(item.null_count for item in told) == hidden.sum()
        assert sum(item.num_values for item in told) == (~hidden).sum()
        assert min(item.min for item in told) == frame[measure].min()
        assert max(item.max for item in told) == frame[measure].max()


@pytest.mark.parametrize("cube", SHORT)
def test_every_format_of_a_table_is_empty_where_it_is_hidden(cube: str, release: Release) -> None:
    frame = pd.read_parquet(release.table(cube))
    stem = file_of(release, cube)["nombre"].removesuffix(".parquet")
    answers = asked_of(release.root, *(f"/descargas/{release.id}/{stem}.{form}" for form in ("csv", "json", "xlsx")))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    lines = list(csv.DictReader(io.StringIO(answers[0].content.decode("utf-8-sig"))))
    rows = answers[1].json()["filas"]
    book = openpyxl.load_workbook(io.BytesIO(answers[2].content))
    head, *sheet = book.worksheets[0].iter_rows(values_only=True)
    for measure, hidden in hidden_of(frame):
        column = [str(name) for name in head].index(measure)
        told = {
            "csv": [line[measure] or None for line in lines],
            "json": [row[measure] for row in rows],
            "xlsx": [row[column] for row in sheet],
        }
        for form, values in told.items():
            assert len(values) == len(frame), form
            assert [value is None for value in values] == hidden.tolist(), form
            shown = frame.loc[~hidden, measure].tolist()
            assert [int(value) for value in values if value is not None] == shown, form


@pytest.mark.parametrize("cube", SHORT)
def test_a_workbook_has_nothing_behind_what_it_shows(cube: str, release: Release) -> None:
    frame = pd.read_parquet(release.table(cube))
    stem = file_of(release, cube)["nombre"].removesuffix(".parquet")
    (answer,) = asked_of(release.root, f"/descargas/{release.id}/{stem}.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert [name for name in parts.namelist() if not PARTS.fullmatch(name)] == []
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        book = parts.read("xl/workbook.xml").decode()
    assert "hidden" not in book.lower() and "<f>" not in sheet and "dataBar" not in sheet and "hidden" not in sheet
    numbers = re.findall(r"<c r=\"[A-Z]+\d+\"(?: s=\"\d+\")?><v>", sheet)
    shown = sum(int((~hidden).sum()) for _, hidden in hidden_of(frame))
    days = len(frame)  # the cut-off of each row is a number too
    flags = re.findall(r' t="b"><v>', sheet)
    assert len(numbers) <= shown + days and len(flags) <= len(frame)


def test_the_catalogues_count_rows_and_losses_and_no_cell(release: Release) -> None:
    """Of a cube they say how many rows, bytes and hashes of what is published; what was lost is attacked by the pages' test."""
    package = json.loads((release.root / DATAPACKAGE).read_text(encoding="utf-8"))
    names = {cube.name for cube in CUBES}
    resources = [item for item in package["resources"] if item["name"] in names]
    assert len(resources) == len(names)
    for resource in resources:
        listed = file_of(release, resource["name"])
        whole = {listed["bytes"], listed["filas"]}
        assert {value for key, value in numbers_in(resource) if key not in CONSTRAINTS} <= whole
    hashes = {item["sha256"] for item in release.manifest["archivos"]} | {
        item["sha256"] for item in release.manifest["entradas"]
    }
    told = set(re.findall(r"\b[0-9a-f]{64}\b", (release.root / MANIFEST).read_text(encoding="utf-8")))
    assert told <= hashes
    for entry in release.manifest["entradas"]:
        assert "exacto" not in entry["archivo"]


#: Of a column: what values it may have.
CONSTRAINTS = ("minimum", "maximum", "minLength", "maxLength")


def numbers_in(item: object, key: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(item, dict):
        for name, value in item.items():
            yield from numbers_in(value, str(name))
    elif isinstance(item, list):
        for value in item:
            yield from numbers_in(value, key)
    elif isinstance(item, int | float) and not isinstance(item, bool):
        yield key, item


def test_a_picture_carries_nothing_but_what_is_drawn(release: Release) -> None:
    """What it draws, `padron_lugar` says: the pages' test attacks that. In the file there is no word nor date beside it."""
    (answer,) = asked_of(release.root, f"/vista-previa/{release.id}/0102.png")
    assert answer.status_code == 200
    assert set(chunks(answer.content)) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def chunks(picture: bytes) -> Iterator[bytes]:
    """The kinds of the chunks of a PNG."""
    at = 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8]
        at += 12 + length
