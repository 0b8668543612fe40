"""Charts as bars that need nothing but the style sheet: the first paint, the accessible mode and thrifty connections."""

from __future__ import annotations

from collections.abc import Callable

from dash import html

from dashboard.kinds import barras, piramide, reparto, serie
from dashboard.render.dash_doors import Component
from dashboard.view import Answer
from dashboard.words import PERCENT


def bars(answer: Answer) -> Component:
    """The picture of `answer` without scripts; KeyError for a kind that has none.

    It says how tall the drawing that may take its place is, so that the page keeps room for it.
    """
    made = PICTURES[answer.kind](answer.facts)
    made.style = {"--alto": f"{answer.figure['claro']['layout']['height']}px"}
    return made


def pyramid_bars(facts: piramide.Facts) -> Component:
    """The pyramid as bars that need nothing but the style sheet; the table beside it says the same to a screen reader."""
    head = html.Li(
        [
            html.Span("Mujeres", className="izq"),
            html.Span("Edad", className="edad"),
            html.Span("Hombres", className="der"),
        ],
        className="piramide-cabeza",
    )
    bands = [_band(band, facts) for band in reversed(facts.bands)]
    return html.Ol([head, *bands], className="piramide", **{"aria-hidden": "true"})


def _band(band: piramide.Band, facts: piramide.Facts) -> Component:
    women, men = (PERCENT.write(facts.share(count)) for count in (band.women, band.men))
    return html.Li(
        [
            html.Span([html.Em(women), html.I(style=_width(band.women, facts.widest))], className="izq"),
            html.Span(band.age.replace(" años", ""), className="edad"),
            html.Span([html.I(style=_width(band.men, facts.widest)), html.Em(men)], className="der"),
        ]
    )


def share_bars(facts: barras.Facts) -> Component:
    """Literacy by sexo as bars that need nothing but the style sheet."""
    items = [
        html.Li(
            [
                html.Span(bar.title, className="etiqueta"),
                html.I(style=_width(bar.share or 0, 100)),
                html.Em(PERCENT.write(bar.share)),
            ],
            className=bar.code,
        )
        for bar in facts.bars
    ]
    return html.Ul(items, className="barras", **{"aria-hidden": "true"})


def _width(part: float, whole: float) -> dict[str, str]:
    return {"width": f"{100 * part / whole if whole else 0:.1f}%"}


def category_bars(facts: reparto.Facts) -> Component:
    """The largest categories as bars."""
    items = [
        html.Li(
            [
                html.Span(part.name, className="etiqueta"),
                html.I(style=_width(part.share or 0, 100)),
                html.Em(PERCENT.write(part.share)),
            ]
        )
        for part in facts.drawn
    ]
    return html.Ul(items, className="barras", **{"aria-hidden": "true"})


def event_bars(facts: serie.Facts) -> Component:
    """One bar for each event."""
    # A share is drawn out of a hundred; a count, out of the largest.
    whole = 100 if facts.unit.mark == "%" else max((point.value for point in facts.known), default=0)
    items = [
        html.Li(
            [
                html.Span(point.label, className="etiqueta"),
                html.I(style=_width(point.value or 0, whole)),
                html.Em(point.text),
            ]
        )
        for point in facts.points
    ]
    return html.Ul(items, className="barras eventos", **{"aria-hidden": "true"})


PICTURES: dict[str, Callable[..., Component]] = {
    "piramide": pyramid_bars,
    "barras": share_bars,
    "reparto": category_bars,
    "serie": event_bars,
}
