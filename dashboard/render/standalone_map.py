"""The drawings of maps of the country that go by themselves: the places painted, and what each colour means with how many
places have it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO
from dashboard.kinds import coincidencia, mapa, origen
from dashboard.kinds.classes import MOST_CLASSES, WITHOUT_CLASS
from dashboard.render.plano import painted_map
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, Ground, wrapped
from dashboard.render.standalone_parts import INK, of_scale
from dashboard.view import Answer
from dashboard.words import NO_DATA, NOBODY, WITHHELD, integer

MAP_WIDTH, KEY = 500, 26
OPENING = re.compile(r"<svg [^>]*>")
WORDS = dict(zip(WITHOUT_CLASS, (NO_DATA, WITHHELD, NOBODY), strict=True))


def drawing(answer: Answer, ground: Ground) -> Drawn:
    """The map of an answer with its legend; a place may be outlined."""
    facts: mapa.Facts = answer.facts
    selection = answer.selection
    counts = [
        (facts.classes.style(klass), words, len(facts.of_class(klass))) for klass, words in facts.classes.labels()
    ]
    counts += [
        (style, WORDS[klass], len(facts.of_class(klass)))
        for klass, style in WITHOUT_CLASS.items()
        if facts.of_class(klass)
    ]
    shapes = ground.country(selection.departamento)
    legend = _legend(facts.indicator.title, counts, LEVEL_NAMES[facts.level][1])
    return _on_shapes(answer, shapes, ground, selection.nivel, legend)


def agreement(answer: Answer, ground: Ground) -> Drawn:
    """The map of the municipios by how many of their polling tables agree."""
    facts: coincidencia.Facts = answer.facts
    styles = Counter(answer.figure["clases"][str(place.klass)] for place in facts.places)
    counts = [(style, words, styles[style]) for style, words in facts.labels]
    shapes = ground.country(getattr(answer.selection, "departamento", None))
    legend = _legend("Mesas en que coinciden los totales, de cada 100", counts, LEVEL_NAMES[MUNICIPIO][1])
    return _on_shapes(answer, shapes, ground, MUNICIPIO, legend)


def origins(answer: Answer, ground: Ground) -> Drawn:
    """The map of the departamentos by the people abroad who come from them."""
    facts: origen.Facts = answer.facts
    styles = Counter(spot.css for spot in facts.places)
    aside = set(WITHOUT_CLASS.values())
    counts = [
        (style, words.partition(":")[0] if style in aside else words, styles[style]) for style, words in facts.legend
    ]
    legend = _legend(f"{facts.who[:1].upper()}{facts.who[1:]}", counts, LEVEL_NAMES[DEPARTAMENTO][1])
    return _on_shapes(answer, ground.country(None), ground, DEPARTAMENTO, legend)


def _on_shapes(
    answer: Answer, shapes: Mapping[str, Any], ground: Ground, level: str, legend: tuple[str, float]
) -> Drawn:
    painted = painted_map(shapes, answer.figure, level, ground.chosen, answer.question, ground.names)
    left, top, width, height = shapes["viewBox"]
    tall = MAP_WIDTH * height / width
    box = f'<svg x="0" y="0" width="{MAP_WIDTH}" height="{tall:.0f}" viewBox="{left} {top} {width} {height}">'
    drawn, bottom = legend
    return Drawn(OPENING.sub(box, str(painted), count=1) + drawn, max(tall, bottom), _style(width / MAP_WIDTH))


def _legend(title: str, counts: Sequence[tuple[str, str, int]], noun: str) -> tuple[str, float]:
    """What each class is, with how many places it has; and how tall that is."""
    left = MAP_WIDTH + 24
    drawn, top = [], 6.0
    for line in wrapped(title, 14, INSIDE - left, bold=True, most=6):
        drawn.append(of_scale(left, top + 12, line, 14, bold=True, fill=INK))
        top += 19
    top += 8
    for style, words, count in counts:
        drawn.append(
            f'<rect class="{style}" x="{left}" y="{top:.0f}" width="26" height="18" stroke="{COLOURS["coast"]}"/>'
        )
        lines = wrapped(words, 14, INSIDE - left - 36 - 40, most=3)
        for number, line in enumerate(lines):
            drawn.append(of_scale(left + 36, top + 14 + 17 * number, line, 14, fill=INK))
        drawn.append(of_scale(INSIDE, top + 14, integer(count), 14, "end"))
        top += KEY + 17 * (len(lines) - 1)
    drawn.append(of_scale(INSIDE, top + 12, noun, 12, "end"))
    return "".join(drawn), top + 20


def _style(scale: float) -> str:
    """The rules of the style sheet that a map needs, with their colours; lines are as wide as in pixels."""
    colours = "".join(
        f".{name}{number}{{fill:{COLOURS[f'{name}{number}']}}}" for name in "qd" for number in range(MOST_CLASSES)
    )
    thin, thick, halo = (round(width * scale, 2) for width in (0.5, 2.6, 6.0))
    cut, off = COLOURS["cut"], COLOURS["off"]
    return (
        f"{colours}.sin-dato{{fill:url(#trama)}}.confidencial{{fill:url(#puntos)}}.sin-personas{{fill:{COLOURS['none']}}}"
        f".trama-fondo{{fill:{COLOURS['none']}}}.trama-linea{{stroke:{COLOURS['hatch']};fill:none}}"
        f".puntos-fondo{{fill:{COLOURS['hidden']}}}.puntos-punto{{fill:{COLOURS['dot']}}}"
        f".municipios path,.departamentos path{{stroke:{cut};stroke-width:{thin}}}.fuera{{fill:{off};stroke:{cut}}}"
        f".contexto path{{fill:{off};stroke:{cut}}}.costa path{{fill:none;stroke:{COLOURS['coast']};stroke-width:{2 * thin}}}"
        f".lagos path{{fill:{COLOURS['water']};stroke:{COLOURS['coast']};stroke-width:{thin}}}"
        f".bordes path{{fill:none;stroke:{COLOURS['cut']};stroke-width:{2.4 * thin}}}"
        f".elegido-halo{{fill:none;stroke:{COLOURS['bg']};stroke-width:{halo}}}"
        f".elegido{{fill:none;stroke:{COLOURS['accent']};stroke-width:{thick}}}"
    )
