"""Source files to raw text rows: whatever can be wrong with a file, said with its place; nothing guessed.

A raw frame has one text column per declared column that the file has (undeclared columns are never read into it) and,
as index, the row number a person sees when opening the file (the header is row 1).
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from etl.model import Input, Kind, Parsed, Problem, SourceFile

EXTENSIONS = (".csv", ".xlsx", ".parquet")
GEOMETRY = "geometry"
Rows = Sequence[tuple[int, Sequence[object]]]
NOT_UTF8 = re.compile(r"[\udc80-\udcff]")


@dataclass(frozen=True)
class Raw:
    """One file as read: its rows (None when there is no way to tell rows), its hash, columns ignored, what is wrong.

    `notices` say what was set right to read it, or left out, once per cause.
    """

    frame: pd.DataFrame | None
    sha256: str | None
    ignored: tuple[str, ...]
    problems: list[Problem]
    notices: tuple[str, ...] = ()


class Unreadable(Exception):
    """The file cannot be turned into rows; carries the one problem that says why."""

    def __init__(self, problem: Problem):
        super().__init__(problem.message)
        self.problem = problem


def read_input(folder: Path, declared: Input, file: SourceFile) -> Raw:
    """Read `file`, of `folder`, as `declared`; never raises for a bad file."""
    path = folder / file.name
    if not path.is_file():
        message = f"no existe el archivo {file.name} en la carpeta de origen"
        return Raw(None, None, (), [_file_problem(file.name, message)])
    try:
        content = path.read_bytes()
    except OSError as error:
        return Raw(None, None, (), [_file_problem(file.name, f"no se puede leer el archivo: {error.strerror}")])
    sha256 = hashlib.sha256(content).hexdigest()
    problems = _hash_problems(file, sha256)
    try:
        parsed = _parsed(content, declared, file.name)
        problems += parsed.problems
        if not parsed.rows:
            return Raw(None, sha256, (), problems, parsed.notices)
        header, rows = list(parsed.header), parsed.rows
        header_problems = _header_problems(declared, header, file.name)
    except Unreadable as error:
        return Raw(None, sha256, (), [*problems, error.problem])
    aligned, ragged = _aligned_rows(header, rows, file.name)
    names = [column.name for column in declared.columns]
    index = pd.Index([number for number, _ in aligned], name="fila")
    places = {column: header.index(column.name) for column in declared.columns if column.name in header}
    columns = {
        column.name: pd.Series(
            [row[place] for _, row in aligned],
            index=index,
            dtype="object" if column.kind is Kind.GEOMETRIA else "str",
        )
        for column, place in places.items()
    }
    frame = pd.DataFrame(columns, index=index)
    ignored = tuple(name for name in header if name not in names)
    return Raw(frame, sha256, ignored, [*problems, *header_problems, *ragged], parsed.notices)


def _file_problem(
    file: str, message: str, row: int | None = None, column: str | None = None, value: str | None = None
) -> Problem:
    return Problem(file, row, column, value, message)


def _hash_problems(file: SourceFile, sha256: str) -> list[Problem]:
    if sha256 == file.sha256:
        return []
    return [
        _file_problem(
            file.name,
            f"el archivo no es el que se declara (SHA-256 declarado {file.sha256[:12]}…, encontrado {sha256}). Si es una "
            "entrega nueva de la fuente, actualice en el fuente.toml de su carpeta el sha256, el corte y los totales "
            "oficiales; si no, recupere el archivo original",
        )
    ]


def _parsed(content: bytes, declared: Input, file: str) -> Parsed:
    """The table in a file: as its own parser says, or by its extension."""
    if not content.strip():
        raise Unreadable(_file_problem(file, "el archivo está vacío"))
    if declared.parse:
        return declared.parse(content, file)
    header, rows = _rows(content, file)
    return Parsed(tuple(header), rows)


def _rows(content: bytes, file: str) -> tuple[list[str], Rows]:
    """Header and numbered rows of a file, by its extension."""
    readers = dict(zip(EXTENSIONS, (_csv_rows, _xlsx_rows, _geoparquet_rows), strict=True))
    header, rows = readers[Path(file).suffix.lower()](content, file)
    # A spreadsheet often saves blank rows after the last one.
    last = max(
        (place for place, (_, row) in enumerate(rows, 1) if any(cell not in ("", None) for cell in row)), default=0
    )
    if not last:
        raise Unreadable(_file_problem(file, "el archivo tiene encabezado pero ninguna fila de datos"))
    return header, rows[:last]


# --- CSV ------------------------------------------------------------------------------------------------------------


def _csv_rows(content: bytes, file: str) -> tuple[list[str], Rows]:
    text = content.decode("utf-8-sig", "surrogateescape")  # a byte that is not UTF-8 becomes a mark in its cell
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append((len(rows) + 1, row))
    except csv.Error:
        message = "la fila no termina como CSV (comillas sin cerrar o caracteres extraños): ¿archivo truncado o dañado?"
        raise Unreadable(_file_problem(file, message, row=len(rows) + 1)) from None
    if not rows:
        raise Unreadable(_file_problem(file, "el archivo está vacío"))
    if wrong := _first_not_utf8(rows):
        raise Unreadable(_encoding_problem(file, *wrong, header=rows[0][1]))
    return rows[0][1], rows[1:]


def _first_not_utf8(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, int, str] | None:
    """Row, position and text of the first cell that holds a byte that is not UTF-8."""
    cells = ((number, index, cell) for number, row in rows for index, cell in enumerate(row))
    return next((found for found in cells if NOT_UTF8.search(found[2])), None)


def _encoding_problem(file: str, row: int, index: int, cell: str, header: list[str]) -> Problem:
    message = "el archivo no está en UTF-8 (parece Windows-1252): guárdelo como «CSV UTF-8» y vuelva a intentarlo"
    value = cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    known = row > 1 and index < len(header)
    return _file_problem(file, message, row=row, column=header[index] if known else None, value=value)


# --- XLSX -----------------------------------------------------------------------------------------------------------


def _xlsx_rows(content: bytes, file: str) -> tuple[list[str], Rows]:
    import openpyxl  # only when there is a workbook: it is slow to import
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        SyntaxError,
        EOFError,
        OSError,
        zlib.error,
    )
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        rows = [[_cell_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except (*damaged, IndexError):
        raise Unreadable(
            _file_problem(file, "el libro de Excel está dañado o no es un .xlsx: no se puede abrir")
        ) from None
    if not rows:
        raise Unreadable(_file_problem(file, "la primera hoja del libro está vacía"))
    width = max((index + 1 for index, cell in enumerate(rows[0]) if cell), default=0)
    return rows[0][:width], [(number, _fit(row, width)) for number, row in enumerate(rows[1:], start=2)]


def _cell_text(cell: object) -> str:
    """A cell as the CSV of the same sheet would write it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _fit(row: list[str], width: int) -> list[str]:
    """`row` with trailing blanks added or removed: a sheet does not store the blank cells at the end of a row."""
    while len(row) > width and row[-1] == "":
        row = row[:-1]
    return row + [""] * (width - len(row))


# --- GeoParquet -----------------------------------------------------------------------------------------------------


def _geoparquet_rows(content: bytes, file: str) -> tuple[list[str], Rows]:
    import geopandas  # only when there are boundaries: it is slow to import
    import pyarrow

    try:
        file_like: Any = io.BytesIO(content)  # its stubs know of paths only; pyarrow, which reads it, takes any file
        features = geopandas.read_parquet(file_like)
    except (pyarrow.ArrowException, ValueError, KeyError, OSError):
        message = "el archivo no es GeoParquet o está dañado: no se puede abrir"
        raise Unreadable(_file_problem(file, message)) from None
    names = [name for name in features.columns if name != features.geometry.name]
    cells = zip(*(map(_property_text, features[name]) for name in names), features.geometry, strict=True)
    return [*names, GEOMETRY], [(number, list(row)) for number, row in enumerate(cells, start=1)]


def _property_text(value: object) -> str:
    return "" if value is None else str(value)


# --- Shape of the file ------------------------------------------------------------------------------------------------


def _header_problems(declared: Input, header: list[str], file: str) -> list[Problem]:
    names = [column.name for column in declared.columns]
    if not set(names) & set(header):
        shown = ", ".join(header)[:120]
        message = "ninguna columna es la declarada: ¿otro separador u otro archivo?"
        raise Unreadable(_file_problem(file, message, row=1, value=shown))
    problems = []
    for name in names:
        if header.count(name) > 1:
            problems.append(_file_problem(file, "la columna está repetida en el encabezado", row=1, column=name))
        elif name not in header:
            spare = [other for other in header if other not in names]
            near = difflib.get_close_matches(name, spare, n=1, cutoff=0.6)
            hint = f": ¿es «{near[0]}»?" if near else ""
            value = near[0] if near else None
            problems.append(_file_problem(file, f"falta la columna{hint}", row=1, column=name, value=value))
    return problems


def _aligned_rows(header: list[str], rows: Rows, file: str) -> tuple[Rows, list[Problem]]:
    """Rows with as many cells as the header, and one problem for each that had not.

    A short row keeps the cells before the cut and the rest is None: said once, not once more per missing cell.
    """
    aligned: list[tuple[int, Sequence[object]]] = []
    problems = []
    for number, row in rows:
        if len(row) == len(header):
            aligned.append((number, row))
            continue
        kept = row[:-1] if len(row) < len(header) else []
        aligned.append((number, [*kept, *[None] * (len(header) - len(kept))]))
        last = str(row[-1]) if row else None
        cut = number == rows[-1][0] and len(row) < len(header)
        message = f"la fila tiene {len(row)} celdas y el encabezado {len(header)}" + (
            ": ¿archivo truncado?" if cut else ""
        )
        column = header[len(row) - 1] if 0 < len(row) <= len(header) else None
        problems.append(_file_problem(file, message, row=number, column=column, value=last))
    return aligned, problems


def is_complete(frame: pd.DataFrame | None, declared: Input) -> bool:
    """Whether every declared column arrived."""
    return frame is not None and all(column.name in frame.columns for column in declared.columns)
