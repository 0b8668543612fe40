"""A picture that goes by itself into a document or another page: its question, its answer, the drawing and where it is from, in
one SVG that needs nothing else, or in a PNG made from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from markupsafe import escape

from dashboard.kinds.palette import THEMES
from dashboard.render.files import about
from dashboard.render.html import DECLARES
from dashboard.render.preview import FAMILY, font
from dashboard.view import Answer

WIDTH, MARGIN = 800, 32
INSIDE = WIDTH - 2 * MARGIN
COLOURS = THEMES["claro"]
LETTERS = f"{FAMILY}, 'Segoe UI', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
MOST_LINES = 6
#: Where a line may be cut: not at the space that keeps a number and its mark together.
SPACES = re.compile(r"[ \t\n]+")
#: Where the parameters of an address begin.
PARAMETERS = re.compile(r"(?<=[?&])")
#: Text of a picture: its size, and the height of a line.
TITLE, WORDS, SMALL = (27, 33), (17, 24), (13, 18)


class NoPicture(LookupError):
    """An answer that has nothing to draw; the message is for the reader."""


@dataclass(frozen=True)
class Drawn:
    """The middle of a picture: what is drawn from (0, 0) in INSIDE units of width, how tall it is, and its own rules of style."""

    body: str
    height: float
    style: str = ""


@dataclass(frozen=True)
class Ground:
    """What maps are drawn on: the shapes of the country or of a departamento, those of the United States (each Unaskable where
    the release has none), the names of places by code, and the place to outline.
    """

    country: Callable[[str | None], Mapping[str, Any]]
    states: Callable[[], Mapping[str, Any]]
    names: Mapping[str, str]
    chosen: str | None = None


def bare(answer: Answer, draw: Callable[[Answer], Drawn]) -> str:
    """The SVG of the drawing of an answer alone, for a document that says the rest. Raises what `draw` raises."""
    drawn = draw(answer)
    body = f'<g transform="translate({MARGIN} {MARGIN})">{drawn.body}</g>'
    return _svg(answer, drawn, body, drawn.height + 2 * MARGIN)


def standalone(answer: Answer, draw: Callable[[Answer], Drawn], address: str) -> str:
    """The SVG of an answer. `address` is where the same is on the site. Raises what `draw` raises."""
    drawn = draw(answer)
    head, top = lines(answer.question, *TITLE, MARGIN + TITLE[0], bold=True)
    said, top = lines(" ".join(item.plain() for item in answer.sentences[:2]), *WORDS, top + 4)
    middle = top + 2
    foot = middle + drawn.height + 22
    source, end = lines(about(answer).citation, *SMALL, foot + SMALL[1], colour=COLOURS["mute"])
    found = [
        lines(line, *SMALL, end + SMALL[1] * n, colour=COLOURS["mute"]) for n, line in enumerate(in_lines(address))
    ]
    where, end = "".join(text for text, _ in found), found[-1][1]
    height = end + MARGIN - SMALL[1]
    body = (
        f'{head}{said}<g transform="translate({MARGIN} {middle:.0f})">{drawn.body}</g>'
        f'<path d="M{MARGIN} {foot - 2:.0f}h{INSIDE}" stroke="{COLOURS["line"]}"/>{source}{where}'
    )
    return _svg(answer, drawn, body, height)


def inline(answer: Answer, drawn: Drawn, style: str) -> str:
    """The SVG of the drawing of an answer for a page that says the rest and has the rules of the drawing; it declares a
    `style` of its own.
    """
    body = f'<g transform="translate({MARGIN} 16)">{drawn.body}</g>'
    return _svg(answer, Drawn(drawn.body, drawn.height), body, drawn.height + 32, f'{DECLARES}{style}"')


def _svg(answer: Answer, drawn: Drawn, body: str, height: float, more: str = "") -> str:
    label = f"{answer.question} {' '.join(item.plain() for item in answer.sentences)}"
    style = f"<style>{drawn.style}</style>" if drawn.style else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(label)}" font-family="{LETTERS}" fill="{COLOURS["ink"]}"{more}>'
        f"<title>{escape(answer.question)}</title>{style}"
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="{COLOURS["bg"]}"/>{body}</svg>'
    )


def png(svg: str, scale: int) -> bytes:
    """A picture as pixels, `scale` for each unit."""
    from resvg_py import svg_to_bytes  # only whoever asks for one waits for it

    return bytes(
        svg_to_bytes(svg_string=svg, zoom=scale, skip_system_fonts=True, font_files=_fonts(), font_family=FAMILY)
    )


def write_png(svg: str, scale: int, file: BinaryIO) -> None:
    """Write a picture as pixels, `scale` for each unit."""
    file.write(png(svg, scale))


@lru_cache(1)
def _fonts() -> list[str]:
    """The files of the letters that every picture is written with."""
    return [str(font(12).path)]


def lines(
    text: str,
    size: int,
    leading: int,
    top: float,
    bold: bool = False,
    colour: str = "",
    left: float = MARGIN,
    width: float = INSIDE,
) -> tuple[str, float]:
    """A text in as many lines as it takes, the first one with its feet at `top`; and where the next line would be."""
    fill = f' fill="{colour}"' if colour else ""
    weight = ' font-weight="700"' if bold else ""
    found = wrapped(text, size, width, bold)
    written = "".join(
        f'<text x="{left}" y="{top + leading * number:.0f}" font-size="{size}"{weight}{fill}>{escape(line)}</text>'
        for number, line in enumerate(found)
    )
    return written, top + leading * len(found)


def wrapped(text: str, size: int, width: float, bold: bool = False, most: int = MOST_LINES) -> list[str]:
    """A text cut in lines no wider than `width`; of one that takes more than `most`, the end is left out, and said with «…»."""
    letters = font(size, bold)
    lines: list[str] = []
    for word in SPACES.split(text.strip()):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and letters.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def in_lines(address: str) -> list[str]:
    """An address in lines as wide as a picture, cut where one of its parameters begins."""
    found = [""]
    for part in PARAMETERS.split(address):
        if found[-1] and width_of(found[-1] + part, SMALL[0]) > INSIDE:
            found.append("")
        found[-1] += part
    return found


def width_of(text: str, size: int, bold: bool = False) -> float:
    """How wide a text is."""
    return float(font(size, bold).getlength(text))


def written(
    x: float, y: float, text: str, size: int = 15, anchor: str = "start", bold: bool = False, fill: str = ""
) -> str:
    """A line of text of a drawing."""
    more = (' font-weight="700"' if bold else "") + (f' fill="{fill}"' if fill else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{more}>{escape(text)}</text>'
