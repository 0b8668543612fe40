"""The drawing of a map that goes by itself: the places painted, and what each colour means with how many places have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.kinds import mapa
from dashboard.kinds.classes import MOST_CLASSES, WITHOUT_CLASS
from dashboard.render.plano import painted_map
from dashboard.render.standalone import COLOURS, INSIDE, Drawn, wrapped, written
from dashboard.view import Answer
from dashboard.words import NO_DATA, NOBODY, WITHHELD, integer

MAP_WIDTH, KEY = 500, 26
OPENING = re.compile(r"<svg [^>]*>")
WORDS = dict(zip(WITHOUT_CLASS, (NO_DATA, WITHHELD, NOBODY), strict=True))


def drawing(answer: Answer, shapes: Mapping[str, Any], names: Mapping[str, str], chosen: str | None) -> Drawn:
    """The map of an answer with its legend, from the shapes of its place and the names of places by code; a place may be
    outlined.
    """
    facts: mapa.Facts = answer.facts
    selection = answer.selection
    painted = painted_map(shapes, answer.figure, selection.nivel, chosen, answer.question, names)
    left, top, width, height = shapes["viewBox"]
    tall = MAP_WIDTH * height / width
    box = f'<svg x="0" y="0" width="{MAP_WIDTH}" height="{tall:.0f}" viewBox="{left} {top} {width} {height}">'
    legend, bottom = _legend(facts, MAP_WIDTH + 24)
    return Drawn(OPENING.sub(box, str(painted), count=1) + legend, max(tall, bottom), _style(width / MAP_WIDTH))


def _legend(facts: mapa.Facts, left: float) -> tuple[str, float]:
    counts = [
        (facts.classes.style(klass), words, len(facts.of_class(klass))) for klass, words in facts.classes.labels()
    ]
    counts += [
        (style, WORDS[klass], len(facts.of_class(klass)))
        for klass, style in WITHOUT_CLASS.items()
        if facts.of_class(klass)
    ]
    drawn, top = [], 6.0
    for line in _title(facts):
        drawn.append(written(left, top + 12, line, 14, bold=True))
        top += 19
    top += 8
    for style, words, count in counts:
        drawn.append(
            f'<rect class="{style}" x="{left}" y="{top:.0f}" width="26" height="18" stroke="{COLOURS["coast"]}"/>'
        )
        drawn.append(written(left + 36, top + 14, words, 14))
        drawn.append(written(INSIDE, top + 14, integer(count), 14, "end", fill=COLOURS["mute"]))
        top += KEY
    noun = LEVEL_NAMES[facts.level][1]
    drawn.append(written(INSIDE, top + 12, noun, 12, "end", fill=COLOURS["mute"]))
    return "".join(drawn), top + 20


def _title(facts: mapa.Facts) -> list[str]:
    return wrapped(facts.indicator.title, 14, INSIDE - MAP_WIDTH - 24, bold=True, most=4)


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
