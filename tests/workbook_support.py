"""The real padrón as people hand it over: the same rows as CSV and as XLSX, and what the dataset makes of a file."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import xlsxwriter

from etl.datasets import padron_municipal
from etl.model import Problem
from etl.pipeline.run import Result, run
from tests.etl_support import PADRON, SOURCE, note, provenance, run_on, table

Rows = list[list[object]]
DATASET = padron_municipal.DATASET


@cache
def _real() -> tuple[tuple[object, ...], ...]:
    first, *rows = table((SOURCE / "padron_municipal" / PADRON).read_bytes())
    return (tuple(first), *(tuple(int(cell) if cell.isdigit() else cell for cell in row) for row in rows))


def real_rows() -> Rows:
    """The header and the 340 rows of the real padrón: codes and counts are numbers."""
    return [list(row) for row in _real()]


def as_csv(rows: Rows, separator: str = ",", encoding: str = "utf-8", first: str = "") -> bytes:
    """Rows as a CSV file."""
    sink = io.StringIO()
    csv.writer(sink, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return (first + sink.getvalue()).encode(encoding)


def as_xlsx(
    rows: Rows, change: Callable[[xlsxwriter.Workbook, xlsxwriter.workbook.Worksheet], None] | None = None
) -> bytes:
    """Rows as a workbook: numbers are numbers and text is text, however it looks; `change` does more to it."""
    return as_book({"Empadronados": rows}, change)


def as_book(
    sheets: Mapping[str, Rows],
    change: Callable[[xlsxwriter.Workbook, xlsxwriter.workbook.Worksheet], None] | None = None,
) -> bytes:
    """A workbook of several sheets; `change` gets it with its last sheet."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(
        sink, {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = None
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    if change and sheet is not None:
        change(book, sheet)
    book.close()
    return sink.getvalue()


@cache
def _catalogue() -> Result:
    return run_on(SOURCE, "territorio")


@dataclass(frozen=True)
class Outcome:
    """What the pipeline makes of one file in place of the padrón's: its tables, what was set right and what is wrong."""

    tables: Mapping[str, pd.DataFrame]
    notices: Sequence[str]
    problems: Sequence[Problem]
    result: Result


def outcome(folder: Path, name: str, content: bytes) -> Outcome:
    """What the pipeline makes of `content`, delivered and accepted as `name`; the catalogue of places is read once for all."""
    own = folder / DATASET.name
    if own.exists():
        shutil.rmtree(own)
    own.mkdir()
    document = provenance(SOURCE / DATASET.name)
    new = {"archivo": name, "sha256": hashlib.sha256(content).hexdigest()}
    note(own, document.model_copy(update={"archivos": [document.archivos[0].model_copy(update=new)]}))
    (own / name).write_bytes(content)
    result = run([DATASET], folder, after=_catalogue())
    notices = [notice.removeprefix(f"{name}: ") for notice in result.accounts[-1].notices]
    tables = {} if result.problems else {item.name: result.tables[item.name] for item in DATASET.tables}
    return Outcome(tables, notices, result.problems, result)
