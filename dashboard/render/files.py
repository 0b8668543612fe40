"""An Answer as a table for files: CSV, XLSX, Parquet or JSON, exactly the rows on the page, never localised.

Every row carries its selection and every figure its source, cut-off and confidence.
"""

from __future__ import annotations

from dashboard.render.formats import CSV, JSON, PARQUET, XLSX, Writer, by_suffix
from dashboard.render.sheets import Column, Sheet, write_csv, write_csv_for_excel, write_json, write_parquet, write_xlsx
from dashboard.view import Answer
from etl.model import Kind

FORMATS = by_suffix(
    Writer(CSV, write_csv), Writer(XLSX, write_xlsx), Writer(PARQUET, write_parquet), Writer(JSON, write_json)
)
FOR_EXCEL = Writer(CSV, write_csv_for_excel)


def sheet(answer: Answer) -> Sheet:
    """Every column of the answer, hidden ones included, followed by the selection and the provenance of its figures."""
    fields = [column.field for column in answer.columns]
    return Sheet(
        view=answer.view,
        title=answer.title,
        question=answer.question,
        sentences=tuple(sentence.plain() for sentence in answer.sentences),
        asked=answer.selection.parameters(),
        release=answer.release,
        synthetic=answer.synthetic,
        sources=tuple(
            {
                "titulo": source.title,
                "editor": source.publisher,
                "url": source.url,
                "licencia": source.license,
                "corte": source.cutoff.isoformat(),
                "confianza": source.confidence,
            }
            for source in answer.sources
        ),
        notes=(*answer.notes, *answer.warnings),
        own=tuple(Column(field.name, field.kind, field.title, field.description) for field in fields),
        context=tuple((Column(name, Kind.TEXTO, title), value) for name, title, value in _context(answer)),
        rows=tuple(answer.rows),
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
