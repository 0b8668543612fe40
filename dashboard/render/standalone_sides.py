"""Figures side by side in pictures that go by themselves: adults missing, a place and what contains it, several places."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO
from dashboard.kinds import comparacion, faltan
from dashboard.kinds.comparacion import Line
from dashboard.render.card import CONTAINERS, LEAST_PEERS
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, NoPicture, wrapped, written
from dashboard.render.standalone_bars import Row, rows_of, table
from dashboard.render.standalone_parts import (
    EDGE,
    INK,
    MUTE,
    SIZE,
    SMALL,
    TEXTURES,
    cut,
    heading,
    hidden_piece,
    keys,
    name_lines,
    note,
    of_scale,
    rect,
    stroke,
)
from dashboard.view import Answer
from dashboard.words import WITHHELD, integer, plural

NAMES = 220
#: The rows of a table, and the places beside one another, that a picture has room for.
MOST, MOST_PLACES = 30, 5


def missing(answer: Answer) -> Drawn:
    """Each figure of all adults that says how many are not registered, out of a hundred, with who says it and how."""
    facts: faltan.Facts = answer.facts
    if not facts.drawn:
        return table(answer)
    drawn, top = [], 0.0
    for line in facts.drawn:
        share = line.missing.value if line.missing else None
        who = f"Calculada aquí · {line.when}" if line.ours else f"Publicada por otros · {line.when}"
        title, bottom = heading(line.title, top + 42, 250, INSIDE - 250, 14)
        method, bottom = note(f"Método: {line.method}", bottom - 4, 250, INSIDE - 250)
        drawn.append(written(250, top + 16, who, SMALL, fill=MUTE))
        drawn.append(written(0, top + 22, line.written, 22, bold=True))
        drawn.append(written(0, top + 42, "sin empadronar", SMALL, fill=MUTE))
        drawn.append(rect(250, top + 24, INSIDE - 250, 14, COLOURS["line"]))
        whole = INSIDE - 250
        drawn.append(
            rect(250, top + 24, whole * max(0, min(100, share or 0)) / 100, 14, COLOURS["q4" if line.ours else "q2"])
        )
        bottom = max(bottom + 6, top + 66)
        drawn += [title, method, stroke(0, bottom, INSIDE, bottom)]
        top = bottom + 10
    return Drawn("".join(drawn), top)


# --- A place ---------------------------------------------------------------------------------------------------------------


def card(answer: Answer) -> Drawn:
    """A place beside what contains it, where it is among its peers, and its other figures."""
    facts: comparacion.Facts = answer.facts
    if not facts.lines or not facts.names:
        return table(answer)
    names = _named(facts)
    drawn, top = [TEXTURES], 0.0
    if len(names) > 1:
        found, top = _beside(facts, names)
        drawn.append(found)
    if facts.groups:
        head, top = heading(f"{facts.main.indicator.title}, por grupo", top + 8)
        grid, top = _grid(
            names, facts.groups, [f"{line.people[0].upper()}{line.people[1:]}" for line in facts.groups], top
        )
        drawn += [head, grid]
    rest = facts.lines[1:] if facts.groups or len(names) > 1 else facts.lines
    if rest:
        head, top = heading("Otros indicadores" if len(rest) < len(facts.lines) else names[0], top + 8)
        grid, top = _grid(names, rest, [line.indicator.short for line in rest], top)
        drawn += [head, grid]
    return Drawn("".join(drawn), top)


def _named(facts: comparacion.Facts) -> list[str]:
    """The place, and what contains it with what it is: they may have one name."""
    first, *rest = facts.names
    levels = {code: CONTAINERS[facts.levels[code]].replace("\u00ad", "").lower() for code in rest}
    return [facts.names[first], *(f"{facts.names[code]} ({level})" for code, level in levels.items())]


def _beside(facts: comparacion.Facts, names: Sequence[str]) -> tuple[str, float]:
    """The main figure of the place and of what contains it, and where it is among its peers."""
    head, top = heading(facts.main.indicator.title, 0)
    bars = rows_of([_row(name, facts.main, number) for number, name in enumerate(names)])
    strip, bottom = _strip(facts, top + bars.height + 6)
    return f'{head}<g transform="translate(0 {top:.0f})">{bars.body}</g>{strip}', bottom


def _row(name: str, line: Line, number: int) -> Row:
    """The main figure of one territory, out of the largest of them."""
    value = line.values[number]
    whole = max((abs(item) for item in line.values if item is not None), default=0)
    if line.indicator.unit.mark == "%":
        whole = max(whole, 100)
    return Row(name, line.texts[number], None if value is None else abs(value) / whole if whole else 0.0)


def _strip(facts: comparacion.Facts, top: float) -> tuple[str, float]:
    """The place's peers along one line, with it and the country among them."""
    here, peers = facts.main.values[0], facts.peers
    if here is None or len(peers) < LEAST_PEERS or peers[0] == peers[-1]:
        return "", top
    unit, codes = facts.main.indicator.unit, list(facts.names)
    low, high = min(peers[0], here), max(peers[-1], here)

    def at(value: float) -> float:
        return 8 + (INSIDE - 16) * (value - low) / (high - low)

    marks = [rect(at(peer) - 1, top + 26, 2, 24, COLOURS["q3"], 'fill-opacity="0.45"') for peer in peers]
    country = facts.main.values[-1] if len(codes) > 1 else None
    if country is not None and low <= country <= high:
        marks.append(stroke(at(country), top + 20, at(country), top + 56, INK, 2, "5 3"))
    marks.append(rect(at(here) - 2, top + 20, 4, 36, COLOURS["accent"]))
    several = LEVEL_NAMES[MUNICIPIO if facts.levels[codes[0]] == MUNICIPIO else DEPARTAMENTO][1]
    anchor = "start" if at(here) < 120 else "end" if at(here) > INSIDE - 120 else "middle"
    marks.append(
        written(at(here), top + 14, next(iter(facts.names.values())), SIZE, anchor, bold=True, fill=COLOURS["accent"])
    )
    marks.append(of_scale(0, top + 72, unit.write(low)))
    marks.append(of_scale(INSIDE / 2, top + 72, f"los {integer(len(peers))} {several} con cifra", anchor="middle"))
    marks.append(of_scale(INSIDE, top + 72, unit.write(high), anchor="end"))
    key, bottom = keys([(f"line {INK}", "el país")] if country is not None else [], top + 82)
    return "".join([*marks, key]), bottom


# --- Several places ----------------------------------------------------------------------------------------------------------


def side_by_side(answer: Answer) -> Drawn:
    """Several places, a row for each indicator, each figure with a bar out of the largest of its row."""
    facts: comparacion.Facts = answer.facts
    names = list(facts.names.values())
    if not names or not facts.lines:
        raise NoPicture("Esta vista no se dibuja: no hay lugares que comparar. Elija alguno.")
    grid, top = _grid(names, facts.lines, [line.indicator.short for line in facts.lines], 0, bars=True)
    return Drawn(TEXTURES + grid, top)


def _grid(
    names: Sequence[str], lines: Sequence[Line], titles: Sequence[str], top: float, bars: bool = False
) -> tuple[str, float]:
    """A row for each line with the figure of each place; what does not fit is said; and where it ends."""
    shown = names[:MOST_PLACES]
    wide, high = (INSIDE - NAMES) / len(shown), 42.0 if bars else 30.0
    drawn = []
    heads = [wrapped(name, SMALL, wide - 10, bold=True, most=2) for name in shown]
    top += 10 + 16 * max(map(len, heads))
    for number, words in enumerate(heads):
        x = NAMES + wide * (number + 1) - 6
        for place, word in enumerate(reversed(words)):
            drawn.append(
                of_scale(
                    x, top - 8 - 16 * place, cut(word, SMALL, wide - 10, bold=True), SMALL, "end", bold=True, fill=INK
                )
            )
    for line, title in zip(lines[:MOST], titles, strict=False):
        drawn.append(stroke(0, top, INSIDE, top))
        drawn.append(name_lines(0, top + high / 2, title, NAMES - 10, SMALL, "start"))
        for number, text in enumerate(line.texts[: len(shown)]):
            drawn.append(_figure(line, number, text, (NAMES + wide * number, top, wide, high), bars))
        top += high
    drawn.append(stroke(0, top, INSIDE, top, EDGE))
    lacking = {("lugar más", "lugares más"): len(names) - len(shown), ("fila más", "filas más"): len(lines) - MOST}
    parts = [plural(count, *nouns) for nouns, count in lacking.items() if count > 0]
    foot, top = note(f"{' y '.join(parts)}, en la tabla." if parts else "", top + 2)
    return "".join([*drawn, foot]), top


def _figure(line: Line, number: int, text: str, box: tuple[float, float, float, float], bars: bool) -> str:
    x, top, wide, high = box
    right = x + wide - 6
    if text == WITHHELD:
        return hidden_piece(right - 50, top + 11 if bars else top + 9, 50, 10) + written(
            right, top + high - 5, "confidencial", 11, "end", fill=MUTE
        )
    value, known = line.values[number], [abs(item) for item in line.values if item is not None]
    down, ink = 18 if bars else high / 2 + 5, "" if value is not None else MUTE
    words = written(right, top + down, cut(text, 14, wide - 8), 14, "end", fill=ink)
    if not bars or value is None or not max(known, default=0):
        return words
    length = (wide - 16) * abs(value) / max(known)
    return words + rect(right - length, top + high - 15, length, 8, COLOURS["q3"] if value >= 0 else COLOURS["d1"])
