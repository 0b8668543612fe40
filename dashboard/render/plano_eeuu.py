"""The map of the United States painted by the server, in both modes: states by class, voting cities as circles by area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Any

from markupsafe import Markup, escape

from dashboard.render.plano import hatch, titled
from dashboard.words import integer

#: Wider than the national map's: here most of the land has no figure, and a dense hatch would be what one sees first.
HATCH = hatch(13, 2)
#: Units of the map (1,000 wide). The largest circle of any election has the first radius; a city without figure the last.
WIDEST, SMALLEST, EMPTY = 44.0, 5.0, 6
#: Figures as small as a count of centres would be enormous at that scale.
SCALE = 12.0
#: To the right of this, the words of a circle go on its left.
MIDDLE = 600
STRIP_HEIGHT = 100


def painted_states(
    shapes: Mapping[str, Any],
    paint: Mapping[str, Any],
    circles: Mapping[str, Any],
    label: str,
    names: Mapping[str, str],
) -> Markup:
    """An SVG of `shapes` (mapa_eeuu.json) with the paint of kinds.estados.figure and the circles of kinds.ciudades.figure;
    `label` says what it shows and `names` names the states.
    """
    box = " ".join(map(str, shapes["viewBox"]))
    insets = "".join(
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>' for x, y, w, h in shapes["recuadros"].values()
    )
    states = "".join(_states(shapes["estados"], paint, names))
    drawn = "".join(_circles(shapes["puntos"], circles))
    return Markup(
        f'<svg class="plano eeuu" viewBox="{box}" role="img" aria-label="{escape(label)}">{HATCH}'
        f'<g class="recuadros">{insets}</g><g class="estados">{states}</g><g class="circulos">{drawn}</g></svg>'
    )


def _states(places: Mapping[str, Any], paint: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    for code, place in places.items():
        klass, text = paint["pintura"][code]
        yield titled(place["d"], paint["clases"][str(klass)], f"{names[code]}: {text}")


def _circles(points: Mapping[str, list[int]], circles: Mapping[str, Any]) -> Iterator[str]:
    """Empty cities first, so that no figure hides under them; then the circles, the largest first; then their words."""
    known = [circle for circle in circles["circulos"] if circle[1] is not None and circle[0] in points]
    for code, value, words, _ in circles["circulos"]:
        if value is None and code in points:
            yield _circle(points[code], EMPTY, "vacio", words)
    for code, value, words, exact in known:
        yield _circle(points[code], radius(value, circles["mayor"]), "" if exact else "inexacto", words)
    if circles["rotulos"]:
        yield from (_words(points[code], radius(value, circles["mayor"]), words) for code, value, words, _ in known)


def _circle(point: list[int], size: float, css: str, words: str) -> str:
    place = f'cx="{point[0]}" cy="{point[1]}" r="{size:.1f}"'
    return f'<circle class="halo" {place}/><circle class="{css}" {place}><title>{escape(words)}</title></circle>'


def _words(point: list[int], size: float, words: str) -> str:
    left = point[0] > MIDDLE
    x = point[0] + (-size - 8 if left else size + 8)
    name, _, figure = words.rpartition(": ")
    return (
        f'<text x="{x:.0f}" y="{point[1]}" text-anchor="{"end" if left else "start"}" aria-hidden="true">'
        f'<tspan class="nombre">{escape(name.split(" (")[0])} </tspan>{escape(figure)}</text>'
    )


def radius(value: float, largest: float) -> float:
    """The radius of a circle whose area is proportional to `value`, in units of the map."""
    return max(SMALLEST, min(WIDEST, SCALE * sqrt(largest)) * sqrt(value / largest))


def size_legend(circles: Mapping[str, Any]) -> Markup:
    """Circles of round sizes at the very scale of the map, with their figures; then what an empty or broken one means."""
    sizes = round_sizes(circles["mayor"])
    x, drawn, spoken = 4.0, [], []
    for size in sizes:
        wide = radius(size, circles["mayor"])
        x += wide
        middle = STRIP_HEIGHT / 2
        drawn.append(f'<circle cx="{x:.0f}" cy="{middle:.0f}" r="{wide:.1f}"/>')
        drawn.append(f'<text x="{x + wide + 10:.0f}" y="{middle:.0f}">{integer(size)}</text>')
        spoken.append(integer(size))
        x += wide + 190
    label = f"Tamaños de círculo: {', '.join(spoken)}"
    return Markup(
        f'<svg class="eeuu tamanos" viewBox="0 0 1000 {STRIP_HEIGHT}" role="img" aria-label="{escape(label)}">'
        f'<g class="circulos">{"".join(drawn)}</g></svg>'
    )


def round_sizes(largest: float) -> list[int]:
    """At most three round figures up to `largest`: 20,000, 10,000 and 5,000."""
    if largest < 4:
        return list(range(int(largest), 0, -1))
    power = 10 ** (len(str(int(largest))) - 1)
    top = int(largest // power) * power
    return [top, top // 2, top // 4]
