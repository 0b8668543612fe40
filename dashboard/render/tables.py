"""A whole table of a release in the formats people ask for besides Parquet: made when asked, from the published file.

Every column is there, with the ones that say what a figure is (the state of a confidential cell, whether it is
synthetic), and every row carries its source; what is not published is empty.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from dashboard.render.formats import CSV, JSON, XLSX, Writer, by_suffix
from dashboard.render.workbook import workbook
from etl.release import FileFacts

MOST_ROWS = 50_000  # in a workbook: a larger one takes seconds to write, and longer to open on a cheap computer


@dataclass(frozen=True)
class PublishedTable:
    """One table of a release: its Parquet file, what the manifest says of it, and the release's id."""

    path: Path
    facts: Mapping[str, Any]
    release: str

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


def to_csv(table: PublishedTable) -> bytes:
    """UTF-8, commas, dot decimals, ISO dates, empty for what is not published."""
    sink = io.BytesIO()
    pyarrow.csv.write_csv(_with_provenance(table), sink, pyarrow.csv.WriteOptions(quoting_style="needed"))
    return sink.getvalue()


def to_json(table: PublishedTable) -> bytes:
    """The sources and one object per row, as in the Parquet file; null for what is not published."""
    facts = table.facts
    document = {
        "tabla": facts["tabla"],
        "titulo": facts["titulo"],
        "descripcion": facts["descripcion"],
        "publicacion": table.release,
        "licencia": facts["licencia"],
        "fuentes": facts["fuentes"],
        "filas": _plain(table.path).to_pylist(),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def to_xlsx(table: PublishedTable) -> bytes:
    """One sheet with the rows and one with the title of each column."""
    content = _with_provenance(table)
    titles = {column.name: (column.metadata or {}).get(b"titulo", b"").decode() for column in content.schema}
    rows = zip(*content.to_pydict().values(), strict=True)
    return workbook(rows, titles, date.fromisoformat(table.facts["corte"]))


def _with_provenance(table: PublishedTable) -> pa.Table:
    """The rows and, in each, where the figures come from; a column of the table's own that says it is left as it is."""
    content = _plain(table.path)
    for name, words in table.provenance.items():
        if name not in content.column_names:
            content = content.append_column(name, pa.repeat(words, content.num_rows))
    return content


def sample(path: Path, column: str, values: Mapping[str, int]) -> list[dict[str, Any]]:
    """The first rows of a table with each of these values of `column`, as many as asked for, in the order of the file."""
    table = pq.read_table(path)
    return [
        row
        for value, count in values.items()
        for row in table.filter(pc.equal(table[column], pa.scalar(value))).slice(0, count).to_pylist()
    ]


def _plain(path: Path) -> pa.Table:
    """The table with dates as ISO text, which every format has."""
    table = pq.read_table(path)
    for position, column in enumerate(table.schema):
        if pa.types.is_date(column.type):
            plain = column.with_type(pa.string())
            table = table.set_column(position, plain, table.column(position).cast(pa.string()))
    return table


TABLE_FORMATS = by_suffix(Writer(CSV, to_csv), Writer(XLSX, to_xlsx, MOST_ROWS), Writer(JSON, to_json))


def takes(writer: Writer[PublishedTable], item: FileFacts) -> bool:
    """Whether a file of the manifest can be had in a format: a table, without shapes, not too long."""
    short = writer.most_rows is None or (item["filas"] or 0) <= writer.most_rows
    return item["formato"] == "Parquet" and short
