"""Places grouped by their census in pictures that go by themselves: strips of dots, and small lines of other groupings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.kinds import lugares_otras
from dashboard.kinds.franjas import Band, Facts, ordinal
from dashboard.kinds.nube import SIZES, WIDE
from dashboard.render.lugares import axis_note, people_of
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, NoPicture, width_of, written
from dashboard.render.standalone_parts import (
    EDGE,
    INK,
    MUTE,
    SIZE,
    SMALL,
    WHITE,
    dot,
    fill_of,
    haloed,
    ink_on,
    marks_written,
    name_lines,
    note,
    of_scale,
    path,
    rect,
    stroke,
)
from dashboard.view import Answer
from dashboard.words import integer, plural

#: Where the strips begin and how wide they are.
LEFT = INSIDE - WIDE.width
#: How much larger than on a page the small pictures are.
LARGER = 1.2
PLACE, CHOSEN = COLOURS["q3"], COLOURS["accent"]


def strips(answer: Answer) -> Drawn:
    """A strip for each group: a dot for each municipio and a circle for the whole group, on one axis."""
    facts: Facts = answer.facts
    shape: Mapping[str, Any] = answer.figure["franjas"][WIDE.name]
    if not facts.dots:
        raise NoPicture("Esta vista no se dibuja: no tiene lugares. Sus archivos sí se pueden citar.")
    mark = facts.indicator.unit.mark
    warning, first = _caution(facts)
    drawn = [
        warning,
        of_scale(
            INSIDE, first + 14, f"{facts.indicator.title}{f' ({mark})' if mark else ''} ›", anchor="end", fill=INK
        ),
    ]
    values = [value for _, value in shape["marcas"]]
    for (x, _), text in zip(shape["marcas"], marks_written(values), strict=True):
        drawn.append(of_scale(_x(x), first + 34, text, anchor=_anchor(x, 4)))
    top = first + 42
    heights = [
        max(group["alto"], _label(facts, band, 0)[1]) for band, group in zip(facts.bands, shape["grupos"], strict=True)
    ]
    bottom = top + sum(heights)
    drawn += [stroke(_x(x), top, _x(x), bottom) for x, _ in shape["marcas"]]
    if shape["todo"]:
        x, text = shape["todo"]
        drawn.append(stroke(_x(x), top, _x(x), bottom, CHOSEN, 1.6, "5 4"))
        words = f"{facts.where.removeprefix('en ')}: {text}"
        drawn.append(written(_x(x), bottom + 18, words, 14, _anchor(x, 20), bold=True, fill=CHOSEN))
    for band, group, high in zip(facts.bands, shape["grupos"], heights, strict=True):
        strip = _strip(facts, group, top + (high - group["alto"]) / 2)
        drawn += [stroke(0, top, INSIDE, top), _label(facts, band, top)[0], strip]
        top += high
    key, bottom = _key(bottom + 28, bool(facts.chosen))
    words, bottom = note(axis_note(answer), bottom)
    return Drawn("".join([*drawn, key, words]), bottom)


def _caution(facts: Facts) -> tuple[str, float]:
    """That it speaks of places and not of persons, before anything else; and where it ends."""
    said, bottom = note(facts.cautions[0], 8, 14, INSIDE - 28)
    box = rect(0, 0, INSIDE, bottom + 4, COLOURS["card"], f'stroke="{CHOSEN}" rx="6"')
    return box + said.replace(MUTE, INK), bottom + 20


def _x(part: float) -> float:
    return LEFT + WIDE.width * part / 100


def _anchor(x: float, near: float) -> str:
    """How a text goes at `x` per cent so that it does not stick out."""
    return "start" if x < near else "end" if x > 100 - near else "middle"


def _label(facts: Facts, band: Band, top: float) -> tuple[str, float]:
    """What a group is, beside its strip; and where it ends."""
    by, style = facts.characteristic, facts.style(band.number)
    where = plural(len(band.dots), "municipio", "municipios") if band.dots else "ningún municipio"
    lines = [f"{facts.each(band)} {by.are}", where, *([people_of(band.people)] if band.dots else [])]
    if band.dots and band.value is None:
        lines.append(f"Cifra del grupo: {band.text}")
    found = [
        f'<circle cx="11" cy="{top + 20:.1f}" r="11" fill="{fill_of(style)}"/>',
        of_scale(11, top + 25, str(band.number), 14, "middle", bold=True, fill=ink_on(style)),
        of_scale(30, top + 25, f"{ordinal(band.number)} grupo".capitalize(), SIZE, bold=True, fill=INK),
    ]
    y = top + 52
    for line in lines:
        tall = 18 if width_of(line, SMALL) <= LEFT - 14 else 32
        found.append(name_lines(0, y - 4 + (tall - 18) / 2, line, LEFT - 14, SMALL, "start"))
        y += tall
    return "".join(found), y


def _strip(facts: Facts, group: Mapping[str, Any], top: float) -> str:
    chosen = facts.chosen.code if facts.chosen else ""
    found = [
        dot(_x(x), top + y, r + 2 if code == chosen else r, CHOSEN if code == chosen else PLACE, WHITE, 0.6)
        for code, x, y, r in group["puntos"]
    ]
    if group["grupo"]:
        x, y, r, text = group["grupo"]
        found.append(dot(_x(x), top + y, r, COLOURS["q5"], WHITE, 2))
        found.append(written(_x(x), top + y + 5, text, SMALL, "middle", bold=True, fill=WHITE))
    for label in group["rotulos"]:
        if label["guia"]:
            above, below = label["guia"]
            found.append(stroke(_x(label["x"]), top + above, _x(label["x"]), top + below, EDGE, 0.8))
        x, y = _x(label["x"]) + label["dx"], top + label["y"] + 5
        found.append(written(x, y, label["texto"], SMALL, label["ancla"], bold=label["elegido"]))
    return "".join(found)


def _key(top: float, chosen: bool) -> tuple[str, float]:
    """What each circle is."""
    small, large = (integer(limit / 1000) for limit in SIZES)
    found = [
        dot(12, top + 12, 11, COLOURS["q5"]),
        of_scale(30, top + 17, "todo el grupo: cada persona cuenta igual", fill=INK),
    ]
    x = 0.0
    for radius in WIDE.radii:
        found.append(dot(x + 8, top + 42, radius, PLACE, WHITE, 0.6))
        x += 2 * radius + 6
    words = f"un municipio: menos de {small} mil, de {small} a {large} mil, {large} mil habitantes o más"
    found.append(of_scale(x + 10, top + 47, words, fill=INK))
    if chosen:
        found += [dot(360, top + 12, 7, CHOSEN), of_scale(374, top + 17, "el que se eligió", fill=INK)]
    return "".join(found), top + 60


# --- Other characteristics --------------------------------------------------------------------------------------------


def others(answer: Answer) -> Drawn:
    """A small line of points for each other characteristic, all on one scale."""
    facts: lugares_otras.Facts = answer.facts
    if not facts.series:
        raise NoPicture("Esta vista no se dibuja: no hay otras características. Sus archivos sí se pueden citar.")
    columns = 2
    wide, high = INSIDE / columns, LARGER * lugares_otras.HEIGHT + 72
    drawn = []
    for number, series in enumerate(facts.series):
        x, y = wide * (number % columns), high * (number // columns)
        drawn.append(f'<g transform="translate({x:.0f} {y:.0f})">{_small(facts, answer.figure, series, wide)}</g>')
    return Drawn("".join(drawn), high * ((len(facts.series) + columns - 1) // columns))


def _small(facts: lugares_otras.Facts, figure: Mapping[str, Any], series: lugares_otras.Series, wide: float) -> str:
    width, left, right = lugares_otras.WIDTH, lugares_otras.LEFT, lugares_otras.RIGHT
    end = width - right
    points: Sequence[Sequence[Any]] = figure["series"][series.characteristic.name]
    found = [name_lines(0, 14, series.characteristic.title, wide - 30, SIZE, "start", bold=True)]
    marks = figure["marcas"]
    inner = []
    for (y, _), text in zip(marks, marks_written([value for _, value in marks]), strict=True):
        inner += [stroke(left, y, end, y), of_scale(left - 6, y + 5, text, 12, "end")]
    if figure["todo"] is not None:
        inner.append(stroke(left, figure["todo"], end, figure["todo"], CHOSEN, 1.6, "5 4"))
    joined: list[list[tuple[float, float]]] = []
    for place, (x, y, _, group) in enumerate(points):
        # A group without figure breaks the line.
        if place and points[place - 1][3] == group - 1:
            joined[-1].append((x, y))
        else:
            joined.append([(x, y)])
    inner += [path(part, COLOURS["q4"], 2.4) for part in joined if len(part) > 1]
    inner += [dot(x, y, 6, COLOURS["q5"]) for x, y, *_ in points]
    inner += [haloed(x, y - 11, text, SMALL, "middle", bold=True) for x, y, text, _ in [*points[:1], *points[1:][-1:]]]
    feet = lugares_otras.HEIGHT - 8
    inner += [of_scale(left, feet, "‹ menos", 12), of_scale(end, feet, "más ›", 12, "end")]
    said, _ = note(lugares_otras.said(facts.indicator, series), LARGER * lugares_otras.HEIGHT + 24, 0, wide - 30)
    return (
        f'{"".join(found)}<g transform="translate(0 20) scale({LARGER})">{"".join(inner)}</g>{said.replace(MUTE, INK)}'
    )
