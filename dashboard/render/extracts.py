"""What was asked of a whole table as a file: CSV, JSON and JSON Lines some rows at a time; Parquet and Excel whole.

Each has exactly the rows that were asked for, never localised, with the columns described, the sources and the licence
wherever the format has room for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.render import lines
from dashboard.render.about import About
from dashboard.render.formats import CSV, JSON, JSON_LINES, PARQUET, XLSX, Format
from dashboard.render.records import joined, records
from dashboard.render.tables import MOST_ROWS
from dashboard.render.workbook import workbook
from etl.model import Field, Kind

#: The type of each kind in a Table Schema, and in pandas for those that may be missing.
TYPES = {Kind.ENTERO: "integer", Kind.DECIMAL: "number", Kind.BOOLEANO: "boolean", Kind.FECHA: "datetime"}
PANDAS = {Kind.ENTERO: "Int64", Kind.BOOLEANO: "boolean"}
#: The version of the schema that pandas writes and reads (`read_json(…, orient="table")`).
PANDAS_VERSION = "1.4.0"
Batches = Iterable[pa.RecordBatch]


@dataclass(frozen=True)
class Told:
    """What a file says besides its rows: of which table it is, what was asked, its columns, and what it says once; `next` is
    the address of the page after it.
    """

    table: str
    title: str
    description: str
    asked: tuple[tuple[str, str], ...]
    columns: tuple[Field, ...]
    about: About
    synthetic: bool = False
    next: str | None = None

    @property
    def described(self) -> list[dict[str, str]]:
        """What each column is, as the workbook and the Parquet say it."""
        return [
            {"nombre": item.name, "titulo": item.title, "tipo": str(item.kind), "descripcion": item.description}
            | ({"unidad": item.unit} if item.unit else {})
            for item in self.columns
        ]

    @property
    def words(self) -> list[str]:
        """What a reader is told of the whole."""
        asked = ", ".join(f"{name}={value}" for name, value in self.asked) or "todas las filas"
        invented = ["DATOS SINTÉTICOS: ninguna cifra es real."] if self.synthetic else []
        return [*invented, f"Tabla {self.table}, publicación {self.about.release}. Consulta: {asked}."]


def csv_pieces(told: Told, batches: Batches) -> Iterator[bytes]:
    """UTF-8, commas, dot decimals, ISO dates, empty for what is missing; no text that a spreadsheet would run."""
    yield lines.header(item.name for item in told.columns)
    for batch in batches:
        yield bytes(lines.lines(batch))


def jsonl_pieces(told: Told, batches: Batches) -> Iterator[bytes]:
    """One object per line and nothing else."""
    for batch in batches:
        yield bytes(records(batch, "", "\n"))


def json_pieces(told: Told, batches: Batches) -> Iterator[bytes]:
    """What the rows are of, their schema (as pandas reads it with `orient="table"`) and one object per row."""
    facts = {
        "tabla": told.table,
        "titulo": told.title,
        "descripcion": told.description,
        "publicacion": told.about.release,
        **({"sintetico": True} if told.synthetic else {}),
        **told.about.terms,
        "cita": told.about.citation,
        "fuentes": list(told.about.sources),
        "consulta": _pairs(told.asked),
        "siguiente": told.next,
        "schema": {"fields": [field(item) for item in told.columns], "pandas_version": PANDAS_VERSION},
        "data": [],
    }
    # The rows go where the empty list ends.
    yield json.dumps(facts, ensure_ascii=False, separators=(",", ":")).removesuffix("]}").encode()
    yield from joined(iter(batches))
    yield b"]}"


def _pairs(asked: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """What was asked, by parameter; one that was asked several times has a list."""
    found: dict[str, str | list[str]] = {}
    for name, value in asked:
        before = found.get(name)
        found[name] = value if before is None else [*([before] if isinstance(before, str) else before), value]
    return found


def field(item: Field) -> dict[str, Any]:
    """A column as a field of a Table Schema."""
    said: dict[str, Any] = {"name": item.name, "type": TYPES.get(item.kind, "string"), "title": item.title}
    said["description"] = item.description
    said |= {"extDtype": PANDAS[item.kind]} if item.kind in PANDAS else {}
    said |= {"unit": item.unit} if item.unit else {}
    labels = item.labels or {}
    said |= {"categories": [{"value": value, "label": words} for value, words in labels.items()]} if labels else {}
    return said


def write_parquet(told: Told, batches: Batches, file: BinaryIO) -> None:
    """Typed columns, zstd, with what they are in the schema's metadata."""
    columns = [
        pa.field(item.name, _arrow(item), metadata={name: text for name, text in said.items() if name != "nombre"})
        for item, said in zip(told.columns, told.described, strict=True)
    ]
    about = told.about
    metadata: dict[bytes | str, bytes | str] = {
        "titulo": told.title,
        "consulta": json.dumps(told.asked, ensure_ascii=False),
        "publicacion": about.release,
        "licencia": about.license_id,
        "licencia_url": about.license_url,
        "cita": about.citation,
        "fuentes": json.dumps(list(about.sources), ensure_ascii=False),
        **({"sintetico": "true"} if told.synthetic else {}),
    }
    schema = pa.schema(columns, metadata=metadata)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))


def write_xlsx(told: Told, batches: Batches, file: BinaryIO) -> None:
    """One sheet with the rows, one with the sources and one with what each column is."""
    plain = (
        row for batch in batches for row in zip(*(_plain(column).to_pylist() for column in batch.columns), strict=True)
    )
    latest = max(date.fromisoformat(source["corte"]) for source in told.about.sources)
    workbook(file, plain, told.described, latest, told.about, told.words)


def _plain(column: pa.Array[Any]) -> pa.Array[Any]:
    """A column with its dates as ISO text."""
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


def _arrow(item: Field) -> pa.DataType:
    kinds: Mapping[str, pa.DataType] = {"double": pa.float64(), "bool": pa.bool_()}
    found: pa.DataType = kinds.get(item.kind.arrow) or pa.type_for_alias(item.kind.arrow)
    return found


#: Those whose first rows are sent while the last are found, and those that are made whole first, with the most rows of each.
STREAMED: Mapping[str, tuple[Format, Callable[[Told, Batches], Iterator[bytes]]]] = {
    "csv": (CSV, csv_pieces),
    "json": (JSON, json_pieces),
    "jsonl": (JSON_LINES, jsonl_pieces),
}
WHOLE: Mapping[str, tuple[Format, Callable[[Told, Batches, BinaryIO], None]]] = {
    "parquet": (PARQUET, write_parquet),
    "xlsx": (XLSX, write_xlsx),
}
MOST_ROWS_OF = {"xlsx": MOST_ROWS}
FORMATS = {suffix: form for suffix, (form, _) in (*STREAMED.items(), *WHOLE.items())}
