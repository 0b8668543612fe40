"""A whole table of a release in the formats people ask for besides Parquet: made when asked, from the published file.

Every column is there, with the ones that say what a figure is (the state of a confidential cell, whether it is
synthetic), and every row carries its source; what is not published is empty.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import xlsxwriter

MOST_ROWS = 50_000  # in a workbook: a larger one takes seconds to write, and longer to open on a cheap computer


@dataclass(frozen=True)
class Published:
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


def to_csv(table: Published) -> bytes:
    """UTF-8, commas, dot decimals, ISO dates, empty for what is not published."""
    sink = io.BytesIO()
    pyarrow.csv.write_csv(_with_provenance(table), sink, pyarrow.csv.WriteOptions(quoting_style="needed"))
    return sink.getvalue()


def to_json(table: Published) -> bytes:
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


def to_xlsx(table: Published) -> bytes:
    """One sheet with the rows and one with the title of each column."""
    content = _with_provenance(table)
    buffer = io.BytesIO()
    # Codes look like numbers and a cell may begin with "=": nothing is to be reinterpreted.
    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("datos")
        sheet.write_row(0, 0, content.column_names, bold)
        for number, row in enumerate(zip(*content.to_pydict().values(), strict=True), start=1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet("acerca")
        about.write_row(0, 0, ("columna", "título"), bold)
        for number, column in enumerate(content.schema, start=1):
            about.write_row(number, 0, (column.name, (column.metadata or {}).get(b"titulo", b"").decode()))
    return buffer.getvalue()


def _with_provenance(table: Published) -> pa.Table:
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
        for row in table.filter(pc.equal(table[column], value)).slice(0, count).to_pylist()
    ]


def _plain(path: Path) -> pa.Table:
    """The table with dates as ISO text, which every format has."""
    table = pq.read_table(path)
    for position, column in enumerate(table.schema):
        if pa.types.is_date(column.type):
            plain = column.with_type(pa.string())
            table = table.set_column(position, plain, table.column(position).cast(pa.string()))
    return table


@dataclass(frozen=True)
class TableFormat:
    """A format: how people call it, its media type, its writer and the most rows it is made for."""

    name: str
    media_type: str
    write: Callable[[Published], bytes]
    most_rows: int | None = None

    def takes(self, item: Mapping) -> bool:
        """Whether a file of the manifest can be had in this format: a table, without shapes, not too long."""
        return item["formato"] == "Parquet" and (self.most_rows is None or item["filas"] <= self.most_rows)


TABLE_FORMATS = {
    "csv": TableFormat("CSV", "text/csv; charset=utf-8", to_csv),
    "xlsx": TableFormat(
        "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx, MOST_ROWS
    ),
    "json": TableFormat("JSON", "application/json; charset=utf-8", to_json),
}
