"""The map of the country as SVG: its layers and their order, painted by the server or left for the script to fill.

What is drawn and in which order is said here once. The accessible mode gets the painted picture; the visual one, the empty
layers that assets/mapa.js fills from the same shapes and the same paint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO

#: From the lowest to the highest. Those that hold places are painted; the others are outlines and names.
LAYERS = ("contexto", "costa", "departamentos", "municipios", "lagos", "bordes", "encima", "rotulos")
#: The layer that holds the places of each level.
LAYER_OF = {DEPARTAMENTO: "departamentos", MUNICIPIO: "municipios"}
#: The outlines of the place pointed at and of the chosen one. They are drawn above every shape, so that no neighbour
#: covers them; the halo under each keeps it visible on any colour.
CHOSEN = ("elegido-halo", "elegido")
MARKS = ("sobre", "foco-halo", *CHOSEN, "foco")
#: What must be escaped in a text: hardly any name has it.
ESCAPED = re.compile("[&<>'\"]")
#: A place that the question leaves out.
OUTSIDE = "fuera"
#: Units of the map between two lines of the hatch, and half the length of those in its corners; and in a drawing that is
#: seen on a phone, where the same units would turn the textures into a grey.
HATCH_STEP, HATCH_CORNER = 6, 1
COARSE_STEP, COARSE_CORNER = 14, 2
#: The radius of a dot of the texture of confidential places, in steps.
DOT = 0.2


def hatch(step: int = HATCH_STEP, corner: int = HATCH_CORNER) -> str:
    """The pattern of a place without figure, as the <defs> of an SVG whose style says url(#trama)."""
    return f"<defs>{_lines('trama', step, corner)}</defs>"


def textures() -> str:
    """The patterns of places without class, as the <defs> of an SVG: lines for those without figure, dots for those whose
    figure is confidential, each also coarse for small screens (url(#trama-gruesa)).
    """
    return (
        f"<defs>{_lines('trama', HATCH_STEP, HATCH_CORNER)}{_lines('trama-gruesa', COARSE_STEP, COARSE_CORNER)}"
        f"{_dots('puntos', HATCH_STEP)}{_dots('puntos-gruesos', COARSE_STEP)}</defs>"
    )


def _lines(name: str, step: int, corner: int) -> str:
    lines = (
        f"M-{corner} {corner}l{2 * corner}-{2 * corner}M0 {step}l{step}-{step}"
        f"M{step - corner} {step + corner}l{2 * corner}-{2 * corner}"
    )
    return _pattern(name, step, "trama-fondo", f'<path class="trama-linea" d="{lines}"/>')


def _dots(name: str, step: int) -> str:
    middle, radius = step / 2, round(step * DOT, 2)
    return _pattern(
        name, step, "puntos-fondo", f'<circle class="puntos-punto" cx="{middle}" cy="{middle}" r="{radius}"/>'
    )


def _pattern(name: str, step: int, background: str, drawing: str) -> str:
    return (
        f'<pattern id="{name}" width="{step}" height="{step}" patternUnits="userSpaceOnUse">'
        f'<path class="{background}" d="M0 0h{step}v{step}H0z"/>{drawing}</pattern>'
    )


def empty_map() -> Markup:
    """The layers of the map with nothing in them, inside a <template>: what the script of the visual mode starts from."""
    marks = "".join(f'<path class="{name}"/>' for name in MARKS)
    rings = "".join(f'<circle class="{name}"/>' for name in CHOSEN)
    layers = "".join(
        f'<g class="{name}" data-lugares></g>'
        if name in LAYER_OF.values()
        else f'<g class="{name}">{marks + rings if name == "encima" else ""}</g>'
        for name in LAYERS
    )
    return Markup(
        f'<template><svg class="plano" aria-hidden="true" focusable="false">{textures()}{layers}</svg></template>'
    )


def painted_map(
    shapes: Mapping[str, Any],
    figure: Mapping[str, Any],
    level: str,
    chosen: str | None,
    label: str,
    names: Mapping[str, str],
) -> Markup:
    """An SVG of `shapes` (mapa_*.json) with the paint of `figure` (kinds.mapa.figure); `label` says what it shows.

    `level` is "municipio" or "departamento"; `chosen` is outlined on top of its neighbours; `names` by code.
    """
    places = shapes[LAYER_OF[level]]
    borders = [_path(item["d"]) for item in shapes["departamentos"].values()]
    filled: dict[str, Iterable[str]] = {
        "contexto": map(_path, shapes.get("contexto", ())),
        "costa": borders,
        LAYER_OF[level]: _painted(places, figure, names),
        "lagos": map(_path, shapes["lagos"]),
        "bordes": borders,
    }
    if chosen in places:
        filled["encima"] = [_path(places[chosen]["d"], name) for name in CHOSEN]
    layers = "".join(f'<g class="{name}">{"".join(filled[name])}</g>' for name in LAYERS if name in filled)
    box = " ".join(map(str, shapes["viewBox"]))
    return Markup(
        f'<svg class="plano" data-nivel="{LAYER_OF[level]}" viewBox="{box}" role="img" aria-label="{escape(label)}">'
        f"{textures()}{layers}</svg>"
    )


def _painted(places: Mapping[str, Any], figure: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    for code in sorted(places):
        if code in figure["pintura"]:
            klass, text = figure["pintura"][code]
            yield titled(places[code]["d"], figure["clases"][str(klass)], f"{names[code]}: {text}")
        else:
            yield f'<path class="{OUTSIDE}" d="{places[code]["d"]}"></path>'


def titled(outline: str, style: str, words: str) -> str:
    """A painted place that says what it is and its figure."""
    said = escape(words) if ESCAPED.search(words) else words
    return f'<path class="{style}" d="{outline}"><title>{said}</title></path>'


def _path(outline: str, style: str = "") -> str:
    return f'<path class="{style}" d="{outline}"/>' if style else f'<path d="{outline}"/>'
