"""The dictionary of the tables of a release as a table: every column that their files have, in Spanish and in English."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from dashboard.render.formats import CSV, JSON, Writer, by_suffix
from dashboard.render.inert import inert_row
from etl.model import Field, Table

#: What its files are called: of the whole release, and of one table.
NAME, PREFIX = "diccionario", "diccionario_"
#: Its columns, and what each of them is.
COLUMNS = {
    "tabla": "tabla",
    "posicion": "lugar de la columna en el archivo, desde 1",
    "columna": "nombre de la columna",
    "titulo": "título",
    "descripcion": "qué es",
    "titulo_en": "título, en inglés",
    "descripcion_en": "qué es, en inglés",
    "tipo": "clase de valor",
    "tipo_parquet": "tipo en Parquet",
    "unidad": "unidad",
    "valores": "valores que puede tener, con lo que quiere decir cada uno",
    "puede_faltar": "si puede estar vacía: sin dato publicado",
    "clave": "si es parte de lo que distingue una fila de otra",
    "de_la_fila": "si dice de la fila (su fuente, su corte) y no de lo que cuenta",
}
#: Between two values of a column, and between a value and what it means.
BETWEEN, MEANS = "; ", " = "


@dataclass(frozen=True)
class Dictionary:
    """What is said of the columns of some tables of a release."""

    release: str
    tables: tuple[Table, ...]


def entries(tables: tuple[Table, ...]) -> Iterator[dict[str, Any]]:
    """Each column of some tables, in the order of their files, by the names of `COLUMNS`; empty for what is not said."""
    for table in tables:
        for position, column in enumerate(table.columns, 1):
            yield {
                "tabla": table.name,
                "posicion": position,
                "columna": column.name,
                "titulo": column.title,
                "descripcion": column.description,
                "titulo_en": column.english[0],
                "descripcion_en": column.english[1],
                "tipo": column.kind.value,
                "tipo_parquet": column.kind.arrow,
                "unidad": column.unit or "",
                "valores": values(column),
                "puede_faltar": column.nullable,
                "clave": column.name in table.key,
                "de_la_fila": column in table.told,
            }


def values(column: Field) -> str:
    """The values of a closed column, each with what a reader sees."""
    return BETWEEN.join(f"{value}{MEANS}{label}" for value, label in (column.labels or {}).items())


def write_csv(found: Dictionary, file: BinaryIO) -> None:
    """A row for each column; UTF-8, empty for what is not said."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries(found.tables):
        writer.writerow(inert_row(_plain(value) for value in entry.values()))
    text.detach()


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def write_json(found: Dictionary, file: BinaryIO) -> None:
    """The columns of each table by the name of the table; the values of a closed one, by what each means."""
    told: dict[str, list[dict[str, Any]]] = {table.name: [] for table in found.tables}
    labels = {(table.name, item.name): item.labels for table in found.tables for item in table.columns}
    for entry in entries(found.tables):
        name = entry.pop("tabla")
        entry["valores"] = dict(labels[name, entry["columna"]] or {})
        told[name].append(entry)
    content = {"publicacion": found.release, "que_es_cada_dato": COLUMNS, "tablas": told}
    file.write(json.dumps(content, ensure_ascii=False, indent=1).encode())


DICTIONARY_FORMATS = by_suffix(Writer(CSV, write_csv), Writer(JSON, write_json))
