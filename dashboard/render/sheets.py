"""A table for files, in each format: exactly the rows it has, never localised. Knows nothing of views, so that a process that
only writes files loads little.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.render.about import About
from dashboard.render.inert import inert_row
from dashboard.render.workbook import workbook
from etl.model import Kind

UTF8_BOM = "\ufeff"
WHOLE_END = "\r\n"
ARROW_TYPES = {Kind.ENTERO: pa.int64(), Kind.DECIMAL: pa.float64()}


@dataclass(frozen=True)
class Column:
    """A column: its name, the kind of its values, its title, what it is and in what unit."""

    name: str
    kind: Kind
    title: str
    description: str = ""
    unit: str = ""

    @property
    def told(self) -> dict[str, str]:
        """What is said of it, where columns are explained."""
        said = {
            "nombre": self.name,
            "titulo": self.title,
            "tipo": str(self.kind),
            "unidad": self.unit,
            "descripcion": self.description,
        }
        return {name: text for name, text in said.items() if text or name in ("nombre", "titulo", "descripcion")}


@dataclass(frozen=True)
class Sheet:
    """An answer as a plain table with everything that its files say. It can be sent to another process.

    `own` are the columns of the answer and what each row says of itself; `context`, the column and the value that is the same
    in every row: the selection, the licence and the release. `sentences`, `about`, `asked` and `notes` are told once, above
    the rows or after.
    """

    view: str
    question: str
    sentences: tuple[str, ...]
    asked: Mapping[str, str]
    about: About
    notes: tuple[str, ...]
    own: tuple[Column, ...]
    context: tuple[tuple[Column, str], ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def release(self) -> str:
        """The publication that it is of."""
        return self.about.release

    @property
    def synthetic(self) -> bool:
        """Whether its people are invented."""
        return self.about.synthetic

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column, in order."""
        return (*self.own, *(column for column, _ in self.context))

    @property
    def cells(self) -> int:
        """How many values its files have."""
        return len(self.rows) * len(self.columns)

    def whole_rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows with all their columns."""
        constant = tuple(value for _, value in self.context)
        return ((*row, *constant) for row in self.rows)


def write_csv(sheet: Sheet, file: BinaryIO) -> None:
    """UTF-8, commas, dot decimals, empty for what is not published; no text that a spreadsheet would run."""
    _write_csv(sheet, file, "\n")


def write_csv_for_excel(sheet: Sheet, file: BinaryIO) -> None:
    """The same with a byte order mark and the line ends of Windows, as Excel expects them."""
    file.write(UTF8_BOM.encode())
    _write_csv(sheet, file, "\r\n")


def _write_csv(sheet: Sheet, file: BinaryIO, line_end: str) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(_Lines(text, line_end), lineterminator=WHOLE_END)
    writer.writerow(inert_row(column.name for column in sheet.columns))
    writer.writerows(map(inert_row, sheet.whole_rows()))
    text.detach()


class _Lines:
    """Where a csv.writer writes rows that end as asked: it quotes a lone carriage return only if its own lines end in one."""

    def __init__(self, text: io.TextIOWrapper, end: str) -> None:
        self._text, self._end = text, end

    def write(self, line: str) -> None:
        """Write one whole row."""
        self._text.write(line.removesuffix(WHOLE_END) + self._end)


def write_xlsx(sheet: Sheet, file: BinaryIO) -> None:
    """One sheet with the figures, one with their sources and one that says what each column is."""
    latest = max(date.fromisoformat(source["corte"]) for source in sheet.about.sources)
    columns = [column.told for column in sheet.columns]
    notes = (*sheet.sentences, *sheet.notes)
    workbook(file, sheet.whole_rows(), columns, latest, sheet.about, notes, fitted=True)


def write_parquet(sheet: Sheet, file: BinaryIO) -> None:
    """Typed columns, zstd, titles in the schema's metadata."""
    schema = pa.schema(
        [
            pa.field(
                column.name,
                ARROW_TYPES.get(column.kind, pa.string()),
                metadata={name: text for name, text in column.told.items() if name != "nombre"},
            )
            for column in sheet.columns
        ],
        metadata={
            "titulo": sheet.about.title,
            "pregunta": sheet.question,
            "publicacion": sheet.release,
            "licencia": sheet.about.license_id,
            "licencia_titulo": sheet.about.license_title,
            "licencia_url": sheet.about.license_url,
            "cita": sheet.about.citation,
            "fuentes": json.dumps(sheet.about.sources, ensure_ascii=False),
        },
    )
    columns = list(zip(*sheet.whole_rows(), strict=True)) or [()] * len(sheet.columns)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), file, compression="zstd")


def write_json(sheet: Sheet, file: BinaryIO) -> None:
    """The question, its sentences, the sources and the rows as objects."""
    told = {
        "vista": sheet.view,
        "titulo": sheet.about.title,
        "pregunta": sheet.question,
        "respuesta": sheet.sentences,
        "consulta": sheet.asked,
        "publicacion": sheet.release,
        **({"sintetico": True} if sheet.synthetic else {}),
        **sheet.about.terms,
        "cita": sheet.about.citation,
        "fuentes": sheet.about.sources,
        "notas": sheet.notes,
        "columnas": [column.told for column in sheet.own],
        "filas": [],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if not sheet.rows:
        file.write(text.encode())
        return
    # The rows go one by one where the empty list ends, laid out as the rest.
    file.write(text.removesuffix("]\n}").encode())
    encode = json.JSONEncoder(ensure_ascii=False).encode
    names = [encode(column.name) for column in sheet.own]
    for number, row in enumerate(sheet.rows):
        cells = ",\n".join(f"   {name}: {encode(value)}" for name, value in zip(names, row, strict=True))
        file.write(f"{',' if number else ''}\n  {{\n{cells}\n  }}".encode())
    file.write(b"\n ]\n}")


def write_json_lines(sheet: Sheet, file: BinaryIO) -> None:
    """An object per row and line, with all the columns: each line says by itself what was asked and where it is from."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    names = [column.name for column in sheet.columns]
    for row in sheet.whole_rows():
        file.write(f"{encode(dict(zip(names, row, strict=True)))}\n".encode())
