"""An Answer as a file: CSV, XLSX, Parquet or JSON, exactly the rows on the page, never localised.

Every row carries its selection and every figure its source, cut-off and confidence.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.render.formats import CSV, JSON, PARQUET, XLSX, Writer, by_suffix
from dashboard.render.workbook import workbook
from dashboard.view import Answer
from etl.model import Kind

UTF8_BOM = "\ufeff"
ARROW_TYPES = {Kind.ENTERO: pa.int64(), Kind.DECIMAL: pa.float64()}


@dataclass(frozen=True)
class Sheet:
    """The answer as a plain table: column names, their kinds, their titles, what each of them is and the rows."""

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def sheet(answer: Answer) -> Sheet:
    """Every column of the answer, hidden ones included, followed by the selection and the provenance of its figures."""
    context = _context(answer)
    fields = [column.field for column in answer.columns]
    constant = tuple(value for _, _, value in context)
    return Sheet(
        names=(*(field.name for field in fields), *(name for name, _, _ in context)),
        kinds=(*(field.kind for field in fields), *(Kind.TEXTO for _ in context)),
        titles=(*(field.title for field in fields), *(title for _, title, _ in context)),
        descriptions=(*(field.description for field in fields), *("" for _ in context)),
        rows=tuple((*row, *constant) for row in answer.rows),
    )


def _context(answer: Answer) -> list[tuple[str, str, str]]:
    sources = [
        ("fuente", "Fuente", " | ".join(f"{source.publisher}: {source.title}" for source in answer.sources)),
        ("corte", "Corte", " | ".join(source.cutoff.isoformat() for source in answer.sources)),
        ("confianza", "Confianza", " | ".join(source.confidence for source in answer.sources)),
        ("licencia", "Licencia", " | ".join(source.license for source in answer.sources)),
        ("publicacion", "Publicación", answer.release),
    ]
    invented = [("sintetico", "Dato sintético", "sí: ninguna cifra es real")] if answer.synthetic else []
    return [*answer.asked, *sources, *invented]


def to_csv(answer: Answer, for_excel: bool = False) -> bytes:
    """UTF-8, commas, dot decimals, empty for what is not published; with a byte order mark only for Excel."""
    table = sheet(answer)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n" if for_excel else "\n")
    writer.writerow(table.names)
    writer.writerows(table.rows)
    return ((UTF8_BOM if for_excel else "") + text.getvalue()).encode()


def to_xlsx(answer: Answer) -> bytes:
    """One sheet with the figures and one that says what each column is and where the figures come from."""
    table = sheet(answer)
    notes = [sentence.plain() for sentence in answer.sentences] + [*answer.notes, *answer.warnings]
    latest = max(source.cutoff for source in answer.sources)
    titles = dict(zip(table.names, table.titles, strict=True))
    described = dict(zip(table.names, table.descriptions, strict=True))
    return workbook(table.rows, titles, latest, notes, fitted=True, described=described)


def to_parquet(answer: Answer) -> bytes:
    """Typed columns, zstd, titles in the schema's metadata."""
    table = sheet(answer)
    schema = pa.schema(
        [
            pa.field(name, ARROW_TYPES.get(kind, pa.string()), metadata={"titulo": title, "descripcion": words})
            for name, kind, title, words in zip(table.names, table.kinds, table.titles, table.descriptions, strict=True)
        ],
        metadata={"titulo": answer.title, "pregunta": answer.question, "publicacion": answer.release},
    )
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.names)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()


def to_json(answer: Answer) -> bytes:
    """The question, its sentences, the sources and the rows as objects."""
    table = sheet(answer)
    own = len(answer.columns)
    document = {
        "vista": answer.view,
        "titulo": answer.title,
        "pregunta": answer.question,
        "respuesta": [sentence.plain() for sentence in answer.sentences],
        "consulta": answer.selection.parameters(),
        "publicacion": answer.release,
        **({"sintetico": True} if answer.synthetic else {}),
        "fuentes": [
            {
                "titulo": source.title,
                "editor": source.publisher,
                "url": source.url,
                "licencia": source.license,
                "corte": source.cutoff.isoformat(),
                "confianza": source.confidence,
            }
            for source in answer.sources
        ],
        "notas": [*answer.notes, *answer.warnings],
        "columnas": [
            {"nombre": name, "titulo": title, "tipo": str(kind), "descripcion": words}
            for name, title, kind, words in zip(
                table.names[:own], table.titles[:own], table.kinds[:own], table.descriptions[:own], strict=True
            )
        ],
        "filas": [dict(zip(table.names[:own], row[:own], strict=True)) for row in table.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


FORMATS = by_suffix(Writer(CSV, to_csv), Writer(XLSX, to_xlsx), Writer(PARQUET, to_parquet), Writer(JSON, to_json))
