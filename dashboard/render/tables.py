"""A whole table of a release in the formats people ask for besides Parquet: made when asked, from the published file.

Every column is there, with the ones that say what a figure is (the state of a confidential cell, whether it is
synthetic), and every row carries its source; what is not published is empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from dashboard.render.formats import CSV, JSON, XLSX, Writer, by_suffix
from dashboard.render.inert import inert_column
from dashboard.render.workbook import workbook
from etl.release import FileFacts

MOST_ROWS = 50_000  # in a workbook: a larger one takes seconds to write, and longer to open on a cheap computer
#: How many rows are in memory while a table is written.
BATCH_ROWS = 5_000


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
    def provenance(self) -> dict[str, str]:
        """Where its figures come from, in words, as the files of a view say it."""
        sources = self.facts["fuentes"]
        return {
            "fuente": " | ".join(f"{source['editor']}: {source['titulo']}" for source in sources),
            "corte": " | ".join(source["corte"] for source in sources),
            "confianza": " | ".join(source["confianza"] for source in sources),
            "licencia": " | ".join(dict.fromkeys(source["licencia"] for source in sources)),
            "publicacion": self.release,
        }


def write_csv(table: PublishedTable, file: BinaryIO) -> None:
    """UTF-8, commas, dot decimals, ISO dates, empty for what is not published; no text that a spreadsheet would run."""
    with pq.ParquetFile(table.path) as source:
        told = _told_in_rows(source, table)
        schema = pa.schema([*_plain(source.schema_arrow), *((name, pa.string()) for name in told)])
        with pyarrow.csv.CSVWriter(
            file, schema, write_options=pyarrow.csv.WriteOptions(quoting_style="needed")
        ) as writer:
            for batch in _batches(source):
                constant = [pa.repeat(words, batch.num_rows) for words in told.values()]
                columns = [inert_column(item) if pa.types.is_string(item.type) else item for item in batch.columns]
                writer.write_batch(pa.RecordBatch.from_arrays([*columns, *constant], schema=schema))


def write_json(table: PublishedTable, file: BinaryIO) -> None:
    """The sources and one object per row, as in the Parquet file; null for what is not published."""
    facts = table.facts
    told = {
        "tabla": facts["tabla"],
        "titulo": facts["titulo"],
        "descripcion": facts["descripcion"],
        "publicacion": table.release,
        "licencia": facts["licencia"],
        "fuentes": facts["fuentes"],
        "filas": [],
    }
    # The rows go, a batch at a time, where the empty list ends.
    file.write(_compact(told).removesuffix("]}").encode())
    with pq.ParquetFile(table.path) as source:
        for number, batch in enumerate(_batches(source)):
            rows = _compact(batch.to_pylist())[1:-1]
            file.write((f",{rows}" if number else rows).encode())
    file.write(b"]}")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_xlsx(table: PublishedTable, file: BinaryIO) -> None:
    """One sheet with the rows and one with the title of each column."""
    with pq.ParquetFile(table.path) as source:
        told = _told_in_rows(source, table)
        titles = {column.name: (column.metadata or {}).get(b"titulo", b"").decode() for column in source.schema_arrow}
        constant = tuple(told.values())
        rows = (
            (*row, *constant)
            for batch in _batches(source)
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        )
        workbook(file, rows, {**titles, **dict.fromkeys(told, "")}, date.fromisoformat(table.facts["corte"]))


def _told_in_rows(source: pq.ParquetFile, table: PublishedTable) -> dict[str, str]:
    """Where the figures come from, which every row says; a column of the table's own that says it is left as it is."""
    own = set(source.schema_arrow.names)
    return {name: words for name, words in table.provenance.items() if name not in own}


def sample(path: Path, column: str, values: Mapping[str, int]) -> list[dict[str, Any]]:
    """The first rows of a table with each of these values of `column`, as many as asked for, in the order of the file."""
    table = pq.read_table(path)
    return [
        row
        for value, count in values.items()
        for row in table.filter(pc.equal(table[column], pa.scalar(value))).slice(0, count).to_pylist()
    ]


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


TABLE_FORMATS = by_suffix(Writer(CSV, write_csv), Writer(XLSX, write_xlsx, MOST_ROWS), Writer(JSON, write_json))


def takes(writer: Writer[PublishedTable], item: FileFacts) -> bool:
    """Whether a file of the manifest can be had in a format: a table, without shapes, not too long."""
    short = writer.most_rows is None or (item["filas"] or 0) <= writer.most_rows
    return item["formato"] == "Parquet" and short
