"""A whole table of a release in the formats people ask for besides Parquet: made when asked, from the published file.

Every column is there, with the ones that say what a figure is (the state of a confidential cell, whether it is
synthetic) and the ones that say what each row is of (its source, its day, its licence); what is not published is empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dashboard.render import lines
from dashboard.render.about import SOURCE_KEY, About
from dashboard.render.formats import CSV, JSON, JSON_LINES, XLSX, Writer, by_suffix
from dashboard.render.workbook import workbook
from etl.release import FileFacts

MOST_ROWS = 50_000  # in a workbook: a larger one takes seconds to write, and longer to open on a cheap computer
#: How many rows are in memory while a table is written.
BATCH_ROWS = 5_000
#: Columns that say what year a row is of: the first that a table has.
YEARS = ("corte", "anio", "fecha_corte")
YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class PublishedTable:
    """One table of a release: its Parquet file, what the manifest says of it, and the release's id."""

    path: Path
    facts: Mapping[str, Any]
    release: str

    @property
    def cells(self) -> int:
        """How many values it has."""
        found = pq.read_metadata(self.path)
        return found.num_rows * found.num_columns

    @property
    def told_once(self) -> dict[str, str]:
        """What every row says of itself in a release whose tables do not say it: what can be said of the whole file."""
        sources = self.facts["fuentes"]
        return {
            "fuente": " | ".join(dict.fromkeys(f"{source['editor']}: {source['titulo']}" for source in sources)),
            **{name: self.facts[name] for name in ("corte", "confianza", "licencia")},
            "publicacion": self.release,
        }

    def added_to(self, own: Collection[str]) -> list[str]:
        """The columns that its files which repeat everything in every row (CSV, Excel, JSON Lines) have after its `own`."""
        return [] if SOURCE_KEY in own else [name for name in self.told_once if name not in own]

    @property
    def about(self) -> About:
        """What its files say once."""
        return About(
            title=self.facts["titulo"],
            release=self.release,
            license_id=self.facts.get("licencia_id", self.facts["licencia"]),
            license_title=self.facts["licencia"],
            license_url=self.facts["licencia_url"],
            sources=tuple(self.facts["fuentes"]),
        )


def write_csv(table: PublishedTable, file: BinaryIO) -> None:
    """UTF-8, commas, dot decimals, ISO dates, empty for what is not published; no text that a spreadsheet would run."""
    with pq.ParquetFile(table.path) as source:
        told = _told_once(source, table)
        file.write(lines.header([*source.schema_arrow.names, *told]))
        for batch in _batches(source):
            constant = [pa.repeat(words, batch.num_rows) for words in told.values()]
            names = [*batch.schema.names, *told]
            file.write(lines.lines(pa.RecordBatch.from_arrays([*batch.columns, *constant], names)))


def write_json(table: PublishedTable, file: BinaryIO) -> None:
    """The sources, the columns and one object per row, as in the Parquet file; null for what is not published."""
    facts = table.facts
    with pq.ParquetFile(table.path) as source:
        told = {
            "tabla": facts["tabla"],
            "titulo": facts["titulo"],
            "descripcion": facts["descripcion"],
            "publicacion": table.release,
            **table.about.terms,
            "cita": table.about.citation,
            "fuentes": facts["fuentes"],
            "columnas": [_described(column) for column in source.schema_arrow],
            "filas": [],
        }
        # The rows go, a batch at a time, where the empty list ends.
        file.write(_compact(told).removesuffix("]}").encode())
        for number, batch in enumerate(_batches(source)):
            rows = _compact(batch.to_pylist())[1:-1]
            file.write((f",{rows}" if number else rows).encode())
    file.write(b"]}")


def write_json_lines(table: PublishedTable, file: BinaryIO) -> None:
    """An object per row and line, with all that the row says; null for what is not published."""
    with pq.ParquetFile(table.path) as source:
        told = _told_once(source, table)
        for batch in _batches(source):
            file.write("".join(f"{_compact(row | told)}\n" for row in batch.to_pylist()).encode())


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_xlsx(table: PublishedTable, file: BinaryIO) -> None:
    """One sheet with the rows, one with the sources and one with what each column is."""
    with pq.ParquetFile(table.path) as source:
        told = _told_once(source, table)
        columns = [_described(column) for column in source.schema_arrow]
        columns += [{"nombre": name, "titulo": ""} for name in told]
        constant = tuple(told.values())
        rows = (
            (*row, *constant)
            for batch in _batches(source)
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        )
        workbook(file, rows, columns, date.fromisoformat(table.facts["corte"]), table.about)


def _described(column: pa.Field[Any]) -> dict[str, str]:
    """What a column of a published file is, as the file itself says it."""
    said = {name.decode(): text.decode() for name, text in (column.metadata or {}).items()}
    return {
        "nombre": column.name,
        **{name: said[name] for name in ("titulo", "tipo", "unidad", "descripcion") if name in said},
    }


def _told_once(source: pq.ParquetFile, table: PublishedTable) -> dict[str, str]:
    """What has to be added to every row: nothing to those of a table that says it row by row."""
    added = table.added_to(source.schema_arrow.names)
    return {name: words for name, words in table.told_once.items() if name in added}


def sample(path: Path, column: str, values: Mapping[str, int]) -> list[dict[str, Any]]:
    """The first rows of a table with each of these values of `column`, as many as asked for, in the order of the file."""
    table = pq.read_table(path)
    return [
        row
        for value, count in values.items()
        for row in table.filter(pc.equal(table[column], pa.scalar(value))).slice(0, count).to_pylist()
    ]


def first_rows(path: Path, count: int) -> list[dict[str, Any]]:
    """The first rows of a table, in the order of the file, as its other formats have them."""
    with pq.ParquetFile(path) as source:
        return next((batch.slice(0, count).to_pylist() for batch in _batches(source)), [])


def years(path: Path) -> frozenset[str]:
    """The years that the rows of a table are of, by their cut-off or, in older releases, by another column; none if no column
    says it.
    """
    with pq.ParquetFile(path) as source:
        names = [name for name in YEARS if name in source.schema_arrow.names]
        columns = [source.read([name]).column(name) for name in names]
    for column in columns:
        values = pc.unique(pc.year(column) if pa.types.is_date(column.type) else column).to_pylist()
        if found := frozenset(str(value) for value in values if YEAR.fullmatch(str(value))):
            return found
    return frozenset()


def _batches(source: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    """The rows, some at a time and none of them empty, with dates as ISO text, which every format has."""
    schema = _plain(source.schema_arrow)
    for batch in source.iter_batches(BATCH_ROWS):
        if batch.num_rows:
            columns = [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _plain(schema: pa.Schema) -> pa.Schema:
    """The columns of a table with dates as text."""
    return pa.schema([field.with_type(pa.string()) if pa.types.is_date(field.type) else field for field in schema])


TABLE_FORMATS = by_suffix(
    Writer(XLSX, write_xlsx, MOST_ROWS),
    Writer(CSV, write_csv),
    Writer(JSON, write_json),
    Writer(JSON_LINES, write_json_lines),
)


def takes(writer: Writer[PublishedTable], item: FileFacts) -> bool:
    """Whether a file of the manifest can be had in a format: a table, without shapes, not too long."""
    short = writer.most_rows is None or (item["filas"] or 0) <= writer.most_rows
    return item["formato"] == "Parquet" and short
