"""Polling tables and elections in pictures that go by themselves: ballots that differ, ballots received, and who came first."""

from __future__ import annotations

from dashboard.kinds import contienda, papeletas, recibidas
from dashboard.render.mesas import IN_A_ROW, MARKS, SIDE, STEP, STYLES
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, NoPicture, width_of, wrapped, written
from dashboard.render.standalone_bars import Row, rows_of, table
from dashboard.render.standalone_parts import (
    EDGE,
    INK,
    MUTE,
    SIZE,
    SMALL,
    heading,
    name_lines,
    note,
    of_scale,
    rect,
    stroke,
)
from dashboard.view import Answer
from dashboard.words import NO_DATA, PERCENT, integer, plural

#: Pale agrees, dark differs.
PAINTS = {"m0": COLOURS["q1"], "m1": COLOURS["q2"], "m2": COLOURS["q4"], "m3": COLOURS["q5"], "m4": COLOURS["none"]}
#: Bars of a list, and elections, that a picture has room for.
MOST, MOST_RACES = 34, 12


def distances(answer: Answer) -> Drawn:
    """A hundred squares, one for each polling table of a hundred, and how many tables have each difference."""
    facts: papeletas.Facts = answer.facts
    if not facts.whole or facts.ballots < 2:
        raise NoPicture("Esta vista no se dibuja: no hay papeletas que comparar. Sus archivos sí se pueden citar.")
    head, top = heading("De cada 100 mesas…", 0)
    names = [name for name, count in facts.squares.items() for _ in range(count)]
    drawn = [head]
    for place, name in enumerate(names):
        drawn.append(_square(name, STEP * (place % IN_A_ROW), top + STEP * (place // IN_A_ROW)))
    left, y = STEP * IN_A_ROW + 36, top + 18.0
    for item in facts.classes:
        drawn.append(_square(item.name, left, y))
        drawn.append(of_scale(left + 34, y + 17, integer(facts.squares[item.name]), 18, bold=True, fill=INK))
        drawn.append(of_scale(left + 76, y + 10, item.words, SIZE, fill=INK))
        drawn.append(written(left + 76, y + 29, plural(item.tables, "mesa", "mesas"), SMALL, fill=MUTE))
        y += 58
    head, top = heading("Cuánto va del total menor al mayor", top + STEP * IN_A_ROW + 10)
    bars, top = _bars(facts, top + 2)
    words = f"Diferencia entre la papeleta con más votos y la que tiene menos, en cada mesa con las {facts.several}."
    foot, top = note(words, top)
    return Drawn("".join([*drawn, head, bars, foot]), top)


def _square(name: str, x: float, y: float) -> str:
    mark = MARKS.get(name, "").replace('class="marca-mesa"', 'fill="none" stroke="#fff" stroke-width="2.4"')
    paint = PAINTS[STYLES[name]]
    return (
        f'<g transform="translate({x:.0f} {y:.0f})"><rect width="{SIDE}" height="{SIDE}" rx="4" fill="{paint}" '
        f'stroke="{EDGE}" stroke-width="0.5"/>{mark}</g>'
    )


def _bars(facts: papeletas.Facts, top: float) -> tuple[str, float]:
    whole = max((bar.tables for bar in facts.bars), default=0) or 1
    names = max(width_of(bar.words, SIZE) for bar in facts.bars) + 12
    counts = max(width_of(integer(bar.tables), SIZE, bold=True) for bar in facts.bars) + 8
    shares = max(width_of(PERCENT.write(bar.share), SMALL) for bar in facts.bars) + 14
    room, drawn = INSIDE - names - counts - shares - 6, []
    for bar in facts.bars:
        middle = top + 15
        length = room * bar.tables / whole
        drawn.append(of_scale(names - 10, middle + 5, bar.words, SIZE, "end", fill=INK))
        drawn.append(
            rect(names, middle - 10, length, 20, PAINTS[STYLES[bar.name]], f'stroke="{EDGE}" stroke-width="0.5"')
        )
        drawn.append(written(names + length + 7, middle + 5, integer(bar.tables), SIZE, bold=True))
        at = names + length + 7 + width_of(integer(bar.tables), SIZE, bold=True) + 8
        drawn.append(of_scale(at, middle + 5, PERCENT.write(bar.share)))
        top += 30
    return "".join(drawn), top + 2


def received(answer: Answer) -> Drawn:
    """Votes for every hundred ballots received, place by place."""
    facts: recibidas.Facts = answer.facts
    known = [place for place in facts.places if place.rate is not None]
    if not known:
        return table(answer)
    rows = [
        Row(place.name, recibidas.RATE.write(place.rate), min(1.0, (place.rate or 0) / 100)) for place in known[:MOST]
    ]
    more = len(known) - MOST
    left_out = f" Y {integer(more)} lugares más, en la tabla." if more > 0 else ""
    return rows_of(rows, f"Votos por cada 100 papeletas recibidas.{left_out}")


def races(answer: Answer) -> Drawn:
    """First and second of each election of a municipio, the newest above; of many municipios, as a table."""
    facts: contienda.Facts = answer.facts
    if not facts.single:
        return table(answer)
    races = list(reversed(facts.races))[:MOST_RACES]
    votes = [count for race in races for count in (race.first_votes, race.second_votes) if count is not None]
    if not races or not votes:
        raise NoPicture("Esta vista no se dibuja: no hay resultados publicados. Sus archivos sí se pueden citar.")
    drawn, top = [], 0.0
    for race in races:
        found, top = _race(race, float(max(votes)), top)
        drawn.append(found)
    more = len(facts.races) - len(races)
    foot, top = note(f"Y {plural(more, 'elección más', 'elecciones más')}, en la tabla." if more else "", top)
    return Drawn("".join([*drawn, foot]), top)


def _race(race: contienda.Race, whole: float, top: float) -> tuple[str, float]:
    """An election: the votes of the two leading organisations, or why there are none."""
    names, figures = 250.0, 90.0
    year = (
        of_scale(0, top + 24, race.year, 17, bold=True, fill=INK)
        if width_of(race.year, 17, True) < 110
        else name_lines(0, top + 30, race.year, 108, 14, "start", bold=True)
    )
    if not race.first:
        lines = wrapped(race.missing, SMALL, INSIDE - 120, most=3)
        words = [written(120, top + 24 + 18 * number, line, SMALL, fill=MUTE) for number, line in enumerate(lines)]
        bottom = top + 22 + 18 * max(len(lines), 1)
        return year + "".join(words) + stroke(0, bottom, INSIDE, bottom), bottom + 2
    drawn = [year]
    room = INSIDE - names - figures
    for number, (name, count) in enumerate(((race.first, race.first_votes), (race.second, race.second_votes))):
        if name is None:
            continue
        middle = top + 18 + 30 * number
        drawn.append(name_lines(names - 10, middle, name, names - 130, 14, bold=not number))
        length = room * (count or 0) / whole
        drawn.append(rect(names, middle - 10, length, 20, COLOURS["q2"] if number else COLOURS["q4"]))
        text = NO_DATA if count is None else integer(count)
        drawn.append(written(names + length + 8, middle + 5, text, SIZE, bold=count is not None))
    bottom = top + 70
    return "".join(drawn) + stroke(0, bottom, INSIDE, bottom), bottom + 2
