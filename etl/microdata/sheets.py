"""Sheets of Excel: their cells as text, in memory, with the row that each record has in its sheet."""

from __future__ import annotations

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
from openpyxl.cell.cell import TYPE_FORMULA

from etl.microdata.errors import MicrodataError
from etl.microdata.layout import date_parts
from etl.microdata.opened import check_columns

SUFFIXES = (".xlsx", ".xlsm")
#: What a workbook with a password is inside, and an old .xls.
COMPOUND = b"\xd0\xcf\x11\xe0"
STRICT = b"purl.oclc.org/ooxml"
HEADER_ROWS = 20  # where the header is looked for: there may be titles above it
CHUNK = 20_000
ROW = "fila"
#: What openpyxl raises of a workbook that is damaged: a broken XML is a SyntaxError, and an attribute that is missing or
#: is not what it expects, any of the last four. So only its own calls are tried for them: a bug of ours is not damage.
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, SyntaxError),
    *(LookupError, ValueError, TypeError, AttributeError),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet with records: its needed columns as text, and ROW, the number of each row. `notices` says what was left."""

    name: str
    table: pa.Table


def sheets_of(
    path: Path, needed: Sequence[str], date_column: str | None, date_format: str
) -> tuple[list[Sheet], list[str]]:
    """The sheets of a workbook with the columns `needed`, and the names of those that have none of them.

    Cells that are dates are written in `date_format` in `date_column`, and as AAAA-MM-DD in the others. MicrodataError
    when the workbook cannot be read, no sheet has the columns, or a needed cell is a formula.
    """
    _check(path)
    found: list[Sheet] = []
    others: list[str] = []
    best: tuple[str, ...] = ()
    # The file is opened here because openpyxl leaves open the file of a workbook that it cannot load.
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")  # of styles and extensions that do not concern values
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
            pages = list(book.worksheets)
        except DAMAGES:
            raise MicrodataError(_damaged(path)) from None
        try:
            for sheet in pages:
                rows = _rows(path, sheet)
                number, header, closest = _header(rows, needed)
                best = max(best, closest, key=lambda names: len(set(names) & set(needed)))
                if header is None:
                    others.append(sheet.title)
                    continue
                check_columns(header, needed, f"{path.name}, hoja {sheet.title}")
                places = {name: header.index(name) for name in needed}
                reader = _Cells(path, sheet.title, places, date_column, date_parts(date_format) or ())
                found.append(Sheet(sheet.title, reader.table(rows, number)))
        finally:
            book.close()
    if not found:
        check_columns(best, needed, path.name)
    return found, others


def _check(path: Path) -> None:
    start = path.read_bytes()[:8] if path.stat().st_size < 8 else _start(path)
    if start.startswith(COMPOUND):
        raise MicrodataError(
            f"{path.name} tiene contraseña o es un libro antiguo (.xls): ábralo y guárdelo como .xlsx, sin contraseña"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            strict = STRICT in archive.read("xl/workbook.xml")
    except (*DAMAGES, OSError):
        raise MicrodataError(_damaged(path)) from None
    if strict:
        raise MicrodataError(
            f"{path.name} es «Open XML estricto»: guárdelo como «Libro de Excel (.xlsx)», sin «estricto»"
        )


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def _damaged(path: Path) -> str:
    return f"{path.name} no es un libro de Excel (.xlsx) o está dañado: no se puede abrir"


def _rows(path: Path, sheet: Any) -> Iterator[Any]:
    """The rows of a sheet. What openpyxl raises while it reads them is damage; what their reader raises is not seen here."""
    try:
        sheet.reset_dimensions()
        yield from sheet.iter_rows()
    except DAMAGES:
        raise MicrodataError(_damaged(path)) from None


def _header(rows: Iterator[Any], needed: Sequence[str]) -> tuple[int, tuple[str, ...] | None, tuple[str, ...]]:
    """Row number and names of the header, the first row with every needed column; and the row that has most of them."""
    best: tuple[str, ...] = ()
    number = 0
    for number, row in zip(range(1, HEADER_ROWS + 1), rows, strict=False):
        names = tuple("" if cell.value is None else str(cell.value).strip() for cell in row)
        if set(needed) <= set(names):
            return number, names, names
        best = max(best, names, key=lambda one: len(set(one) & set(needed)))
    return number, None, best


@dataclass(frozen=True)
class _Cells:
    """Reads the cells of one sheet below its header."""

    path: Path
    sheet: str
    places: Mapping[str, int]
    date_column: str | None
    date_parts: Sequence[str]

    def table(self, rows: Iterator[Any], header: int) -> pa.Table:
        """The rows that say something, as text."""
        names = [*self.places, ROW]
        batches = [
            pa.RecordBatch.from_arrays(
                [*(pa.array(column, pa.string()) for column in columns[:-1]), pa.array(columns[-1], pa.int64())], names
            )
            for columns in self._chunks(rows, header + 1)
        ]
        return pa.Table.from_batches(batches)

    def _chunks(self, rows: Iterator[Any], first: int) -> Iterator[list[list[Any]]]:
        columns: list[list[Any]] = [[] for _ in range(len(self.places) + 1)]
        for number, row in enumerate(rows, first):
            values = [self._text(name, row[at], number) if at < len(row) else None for name, at in self.places.items()]
            if not any(values):
                continue
            for column, value in zip(columns, [*values, number], strict=True):
                column.append(value)
            if len(columns[0]) == CHUNK:
                yield columns
                columns = [[] for _ in columns]
        yield columns

    def _text(self, name: str, cell: Any, row: int) -> str | None:
        value = cell.value
        if cell.data_type == TYPE_FORMULA:
            raise MicrodataError(
                f"{self.path.name}, hoja {self.sheet}: la columna {name} tiene fórmulas (la primera, en la fila {row}); "
                "guarde una copia con «Pegar valores» y dé esa"
            )
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "si" if value else "no"
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, date | datetime):
            return self._day(value) if name == self.date_column else value.strftime("%Y-%m-%d")
        return str(value)

    def _day(self, day: date) -> str:
        written = {
            "AAAA": f"{day.year:04}",
            "AA": f"{day.year % 100:02}",
            "MM": f"{day.month:02}",
            "DD": f"{day.day:02}",
        }
        written["MON"] = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")[
            day.month - 1
        ]
        return "".join(written.get(part, part) for part in self.date_parts)
