"""Colours as the style sheet says them, for what cannot read it: the pictures that are shared."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dashboard import ASSETS

#: Where the style sheet declares the colours of each theme; the dark one changes those of the light.
ROOT = ":root {"
DARK = "@media screen and (prefers-color-scheme: dark)"
COLOUR = re.compile(r"--([\w-]+): *(#[0-9a-f]+);")
#: The categories that have a colour of their own wherever they are drawn.
OWN_COLOUR = ("mujeres", "hombres")


def _themes(styles: str) -> dict[str, Mapping[str, str]]:
    """Colour by name, in each theme; IndexError if the style sheet no longer declares them so."""

    def declared(text: str) -> dict[str, str]:
        return dict(COLOUR.findall(text.split(ROOT, 1)[1].split("}", 1)[0]))

    light = declared(styles)
    return {"claro": light, "oscuro": light | declared(styles.split(DARK, 1)[1])}


THEMES = _themes((ASSETS / "estilos.css").read_text(encoding="utf-8"))
