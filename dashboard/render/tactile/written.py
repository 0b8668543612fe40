"""A sheet in each of its formats."""

from __future__ import annotations

from datetime import date
from typing import BinaryIO

from dashboard.render.tactile.braille_table import write_brf
from dashboard.render.tactile.document import write_pdf
from dashboard.render.tactile.sheet import Told, pages
from dashboard.render.tactile.vector import write_svg


def write(told: Told, suffix: str, number: int, day: date, file: BinaryIO) -> None:
    """Write a sheet as BRF, as PDF, or its page `number` as SVG: nothing at all if it has not so many."""
    if suffix == "brf":
        write_brf(told, file)
    elif suffix == "pdf":
        write_pdf(told, day, file)
    else:
        for page in pages(told)[number - 1 : number]:
            write_svg(page, file)
