"""The picture that is shown when an answer is shared in a social network: its question, its answer, its drawing, its source."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import escape

from dashboard.render.preview import SIZE
from dashboard.render.standalone import COLOURS, INSIDE, LETTERS, Drawn, lines
from dashboard.view import Answer
from dashboard.words import listing

WIDTH, HEIGHT = SIZE
MARGIN, BESIDE = 60, 630
#: Where the drawing goes: its left side, its top, its width and its height.
BOX = (600, 60, 550, 480)
#: Sizes of letters, and the heights of their lines.
NAME, TITLE, WORDS, SMALL = 30, (44, 52), (26, 36), (20, 26)
FOOT = 560
#: Letters of what is said of the sources.
LONGEST = 170


def share_card(answer: Answer, draw: Callable[[Answer], Drawn] | None) -> str:
    """The SVG of an answer, as wide and as tall as networks ask for; without `draw`, only in words."""
    width = BESIDE - 2 * MARGIN if draw else WIDTH - 2 * MARGIN
    head, top = lines(answer.question, *TITLE, 150, bold=True, left=MARGIN, width=width)
    first = answer.sentences[0].plain() if answer.sentences else ""
    said, _ = lines(first, *WORDS, top + 8, left=MARGIN, width=width)
    foot, _ = lines(_source(answer), *SMALL, FOOT, colour=COLOURS["mute"], left=MARGIN, width=WIDTH - 2 * MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{LETTERS}" fill="{COLOURS["ink"]}"><title>{escape(answer.question)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{COLOURS["bg"]}"/>'
        f'<text x="{MARGIN}" y="82" font-size="{NAME}" font-weight="700" fill="{COLOURS["brand"]}">Padrón Abierto</text>'
        f"{head}{said}{_beside(draw(answer)) if draw else ''}{foot}</svg>"
    )


def _beside(drawn: Drawn) -> str:
    """A drawing, as large as fits beside the words."""
    left, top, width, height = BOX
    scale = min(width / INSIDE, height / drawn.height)
    down = top + (height - drawn.height * scale) / 2
    return (
        f'<style>{drawn.style}</style><g transform="translate({left} {down:.0f}) scale({scale:.4f})">{drawn.body}</g>'
    )


def _source(answer: Answer) -> str:
    """Who published the figures and in which release they are."""
    if answer.synthetic:
        return f"Demostración con datos sintéticos: ninguna cifra es real. Publicación {answer.release}."
    said = f"Fuente: {listing(list(dict.fromkeys(source.publisher for source in answer.sources)))}"
    return f"{said if len(said) <= LONGEST else f'{said[:LONGEST]}…'}. Publicación {answer.release}."
