"""A page to be touched as an SVG that needs nothing else: in millimetres, black on white."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import BinaryIO

from markupsafe import escape

from dashboard.render.standalone import LETTERS
from dashboard.render.tactile.marks import POINT, Mark, Page, Part, Printed, Spot, Stroke


def svg(page: Page) -> str:
    """The SVG of a page. Each part of it is a group, with the code of its place and its class if it has them."""
    body = "".join(_group(part, list(marks)) for part, marks in groupby(page.marks, key=lambda one: one.part))
    size = f'width="{page.width:g}mm" height="{page.height:g}mm" viewBox="0 0 {page.width:g} {page.height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(page.title)}" font-family="{LETTERS}">'
        f"<title>{escape(page.title)}</title>"
        f'<rect width="{page.width:g}" height="{page.height:g}" fill="#fff"/>{body}</svg>'
    )


def write_svg(page: Page, file: BinaryIO) -> None:
    """Write the SVG of a page."""
    file.write(svg(page).encode())


def _group(part: Part, marks: list[Mark]) -> str:
    place = f' data-lugar="{escape(part.place)}"' if part.place else ""
    klass = f' data-clase="{escape(part.klass)}"' if part.klass else ""
    lines = [mark for mark in marks if isinstance(mark, Stroke)]
    style = f' fill="none" stroke="#000" stroke-width="{lines[0].width:g}"' if lines else ""
    round_ends = ' stroke-linecap="round" stroke-linejoin="round"' if lines else ""
    return f'<g class="{part.kind}"{place}{klass}{style}{round_ends}>{"".join(_drawn(marks))}</g>'


def _drawn(marks: list[Mark]) -> Iterator[str]:
    for mark in marks:
        if isinstance(mark, Stroke):
            yield f'<path d="M{"L".join(f"{x:.2f} {y:.2f}" for x, y in mark.points)}"/>'
        elif isinstance(mark, Spot):
            yield f'<circle cx="{mark.x:.2f}" cy="{mark.y:.2f}" r="{mark.diameter / 2:g}" fill="#000" stroke="none"/>'
        elif isinstance(mark, Printed):
            size = f"{mark.size * POINT:.2f}"
            yield f'<text x="{mark.x:.2f}" y="{mark.y:.2f}" font-size="{size}" fill="#000">{escape(mark.text)}</text>'
