"""Text that a spreadsheet would run as a formula, written so that it is only read: an apostrophe goes before it.

Excel, LibreOffice and Google Sheets take for a formula a cell of a CSV that begins with = + - @ or a tab, also after spaces or
quotes (OWASP, «CSV Injection»). What begins so already has one more apostrophe than before: taking the first one away always
gives the text back. Parquet and JSON, which no spreadsheet opens by itself, have it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

#: What a spreadsheet may leave out before it looks: controls, spaces of any kind, marks without width, and quotes.
SKIPPED = r"\x01-\x20\x7f-\xa0'\"`" + "\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2060\u3000\ufeff"
#: What it runs then, also in full width. The same words in Python's regular expressions and in those of Arrow (RE2).
RUNS = rf"\A[{SKIPPED}]*[=+\-@\t\r\n" + "\uff1d\uff0b\uff0d\uff20]"
MARK = "'"
#: What a reader is told about it, wherever the columns are explained.
TOLD = (
    "En CSV y en Excel, un texto que una hoja de cálculo ejecutaría como fórmula (empieza con =, +, - o @, o con una tabulación "
    "o un salto de línea, también después de espacios o comillas) lleva delante un apóstrofo. En Parquet y JSON está como es."
)

_runs = re.compile(RUNS).match


def inert(text: str) -> str:
    """`text` as a cell that is only read."""
    return MARK + text if _runs(text) else text


def as_it_was(cell: str) -> str:
    """The text of which `inert` made a cell."""
    return cell[1:] if cell.startswith(MARK) and _runs(cell[1:]) else cell


def inert_row(row: Iterable[Any]) -> Iterator[Any]:
    """A row whose texts are only read; what is no text stays."""
    return (inert(value) if isinstance(value, str) else value for value in row)


def inert_column(column: pa.Array[Any]) -> pa.Array[Any]:
    """A column of text whose cells are only read; what is missing stays so."""
    found = pc.match_substring_regex(column, RUNS)
    if not pc.any(found).as_py():
        return column
    made: pa.Array[Any] = pc.if_else(found, pc.binary_replace_slice(column, 0, 0, MARK), column)
    return made
