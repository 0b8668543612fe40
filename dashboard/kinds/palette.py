"""Colours of the charts, for both themes: charts are drawn by Plotly, which cannot read the style sheet's variables."""

from __future__ import annotations

THEMES = {
    "claro": {"mujeres": "#8b3d6b", "hombres": "#28758a", "tinta": "#16212b", "linea": "#ddd9cf"},
    "oscuro": {"mujeres": "#d48ab6", "hombres": "#7fc0c8", "tinta": "#eef2f4", "linea": "#2b3843"},
}
FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif'


#: The categories that have a colour of their own wherever they are drawn.
OWN_COLOUR = ("mujeres", "hombres")


def colour_of(category: str, theme: str) -> str:
    """The colour of a category: its own, or that of every bar."""
    return THEMES[theme][category if category in OWN_COLOUR else "hombres"]


def layout(theme: str, **extra: object) -> dict:
    """The part of a Plotly layout that all charts share: no background, our type, our ink."""
    colours = THEMES[theme]
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 14, "color": colours["tinta"]},
        "margin": {"l": 8, "r": 8, "t": 32, "b": 8},
        "separators": ".,",
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "dragmode": False,
        **extra,
    }


def both(draw) -> dict[str, dict]:
    """`draw(theme)` for each theme."""
    return {theme: draw(theme) for theme in THEMES}
