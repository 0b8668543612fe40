"""An Answer as a table for files: CSV, XLSX, Parquet, JSON or JSON Lines, exactly the rows on the page, never localised.

Every row carries its selection and the key of its sources, its cut-off, its confidence and its licence; what the keys mean is
said once, beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dashboard.figures.provenance import Provenance
from dashboard.render import told
from dashboard.render.about import About
from dashboard.render.formats import CSV, JSON, JSON_LINES, PARQUET, XLSX, Writer, by_suffix
from dashboard.render.sheets import (
    Column,
    Sheet,
    write_csv,
    write_csv_for_excel,
    write_json,
    write_json_lines,
    write_parquet,
    write_xlsx,
)
from dashboard.view import Answer, AnswerColumn
from etl.model import Kind

FORMATS = by_suffix(
    Writer(CSV, write_csv),
    Writer(XLSX, write_xlsx),
    Writer(PARQUET, write_parquet),
    Writer(JSON, write_json),
    Writer(JSON_LINES, write_json_lines),
)
VALUE, UNIT = "valor", "unidad"
#: How many decimals are shown of any figure, at most.
MOST_DECIMALS = 2
FOR_EXCEL = Writer(CSV, write_csv_for_excel)


def sheet(answer: Answer) -> Sheet:
    """Every column of the answer, hidden ones included, and what each row says of itself; then, the selection."""
    own = tuple(
        Column(
            column.field.name,
            column.field.kind,
            column.field.title,
            column.field.description,
            column.field.unit or (column.unit.phrase if column.unit else ""),
        )
        for column in answer.columns
    )
    return Sheet(
        view=answer.view,
        question=answer.question,
        sentences=tuple(sentence.plain() for sentence in answer.sentences),
        asked=answer.selection.parameters(),
        about=about(answer),
        notes=(*answer.notes, *answer.warnings),
        own=(*own, *told.columns(answer)),
        context=tuple((Column(name, Kind.TEXTO, title), value) for name, title, value in _context(answer)),
        rows=tuple(_rounded(answer, told.rows(answer))),
    )


def about(answer: Answer) -> About:
    """What the files of an answer say once."""
    return About(
        title=answer.title,
        release=answer.release,
        license_id=answer.terms.id,
        license_title=answer.terms.title,
        license_url=answer.terms.url,
        sources=tuple(_source(source) for source in answer.sources),
        synthetic=answer.synthetic,
    )


def _source(source: Provenance) -> dict[str, str]:
    facts = {
        "clave": source.key,
        "titulo": source.title,
        "editor": source.publisher,
        "transcrita_por": source.transcriber,
        "url": source.url,
        "licencia": source.license,
        "licencia_url": source.license_url,
        "corte": source.cutoff.isoformat(),
        "corte_texto": source.cutoff_text,
        "confianza": source.confidence,
        "nota": source.note,
    }
    return {name: text for name, text in facts.items() if text}


def _rounded(answer: Answer, rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """The rows with their decimals as the page has them: a figure in a file is the one that a reader sees."""
    places = {
        number: _decimals(column) for number, column in enumerate(answer.columns) if column.field.kind is Kind.DECIMAL
    }
    if not places:
        return rows
    return (
        tuple(
            [
                round(value, places[number]) + 0.0 if number in places and isinstance(value, float) else value
                for number, value in enumerate(row)
            ]
        )
        for row in rows
    )


def _decimals(column: AnswerColumn) -> int:
    """How many decimals of a column mean something: those that are shown; of what is shown whole but is estimated with them, or
    is in files only, as many as any shows.
    """
    if column.field.decimals is not None:
        return column.field.decimals
    return column.unit.decimals if column.unit and column.unit.decimals else MOST_DECIMALS


def _context(answer: Answer) -> list[tuple[str, str, str]]:
    """What is the same in every row."""
    value = next((column for column in answer.columns if column.field.name == VALUE), None)
    named = any(column.field.name == UNIT for column in answer.columns)
    unit = [(UNIT, "Unidad de valor", value.field.unit)] if value and value.field.unit and not named else []
    released = [("licencia", "Licencia", answer.terms.id), ("publicacion", "Publicación", answer.release)]
    invented = [("sintetico", "Dato sintético", "sí: ninguna cifra es real")] if answer.synthetic else []
    return [*unit, *answer.asked, *released, *invented]
