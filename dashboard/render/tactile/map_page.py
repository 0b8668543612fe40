"""The page of the map: its title in braille and in print, its borders, how each place feels, its letters and where north is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

import numpy as np

from dashboard.render.braille import cells, wrapped
from dashboard.render.standalone import wrapped as wrapped_print
from dashboard.render.tactile.labels import Labels, NoRoom, labels
from dashboard.render.tactile.marks import (
    CELL_HEIGHT,
    CELL_WIDTH,
    DASH,
    GAP,
    INNER,
    LEAD,
    LINE,
    LONG,
    MARGIN,
    NO_DASH,
    OUTER,
    POINT,
    PRINT,
    PRINT_LINE,
    SHORT,
    SIGN,
    Mark,
    Page,
    Part,
    Point,
    Printed,
    Stroke,
    braille,
    braille_width,
    cells_in,
    sign,
)
from dashboard.render.tactile.outlines import Outlines, extent, outlines
from dashboard.render.tactile.raster import FINE, Box, Grid, corners
from dashboard.render.tactile.textures import texture

#: How large the map is tried to be, as a part of what fits, until there is room for all that goes beside it.
SIZES = (1.0, 0.94, 0.88, 0.82, 0.76)
#: The arrow that says where north is, its letter below, and how far all of it is from the map.
ARROW, HEAD, FROM_MAP = 14.0, 4.0, 6.0
NORTH_WIDTH, NORTH_HEIGHT = 2 * HEAD, ARROW + GAP + CELL_HEIGHT
#: A title that takes more lines than these, in braille and in print, is cut: the next page says it whole.
MOST_LINES = 5


@dataclass(frozen=True)
class Drawn:
    """What the page of a map shows: its title, the paths, letters and textures of the places by code, the signs of those without
    figure, what has to be warned of in print, and the number of the page.
    """

    title: str
    paths: Mapping[str, str]
    letters: Mapping[str, str]
    textures: Mapping[str, int]
    signs: Mapping[str, str]
    warning: str = ""
    number: int = 1


def map_page(drawn: Drawn, most: int) -> Page:
    """The page, upright or lying: however its map is larger. NoRoom if more than `most` places have their letters outside."""
    upright, lying = ((width, height, *_title(drawn, width)) for width, height in ((SHORT, LONG), (LONG, SHORT)))
    _, _, across, down = extent(drawn.paths.values())
    width, height, marks, top = max(
        (upright, lying), key=lambda one: min((one[0] - 2 * MARGIN) / across, (one[1] - MARGIN - one[3]) / down)
    )
    area = (MARGIN, top, width - 2 * MARGIN, height - MARGIN - top)
    return Page(width, height, drawn.title, (*marks, *_map(drawn, width, height, area, most)))


def _title(drawn: Drawn, width: float) -> tuple[list[Mark], float]:
    """The title of a page of some width, with its number, and where what follows begins."""
    inside = width - 2 * MARGIN
    words = [drawn.warning] if drawn.warning else []
    lines = [*words, *wrapped_print(drawn.title, PRINT, int(inside / POINT), most=2)]
    found: list[Mark] = []
    top = MARGIN
    for line in lines:
        found.append(Printed(Part("impreso"), MARGIN, top + PRINT * POINT, line))
        top += PRINT_LINE
    top += GAP
    for line in wrapped(drawn.title, cells_in(inside) - 4)[:MOST_LINES]:
        found += braille(Part("titulo"), MARGIN, top, line)
        top += LINE
    number = cells(str(drawn.number))
    first = MARGIN + PRINT_LINE * len(lines) + GAP
    found += braille(Part("pagina"), width - MARGIN - braille_width(number), first, number)
    return found, top - LINE + CELL_HEIGHT + GAP


def _map(drawn: Drawn, width: float, height: float, area: Box, most: int) -> Iterator[Mark]:
    """The marks of the map in an area: as large as leaves room for the letters outside it and for the arrow."""
    letters = {code: cells(key) for code, key in drawn.letters.items()}
    found, north = _fitted(drawn, letters, (width, height), area, most)
    return chain(
        _borders(found.grid.found),
        _textures(drawn, found),
        _labelled(drawn, letters, found),
        _north(north),
    )


def _fitted(
    drawn: Drawn, letters: Mapping[str, str], sides: tuple[float, float], area: Box, most: int
) -> tuple[Labels, Box]:
    """The labels of the map and the place of the arrow, in the largest size in which no letters are in the way of others; NoRoom
    if there is none in which all of them fit.
    """
    last: tuple[Labels, Box] | None = None
    for size in SIZES:
        grid = Grid.of(_placed(drawn.paths, area, size), *sides)
        with suppress(NoRoom):
            north = _north_at(grid, area)
            found = labels(grid, letters, frozenset(drawn.signs), area, [north], most)
            last = last or (found, north)
            if found.clean:
                return found, north
    if last is None:
        raise NoRoom
    return last


def _placed(paths: Mapping[str, str], area: Box, size: float) -> Outlines:
    """The places in the middle of an area, as a part of the largest that they fit in it."""
    left, top, width, height = area
    _, _, across, down = extent(paths.values())
    scale = size * min((width - OUTER) / across, (height - OUTER) / down)
    return outlines(paths, scale, left + (width - across * scale) / 2, top + (height - down * scale) / 2)


def _borders(found: Outlines) -> Iterator[Mark]:
    for line in found.inner:
        yield Stroke(Part("borde-interior"), line, INNER)
    for line in found.outer:
        yield Stroke(Part("borde-exterior"), line, OUTER)


def _textures(drawn: Drawn, found: Labels) -> Iterator[Mark]:
    free = found.free()
    for number, code in enumerate(drawn.paths, 1):
        if code in drawn.textures:
            kind = drawn.textures[code]
            yield from texture(Part("textura", code, str(kind)), kind, free & (found.grid.places == number))


def _labelled(drawn: Drawn, letters: Mapping[str, str], found: Labels) -> Iterator[Mark]:
    for code, label in found.found.items():
        left, top, _, _ = label.box
        yield from braille(Part("letras", code), left, top, letters[code])
        if label.sign:
            yield from sign(Part("signo", code, drawn.signs[code]), *label.sign)
        if label.lead:
            start, end = label.lead
            yield from (Stroke(Part("guia", code), dash, LEAD) for dash in dashes(start, end))


def dashes(start: Point, end: Point) -> Iterator[tuple[Point, Point]]:
    """A straight line as dashes; the last one arrives at its end."""
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    begun = length
    while begun > 0:
        parts = max(0.0, begun - DASH) / length, begun / length
        first, last = ((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])) for part in parts)
        yield first, last
        begun -= DASH + NO_DASH


def _north_at(grid: Grid, area: Box) -> Box:
    """Where the arrow goes: outside the map, as near as it can to the top right. NoRoom if it fits nowhere."""
    empty = (grid.places == 0) & ~grid.near_borders(FROM_MAP, FROM_MAP) & grid.boxes([area], 0)
    at = corners(empty, NORTH_WIDTH, NORTH_HEIGHT)
    if not len(at):
        raise NoRoom
    row, column = at[(at[:, 0] - at[:, 1]).argmin()]
    return column / FINE, row / FINE, NORTH_WIDTH, NORTH_HEIGHT


def _north(box: Box) -> Iterator[Mark]:
    left, top, width, _ = box
    part, middle = Part("norte"), left + width / 2
    high = top + SIGN
    yield Stroke(part, ((middle, high), (middle, top + ARROW - SIGN / 2)), SIGN)
    yield Stroke(part, ((middle - HEAD + SIGN, high + HEAD), (middle, high), (middle + HEAD - SIGN, high + HEAD)), SIGN)
    letter = cells("n")
    yield from braille(Part("letra-norte"), middle - CELL_WIDTH / 2, top + ARROW + GAP, letter)
