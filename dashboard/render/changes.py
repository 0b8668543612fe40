"""What is different from one release to another, in sentences and as files: CSV with each row and cell, JSON with the account."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from dashboard.figures.changes import Changes, Different, Line, TableChanges, changes, lines
from dashboard.figures.compared import Value
from dashboard.render.formats import CSV, JSON, Writer, by_suffix
from dashboard.render.inert import inert_row
from dashboard.words import Figure, Sentence, integer, listing, plural
from etl import fields
from etl.release import Release

#: The columns of a place, which most keys have: apart, so that they can be filtered.
PLACES = (fields.codigo_departamento.name, fields.codigo_municipio.name)
COLUMNS = (
    "tabla", "tabla_titulo", "cambio", *PLACES, "clave", "columna", "columna_titulo", "unidad", "antes", "despues", "diferencia",
)  # fmt: skip
#: Between the columns of a key, and between one and its value.
JOINED, IS = "; ", "="


@dataclass(frozen=True)
class Pair:
    """Two releases, the first one and the second one."""

    before: Release
    after: Release


# --- In words -------------------------------------------------------------------------------------------------------------


def summary(found: Changes) -> Sentence:
    """What is different, in a sentence or two."""
    added, changed, removed = (found.rows(kind) for kind in ("added", "changed", "removed"))
    parts: list[str | Figure] = []
    if not (added or changed or removed):
        return Sentence((*_start(found), "no cambió ninguna cifra.", *_columns(found)))
    said = [
        *_told(added, "se agregó", "se agregaron", "fila", "filas", _where(found, "added")),
        *_told(changed, "cambió", "cambiaron", "fila", "filas", _where(found, "changed")),
        *_told(removed, "se retiró", "se retiraron", "fila", "filas", _where(found, "removed")),
    ]
    for position, (words, figure, more) in enumerate(said):
        parts += ["" if not position else " y " if position == len(said) - 1 else ", ", f"{words} ", figure, more]
    return Sentence((*_start(found), *parts, ". Lo demás quedó igual.", *_columns(found)))


def _start(found: Changes) -> tuple[str, ...]:
    return (f"De la publicación {found.before} a la {found.after}, ",)


def _told(count: int, one: str, many: str, row: str, rows: str, where: str) -> list[tuple[str, Figure, str]]:
    if not count:
        return []
    return [(one if count == 1 else many, Figure(integer(count), count), f" {row if count == 1 else rows}{where}")]


def _where(found: Changes, kind: str) -> str:
    """In which tables."""
    touched = [item.title for item in found.tables if getattr(item.counts, kind)]
    return f" de «{touched[0]}»" if len(touched) == 1 else f" en {integer(len(touched))} tablas"


def _columns(found: Changes) -> tuple[str, ...]:
    """How many tables have other columns."""
    count = sum(bool(item.counts.columns_added or item.counts.columns_removed) for item in found.tables)
    return (f" En {plural(count, 'tabla', 'tablas')} cambiaron las columnas.",) if count else ()


def why(item: TableChanges) -> tuple[str, ...]:
    """Why a table is different and in what besides its rows, in sentences."""
    said = list(item.reasons)
    if item.new:
        said.insert(0, "Tabla nueva.")
    if item.gone:
        said.insert(0, "Esta tabla ya no se publica.")
    if item.identical:
        said.append("Archivo idéntico: la misma huella.")
    counts = item.counts
    for columns, one, many in ((counts.columns_added, "nueva", "nuevas"), (counts.columns_removed, "menos", "menos")):
        if columns:
            word = f"Columna {one}" if len(columns) == 1 else f"Columnas {many}"
            said.append(f"{word}: {listing(list(columns))}.")
    if counts.told:
        said.append(f"En {plural(counts.told, 'fila', 'filas')} cambió solo lo que dicen de su fuente.")
    if not counts.paired:
        said.append("Sus filas se identifican de otra manera: una distinta cuenta como una retirada y una agregada.")
    return tuple(said)


# --- As files -------------------------------------------------------------------------------------------------------------


def write_csv(pair: Pair, file: BinaryIO) -> None:
    """A row for each row that is new or gone, and for each cell that says something else, with both values."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(inert_row(_row(line)) for line in lines(pair.before, pair.after))
    text.detach()


def _row(line: Line) -> Iterator[Any]:
    key = dict(line.key)
    cell = line.cell
    yield from (line.table.name, line.table.title, line.kind)
    yield from (key.get(name) for name in PLACES)
    yield key_text(line.key)
    if cell:
        yield from (cell.column.name, cell.column.title, cell.column.unit, _plain(cell.before), _plain(cell.after))
        yield cell.difference
    else:
        yield from (None,) * (len(COLUMNS) - 6)


def key_text(key: tuple[tuple[str, Value], ...]) -> str:
    """What a row is found by, in one cell: «codigo_municipio=0101; anio=2019»."""
    return JOINED.join(f"{name}{IS}{_plain(value)}" for name, value in key)


def _plain(value: Any) -> Any:
    """A value as a file writes it: a date in ISO, bytes by their size."""
    if isinstance(value, bytes | bytearray):
        return f"({len(value)} bytes)"
    return value.isoformat() if hasattr(value, "isoformat") else value


def write_json(pair: Pair, file: BinaryIO) -> None:
    """The account: totals, each table with its reasons, the largest differences and the figures that are missing now."""
    found = changes(pair.before, pair.after)
    told = {
        "antes": found.before,
        "despues": found.after,
        "resumen": summary(found).plain(),
        "filas": {
            "agregadas": found.rows("added"),
            "cambiadas": found.rows("changed"),
            "retiradas": found.rows("removed"),
            "iguales": found.rows("same"),
        },
        "tablas": [_as_json(item) for item in found.tables],
        "mayores_diferencias": [_cell(item) for item in found.largest],
        "cifras_que_ya_no_estan": found.emptied_in_all,
        "otros_archivos_distintos": found.other_files,
        "filas_distintas": f"/descargas/cambios/{found.before}/{found.after}.csv",
    }
    file.write(json.dumps(told, ensure_ascii=False, indent=1, default=_plain).encode())


def _as_json(item: TableChanges) -> Mapping[str, Any]:
    counts = item.counts
    return {
        "tabla": item.name,
        "titulo": item.title,
        "conjunto": item.dataset,
        "agregadas": counts.added,
        "cambiadas": counts.changed,
        "retiradas": counts.removed,
        "iguales": counts.same,
        "columnas_nuevas": counts.columns_added,
        "columnas_de_menos": counts.columns_removed,
        "por_que": why(item),
    }


def _cell(item: Different) -> Mapping[str, Any]:
    return {
        "tabla": item.table.name,
        "clave": dict(item.key),
        "columna": item.column.name,
        "unidad": item.column.unit,
        "antes": item.before,
        "despues": item.after,
        "diferencia": item.difference,
    }


CHANGES_FORMATS = by_suffix(Writer(CSV, write_csv), Writer(JSON, write_json))
