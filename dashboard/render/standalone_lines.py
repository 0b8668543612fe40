"""Who votes, in pictures that go by themselves: women and men at each age, their distance in each election, and groups along
the elections.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dashboard.figures.turnout import Voted
from dashboard.kinds import brechas, edades, lineas
from dashboard.kinds.votaron import DISTANCE, RATE, Frame, short_age
from dashboard.render.curves import Axis, Point, axis, pieces, spread
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
    hidden_piece,
    keys,
    marks_written,
    note,
    of_scale,
    path,
    rect,
    stroke,
)
from dashboard.view import Answer
from dashboard.words import listing

CONFIDENTIAL = "confidencial"
SEXES = {"mujeres": "Mujeres", "hombres": "Hombres"}
#: The box of a chart: its left side, how tall it is; and the room of a label at its right.
LEFT, TALL, LABEL = 44.0, 300.0, 19.0
#: The colours of lines that have none of their own, told apart by their names too.
#: How many boxes are beside one another, by how many there are.
COLUMNS = {1: 1, 2: 2, 4: 2}
OTHERS = ("q5", "accent", "q3", "d0", "d1", "edge")


class Box:
    """Where a chart is in the drawing: points come in per cent of it."""

    def __init__(self, left: float, top: float, width: float, height: float, scale: Axis) -> None:
        self.left, self.top, self.width, self.height, self.scale = left, top, width, height, scale

    def x(self, part: float) -> float:
        """From its left, in per cent, to the drawing."""
        return self.left + self.width * part / 100

    def y(self, value: float) -> float:
        """Where a value is."""
        return self.top + self.height * self.scale.top(value) / 100

    def guides(self, signed: bool = False, words: bool = True) -> str:
        """The marks of its axis."""
        found = []
        for tick, plain in zip(self.scale.ticks, marks_written(self.scale.ticks), strict=True):
            y = self.y(tick)
            found.append(
                stroke(self.left, y, self.left + self.width, y, EDGE if signed and not tick else COLOURS["line"])
            )
            if words:
                text = f"{tick:+g}".replace("-", "−") if signed and tick else plain
                found.append(of_scale(self.left - 8, y + 5, text, anchor="end"))
        return "".join(found)


def ages(answer: Answer) -> Drawn:
    """Women and men of each age as two lines, with what is between them shaded."""
    facts: edades.Facts = answer.facts
    sides = {"mujeres": [age.women for age in facts.ages], "hombres": [age.men for age in facts.ages]}
    scale = axis([voted.rate for side in sides.values() for voted in side if voted.rate is not None], 0, 100)
    legend, top = keys([(f"dot {COLOURS[code]}", words) for code, words in SEXES.items()], 0)
    box = Box(LEFT, top + 30, INSIDE - LEFT - 130, TALL, scale)
    across = [100 * (number + 0.5) / len(facts.ages) for number in range(len(facts.ages))]
    points = {name: _points(side, across, box) for name, side in sides.items()}
    drawn = [TEXTURES, legend, box.guides(), *_between(points)]
    for name in reversed(points):
        drawn.append(_line(points[name], COLOURS[name]))
    drawn += [*_ends(sides, points, box), *_widest(facts, across, points, box)]
    bottom = box.top + box.height + 8
    for age, part in zip(facts.ages, across, strict=True):
        drawn.append(of_scale(box.x(part), bottom + 14, short_age(age.name), anchor="middle", fill=INK))
    hidden, bottom = _hidden_rows(sides, across, box, bottom + 22)
    start = f" (el eje empieza en {scale.low:g})" if scale.low else ""
    foot, bottom = note(f"Edad en el padrón de la elección. Votaron de cada 100{start}.", bottom)
    return Drawn("".join([*drawn, hidden, foot]), bottom)


def _points(side: Sequence[Voted], across: Sequence[float], box: Box) -> list[Point | None]:
    return [
        None if voted.rate is None else (box.x(x), box.y(voted.rate)) for voted, x in zip(side, across, strict=True)
    ]


def _between(points: dict[str, list[Point | None]]) -> list[str]:
    """What is between the two lines, where both go on."""
    both = [
        None if women is None or men is None else (women, men)
        for women, men in zip(points["mujeres"], points["hombres"], strict=True)
    ]
    return [
        f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in (before[0], after[0], after[1], before[1]))}Z" '
        f'fill="{COLOURS["line"]}" fill-opacity="0.6"/>'
        for before, after in pairwise(both)
        if before and after
    ]


def _line(points: Sequence[Point | None], colour: str, width: float = 2.6) -> str:
    """A line cut where a point is missing, and its points."""
    lines = [path(part, colour, width) for part in pieces(points) if len(part) > 1]
    return "".join([*lines, *(dot(*point, 4.5, colour) for point in points if point)])


def _ends(sides: dict[str, list[Voted]], points: dict[str, list[Point | None]], box: Box) -> list[str]:
    """The names of the lines with their last figure, beside where they end."""
    found = []
    for name, side in sides.items():
        last = [(point, voted) for point, voted in zip(points[name], side, strict=True) if point]
        if last:
            found.append((name, last[-1][0][1], RATE.write(last[-1][1].rate)))
    tops = _apart([y for _, y, _ in found], box)
    return [
        written(box.left + box.width + 8, y + 5, f"{SEXES[name]} {said}", SIZE, bold=True, fill=COLOURS[name])
        for (name, _, said), y in zip(found, tops, strict=True)
    ]


def _apart(heights: Sequence[float], box: Box) -> list[float]:
    """Where some labels go so that none covers another."""
    parts = [100 * (y - box.top) / box.height for y in heights]
    return [box.top + box.height * part / 100 for part in spread(parts, 100 * LABEL / box.height)]


def _widest(facts: edades.Facts, across: Sequence[float], points: dict[str, list[Point | None]], box: Box) -> list[str]:
    """The largest distance, said over its age."""
    if facts.widest is None:
        return []
    age, gap = facts.widest
    number = facts.ages.index(age)
    x, part = box.x(across[number]), across[number]
    highest = min(point[1] for point in (side[number] for side in points.values()) if point)
    words = f"La distancia mayor: {RATE.write(abs(gap))} puntos"
    anchor = "start" if part < 30 else "end" if part > 70 else "middle"
    return [
        stroke(x, box.top - 6, x, highest - 6, EDGE, 1.2),
        written(x, box.top - 12, words, 14, anchor, bold=True),
    ]


def _hidden_rows(sides: dict[str, list[Voted]], across: Sequence[float], box: Box, top: float) -> tuple[str, float]:
    """Under the axis, a dotted piece for each point that is not published."""
    drawn = []
    for name, side in sides.items():
        hidden = [x for voted, x in zip(side, across, strict=True) if voted.hidden]
        if not hidden:
            continue
        drawn += [hidden_piece(box.x(x) - 13, top + 10, 26, 12) for x in hidden]
        drawn.append(of_scale(box.left + box.width + 8, top + 15, f"{SEXES[name]}: {CONFIDENTIAL}", 12))
        top += 20
    return "".join(drawn), top + 4


# --- The distance in each election ----------------------------------------------------------------------------------


def distances(answer: Answer) -> Drawn:
    """The distance at each age, upwards where women voted more, in one box for each election and on one scale."""
    facts: brechas.Facts = answer.facts
    scale = axis(facts.reach)
    items = [(COLOURS["mujeres"], "votaron más las mujeres"), (COLOURS["hombres"], "votaron más los hombres")]
    if any(age.women.hidden or age.men.hidden for found in facts.counted for age in found.ages):
        items.append((DOTTED, CONFIDENTIAL))
    legend, top = keys(items, 0)
    drawn, columns, gap = [TEXTURES, legend], COLUMNS.get(len(facts.frames), 3), 22.0
    wide = (INSIDE - LEFT - gap * (columns - 1)) / columns
    for number, (frame, found) in enumerate(facts.frames):
        left = LEFT + (wide + gap) * (number % columns)
        box = Box(left, top + 56 + 290 * (number // columns), wide, 180, scale)
        drawn.append(_box(frame, found, box, number % columns == 0))
    bottom = top + 290 * ((len(facts.frames) + columns - 1) // columns)
    foot, bottom = note("Puntos, por edad. Todas las elecciones comparten el eje.", bottom)
    return Drawn("".join([*drawn, foot]), bottom)


def _box(frame: Frame, found: edades.Facts | None, box: Box, first: bool) -> str:
    title = of_scale(box.left, box.top - 34, frame.label, SIZE, bold=True, fill=INK)
    if found is None:
        back = rect(box.left, box.top, box.width, box.height, COLOURS["none"], f'stroke="{COLOURS["line"]}"')
        words, _ = note(
            f"De {listing([item.words for item in frame.elections])} no hay cifras publicadas de quiénes votaron.",
            box.top + 20,
            box.left + 10,
            box.width - 20,
        )
        return title + (box.guides(signed=True) if first else "") + back + words
    drawn = [title, box.guides(signed=True, words=first)]
    if found.gap is not None:
        drawn.append(
            written(box.left, box.top - 16, f"todas las edades: {DISTANCE.write(found.gap)}", SMALL, fill=MUTE)
        )
    return "".join([*drawn, *_columns(found, box)])


def _columns(found: edades.Facts, box: Box) -> list[str]:
    count = max(len(found.ages), 1)
    wide, drawn = 0.78 * box.width / count, []
    gaps = [gap for _, gap in found.apart] or [0.0]
    named = {max(gaps), min(0.0, *gaps)}
    foot = box.top + box.height + 10
    for number, age in enumerate(found.ages):
        x, gap = box.x(100 * (number + 0.5) / count), age.gap
        turned = f'transform="rotate(-60 {x + 4:.1f} {foot:.1f})"'
        label = of_scale(x + 4, foot + 4, short_age(age.name), 11, "end", fill=INK)
        drawn.append(label.replace("<text", f"<text {turned}", 1))
        if gap is None:
            if age.women.hidden or age.men.hidden:
                drawn.append(hidden_piece(x - wide / 2, box.y(0), wide, 12))
            continue
        top, zero, code = box.y(gap), box.y(0), "mujeres" if gap >= 0 else "hombres"
        drawn.append(rect(x - wide / 2, min(top, zero), wide, abs(top - zero), COLOURS[code]))
        if gap in named:
            at = top - 5 if gap >= 0 else top + 15
            inside = min(max(x, box.left + 16), box.left + box.width - 16)
            drawn.append(written(inside, at, DISTANCE.write(gap), SMALL, "middle", bold=True, fill=COLOURS[code]))
    return drawn


# --- Groups along the elections ---------------------------------------------------------------------------------------


def elections(answer: Answer) -> Drawn:
    """One line for each group, named where it ends; the elections without figures as a striped frame in their place."""
    facts: lineas.Facts = answer.facts
    scale = axis([point.rate for line in facts.lines for point in line.points if point.rate is not None], 0, 100)
    known = [(line, rate) for line in facts.lines if (rate := line.points[-1].rate) is not None]
    names = [f"{_short(line)} {RATE.write(rate)}" for line, rate in known]
    channel = min(330.0, max((width_of(name, 14, bold=True) for name in names), default=0) + 40)
    box = Box(LEFT, 12, INSIDE - LEFT - channel, max(TALL, LABEL * len(known) + 10), scale)
    wide = 100 / len(facts.frames)
    every = [wide * (number + 0.5) for number in range(len(facts.frames))]
    counted = [x for frame, x in zip(facts.frames, every, strict=True) if frame.counted]
    drawn = [TEXTURES, box.guides(), *_empty_frames(facts.frames, wide, box)]
    colours = _colours(facts.lines)
    for line in sorted(facts.lines, key=lambda line: line.chosen):
        points = _cut(_points(line.points, counted, box), facts.frames)
        drawn.append(_line(points, colours[line.code], 3.4 if line.chosen else 2.2))
    tops = _apart([box.y(rate) for _, rate in known], box)
    for (line, rate), name, y in zip(known, names, tops, strict=True):
        x = box.left + box.width + 26
        drawn.append(stroke(box.x(counted[-1]) + 6, box.y(rate), x - 4, y, colours[line.code], 1))
        drawn.append(
            written(x, y + 5, name, 14, bold=line.chosen, fill=colours[line.code] if line.code in SEXES else "")
        )
    bottom = box.top + box.height + 8
    for frame, x in zip(facts.frames, every, strict=True):
        if frame.counted:
            drawn.append(of_scale(box.x(x), bottom + 14, frame.label, 14, "middle", fill=INK))
    hidden, bottom = _not_drawn(facts, colours, bottom + 24)
    start = f" (el eje empieza en {scale.low:g})" if scale.low else ""
    foot, bottom = note(f"Votaron de cada 100{start}.", bottom)
    return Drawn("".join([*drawn, hidden, foot]), bottom)


def _short(line: lineas.Line) -> str:
    """A group as it is written beside its line: «Afrodescendiente», «18–25»."""
    return short_age(line.name).partition(",")[0]


def _colours(lines: Sequence[lineas.Line]) -> dict[str, str]:
    """A colour for each line: its own, or one that is not that of the line beside it."""
    rest = [line.code for line in lines if line.code not in SEXES]
    own = {line.code: COLOURS[line.code] for line in lines if line.code in SEXES}
    return own | {code: COLOURS[OTHERS[number % len(OTHERS)]] for number, code in enumerate(rest)}


def _cut(points: Sequence[Point | None], frames: Sequence[Frame]) -> list[Point | None]:
    """The points of a line, with a hole wherever an election between them is not counted."""
    rest = iter(points)
    return [next(rest) if frame.counted else None for frame in frames]


def _empty_frames(frames: Sequence[Frame], wide: float, box: Box) -> list[str]:
    found = []
    for number, frame in enumerate(frames):
        if not frame.counted:
            left, width = box.x(number * wide), box.width * wide / 100
            found.append(rect(left, box.top, width, box.height, "url(#trama)", f'stroke="{COLOURS["line"]}"'))
            words, end = note(f"{frame.label}: sin cifras publicadas", box.top + 12, left + 10, width - 20)
            found.append(rect(left + 4, box.top + 8, width - 8, end - box.top, COLOURS["bg"]) + words)
    return found


def _not_drawn(facts: lineas.Facts, colours: Mapping[str, str], top: float) -> tuple[str, float]:
    """What is confidential, group by group, under the chart."""
    drawn = []
    for line in facts.lines:
        if years := facts.hidden(line):
            drawn += [dot(6, top + 10, 5, colours[line.code]), hidden_piece(18, top + 10, 28, 12)]
            drawn.append(of_scale(54, top + 15, f"{line.name}, {listing(years)}: {CONFIDENTIAL}"))
            top += 20
    return "".join(drawn), top
