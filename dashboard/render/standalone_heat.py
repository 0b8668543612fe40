"""Heat tables in pictures that go by themselves: a cross, and where people abroad come from against where they live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dashboard.address.crossing import OF_COLUMN, OF_ROW, PEOPLE, TOTAL
from dashboard.kinds import calor, matriz
from dashboard.kinds.calor import LEAST, RATE
from dashboard.kinds.classes import CONFIDENTIAL
from dashboard.kinds.fuera import Spot
from dashboard.render.calor import SHORT, WHAT_COLOUR_SAYS
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, NoPicture, wrapped, written
from dashboard.render.standalone_parts import (
    DOTTED,
    INK,
    MUTE,
    SMALL,
    TEXTURES,
    cut,
    fill_of,
    fitting,
    heading,
    ink_on,
    keys,
    name_lines,
    note,
    of_scale,
    rect,
    stroke,
)
from dashboard.view import Answer
from dashboard.words import NO_DATA, PERCENT, WITHHELD, integer, listing

#: How many rows and columns can be read in a picture; the rest is in the table.
MOST_ROWS, MOST_COLUMNS = 24, 8
NAMES, HEAD = 150, 52
#: Of the letters of a cell: the first with which its figure fits.
SIZES = (13, 11, 10, 9, 8)
#: What a confidential cell says where the word does not fit; its legend says it whole.
BRIEF = "conf."


class Cell(NamedTuple):
    """A cell: its class, as the style sheet calls it («» without), its figure and what is under it."""

    style: str
    big: str
    small: str = ""


class Line(NamedTuple):
    """A row with its name and its cells."""

    name: str
    cells: Sequence[Cell]


def cross(answer: Answer) -> Drawn:
    """The cells of a cross with the totals that are published."""
    facts: calor.Facts = answer.facts
    mode = facts.mode(answer.selection.mostrar)
    rows, columns = list(facts.rows)[:MOST_ROWS], list(facts.columns)[:MOST_COLUMNS]
    if not rows or not columns:
        raise NoPicture("Esta vista no se dibuja: no tiene celdas. Sus archivos sí se pueden citar.")
    classes = facts.classes(mode)
    items = [(fill_of(classes.style(klass)), words) for klass, words in classes.labels()]
    if facts.hidden or facts.hidden_totals:
        items.append((DOTTED, f"{SHORT}: {WITHHELD}"))
    title, top = heading(f"Color: {WHAT_COLOUR_SAYS[mode]}", 0, size=14)
    legend, top = keys(items, top)
    body = [
        Line(facts.rows[row], [*(_cell(facts, mode, row, column) for column in columns), _total(facts, row)])
        for row in rows
    ]
    foot = Line("Total", [*(_under(facts, mode, column) for column in columns), _total(facts, TOTAL)])
    names = [*(facts.columns[column] for column in columns), "Total"]
    grid, bottom = _grid(facts.material.row_title, names, body, foot, top + 4, 48 if facts.is_rate else 36)
    left_out = _left_out(list(facts.rows.values())[MOST_ROWS:], list(facts.columns.values())[MOST_COLUMNS:])
    words, bottom = note(left_out, bottom + 2)
    return Drawn("".join([TEXTURES, title, legend, grid, words]), bottom)


def _cell(facts: calor.Facts, mode: str, row: str, column: str) -> Cell:
    value, tally = facts.value(row, column, mode), facts.tally(row, column)
    if value is None:
        if tally.hidden:
            return Cell(CONFIDENTIAL, BRIEF)
        return Cell("", NO_DATA if tally.people is None else integer(tally.people))
    classes = facts.classes(mode)
    return Cell(classes.style(classes.of(value)), *_written(facts, mode, row, column, value))


def _written(facts: calor.Facts, mode: str, row: str, column: str, value: float) -> tuple[str, str]:
    """The figure of a cell and the counts that it is made from."""
    tally = facts.tally(row, column)
    if mode == PEOPLE or (tally.people == 0 and mode != RATE):
        return integer(tally.people), ""
    big = f"<{PERCENT.write(0.1)}" if 0 < value < LEAST else facts.unit(mode).write(value)
    return big, f"{integer(tally.people)}\nde {integer(tally.roll)}" if mode == RATE else integer(tally.people)


def _total(facts: calor.Facts, row: str) -> Cell:
    """The total of a row, never coloured."""
    tally = facts.tally(row, TOTAL)
    if tally.people is None:
        return Cell(CONFIDENTIAL, BRIEF) if tally.hidden else Cell("", NO_DATA)
    value = facts.value(row, TOTAL, RATE) if facts.is_rate else None
    return Cell("", integer(tally.people)) if value is None else Cell("", *_written(facts, RATE, row, TOTAL, value))


def _under(facts: calor.Facts, mode: str, column: str) -> Cell:
    """The total of a column, as the source publishes it."""
    own = OF_ROW if mode in (OF_ROW, OF_COLUMN) else mode
    value, tally = facts.value(TOTAL, column, own), facts.tally(TOTAL, column)
    if value is None:
        if tally.hidden:
            return Cell(CONFIDENTIAL, BRIEF)
        return Cell("", NO_DATA if tally.people is None else integer(tally.people))
    return Cell("", *_written(facts, own, TOTAL, column, value))


def _left_out(rows: Sequence[str], columns: Sequence[str]) -> str:
    """What of a table does not fit in its picture."""
    parts = [
        f"{integer(len(names))} {noun} ({listing([*names[:3], *(['…'] if len(names) > 3 else [])])})"
        for names, noun in ((rows, "filas"), (columns, "columnas"))
        if names
    ]
    return f"No caben aquí {listing(parts)}: están en la tabla." if parts else ""


# --- Where they come from and where they live ------------------------------------------------------------------------------


def matrix(answer: Answer) -> Drawn:
    """Where people abroad come from against where they live, with the published totals."""
    facts: matriz.Facts = answer.facts
    rows, columns = facts.rows[:MOST_ROWS], facts.columns[: MOST_COLUMNS + 1]
    if not rows or not columns:
        raise NoPicture("Esta vista no se dibuja: no tiene celdas. Sus archivos sí se pueden citar.")
    legend, top = keys([(fill_of(css), words) for css, words in facts.legend], 0)
    body = [
        Line(row.name, [*(_spot(facts.cells.get((row.code, column.code))) for column in columns), _plain(row)])
        for row in rows
    ]
    foot = Line("Todos", [*map(_plain, columns), _plain(facts.total)])
    grid, bottom = _grid("De… a", [*(column.name for column in columns), "Total"], body, foot, top + 4, 26)
    left_out = _left_out(
        [row.name for row in facts.rows[MOST_ROWS:]], [one.name for one in facts.columns[MOST_COLUMNS + 1 :]]
    )
    words, bottom = note(f"Cada fila es de dónde vienen y cada columna, dónde viven. {left_out}".strip(), bottom + 2)
    return Drawn("".join([TEXTURES, legend, grid, words]), bottom)


def _spot(spot: Spot | None) -> Cell:
    if spot is None:
        return Cell("", "–")
    return Cell(spot.css, BRIEF if spot.css == CONFIDENTIAL else spot.text if spot.value is not None else "–")


def _plain(spot: Spot) -> Cell:
    """A total: never coloured."""
    if spot.value is not None:
        return Cell("", spot.text)
    return Cell(CONFIDENTIAL, BRIEF) if spot.reading.hidden else Cell("", "–")


# --- The grid ---------------------------------------------------------------------------------------------------------------


def _grid(
    first: str, names: Sequence[str], body: Sequence[Line], foot: Line, top: float, high: int
) -> tuple[str, float]:
    """A table of painted cells, its totals apart; and where it ends."""
    wide = (INSIDE - NAMES) / len(names)
    drawn = [written(0, top + HEAD - 8, cut(first, SMALL, NAMES - 10), SMALL, fill=MUTE)]
    for number, name in enumerate(names):
        size = fitting(max(name.split(), key=len), (12, 11, 10, 9), wide - 4, bold=True)
        words = [cut(word, size, wide - 4, bold=True) for word in wrapped(name, size, wide - 4, bold=True, most=3)]
        for place, word in enumerate(reversed(words)):
            x = NAMES + wide * (number + 0.5)
            drawn.append(of_scale(x, top + HEAD - 8 - 14 * place, word, size, "middle", bold=True, fill=INK))
    top += HEAD
    for line in (*body, foot):
        if line is foot:
            drawn.append(stroke(0, top + 1, INSIDE, top + 1, COLOURS["edge"], 1.2))
            top += 3
        drawn.append(name_lines(0, top + high / 2, line.name, NAMES - 8, SMALL, "start", bold=line is foot))
        for number, cell in enumerate(line.cells):
            last = number == len(names) - 1
            drawn.append(_drawn(cell, NAMES + wide * number, top, wide, high, bold=last or line is foot))
        top += high
    return "".join(drawn), top + 4


def _drawn(cell: Cell, x: float, y: float, wide: float, high: float, bold: bool) -> str:
    ink = ink_on(cell.style) if cell.style else INK
    box = rect(x + 1, y + 1, wide - 2, high - 2, fill_of(cell.style)) if cell.style else ""
    middle = x + wide / 2
    if cell.style == CONFIDENTIAL:
        box += rect(middle - 20, y + high / 2 - 9, 40, 18, COLOURS["hidden"])
    if not cell.small:
        size = fitting(cell.big, SIZES, wide - 4, bold)
        return box + written(middle, y + high / 2 + 5, cell.big, size, "middle", bold, ink)
    under = cell.small.split("\n")
    big, first = fitting(cell.big, SIZES, wide - 4, bold=True), y + high / 2 - 1 - 6.5 * (len(under) - 1)
    drawn = [box, written(middle, first, cell.big, big, "middle", bold=True, fill=ink)]
    for number, text in enumerate(under):
        size = fitting(text, SIZES[1:], wide - 4)
        drawn.append(written(middle, first + 13 * (number + 1), text, size, "middle", fill=ink))
    return "".join(drawn)
