"""Who votes, in pictures that go by themselves: groups as bars out of a hundred, and the pyramid of the roll and the voters."""

from __future__ import annotations

from dashboard.figures.turnout import Voted
from dashboard.kinds import grupos, piramide
from dashboard.kinds.edades import Age, Facts
from dashboard.kinds.votaron import RATE, short_age
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, width_of, written
from dashboard.render.standalone_parts import (
    DOTTED,
    EDGE,
    INK,
    MUTE,
    PIECE,
    SIZE,
    SMALL,
    TEXTURES,
    WHITE,
    heading,
    hidden_piece,
    keys,
    name_lines,
    of_scale,
    rect,
    stroke,
)
from dashboard.view import Answer
from dashboard.words import integer

CONFIDENTIAL = "confidencial"
#: Where the rail of a group begins and how long it is; where its size is; the height of a row and of a bar.
RAIL, LONG, SIZES, ROW, BAR = 216, 372, 612, 30, 18
#: From this part of the rail on, the figure is written inside of the bar.
INSIDE_FROM = 80
AGE, PYRAMID_ROW = 68, 34


def groups(answer: Answer) -> Drawn:
    """The groups of each dimension as bars out of a hundred, with the line of all of them and how many they are."""
    facts: grupos.Facts = answer.facts
    items = [(COLOURS["hombres"], "votaron de cada 100"), (COLOURS["edge"], "cuántas personas hay en el grupo")]
    if facts.whole.rate is not None:
        words = f"{facts.who}, en conjunto: {RATE.write(facts.whole.rate)}"
        items.insert(1, (f"line {COLOURS['accent']}", words))
    if any(line.voted.hidden for line in facts.lines):
        items.append((DOTTED, CONFIDENTIAL))
    legend, top = keys(items, 0)
    drawn = [TEXTURES, legend]
    for panel in facts.panels:
        found, top = _panel(panel, facts, top + 8)
        drawn.append(found)
    return Drawn("".join(drawn), top)


def _panel(panel: grupos.Panel, facts: grupos.Facts, top: float) -> tuple[str, float]:
    by = "primero el más numeroso" if facts.by_size else "primero quien vota más"
    order = "de menor a mayor edad" if panel.ordered else "sin más rasgos" if panel.compared else by
    head, top = heading(panel.title, top)
    drawn = [head, of_scale(INSIDE, top - 9, order, anchor="end")]
    bottom = top + ROW * len(panel.lines)
    drawn += [stroke(RAIL + LONG * part / 4, top, RAIL + LONG * part / 4, bottom) for part in range(5)]
    if facts.whole.rate is not None:
        x = RAIL + LONG * facts.whole.rate / 100
        drawn.append(stroke(x, top, x, bottom, COLOURS["accent"], 2, "5 4"))
    for number, line in enumerate(panel.lines):
        middle = top + ROW * (number + 0.5)
        drawn.append(name_lines(RAIL - 10, middle, line.name, RAIL - 12, 13, bold=line.chosen))
        drawn += [_rate(line.voted, middle, facts.whole.rate), _size(line.voted, middle, facts.largest)]
    return "".join(drawn), bottom + 6


def _rate(voted: Voted, middle: float, whole: float | None) -> str:
    if voted.hidden:
        return hidden_piece(RAIL, middle) + written(RAIL + PIECE + 8, middle + 5, CONFIDENTIAL, SMALL, fill=MUTE)
    if voted.rate is None:
        words = "nadie en el padrón" if voted.roll == 0 else "sin dato publicado"
        return written(RAIL + 8, middle + 5, words, SMALL, fill=MUTE)
    length, text = LONG * voted.rate / 100, RATE.write(voted.rate)
    bar = rect(RAIL, middle - BAR / 2, length, BAR, COLOURS["hombres"])
    if voted.rate >= INSIDE_FROM:
        return bar + written(RAIL + length - 6, middle + 5, text, 14, "end", bold=True, fill=WHITE)
    # The line of all of them goes on the bar, and the figure past both.
    over, after = "", RAIL + length + 6
    if whole is not None:
        x = RAIL + LONG * whole / 100
        over = (
            stroke(x, middle - ROW / 2, x, middle + ROW / 2, COLOURS["accent"], 2, "5 4") if x < RAIL + length else ""
        )
        if after - 4 < x < after + width_of(text, 14, bold=True) + 4:
            after = x + 6
    return bar + over + written(after, middle + 5, text, 14, bold=True)


def _size(voted: Voted, middle: float, largest: float) -> str:
    if voted.roll is None:
        return written(INSIDE, middle + 5, CONFIDENTIAL if voted.hidden else "sin dato", SMALL, "end", fill=MUTE)
    wide = (INSIDE - SIZES) * min(1.0, voted.roll / largest) if largest else 0
    bar = rect(INSIDE - wide, middle + 7, wide, 3, COLOURS["edge"])
    return bar + written(INSIDE, middle + 3, integer(voted.roll), SMALL, "end")


# --- The pyramid --------------------------------------------------------------------------------------------------------


def pyramid(answer: Answer) -> Drawn:
    """Those on the roll as an outline, with those who voted filled inside, the youngest below."""
    facts: Facts = answer.facts
    widest = piramide.widest(facts)
    items = [(f"outline {EDGE}", "en el padrón"), (COLOURS["mujeres"], "votaron (mujeres)")]
    items.append((COLOURS["hombres"], "votaron (hombres)"))
    if facts.hidden:
        items.append((DOTTED, CONFIDENTIAL))
    legend, top = keys(items, 0)
    left, right = (INSIDE - AGE) / 2, (INSIDE + AGE) / 2
    drawn = [
        TEXTURES,
        legend,
        of_scale(left, top + 16, "Mujeres", SIZE, "end", bold=True, fill=INK),
        of_scale(INSIDE / 2, top + 16, "Edad", SMALL, "middle"),
        of_scale(right, top + 16, "Hombres", SIZE, bold=True, fill=INK),
    ]
    top += 26
    figures = max((width_of(_said(side), SMALL) for age in facts.ages for side in (age.women, age.men)), default=0)
    room = left - figures - 12
    for number, age in enumerate(reversed(facts.ages)):
        middle = top + PYRAMID_ROW * (number + 0.5)
        drawn.append(of_scale(INSIDE / 2, middle + 5, short_age(age.name), SMALL, "middle", fill=INK))
        drawn += _sides(age, middle, widest, room)
    return Drawn("".join(drawn), top + PYRAMID_ROW * len(facts.ages) + 4)


def _said(voted: Voted) -> str:
    if voted.hidden:
        return CONFIDENTIAL
    if voted.roll is None:
        return "sin dato publicado"
    return f"{integer(voted.voters)} de {integer(voted.roll)}"


def _sides(age: Age, middle: float, widest: float, room: float) -> list[str]:
    found = []
    for voted, code, start, sign in (
        (age.women, "mujeres", (INSIDE - AGE) / 2, -1),
        (age.men, "hombres", (INSIDE + AGE) / 2, 1),
    ):
        anchor = "start" if sign > 0 else "end"
        length = room * (voted.roll or 0) / widest if widest else 0.0
        if voted.roll is not None:
            found.append(_bar(start, middle, sign, length, "none", f'stroke="{EDGE}" stroke-width="1.2"'))
        if voted.rate is not None:
            found.append(_bar(start, middle, sign, length * voted.rate / 100, COLOURS[code]))
        after = start + sign * (length + 6)
        if voted.hidden:
            found.append(hidden_piece(after if sign > 0 else after - PIECE, middle))
            after += sign * (PIECE + 6)
        quiet = voted.hidden or voted.roll is None
        found.append(written(after, middle + 5, _said(voted), SMALL, anchor, fill=MUTE if quiet else ""))
    return found


def _bar(start: float, middle: float, sign: int, length: float, fill: str, more: str = "") -> str:
    return rect(start if sign > 0 else start - length, middle - 11, length, 22, fill, more)
