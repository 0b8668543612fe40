"""The picture that is shown when a profile is shared: its name, its figure and its place on the map, as a PNG."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fontpkg.pil import truetype
from PIL import Image, ImageDraw, ImageFont

from dashboard.kinds.classes import MOST_CLASSES
from dashboard.kinds.palette import THEMES

#: A family with every letter of Spanish and of the Mayan languages; its package is a wheel with one file for all weights.
FAMILY = "Roboto"
#: What social networks ask for.
SIZE = (1200, 630)
MAP_BOX = (700, 30, 1170, 600)
LIGHT = THEMES["claro"]
BACKGROUND, INK, MUTE, BRAND, ACCENT, CUT = (LIGHT[name] for name in ("bg", "ink", "mute", "brand", "accent", "cut"))
CLASSES = tuple(LIGHT[f"q{klass}"] for klass in range(MOST_CLASSES))
WITHOUT_FIGURE = LIGHT["off"]
RING = re.compile(r"M([^lMz]+)l([^Mz]+)z")
NUMBER = re.compile(r"-?\d+")
#: Edges look smooth when drawn this many times larger and reduced.
OVERSAMPLING = 2


def preview(
    name: str,
    parent: str,
    figure: str,
    phrase: str,
    shapes: Mapping[str, Any],
    paint: Mapping[str, Sequence[Any]],
    chosen: str | None,
) -> bytes:
    """A PNG of SIZE. `shapes` are those of mapa_*.json, `paint` gives the class of each municipio."""
    image = _map(shapes, paint, chosen)
    draw = ImageDraw.Draw(image)
    draw.text((60, 56), "Padrón Abierto", font=font(34, bold=True), fill=BRAND)
    top = 170
    for line in _lines(name, font(76, bold=True), 620):
        draw.text((60, top), line, font=font(76, bold=True), fill=INK)
        top += 86
    draw.text((60, top + 4), parent, font=font(36), fill=MUTE)
    draw.text((60, 410), figure, font=font(104, bold=True), fill=INK)
    for number, line in enumerate(_lines(phrase, font(34), 620)):
        draw.text((60, 530 + 42 * number), line, font=font(34), fill=MUTE)
    buffer = io.BytesIO()
    image.quantize(128).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The letters of the picture, `size` pixels tall."""
    letters: ImageFont.FreeTypeFont = truetype(FAMILY, size, weight=700 if bold else 400)
    return letters


def _lines(text: str, letters: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and letters.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines[:2]


def _map(shapes: Mapping[str, Any], paint: Mapping[str, Sequence[Any]], chosen: str | None) -> Image.Image:
    large = Image.new("RGB", (SIZE[0] * OVERSAMPLING, SIZE[1] * OVERSAMPLING), BACKGROUND)
    draw = ImageDraw.Draw(large)
    x, y, width, height = shapes["viewBox"]
    left, top, right, bottom = (side * OVERSAMPLING for side in MAP_BOX)
    scale = min((right - left) / width, (bottom - top) / height)
    shift = (right - width * scale - x * scale, top + ((bottom - top) - height * scale) / 2 - y * scale)

    def placed(ring: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
        return [(shift[0] + px * scale, shift[1] + py * scale) for px, py in ring]

    for code, place in shapes["municipios"].items():
        klass = paint.get(code, [-1])[0]
        fill = CLASSES[klass] if klass >= 0 else WITHOUT_FIGURE
        for ring in rings(place["d"]):
            draw.polygon(placed(ring), fill=fill, outline=CUT)
    for place in [group[chosen] for group in (shapes["municipios"], shapes["departamentos"]) if chosen in group]:
        for ring in rings(place["d"]):
            draw.line([*placed(ring), placed(ring)[0]], fill=ACCENT, width=4 * OVERSAMPLING, joint="curve")
    return large.resize(SIZE, Image.Resampling.LANCZOS)


def rings(path: str) -> Iterator[list[tuple[int, int]]]:
    """The rings of a path of the map, which the ETL writes as one absolute move and relative lines for each."""
    for start, steps in RING.findall(path):
        x, y = map(int, NUMBER.findall(start))
        points = [(x, y)]
        moves = iter(map(int, NUMBER.findall(steps)))
        for dx, dy in zip(moves, moves, strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        yield points
