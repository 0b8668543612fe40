"""The United States in pictures that go by themselves: its states by class, its cities as circles, its states as tiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import escape

from dashboard.figures.measures import Unaskable
from dashboard.kinds import ciudades, cuadros, estados
from dashboard.kinds.classes import WITHOUT_FIGURE
from dashboard.render.diaspora import GRID, PLACES
from dashboard.render.plano_eeuu import EMPTY, MIDDLE, radius, round_sizes
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, Ground, width_of, written
from dashboard.render.standalone_bars import Row, rows_of, table
from dashboard.render.standalone_parts import (
    DOTTED,
    EDGE,
    INK,
    MUTE,
    SIZE,
    SMALL,
    TEXTURES,
    WHITE,
    cut,
    dot,
    fill_of,
    haloed,
    heading,
    ink_on,
    keys,
    note,
    of_scale,
    rect,
)
from dashboard.view import Answer
from dashboard.words import NO_DATA, WITHHELD, integer

APART = "Alaska, Hawái y Puerto Rico van en recuadros, cada uno a su escala."
CIRCLE = COLOURS["accent"]
#: Room between two tiles.
GAP = 6
#: How many places a list beside a map names.
MOST = 12


def states(answer: Answer, ground: Ground) -> Drawn:
    """Every state by its class; as bars where a release has no shapes of them."""
    shapes = _shapes(ground)
    if shapes is None:
        return table(answer)
    facts: estados.Facts = answer.facts
    paint, names = answer.figure, {state.code: state.name for state in facts.states}
    styles = {code: paint["clases"][str(klass)] for code, (klass, _) in paint["pintura"].items()}
    said = {code: f"{names[code]}: {text}" for code, (_, text) in paint["pintura"].items()}
    map_, bottom = _map(shapes, styles, said, "")
    head, top = heading(facts.title, bottom + 8)
    labels = facts.classes.labels() if facts.known else ()
    classes = [(fill_of(facts.classes.style(klass)), words) for klass, words in labels]
    legend, top = keys([*classes, (fill_of(WITHOUT_FIGURE), NO_DATA)], top)
    method = "Cada color reúne una cantidad parecida de estados (cuantiles redondeados). " if facts.known else ""
    foot, top = note(f"{method}{APART}", top)
    return Drawn(TEXTURES + map_ + head + legend + foot, top)


def cities(answer: Answer, ground: Ground) -> Drawn:
    """A circle on each city, of an area proportional to its figure; as bars where a release has no shapes of the country."""
    shapes = _shapes(ground)
    if shapes is None:
        return table(answer)
    facts: ciudades.Facts = answer.facts
    figure = answer.figure
    scale = INSIDE / shapes["viewBox"][2]
    map_, bottom = _map(shapes, {}, {}, "".join(_circles(shapes, figure, scale)))
    head, top = heading(f"Círculos: {facts.measure.lower()} por ciudad", bottom + 8)
    legend, top = _sizes(figure["mayor"], scale, top)
    items: list[str] = []
    words = "El área de cada círculo es proporcional a la cifra, con la misma escala en todas las elecciones."
    if any(not city.exact for city in facts.known):
        words += " Borde punteado: cifra redondeada, parcial o de una zona mayor que la ciudad."
    if len(facts.known) < len(facts.cities):
        words += " Círculo pequeño y vacío: ciudad con centro de votación y sin dato publicado."
    more = [] if figure["rotulos"] else _list(facts, top)
    items.extend(more)
    top += 20 * ((len(more) + 2) // 3) + (6 if more else 0)
    foot, top = note(f"{words} {APART}", top)
    return Drawn(TEXTURES + map_ + head + legend + "".join(items) + foot, top)


def tiles(answer: Answer) -> Drawn:
    """A tile for each state, near its place, and the other countries as bars."""
    facts: cuadros.Facts = answer.facts
    counted = {spot.code: spot for spot in facts.states}
    extra = [code for code in (*counted, *facts.absent) if code not in PLACES]
    place = PLACES | {code: (number, len(GRID) + 1) for number, code in enumerate(extra, 1)}
    side = (INSIDE + GAP) / max(map(len, (row.split() for row in GRID)))
    high = 50.0
    drawn = [TEXTURES]
    for code in (*(code for code in PLACES if code in counted or code in facts.absent), *extra):
        column, row = place[code]
        x, y = (column - 1) * side, (row - 1) * (high + GAP)
        drawn.append(_tile(code, counted.get(code), x, y, side - GAP, high))
    rows = max((place[code][1] for code in (*counted, *facts.absent)), default=0)
    bottom = rows * (high + GAP) + 4
    empty = [
        (
            "outline " + EDGE,
            cuadros.NO_CENTRE if facts.without_centre else "sin dato publicado o sin centro de votación",
        )
    ]
    legend, bottom = keys(
        [*((fill_of(css), words) for css, words in facts.legend), *(empty if facts.absent else [])], bottom
    )
    foot, bottom = note("Cada estado es un cuadro del mismo tamaño, en su lugar aproximado.", bottom)
    drawn += [legend, foot]
    if facts.countries:
        head, bottom = heading("Otros países", bottom + 6)
        whole = max((spot.value or 0 for spot in facts.countries), default=0)
        bars = rows_of(
            [
                Row(spot.name, spot.text, None if spot.value is None else spot.value / whole if whole else 0.0)
                for spot in facts.countries
            ]
        )
        drawn += [head, f'<g transform="translate(0 {bottom:.0f})">{bars.body}</g>']
        bottom += bars.height
    return Drawn("".join(drawn), bottom)


def _shapes(ground: Ground) -> Mapping[str, Any] | None:
    try:
        return ground.states()
    except Unaskable:
        return None


def _map(shapes: Mapping[str, Any], styles: Mapping[str, str], said: Mapping[str, str], more: str) -> tuple[str, float]:
    """The states painted, with what goes on them; and how tall the map is."""
    left, top, width, height = shapes["viewBox"]
    tall = INSIDE * height / width
    insets = "".join(
        rect(x, y, w, h, "none", f'rx="6" stroke="{COLOURS["line"]}" stroke-width="1.5"')
        for x, y, w, h in shapes["recuadros"].values()
    )
    outlines = "".join(_outline(code, place["d"], styles.get(code), said) for code, place in shapes["estados"].items())
    return (
        f'<svg x="0" y="0" width="{INSIDE}" height="{tall:.0f}" viewBox="{left} {top} {width} {height}">'
        f"{insets}{outlines}{more}</svg>",
        tall,
    )


def _outline(code: str, there: str, style: str | None, said: Mapping[str, str]) -> str:
    paint = fill_of(style) if style else COLOURS["off"]
    edge = COLOURS["cut"] if style in COLOURS else COLOURS["coast"]
    words = f"<title>{escape(said[code])}</title>" if code in said else ""
    return f'<path d="{there}" fill="{paint}" stroke="{edge}" stroke-width="1">{words}</path>'


def _circles(shapes: Mapping[str, Any], circles: Mapping[str, Any], scale: float) -> Iterator[str]:
    """Empty cities first; then the circles, the largest first; then their words."""
    points = shapes["puntos"]
    there = [item for item in circles["circulos"] if item[0] in points]
    for code, value, words, _ in there:
        if value is None:
            yield _circle(points[code], EMPTY, WHITE, "", words)
    for code, value, words, exact in there:
        if value is not None:
            dashes = "" if exact else 'stroke-dasharray="6 4"'
            yield _circle(points[code], radius(value, circles["mayor"]), CIRCLE, dashes, words)
    if circles["rotulos"]:
        for code, value, words, _ in there:
            if value is not None:
                yield _label(points[code], radius(value, circles["mayor"]), words, scale)


def _circle(point: Iterable[float], size: float, fill: str, more: str, words: str) -> str:
    x, y = point
    opacity = "1" if fill == WHITE else "0.55"
    return (
        f'<circle cx="{x}" cy="{y}" r="{size:.1f}" fill="{fill}" fill-opacity="{opacity}" stroke="{CIRCLE}" '
        f'stroke-width="2" {more}><title>{escape(words)}</title></circle>'
    )


def _label(point: Iterable[float], size: float, words: str, scale: float) -> str:
    """The name and the figure of a circle, to the side where there is room, over a halo."""
    x, y = point
    name, _, figure = words.rpartition(": ")
    text = f"{name.split(' (')[0]} {figure}"
    left = x > MIDDLE
    letters = round(SIZE / scale)
    at = x + (-size - 8 if left else size + 8)
    anchor = "end" if left else "start"
    return haloed(at, y + letters / 3, text, letters, anchor, bold=True)


def _sizes(largest: float, scale: float, top: float) -> tuple[str, float]:
    """Circles of round sizes at the scale of the map."""
    sizes = round_sizes(largest)
    wide = [radius(size, largest) * scale for size in sizes]
    middle, x, drawn = top + max(wide, default=0) + 2, 2.0, []
    for size, reach in zip(sizes, wide, strict=True):
        x += reach
        drawn.append(dot(x, middle, reach, CIRCLE, CIRCLE).replace("/>", ' fill-opacity="0.55"/>'))
        words = integer(size)
        drawn.append(of_scale(x + reach + 8, middle + 5, words, 14, fill=INK))
        x += reach + 8 + width_of(words, 14) + 36
    return "".join(drawn), middle + max(wide, default=0) + 8


def _list(facts: ciudades.Facts, top: float) -> list[str]:
    """The cities with the highest figures, in three columns, where the map has no room for their names."""
    wide = INSIDE / 3
    found = facts.known[:MOST]
    down = (len(found) + 2) // 3
    return [
        written(
            (number // down) * wide,
            top + 16 + 20 * (number % down),
            cut(f"{city.name}: {city.text}", 14, wide - 16),
            14,
        )
        for number, city in enumerate(found)
    ]


def _tile(code: str, spot: Any, x: float, y: float, wide: float, high: float) -> str:
    if spot is None:
        box = rect(x + 0.5, y + 0.5, wide - 1, high - 1, "none", f'rx="4" stroke="{EDGE}" stroke-dasharray="3 3"')
        return box + written(x + wide / 2, y + high / 2 + 5, code, 14, "middle", fill=MUTE)
    box = rect(x, y, wide, high, fill_of(spot.css), f'rx="4" stroke="{EDGE}" stroke-width="0.6"')
    shown = "conf." if spot.reading.hidden else spot.text if spot.value is not None else "–"
    ink = INK if fill_of(spot.css) == DOTTED else ink_on(spot.css)
    back = rect(x + 4, y + 8, wide - 8, high - 14, COLOURS["hidden"]) if spot.css not in COLOURS else ""
    return (
        f"<g><title>{escape(f'{spot.name}: {WITHHELD if spot.reading.hidden else spot.text}')}</title>{box}{back}"
        + written(x + wide / 2, y + 21, code, 14, "middle", bold=True, fill=ink)
        + written(x + wide / 2, y + 39, shown, SMALL, "middle", fill=ink)
        + "</g>"
    )
