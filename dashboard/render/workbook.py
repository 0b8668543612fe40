"""A table as an Excel workbook: the same table gives the same bytes, and nothing in a cell is reinterpreted: not here, and not
by whoever saves it as CSV and opens that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.render.about import About
from dashboard.render.inert import TOLD, inert, inert_row

#: Codes look like numbers and a cell may begin with "=": both stay text.
AS_WRITTEN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
#: What is said of each column, and over what title.
EXPLAINED = {"nombre": "columna", "titulo": "título", "descripcion": "qué es", "unidad": "unidad"}


def workbook(
    file: BinaryIO,
    rows: Iterable[Sequence[Any]],
    columns: Sequence[Mapping[str, str]],
    created: date,
    about: About,
    notes: Sequence[str] = (),
    fitted: bool = False,
) -> None:
    """Write one sheet with the rows, one with the sources that they call by their keys, and one that says what each column
    is, then the notes, the licence and how to cite it.

    `columns` says, in order, the `nombre` of each and what it is (`titulo`, `unidad`, `descripcion`); `created`, the day that
    the file says it is of: that of its figures, since the time it was written at would give other bytes each time. Columns
    are `fitted` to what they hold, which takes all the rows in memory; otherwise each is written as it comes.
    """
    # Both ways, every member of the file has one date: of those in memory, the first there is; of the others, 31/1/1980.
    room = {"in_memory": True} if fitted else {"constant_memory": True}
    try:
        _write(xlsxwriter.Workbook(file, {**AS_WRITTEN, **room}), rows, columns, created, about, notes, fitted)
    except FileCreateError as error:
        raise OSError(f"no se pudo escribir el libro: {error}") from error


def _write(
    workbook: xlsxwriter.Workbook,
    rows: Iterable[Sequence[Any]],
    columns: Sequence[Mapping[str, str]],
    created: date,
    about: About,
    notes: Sequence[str],
    fitted: bool,
) -> None:
    with workbook as book:
        book.set_properties({"created": datetime.combine(created, time())})
        bold = book.add_format({"bold": True})
        figures = book.add_worksheet("datos")
        figures.write_row(0, 0, tuple(inert_row(column["nombre"] for column in columns)), bold)
        figures.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            figures.write_row(number, 0, tuple(inert_row(row)))
        if fitted:
            figures.autofit()
        _table(book.add_worksheet("fuentes"), about.listed, bold)
        explained = [tuple(column.get(name, "") for name in EXPLAINED) for column in columns]
        page = book.add_worksheet("acerca")
        _table(page, [tuple(EXPLAINED.values()), *explained], bold)
        license_line = f"Licencia: {about.license_title} ({about.license_id}), {about.license_url}"
        for number, note in enumerate((*notes, TOLD, license_line, f"Para citar: {about.citation}"), len(columns) + 2):
            page.write(number, 0, inert(note))


def _table(page: Worksheet, rows: Iterable[Sequence[str]], bold: Format) -> None:
    """A short table: its first row has the names of its columns."""
    for number, row in enumerate(rows):
        page.write_row(number, 0, tuple(inert_row(row)), *([] if number else [bold]))
