"""The sheets as a PDF: as many A4 pages as there are, all of it lines, with its letters in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, BinaryIO

from dashboard.render.preview import FAMILY, font
from dashboard.render.tactile.marks import LONG, SHORT, Mark, Page, Printed, Spot, Stroke
from dashboard.render.tactile.sheet import Told, pages


def write_pdf(told: Told, day: date, file: BinaryIO) -> None:
    """Write the PDF of a sheet, dated the day of its figures: the same sheet is the same bytes."""
    from fpdf import FPDF  # only whoever asks for one waits for it

    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(datetime(day.year, day.month, day.day, tzinfo=UTC))
    pdf.set_title(told.title)
    pdf.set_lang("es")
    pdf.add_font(FAMILY, fname=str(font(12).path))
    for page in pages(told):
        lying = page.width > page.height
        pdf.add_page(orientation="landscape" if lying else "portrait", format=(SHORT, LONG))
        _draw(pdf, page)
    file.write(pdf.output())


def _draw(pdf: Any, page: Page) -> None:
    """Draw the marks of a page, those of a kind and a width at once."""
    for (kind, width), marks in groupby(page.marks, key=_alike):
        if kind is Stroke:
            _strokes(pdf, [mark.points for mark in marks if isinstance(mark, Stroke)], width)
        else:
            _others(pdf, marks)


def _alike(mark: Mark) -> tuple[type, float]:
    return type(mark), mark.width if isinstance(mark, Stroke) else 0.0


def _strokes(pdf: Any, lines: Iterable[Sequence[tuple[float, float]]], width: float) -> None:
    with pdf.new_path() as path:
        path.style.fill_color = None
        path.style.stroke_color = "#000000"
        path.style.stroke_width = width
        path.style.stroke_cap_style = "round"
        path.style.stroke_join_style = "round"
        path.style.auto_close = False
        for points in lines:
            path.move_to(*points[0])
            for x, y in points[1:]:
                path.line_to(x, y)


def _others(pdf: Any, marks: Iterable[Mark]) -> None:
    pdf.set_fill_color(0)
    for mark in marks:
        if isinstance(mark, Spot):
            pdf.circle(mark.x, mark.y, mark.diameter / 2, style="F")
        elif isinstance(mark, Printed):
            pdf.set_font(FAMILY, size=mark.size)
            pdf.text(mark.x, mark.y, mark.text)
