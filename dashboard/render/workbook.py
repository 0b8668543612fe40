"""A table as an Excel workbook: the same table gives the same bytes, and nothing in a cell is reinterpreted: not here, and not
by whoever saves it as CSV and opens that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from dashboard.render.inert import TOLD, inert, inert_row

#: Codes look like numbers and a cell may begin with "=": both stay text.
AS_WRITTEN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


def workbook(
    file: BinaryIO,
    rows: Iterable[Sequence[Any]],
    titles: Mapping[str, str],
    created: date,
    notes: Sequence[str] = (),
    fitted: bool = False,
    described: Mapping[str, str] | None = None,
) -> None:
    """Write one sheet with the rows and one that says what each column is, then the notes.

    `titles` are those of the columns by name, in order; `created`, the day that the file says it is of: that of its
    figures, since the time it was written at would give other bytes each time. Columns are `fitted` to what they hold,
    which takes all the rows in memory; otherwise each is written as it comes. `described` says, by name, what each column is.
    """
    # Both ways, every member of the file has one date: of those in memory, the first there is; of the others, 31/1/1980.
    room = {"in_memory": True} if fitted else {"constant_memory": True}
    try:
        _write(xlsxwriter.Workbook(file, {**AS_WRITTEN, **room}), rows, titles, created, notes, fitted, described)
    except FileCreateError as error:
        raise OSError(f"no se pudo escribir el libro: {error}") from error


def _write(
    workbook: xlsxwriter.Workbook,
    rows: Iterable[Sequence[Any]],
    titles: Mapping[str, str],
    created: date,
    notes: Sequence[str],
    fitted: bool,
    described: Mapping[str, str] | None,
) -> None:
    with workbook as book:
        book.set_properties({"created": datetime.combine(created, time())})
        bold = book.add_format({"bold": True})
        figures = book.add_worksheet("datos")
        figures.write_row(0, 0, tuple(inert_row(titles)), bold)
        figures.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            figures.write_row(number, 0, tuple(inert_row(row)))
        if fitted:
            figures.autofit()
        about = book.add_worksheet("acerca")
        about.write_row(0, 0, ("columna", "título", "qué es") if described else ("columna", "título"), bold)
        for number, (name, title) in enumerate(titles.items(), start=1):
            told = (name, title, described[name]) if described else (name, title)
            about.write_row(number, 0, tuple(inert_row(told)))
        for number, note in enumerate((*notes, TOLD), start=len(titles) + 2):
            about.write(number, 0, inert(note))
