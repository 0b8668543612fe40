"""The drawings of pictures that go by themselves: bars of shares, of events, of two sides and of any table with a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dashboard.kinds import barras, serie
from dashboard.kinds.palette import OWN_COLOUR
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, NoPicture, width_of, wrapped, written
from dashboard.view import Answer, AnswerColumn
from dashboard.words import NO_DATA, plural

ROW, BAR = 34, 20
#: The widest that the names beside the bars may be, and how many bars a table without a drawing of its own has.
NAMES, MOST = 290, 24
SIZE = 15
BOLD = 700


class Row(NamedTuple):
    """A bar: its name, its figure as written and, when there is one, its length from 0 to 1."""

    name: str
    text: str
    length: float | None
    colour: str = "q4"


def shares(answer: Answer) -> Drawn:
    """Shares of a whole, mirrored if they have two sides."""
    facts: barras.Facts = answer.facts
    if facts.sides:
        return _mirrored(facts)
    rows = [
        Row(
            bar.name, facts.write(bar.part), None if bar.part.share is None else bar.part.share / 100, _colour(bar.code)
        )
        for bar in facts.drawn
    ]
    left = len(facts.some) - len(facts.drawn)
    return rows_of(rows, f"Y {plural(left, 'más', 'más')}, en la tabla." if left > 0 else "")


def events(answer: Answer) -> Drawn:
    """One bar for each event."""
    facts: serie.Facts = answer.facts
    whole = 100.0 if facts.unit.mark == "%" else float(max(facts.values, default=0))
    return rows_of([Row(item.label, item.text, _part(item.value, whole)) for item in facts.points])


def table(answer: Answer) -> Drawn:
    """A bar for each row of a table, of its first figure. NoPicture if it has none, or no rows."""
    shown = [(number, column) for number, column in enumerate(answer.columns) if not column.hidden]
    figure = next(((number, column) for number, column in shown if column.unit), None)
    if figure is None or not answer.rows:
        raise NoPicture("Esta vista no se dibuja: sus filas no son cifras. Sus archivos sí se pueden citar.")
    position, column = figure
    names = [number for number, item in shown if not item.unit and number < position][:2] or [shown[0][0]]
    values = [row[position] for row in answer.rows if isinstance(row[position], int | float)]
    most, least = float(max(values, default=0)), float(min(values, default=0))
    whole = max(most, -least)
    rows = [
        Row(
            " · ".join(str(row[number]) for number in names if row[number] not in (None, "")),
            _text(column, row[position]),
            _part(abs(row[position]) if isinstance(row[position], int | float) else None, whole),
        )
        for row in answer.rows[:MOST]
    ]
    more = len(answer.rows) - MOST
    note = f"{column.field.title}. " + (f"Las primeras {MOST} filas de {len(answer.rows):,}." if more > 0 else "")
    return rows_of(rows, note.strip())


def _text(column: AnswerColumn, value: Any) -> str:
    return column.unit.write(value) if column.unit and value is not None else NO_DATA


def _part(value: float | None, whole: float) -> float | None:
    return None if value is None else (value / whole if whole else 0.0)


def _colour(code: str) -> str:
    return code if code in OWN_COLOUR else "hombres"


def rows_of(rows: Sequence[Row], note: str = "") -> Drawn:
    """Bars from the left, with their names before and their figures after them."""
    names = min(NAMES, max((width_of(row.name, SIZE) for row in rows), default=0)) + 14
    figures = max((width_of(row.text, SIZE, bold=True) for row in rows), default=0) + 10
    room = INSIDE - names - figures
    drawn, top = [], 0.0
    for row in rows:
        lines = wrapped(row.name, SIZE, NAMES, most=2)
        middle = top + ROW / 2 * len(lines) if len(lines) > 1 else top + ROW / 2
        for number, line in enumerate(lines):
            drawn.append(written(names - 12, middle + 5 + (number - (len(lines) - 1) / 2) * 18, line, SIZE, "end"))
        length = room * (row.length or 0)
        if row.length is not None:
            drawn.append(_bar(names, middle, length, COLOURS[row.colour]))
        after = names + (length + 8 if row.length is not None else 0)
        ink = "" if row.length is not None else COLOURS["mute"]
        drawn.append(written(after, middle + 5, row.text, SIZE, bold=row.length is not None, fill=ink))
        top += ROW * max(1, len(lines) * 0.75)
    drawn.append(f'<path d="M{names:.1f} 0V{top:.1f}" stroke="{COLOURS["edge"]}"/>')
    if note:
        drawn.append(written(0, top + 22, note, 13, fill=COLOURS["mute"]))
        top += 30
    return Drawn("".join(drawn), top)


def _bar(x: float, middle: float, length: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{middle - BAR / 2:.1f}" width="{max(length, 0):.1f}" height="{BAR}" fill="{colour}"/>'


def _mirrored(facts: barras.Facts) -> Drawn:
    """Bars to both sides of their names; ordered categories, as ages, from the bottom up."""
    bars = list(reversed(facts.bars) if facts.ordered else facts.bars)
    names = max(width_of(barras.short(bar.name), SIZE) for bar in bars) + 28
    figures = max(width_of(facts.write(part), SIZE) for bar in bars for part in bar.parts) + 10
    room = (INSIDE - names) / 2 - figures
    left, right = (INSIDE - names) / 2, (INSIDE + names) / 2
    codes, titles = list(facts.sides), list(facts.sides.values())
    drawn = [
        written(left, 14, titles[0], SIZE, "end", bold=True),
        written(INSIDE / 2, 14, facts.heading, 13, "middle", fill=COLOURS["mute"]),
        written(right, 14, titles[1], SIZE, bold=True),
    ]
    for number, bar in enumerate(bars):
        middle = 42 + number * 28
        drawn.append(written(INSIDE / 2, middle + 5, barras.short(bar.name), SIZE, "middle"))
        for part, code, start, sign in zip(bar.parts, codes, (left, right), (-1, 1), strict=True):
            length = room * (part.count or 0) / facts.widest if facts.widest else 0
            x = start if sign > 0 else start - length
            drawn.append(
                f'<rect x="{x:.1f}" y="{middle - 10}" width="{length:.1f}" height="20" fill="{COLOURS[_colour(code)]}"/>'
            )
            drawn.append(
                written(start + sign * (length + 7), middle + 5, facts.write(part), 14, "start" if sign > 0 else "end")
            )
    return Drawn("".join(drawn), 42 + len(bars) * 28)
