"""The lines of who votes: women and men at each age, their distance in each election, and groups along the elections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup

from dashboard.figures.turnout import Voted
from dashboard.kinds import brechas, edades, lineas
from dashboard.kinds.votaron import DISTANCE, RATE, Frame, short_age
from dashboard.render.curves import Axis, Point, at, axis, band, line, pieces, spread
from dashboard.render.html import piece, text
from dashboard.words import listing

CONFIDENTIAL = "confidencial"
#: How tall a line of text is, in per cent of the box of a chart.
ROOM = 5.6
#: How wide a letter of a label is, in rem.
LETTER = 0.46
#: How far from the right of its frame the point of an election is, in per cent of the box.
END = 4
SEXES = {"mujeres": "Mujeres", "hombres": "Hombres"}
#: What leaves room on the right for the names of women and men.
CHANNEL = "--canal:6.6rem"


def decorative(inside: str, style: str = "") -> Markup:
    """A chart, which a screen reader does not read: the table beside it says the same."""
    return Markup(piece("div", inside, style=style).replace("<div", '<div aria-hidden="true"', 1))


def ages(facts: edades.Facts) -> Markup:
    """Women and men of each age as two lines, with what is between them shaded."""
    sides = {
        "mujeres": [age.women for age in facts.ages],
        "hombres": [age.men for age in facts.ages],
    }
    shown = [voted.rate for side in sides.values() for voted in side if voted.rate is not None]
    scale = axis(shown, 0, 100)
    across = _across(len(facts.ages))
    points = {name: _points(side, across, scale) for name, side in sides.items()}
    inside = [*_guides(scale), *_between(points)]
    for name in reversed(points):
        inside += _drawn(points[name], name)
    inside += [*_ends(facts, points), *_widest(facts, across, points)]
    marks = [
        piece("span", text(short_age(age.name)), _kept(number, len(across)), f"left:{x:.2f}%")
        for number, (age, x) in enumerate(zip(facts.ages, across, strict=True))
    ]
    return decorative(
        _keys(SEXES)
        + piece("div", "".join(inside), "trazo con-nota", CHANNEL)
        + piece("div", "".join(marks), "eje", CHANNEL)
        + "".join(_hidden_row(sides, across))
        + piece("p", f"Edad en el padrón de la elección. Votaron de cada 100 {_start(scale)}", "nota")
    )


def _across(count: int) -> list[float]:
    """Where some points go from left to right, in per cent."""
    return [100 * (number + 0.5) / count for number in range(count)]


def _points(side: Sequence[Voted], across: Sequence[float], scale: Axis) -> list[Point | None]:
    return [None if voted.rate is None else (x, scale.top(voted.rate)) for voted, x in zip(side, across, strict=True)]


def _guides(scale: Axis) -> list[str]:
    return [piece("span", f"{tick:g}", "marca-eje", f"top:{scale.top(tick):.2f}%") for tick in scale.ticks]


def _start(scale: Axis) -> str:
    return "" if not scale.low else f"(el eje empieza en {scale.low:g})."


def _between(points: dict[str, list[Point | None]]) -> list[str]:
    """What is between the two lines, where both go on."""
    both = [
        None if women is None or men is None else (women, men)
        for women, men in zip(points["mujeres"], points["hombres"], strict=True)
    ]
    return [
        piece("i", "", "entre-lineas", band([before[0], after[0]], [before[1], after[1]]))
        for before, after in pairwise(both)
        if before and after
    ]


def _drawn(points: Sequence[Point | None], classes: str, width: float = 2.6) -> list[str]:
    """A line cut where a point is missing, and its points."""
    found = [piece("i", "", f"trazo-linea {classes}", line(part, width)) for part in pieces(points) if len(part) > 1]
    return found + [piece("b", "", f"marca-punto {classes}", at(point)) for point in points if point]


def _ends(facts: edades.Facts, points: dict[str, list[Point | None]]) -> list[str]:
    """The names of the lines with their last figure, beside where they end."""
    found = []
    for name, side in (("mujeres", [age.women for age in facts.ages]), ("hombres", [age.men for age in facts.ages])):
        last = [
            (point, voted) for point, voted in zip(points[name], side, strict=True) if point and voted.rate is not None
        ]
        if last:
            found.append((name, last[-1][0][1], RATE.write(last[-1][1].rate)))
    tops = spread([top for _, top, _ in found], ROOM)
    return [
        piece("span", f"<span>{SEXES[name]} </span><b>{text(said)}</b>", f"nombre-linea {name}", f"top:{top:.2f}%")
        for (name, _, said), top in zip(found, tops, strict=True)
    ]


def _widest(facts: edades.Facts, across: Sequence[float], points: dict[str, list[Point | None]]) -> list[str]:
    """The largest distance, said over its age."""
    if facts.widest is None:
        return []
    age, gap = facts.widest
    number = facts.ages.index(age)
    tops = [point[1] for point in (side[number] for side in points.values()) if point]
    x = across[number]
    words = f"La distancia mayor: {RATE.write(abs(gap))} puntos"
    side = "a-la-derecha" if x < 30 else "a-la-izquierda" if x > 70 else ""
    return [
        piece("span", text(words), f"nota-brecha {side}".strip(), f"left:{x:.2f}%"),
        piece("i", "", "alambre", f"left:{x:.2f}%;height:{min(tops):.2f}%"),
    ]


def _kept(number: int, count: int) -> str | None:
    """On a phone, only the first, the middle and the last mark of an axis are written."""
    return "siempre" if number in (0, count // 2, count - 1) else None


def _hidden_row(sides: dict[str, list[Voted]], across: Sequence[float]) -> list[str]:
    """Under the axis, a dotted piece for each point that is not published."""
    rows = []
    for name, side in sides.items():
        hidden = [
            piece("s", "", "pieza-conf", f"left:{x:.2f}%")
            for voted, x in zip(side, across, strict=True)
            if voted.hidden
        ]
        if hidden:
            words = f"<em>{SEXES[name]}: {CONFIDENTIAL}</em>"
            rows.append(piece("div", "".join(hidden) + words, "fila-conf", CHANNEL))
    return rows


def _keys(names: dict[str, str]) -> str:
    keys = [f'<span><b class="marca-punto {code}"></b>{title}</span>' for code, title in names.items()]
    return piece("p", "".join(keys), "claves")


# --- The distance in each election ----------------------------------------------------------------------------------


def columns(facts: brechas.Facts) -> Markup:
    """The distance at each age, upwards where women voted more, in one box for each election and on one scale."""
    scale = axis(facts.reach)
    boxes = "".join([_box(frame, found, scale) for frame, found in facts.frames])
    keys = (
        '<span><i class="clave-columna mujeres"></i>votaron más las mujeres</span>'
        '<span><i class="clave-columna hombres"></i>votaron más los hombres</span>'
    )
    note = piece("p", "Puntos, por edad. Todas las elecciones comparten el eje.", "nota")
    return decorative(piece("div", boxes, "brechas") + piece("p", keys, "claves") + note)


def _box(frame: Frame, found: edades.Facts | None, scale: Axis) -> str:
    title = piece("h3", text(frame.label))
    if found is None:
        words = f"De {listing([item.words for item in frame.elections])} no hay cifras publicadas de quiénes votaron."
        return piece("div", title + piece("div", piece("p", text(words)), "sin-eleccion"))
    whole = "" if found.gap is None else f"todas las edades: {DISTANCE.write(found.gap)}"
    across = _across(len(found.ages))
    marks = [
        piece("span", text(short_age(age.name)), "siempre", f"left:{x:.2f}%")
        for number, (age, x) in enumerate(zip(found.ages, across, strict=True))
        if _kept(number, len(across))
    ]
    inside = [*_guides_signed(scale), *_columns(found, across, scale)]
    return piece(
        "div",
        title
        + piece("p", text(whole), "de")
        + piece("div", "".join(inside), "columnas")
        + piece("div", "".join(marks), "eje"),
    )


def _guides_signed(scale: Axis) -> list[str]:
    return [
        piece(
            "span",
            f"{tick:+g}".replace("-", "−") if tick else "0",
            "marca-eje" if tick else "marca-eje cero",
            f"top:{scale.top(tick):.2f}%",
        )
        for tick in scale.ticks
    ]


def _columns(found: edades.Facts, across: Sequence[float], scale: Axis) -> Iterable[str]:
    zero, wide = scale.top(0), 78 / max(len(across), 1)
    gaps = [gap for _, gap in found.apart] or [0.0]
    named = {max(gaps), min(0.0, *gaps)}
    for age, x in zip(found.ages, across, strict=True):
        gap, left = age.gap, f"{x - wide / 2:.2f}%"
        if gap is None:
            if age.women.hidden or age.men.hidden:
                yield piece("s", "", "pieza-conf", at((x, zero)))
            continue
        top, side = scale.top(gap), "mujeres" if gap >= 0 else "hombres"
        box = f"left:{left};width:{wide:.2f}%;top:{min(top, zero):.2f}%;height:{abs(top - zero):.2f}%"
        yield piece("i", "", side, box)
        if gap in named:
            yield piece("b", text(DISTANCE.write(gap)), side, at((x, top)))


# --- Groups along the elections ---------------------------------------------------------------------------------------


def elections(facts: lineas.Facts) -> Markup:
    """One line for each group, named where it ends; the elections without figures as a striped frame in their place."""
    shown = [point.rate for item in facts.lines for point in item.points if point.rate is not None]
    scale = axis(shown, 0, 100)
    every = [100 * (number + 1) / len(facts.frames) - END for number in range(len(facts.frames))]
    across = [x for frame, x in zip(facts.frames, every, strict=True) if frame.counted]
    marks = [
        piece("span", text(frame.label), "siempre", f"left:{x:.2f}%")
        for frame, x in zip(facts.frames, every, strict=True)
        if frame.counted
    ]
    longest = max((len(_short(item)) for item in facts.lines if item.points[-1].rate is not None), default=0) + 5
    inside = [*_guides(scale), *_frames(facts.frames)]
    for item in sorted(facts.lines, key=lambda item: item.chosen):
        inside += _drawn(_cut(item.points, across, scale, facts.frames), _style(item), 3.2 if item.chosen else 2.2)
    inside += _names(facts, scale, across)
    note = f"Votaron de cada 100 {_start(scale)}".strip()
    return decorative(
        piece("div", "".join(inside), "trazo")
        + piece("div", "".join(marks), "eje")
        + _not_drawn(facts)
        + piece("p", note, "nota"),
        f"--canal:{longest * LETTER + 1.4:.1f}rem",
    )


def _short(item: lineas.Line) -> str:
    """A group as it is written beside its line: «Afrodescendiente», «18–25»."""
    return short_age(item.name).partition(",")[0]


def _style(item: lineas.Line) -> str:
    own = item.code if item.code in SEXES else "otro"
    return f"{own} elegida" if item.chosen else own


def _cut(points: Sequence[Voted], across: Sequence[float], scale: Axis, frames: Sequence[Frame]) -> list[Point | None]:
    """The points of a line, with a hole wherever an election between them is not counted: nobody knows what was there."""
    found: list[Point | None] = []
    rest = iter(_points(points, across, scale))
    for frame in frames:
        found.append(next(rest) if frame.counted else None)
    return found


def _frames(frames: Sequence[Frame]) -> list[str]:
    wide = 100 / len(frames)
    return [
        piece(
            "div",
            piece("p", text(f"{frame.label}: sin cifras publicadas")),
            "sin-eleccion",
            f"left:{number * wide:.2f}%;width:{wide:.2f}%",
        )
        for number, frame in enumerate(frames)
        if not frame.counted
    ]


def _names(facts: lineas.Facts, scale: Axis, across: Sequence[float]) -> list[str]:
    """The name of each line and its last figure, with a wire from the point when it had to be moved."""
    ends = [(item, item.points[-1].rate) for item in facts.lines]
    known = [(item, last) for item, last in ends if last is not None]
    tops = [scale.top(last) for _, last in known]
    found: list[str] = []
    for (item, last), top, place in zip(known, tops, spread(tops, ROOM), strict=True):
        words = f"{text(_short(item))} <b>{text(RATE.write(last))}</b>"
        found.append(piece("span", words, f"nombre-linea {_style(item)}", f"top:{place:.2f}%"))
        found.append(piece("i", "", "cable", line([(0, top), (100, place)], 1.2)))
    return found


def _not_drawn(facts: lineas.Facts) -> str:
    """What is confidential, group by group, under the chart."""
    items = [
        f'<li><s class="pieza-conf"></s>{text(f"{item.name}, {listing(years)}: {CONFIDENTIAL}")}</li>'
        for item in facts.lines
        if (years := facts.hidden(item))
    ]
    return piece("ul", "".join(items), "sin-linea") if items else ""
