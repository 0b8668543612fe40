"""Colours as the style sheet says them, for what cannot read it: the charts that Plotly draws and the pictures shared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from dashboard import ASSETS

#: A chart, or a part of it, as Plotly takes it.
Drawing = dict[str, Any]
#: Where the style sheet declares the colours of each theme; the dark one changes those of the light.
ROOT = ":root {"
DARK = "@media screen and (prefers-color-scheme: dark)"
COLOUR = re.compile(r"--([\w-]+): *(#[0-9a-f]+);")
FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif'
#: The categories that have a colour of their own wherever they are drawn.
OWN_COLOUR = ("mujeres", "hombres")


def _themes(styles: str) -> dict[str, Mapping[str, str]]:
    """Colour by name, in each theme; IndexError if the style sheet no longer declares them so."""

    def declared(text: str) -> dict[str, str]:
        return dict(COLOUR.findall(text.split(ROOT, 1)[1].split("}", 1)[0]))

    light = declared(styles)
    return {"claro": light, "oscuro": light | declared(styles.split(DARK, 1)[1])}


THEMES = _themes((ASSETS / "estilos.css").read_text(encoding="utf-8"))


def colour_of(category: str, theme: str) -> str:
    """The colour of a category: its own, or that of every bar."""
    return THEMES[theme][category if category in OWN_COLOUR else "hombres"]


def layout(theme: str, **extra: object) -> Drawing:
    """The part of a Plotly layout that all charts share: no background, our type, our ink."""
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 14, "color": THEMES[theme]["ink"]},
        "margin": {"l": 8, "r": 8, "t": 32, "b": 8},
        "separators": ".,",
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "dragmode": False,
        **extra,
    }


def both(draw: Callable[[str], Drawing]) -> dict[str, Drawing]:
    """`draw(theme)` for each theme."""
    return {theme: draw(theme) for theme in THEMES}
