"""Source files to raw text rows: whatever can be wrong with a file, said with its place; nothing guessed.

A raw frame has one text column per declared column that the file has (undeclared columns are never read into it) and,
as index, the row number a person sees when opening the file (the first is row 1).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from etl.model import Input, Kind, Parsed, Problem, SourceFile
from etl.pipeline.reading import kinds, layout, repair, sheet, text, totals
from etl.pipeline.reading.grid import Grid, Said, Unreadable
from etl.release import reason

EXTENSIONS = (".csv", ".xlsx", ".parquet")
GEOMETRY = "geometry"
Rows = Sequence[tuple[int, Sequence[object]]]


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


def read_input(folder: Path, declared: Input, file: SourceFile) -> Raw:
    """Read `file`, of `folder`, as `declared`; never raises for a bad file."""
    path = folder / file.name
    if not path.is_file():
        message = f"no existe el archivo {file.name} en la carpeta de origen"
        return Raw(None, None, (), [_file_problem(file.name, message)])
    try:
        content = path.read_bytes()
    except OSError as error:
        return Raw(None, None, (), [_file_problem(file.name, f"no se puede leer el archivo: {reason(error)}")])
    sha256 = hashlib.sha256(content).hexdigest()
    said = Said(file.name, problems=_hash_problems(file, sha256))
    try:
        if not content.strip():
            raise Unreadable(_file_problem(file.name, "el archivo está vacío"))
        if declared.parse:
            parsed: Parsed = declared.parse(content, file.name)
            return Raw(parsed.frame, sha256, (), [*said.problems, *parsed.problems], parsed.notices)
        if Path(file.name).suffix.lower() == ".parquet":
            header, rows = _geoparquet(content, declared, said)
            if not rows:
                return Raw(None, sha256, (), said.problems, tuple(said.notices))
            cells = _columns(declared, header, rows)
        else:
            header, rows, cells = _table(content, declared, said)
    except Unreadable as error:
        return Raw(None, sha256, (), [*said.problems, error.problem], tuple(said.notices))
    index = pd.Index([number for number, _ in rows], name="fila")
    columns = {
        column.name: pd.Series(
            cells[column.name], index=index, dtype="object" if column.kind is Kind.GEOMETRIA else "str"
        )
        for column in declared.columns
        if column.name in cells
    }
    ignored = tuple(name for name in header if name and name not in [column.name for column in declared.columns])
    return Raw(pd.DataFrame(columns, index=index), sha256, ignored, said.problems, tuple(said.notices))


def _file_problem(file: str, message: str) -> Problem:
    return Problem(file, None, None, None, message)


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


def _columns(declared: Input, header: Sequence[str], rows: Rows) -> dict[str, list[Any]]:
    """The cells of each declared column that the header has."""
    places = {column.name: header.index(column.name) for column in declared.columns if column.name in header}
    return {name: [row[place] for _, row in rows] for name, place in places.items()}


# --- A plain table ------------------------------------------------------------------------------------------------------


def _table(content: bytes, declared: Input, said: Said) -> tuple[list[str], Rows, dict[str, list[Any]]]:
    """Header, numbered rows and, by declared column, the cells of a CSV or a workbook, whatever people did to it."""
    body = layout.body(_grids(content, declared, said), declared, said)
    rows = _aligned_rows(body.header, body.rows, said)
    cells = _columns(declared, body.header, [*rows, *body.totals])
    absent = {name: [cell is None for cell in column] for name, column in cells.items()}
    whole = {name: ["" if cell is None else cell for cell in column] for name, column in cells.items()}
    done = repair.repaired(declared.columns, whole, said)
    if body.totals:
        _check_totals(declared, body, done, said)
    kept = {
        name: [None if gone else cell for cell, gone in zip(column[: len(rows)], absent[name], strict=False)]
        for name, column in done.items()
    }
    return body.header, rows, kept


def _grids(content: bytes, declared: Input, said: Said) -> list[Grid]:
    kind = kinds.kind_of(content)
    named = Path(said.file).suffix.lower().lstrip(".")
    if isinstance(kind, str):
        raise Unreadable(_file_problem(said.file, f"el archivo {kind}"))
    if kind is kinds.Kind.XLSX:
        if named != "xlsx":
            said.notices.append(f"se llama .{named} y es un libro de Excel: se leyó como tal")
        return sheet.grids(content, said.file)
    if named == "xlsx":
        message = "el libro de Excel está dañado o no es un .xlsx: no se puede abrir"
        raise Unreadable(_file_problem(said.file, message))
    return [text.grid(content, said.file, layout.Layout(declared).score)]


def _check_totals(declared: Input, body: layout.Body, done: dict[str, list[str]], said: Said) -> None:
    """Compare the rows that add up others with their sums, in the columns of whole numbers."""
    names = [column.name for column in declared.columns if column.kind is Kind.ENTERO and column.name in done]

    def figures(place: int) -> dict[str, str]:
        return {name: done[name][place] for name in names}

    count = len(body.rows)
    rows = [
        (number, {name: int(cell) for name, cell in figures(place).items() if totals.WHOLE.fullmatch(cell)})
        for place, (number, _) in enumerate(body.rows)
    ]
    totals.check(rows, [(number, figures(count + place)) for place, (number, _) in enumerate(body.totals)], said)


def _aligned_rows(header: list[str], rows: Sequence[tuple[int, list[str]]], said: Said) -> Rows:
    """Rows with as many cells as the header, and one problem for each that had not.

    A short row keeps the cells before the cut and the rest is None: said once, not once more per missing cell.
    """
    aligned: list[tuple[int, Sequence[object]]] = []
    for number, row in rows:
        while len(row) > len(header) and not row[-1].strip():
            row = row[:-1]
        if len(row) == len(header):
            aligned.append((number, row))
            continue
        kept = row[:-1] if len(row) < len(header) else []
        aligned.append((number, [*kept, *[None] * (len(header) - len(kept))]))
        cut = number == rows[-1][0] and len(row) < len(header)
        message = f"la fila tiene {len(row)} celdas y el encabezado {len(header)}" + (
            ": ¿archivo truncado?" if cut else ""
        )
        column = header[len(row) - 1] if 0 < len(row) <= len(header) else None
        said.wrong(message, number, column, row[-1] if row else None)
    return aligned


# --- A GeoParquet -------------------------------------------------------------------------------------------------------


def _geoparquet(content: bytes, declared: Input, said: Said) -> tuple[list[str], Rows]:
    """The header and the features of a GeoParquet; a column that it lacks is said."""
    header, rows = _geoparquet_rows(content, said.file)
    for name in (column.name for column in declared.columns):
        if name not in header:
            said.wrong("falta la columna", 1, name)
    return header, rows


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


def is_complete(frame: pd.DataFrame | None, declared: Input) -> bool:
    """Whether every declared column arrived."""
    return frame is not None and all(column.name in frame.columns for column in declared.columns)
