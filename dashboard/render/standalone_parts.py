"""What the drawings of pictures that go by themselves are made of: strokes, textures, keys, notes and scales.

What says how to read a drawing (its scale, its classes, its keys) is marked as of the scale; every other number is a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.kinds.classes import CONFIDENTIAL, WITHOUT_FIGURE, WITHOUT_PEOPLE
from dashboard.render.standalone import COLOURS, INSIDE, width_of, wrapped, written
from dashboard.words import Unit

#: Sizes of the letters of figures and names, and of what explains them.
SIZE, SMALL = 15, 13
#: What says that a text explains how to read a drawing.
SCALE = 'class="escala"'
MUTE, INK, LINE, EDGE = COLOURS["mute"], COLOURS["ink"], COLOURS["line"], COLOURS["edge"]
WHITE = "#fff"
#: The classes on which words are written in white.
DARK = {"q4", "q5", "d0", "d1", "d5"}
#: The textures of what has no class: lines without figure, dots for what is confidential.
TEXTURES = (
    '<defs><pattern id="trama" width="8" height="8" patternUnits="userSpaceOnUse">'
    f'<path d="M0 0h8v8H0z" fill="{COLOURS["none"]}"/>'
    f'<path d="M-1 1l2-2M0 8l8-8M7 9l2-2" stroke="{COLOURS["hatch"]}" fill="none"/></pattern>'
    '<pattern id="puntos" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<path d="M0 0h6v6H0z" fill="{COLOURS["hidden"]}"/><circle cx="3" cy="3" r="1.2" fill="{COLOURS["dot"]}"/></pattern></defs>'
)
DOTTED = "url(#puntos)"
FILLS = {CONFIDENTIAL: DOTTED, WITHOUT_FIGURE: "url(#trama)", WITHOUT_PEOPLE: COLOURS["none"]}
#: How wide the piece that stands for a confidential figure is, whatever it hides.
PIECE = 44


def fill_of(style: str) -> str:
    """The paint of a class, as the style sheet calls it."""
    return FILLS.get(style) or COLOURS[style]


def ink_on(style: str) -> str:
    """The colour of what is written on a class."""
    return WHITE if style in DARK else INK


def rect(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    """A rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{fill}" {more}/>'


def stroke(x: float, y: float, to_x: float, to_y: float, colour: str = LINE, width: float = 1, dashes: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{colour}" stroke-width="{width}" fill="none"{dashed}/>'


def dot(x: float, y: float, radius: float, fill: str, edge: str = WHITE, width: float = 1.5) -> str:
    """A point."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="{edge}" stroke-width="{width}"/>'


def hidden_piece(x: float, middle: float, width: float = PIECE, height: float = 16) -> str:
    """What stands for a confidential figure."""
    return rect(x, middle - height / 2, width, height, DOTTED, f'stroke="{EDGE}" stroke-width="0.75"')


def of_scale(
    x: float, y: float, text: str, size: int = SMALL, anchor: str = "start", bold: bool = False, fill: str = MUTE
) -> str:
    """A text that explains how to read the drawing."""
    return written(x, y, text, size, anchor, bold, fill).replace("<text", f"<text {SCALE}", 1)


def cut(text: str, size: int, width: float, bold: bool = False) -> str:
    """A text no wider than `width`: the end that does not fit is left out, and said with «…»."""
    if width_of(text, size, bold) <= width:
        return text
    while text and width_of(f"{text}…", size, bold) > width:
        text = text[:-1]
    return f"{text.rstrip(' ,(')}…"


def haloed(
    x: float, y: float, text: str, size: int = SIZE, anchor: str = "start", bold: bool = False, fill: str = ""
) -> str:
    """A text that goes over lines: they do not touch its letters."""
    halo = f'paint-order="stroke" stroke="{COLOURS["bg"]}" stroke-width="4" stroke-linejoin="round"'
    return written(x, y, text, size, anchor, bold, fill).replace("<text", f"<text {halo}", 1)


def fitting(text: str, sizes: Sequence[int], width: float, bold: bool = False) -> int:
    """The first of some sizes of letters with which a text is no wider than `width`; the last one if none is."""
    return next((size for size in sizes if width_of(text, size, bold) <= width), sizes[-1])


def name_lines(
    x: float, middle: float, text: str, width: float, size: int = SIZE, anchor: str = "end", bold: bool = False
) -> str:
    """A name in one line, or in two of them, around a middle line."""
    lines = [cut(line, size, width, bold) for line in wrapped(text, size, width, bold, most=2)]
    first = middle + size / 3 - (len(lines) - 1) * size * 0.58
    return "".join(
        written(x, first + number * size * 1.16, line, size, anchor, bold) for number, line in enumerate(lines)
    )


def note(text: str, top: float, left: float = 0, width: float = INSIDE) -> tuple[str, float]:
    """Small words under a drawing, in as many lines as they take; and where they end."""
    lines = wrapped(text, SMALL, width) if text else []
    drawn = [of_scale(left, top + 14 + 18 * number, line) for number, line in enumerate(lines)]
    return "".join(drawn), top + 18 * len(lines) + (4 if lines else 0)


def heading(text: str, top: float, left: float = 0, width: float = INSIDE, size: int = SIZE) -> tuple[str, float]:
    """A title inside of a drawing; and where it ends."""
    lines = wrapped(text, size, width, bold=True)
    step = size + 4
    drawn = [
        of_scale(left, top + size + step * number, line, size, bold=True, fill=INK) for number, line in enumerate(lines)
    ]
    return "".join(drawn), top + step * len(lines) + 4


def keys(items: Iterable[tuple[str, str]], top: float, left: float = 0, width: float = INSIDE) -> tuple[str, float]:
    """What each paint is, one beside another in as many lines as they take; and where they end. No items, no room."""
    drawn, x, y, any_one = [], left, top, False
    for fill, words in items:
        wide = 32 + width_of(words, SMALL) + 20
        if any_one and x + wide - 20 > left + width:
            x, y = left, y + 24
        drawn.append(sample(fill, x, y + 2))
        drawn.append(of_scale(x + 32, y + 14, words, fill=INK))
        x, any_one = x + wide, True
    return "".join(drawn), y + 28 if any_one else top


def sample(fill: str, x: float, y: float) -> str:
    """A piece of a paint; of a line, a mark, a point or an outline, if it says «line colour» and the like."""
    if fill.startswith("line "):
        return stroke(x, y + 7, x + 24, y + 7, fill.removeprefix("line "), 2.5, "5 4")
    if fill.startswith("tick "):
        return stroke(x + 12, y - 3, x + 12, y + 17, fill.removeprefix("tick "), 3)
    if fill.startswith("dot "):
        return dot(x + 12, y + 7, 6, fill.removeprefix("dot "))
    if fill.startswith("outline "):
        return rect(
            x + 0.75, y + 0.75, 22.5, 12.5, "none", f'stroke="{fill.removeprefix("outline ")}" stroke-width="1.5"'
        )
    return rect(x, y, 24, 14, fill, f'stroke="{EDGE}" stroke-width="0.6"')


def marks_written(marks: Sequence[float]) -> list[str]:
    """The marks of an axis as they are written: with as many decimals as the one that needs most."""
    unit = Unit(max((len(f"{mark:g}".partition(".")[2]) for mark in marks), default=0))
    return [unit.write(mark) for mark in marks]


def path(points: Sequence[tuple[float, float]], colour: str, width: float, more: str = "") -> str:
    """A line through some points."""
    there = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{there}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" {more}/>'
