"""People abroad in pictures that go by themselves: their ages beside those inside, their turnout, and election by election."""

from __future__ import annotations

from dashboard.figures.published import SHARE, PublishedFigure
from dashboard.kinds import barras, dentro_y_fuera, edades_fuera, por_eleccion, voto_fuera
from dashboard.kinds.nube import ticks
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, width_of, written
from dashboard.render.standalone_parts import (
    DOTTED,
    EDGE,
    INK,
    MUTE,
    SIZE,
    SMALL,
    TEXTURES,
    dot,
    heading,
    hidden_piece,
    keys,
    marks_written,
    name_lines,
    note,
    of_scale,
    rect,
    stroke,
)
from dashboard.view import Answer
from dashboard.words import WITHHELD, integer, plural

CONFIDENTIAL = "confidencial"
OUT, IN = COLOURS["q5"], COLOURS["q3"]
#: How many places of a list a picture has room for.
MOST = 34


def ages(answer: Answer) -> Drawn:
    """Each age abroad as a bar and inside the country as a line, on one scale, the oldest above."""
    facts: edades_fuera.Facts = answer.facts
    items = [(OUT, "fuera del país"), (f"tick {COLOURS['accent']}", "dentro del país")]
    if any(age.hidden for age in facts.ages):
        items.append((DOTTED, CONFIDENTIAL))
    legend, top = keys(items, 0)
    names = max((width_of(barras.short(age.name), SIZE) for age in facts.ages), default=0) + 14
    said = {age.code: _said(age, facts) for age in facts.ages}
    figures = max((width_of(f"{out}{inside}", SIZE, bold=True) for out, inside in said.values()), default=0) + 22
    room, widest = INSIDE - names - figures, facts.widest or 1
    drawn = [TEXTURES, legend]
    for number, age in enumerate(reversed(facts.ages)):
        middle = top + 34 * (number + 0.5)
        drawn.append(written(names - 10, middle + 5, barras.short(age.name), SIZE, "end"))
        if age.hidden:
            drawn.append(hidden_piece(names, middle))
        elif age.abroad is not None:
            drawn.append(rect(names, middle - 9, room * age.abroad / widest, 18, OUT))
        if age.inside is not None:
            x = names + room * age.inside / widest
            drawn.append(stroke(x, middle - 14, x, middle + 14, COLOURS["accent"], 3))
        out, inside = said[age.code]
        left = INSIDE - figures + 14
        drawn.append(written(left, middle + 5, out, SIZE, bold=True, fill=MUTE if age.hidden else ""))
        drawn.append(written(left + width_of(out, SIZE, bold=True) + 5, middle + 5, inside, SIZE))
    bottom = top + 34 * len(facts.ages)
    drawn.append(stroke(names, top, names, bottom, EDGE))
    return Drawn("".join(drawn), bottom + 6)


def _said(age: edades_fuera.Age, facts: edades_fuera.Facts) -> tuple[str, str]:
    out = CONFIDENTIAL if age.hidden else facts.write(age.abroad, age)
    return out, f"· {facts.unit.write(age.inside)}" if age.inside is not None else ""


# --- Who of them voted ------------------------------------------------------------------------------------------------


def turnout(answer: Answer) -> Drawn:
    """Of all of them, how many voted in each election; and the turnout of each place, joined from election to election."""
    facts: voto_fuera.Facts = answer.facts
    head, top = _totals(facts)
    places = [*facts.drawn, *(place for place in facts.lacking if place not in facts.drawn)]
    some = places[:MOST]
    values = [found.value for place in facts.drawn for found in place.turnout.values() if found.value is not None]
    total = facts.total[facts.last].value
    widest = 1.12 * max([*values, total or 0], default=0) or 1.0
    items = [(f"dot {_colour(code, facts)}", words) for code, words in facts.elections.items()]
    if total is not None:
        items.append((f"line {COLOURS['accent']}", f"todos en {facts.elections[facts.last]}, {SHARE.write(total)}"))
    if facts.lacking:
        items.append((DOTTED, CONFIDENTIAL))
    legend, top = keys(items, top + 6)
    rail = (190.0, INSIDE - 190.0 - 100)
    marks = ticks(0, widest, 5)
    drawn = [TEXTURES, head, legend]
    bottom = top + 20 + 26 * len(some)
    for mark, text in zip(marks, marks_written(marks), strict=True):
        x = rail[0] + rail[1] * mark / widest
        drawn += [of_scale(x, top + 12, text, anchor="middle"), stroke(x, top + 18, x, bottom)]
    if total is not None:
        x = rail[0] + rail[1] * total / widest
        drawn.append(stroke(x, top + 18, x, bottom, COLOURS["accent"], 2, "5 4"))
    for number, place in enumerate(some):
        drawn.append(_place(place, facts, top + 20 + 26 * (number + 0.5), rail, widest))
    words, bottom = note(" ".join([*_earlier(facts), *_more(places)]), bottom + 2)
    return Drawn("".join([*drawn, words]), bottom)


def _colour(code: str, facts: voto_fuera.Facts) -> str:
    return OUT if code == facts.last else COLOURS["q2"]


def _totals(facts: voto_fuera.Facts) -> tuple[str, float]:
    """Of a thousand people, those who voted in each election, as a strip of a thousand parts."""
    drawn, top = [], 0.0
    for code, found in facts.total.items():
        words = facts.elections[code]
        count = voto_fuera.per_thousand(found)
        if count is None:
            text, top = heading(f"{words[:1].upper()}{words[1:]}: {WITHHELD}", top)
            drawn.append(text)
            continue
        voters, roll = (integer(cell.value) for cell in found.cells)
        said = f"{words[:1].upper()}{words[1:]}: votaron {integer(count)} de cada 1,000"
        drawn.append(written(0, top + 16, said, SIZE, bold=True))
        drawn.append(written(INSIDE, top + 16, f"{voters} de {roll}", SMALL, "end", fill=MUTE))
        drawn.append(rect(0, top + 24, INSIDE, 14, COLOURS["line"]))
        drawn.append(rect(0, top + 24, INSIDE * count / voto_fuera.THOUSAND, 14, OUT))
        top += 50
    return "".join(drawn), top


def _place(
    place: voto_fuera.Place, facts: voto_fuera.Facts, middle: float, rail: tuple[float, float], widest: float
) -> str:
    known = [(code, found.value) for code, found in place.turnout.items() if found.value is not None]
    start, room = rail
    drawn = [name_lines(start - 10, middle, place.name, start - 12, 14)]
    spots = [start + room * value / widest for _, value in known]
    if len(spots) > 1:
        drawn.append(stroke(min(spots), middle, max(spots), middle, COLOURS["q2"], 3))
    for (code, value), x in sorted(zip(known, spots, strict=True), key=lambda item: item[0][0] == facts.last):
        drawn.append(dot(x, middle, 6, _colour(code, facts)))
        if code != facts.last:
            before = value <= (place.turnout[facts.last].value or 0)
            drawn.append(
                written(
                    x + (-9 if before else 9), middle + 4, f"{value:.2f}", 11, "end" if before else "start", fill=MUTE
                )
            )
    last = place.turnout[facts.last]
    if last.hidden:
        drawn.append(hidden_piece(start, middle))
    words = SHARE.write(last.value) if last.value is not None else CONFIDENTIAL if last.hidden else "sin dato"
    drawn.append(written(INSIDE, middle + 5, words, 14, "end", bold=last.value is not None))
    return "".join(drawn)


def _earlier(facts: voto_fuera.Facts) -> list[str]:
    """In how many places the turnout of an earlier election is confidential: they have no circle of it."""
    found = []
    for code, words in facts.elections.items():
        count = len([place for place in facts.drawn if place.turnout[code].hidden])
        if count and code != facts.last:
            found.append(f"En {plural(count, 'lugar', 'lugares')}, la participación de {words} {WITHHELD}.")
    return found


def _more(places: list[voto_fuera.Place]) -> list[str]:
    return [f"Y {integer(len(places) - MOST)} lugares más, en la tabla."] if len(places) > MOST else []


# --- Election by election ---------------------------------------------------------------------------------------------


def by_election(answer: Answer) -> Drawn:
    """Those registered in each election as bars, one that is only a minimum ending open; and, of those who voted, how many."""
    facts: por_eleccion.Facts = answer.facts
    whole = max((bar.value for bar in facts.bars if bar.value is not None), default=1)
    voted = {title: facts.cell(code, "votantes") for code, title in facts.elections.items()}
    items = [(IN, "empadronadas")]
    if any(cell.value is not None for cell in voted.values()):
        items.append((OUT, "votaron"))
    legend, top = keys(items, 0)
    names = min(230.0, max((width_of(bar.title, SIZE) for bar in facts.bars), default=0)) + 12
    figures = (
        max(
            (width_of(text, SIZE, bold=True) for bar in facts.bars for text in (bar.text, voted[bar.title].text)),
            default=0,
        )
        + 14
    )
    room = INSIDE - names - figures
    drawn = [TEXTURES, legend]
    for bar in facts.bars:
        cell = voted[bar.title]
        high = 58 if cell.value is not None else 36
        drawn.append(name_lines(names - 10, top + high / 2, bar.title, names - 12))
        drawn.append(_registered(bar, names, top + (18 if cell.value is not None else high / 2), room, whole))
        if cell.value is not None:
            length = room * cell.value / whole
            drawn.append(rect(names, top + 31, length, 16, OUT))
            drawn.append(written(names + length + 8, top + 44, cell.text, SIZE, bold=True))
        top += high
    drawn.append(stroke(names, 28, names, top, EDGE))
    open_ended = any(bar.minimum and bar.value is not None for bar in facts.bars)
    words, top = note("La barra que termina abierta es un mínimo, no un conteo." if open_ended else "", top + 4)
    return Drawn("".join([*drawn, words]), top)


def _registered(bar: por_eleccion.Bar, left: float, middle: float, room: float, whole: float) -> str:
    if bar.value is None:
        return written(left + 8, middle + 5, bar.text, SIZE, fill=MUTE)
    length = room * bar.value / whole if whole else 0.0
    drawn = rect(left, middle - 10, length, 18, IN)
    if bar.minimum:
        drawn = rect(left, middle - 10, length - 18, 18, IN) + "".join(
            rect(left + length - 15 + 6 * part, middle - 10, 3, 18, IN) for part in range(3)
        )
    return drawn + written(left + length + 8, middle + 5, bar.text, SIZE, bold=True)


def both_sides(answer: Answer) -> Drawn:
    """Participation abroad and in the country, each out of a hundred."""
    facts: dentro_y_fuera.Facts = answer.facts
    legend, top = keys([(OUT, "fuera del país"), (IN, "dentro del país")], 0)
    names = min(230.0, max((width_of(pair.event, SIZE) for pair in facts.pairs), default=0)) + 12
    figures = max(
        (width_of(cell.text, SIZE, bold=True) for pair in facts.pairs for cell in (pair.abroad, pair.inside)), default=0
    )
    room = INSIDE - names - figures - 14
    drawn, first = [TEXTURES, legend], top
    for pair in facts.pairs:
        drawn.append(name_lines(names - 10, top + 30, pair.event, names - 12))
        drawn.append(_share(pair.abroad, names, top + 17, room, OUT))
        drawn.append(_share(pair.inside, names, top + 41, room, IN))
        top += 62
    drawn += [stroke(names, first, names, top, EDGE), stroke(names + room, first, names + room, top)]
    drawn.append(of_scale(names + room, top + 16, "100 %", anchor="middle"))
    drawn.append(of_scale(names, top + 16, "de cada 100 en su padrón", fill=INK))
    return Drawn("".join(drawn), top + 24)


def _share(cell: PublishedFigure, left: float, middle: float, room: float, colour: str) -> str:
    if cell.value is None:
        return written(left + 8, middle + 5, cell.text, SIZE, fill=MUTE)
    length = room * cell.value / 100
    return rect(left, middle - 10, length, 20, colour) + written(
        left + length + 8, middle + 5, cell.text, SIZE, bold=True
    )
