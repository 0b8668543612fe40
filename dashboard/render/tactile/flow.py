"""Pages of text to be touched: titles, paragraphs, the boxes of a legend and the lines of a key, as many pages as they take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from dashboard.render.braille import cells, wrapped
from dashboard.render.standalone import wrapped as wrapped_print
from dashboard.render.tactile.marks import (
    GAP,
    INNER,
    LINE,
    LONG,
    MARGIN,
    POINT,
    PRINT,
    PRINT_LINE,
    SHORT,
    SIGN_SIDE,
    Mark,
    Page,
    Part,
    Printed,
    Stroke,
    braille,
    braille_width,
    cells_in,
    sign,
)
from dashboard.render.tactile.raster import FINE
from dashboard.render.tactile.textures import texture

#: The box of a texture in the legend, and what is between two of them.
SWATCH_WIDTH, SWATCH_HEIGHT, BETWEEN = 32.0, 22.0, 6.0
INSIDE, BOTTOM = SHORT - 2 * MARGIN, LONG - MARGIN
CELLS = cells_in(INSIDE)
#: How many cells a line that goes on from the one before begins in.
RUNOVER = 3
#: Between the text of a block and the next block.
AFTER_TITLE, AFTER = 2.0, 4.0
#: Between the line of a box and the texture in it.
AROUND = 1.5


@dataclass(frozen=True)
class Title:
    """What a part is called, in braille and in print."""

    words: str


@dataclass(frozen=True)
class Paragraph:
    """A text in braille."""

    words: str


@dataclass(frozen=True)
class Swatch:
    """A box with a texture, or with the sign of places without figure, and what it means, in braille and in print."""

    words: str
    texture: int | None = None
    sign: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of the key: the letters of a place, and what is said of it."""

    place: str
    letters: str
    words: str


Block = Title | Paragraph | Swatch | Entry


@dataclass
class _Flow:
    """The pages so far, each its marks, and where the next block begins."""

    head: str
    first: int
    pages: list[list[Mark]] = field(default_factory=list)
    top: float = BOTTOM

    def room(self, height: float) -> float:
        """The top of the next `height` millimetres, in another page if they do not fit in this one."""
        if not self.pages or self.top + height > BOTTOM:
            self._turn()
        return self.top

    def _turn(self) -> None:
        number = self.first + len(self.pages)
        written = cells(str(number))
        foot = "{titulo} Página {numero}."
        line = wrapped_print(foot.format(titulo=self.head, numero=number), PRINT, int(INSIDE / POINT), most=1)[0]
        top = MARGIN + PRINT_LINE + GAP
        self.pages.append(
            [
                Printed(Part("impreso"), MARGIN, MARGIN + PRINT * POINT, line),
                *braille(Part("pagina"), SHORT - MARGIN - braille_width(written), top, written),
            ]
        )
        self.top = top + LINE

    def put(self, marks: Iterator[Mark]) -> None:
        """Put some marks on the page."""
        self.pages[-1].extend(marks)


def pages_of(title: str, blocks: Sequence[Block], first: int) -> tuple[Page, ...]:
    """Some blocks as pages, the number of the first of which is `first`; `title` is printed above each."""
    flow = _Flow(title, first)
    for block in blocks:
        if isinstance(block, Swatch):
            _swatch(flow, block)
        elif isinstance(block, Title):
            _title(flow, block)
        elif isinstance(block, Entry):
            lines = wrapped(f"{block.letters} {block.words}", CELLS, RUNOVER)
            _lines(flow, lines, Part("clave", block.place), together=True)
        else:
            _lines(flow, wrapped(block.words, CELLS), Part("texto"))
            flow.top += AFTER
    return tuple(Page(SHORT, LONG, title, tuple(marks)) for marks in flow.pages)


def _lines(flow: _Flow, lines: Sequence[str], part: Part, together: bool = False) -> None:
    """Lines of braille, one after another; `together`, all of them in one page."""
    if together:
        flow.room(LINE * len(lines))
    for line in lines:
        top = flow.room(LINE)
        flow.put(braille(part, MARGIN, top, line))
        flow.top = top + LINE


def _title(flow: _Flow, title: Title) -> None:
    """A title keeps with what follows: it needs room for a box of the legend too."""
    lines = wrapped(title.words, CELLS)
    flow.room(PRINT_LINE + GAP + LINE * len(lines) + SWATCH_HEIGHT)
    flow.put(iter([Printed(Part("impreso"), MARGIN, flow.top + PRINT * POINT, title.words)]))
    flow.top += PRINT_LINE + GAP
    _lines(flow, lines, Part("titulo"))
    flow.top += AFTER_TITLE


def _swatch(flow: _Flow, swatch: Swatch) -> None:
    left = MARGIN + SWATCH_WIDTH + 2 * GAP
    printed = wrapped_print(swatch.words, PRINT, int((SHORT - MARGIN - left) / POINT))
    lines = wrapped(swatch.words, cells_in(SHORT - MARGIN - left))
    words = PRINT_LINE * len(printed) + GAP + LINE * len(lines)
    top = flow.room(max(SWATCH_HEIGHT + INNER, words))
    kind = "" if swatch.texture is None else str(swatch.texture)
    flow.put(_box(top, swatch, kind))
    for number, line in enumerate(printed):
        feet = top + number * PRINT_LINE + PRINT * POINT
        flow.put(iter([Printed(Part("impreso"), left, feet, line)]))
    for number, line in enumerate(lines):
        down = top + PRINT_LINE * len(printed) + GAP + number * LINE
        flow.put(braille(Part("leyenda", klass=kind or swatch.sign), left, down, line))
    flow.top = top + max(SWATCH_HEIGHT + INNER, words) + BETWEEN


def _box(top: float, swatch: Swatch, kind: str) -> Iterator[Mark]:
    """The box of a swatch, with how it feels inside."""
    start, down = MARGIN + INNER / 2, top + INNER / 2
    right, bottom = start + SWATCH_WIDTH, down + SWATCH_HEIGHT
    corners = ((start, down), (right, down), (right, bottom), (start, bottom), (start, down))
    yield Stroke(Part("recuadro", klass=kind or swatch.sign), corners, INNER)
    if swatch.texture is None:
        middle = (start + right - SIGN_SIDE) / 2, (down + bottom - SIGN_SIDE) / 2
        yield from sign(Part("signo", klass=swatch.sign), *middle)
        return
    free = np.zeros((round(LONG * FINE), round(SHORT * FINE)), bool)
    inset = INNER / 2 + AROUND
    free[
        int((down + inset) * FINE) : int((bottom - inset) * FINE),
        int((start + inset) * FINE) : int((right - inset) * FINE),
    ] = True
    yield from texture(Part("textura", klass=kind), swatch.texture, free)
