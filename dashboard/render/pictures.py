"""Charts as bars that need nothing but the style sheet: the first paint, the accessible mode and thrifty connections."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.kinds import barras, serie
from dashboard.kinds.palette import OWN_COLOUR
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.view import Answer
from dashboard.words import WITHHELD

#: What is said of an element in CSS: values by property.
Style = dict[str, str]


def bars(answer: Answer) -> Component:
    """The picture of `answer` without scripts; KeyError for a kind that has none.

    It says how tall the drawing that may take its place is, so that the page keeps room for it.
    """
    return PICTURES[answer.kind](answer.facts, {"--alto": f"{answer.figure['claro']['layout']['height']}px"})


def share_bars(facts: barras.Facts, style: Style) -> Component:
    """Shares as bars, in a list with `style`; the table beside them says the same to a screen reader."""
    return _mirrored(facts, style) if facts.sides else _simple(facts, style)


def _simple(facts: barras.Facts, style: Style) -> Component:
    items = [
        html.Li(
            [
                html.Span(bar.name, className="etiqueta"),
                *_drawn(facts, bar.part, html.I(style=_width(bar.part.share or 0, 100))),
            ],
            className=_own(bar, facts),
        )
        for bar in facts.drawn
    ]
    return html.Ul(items, className="barras", style=style, **Attributes({"aria-hidden": "true"}))


def _own(bar: barras.Bar, facts: barras.Facts) -> str | None:
    """What its style depends on: a colour of its own, or having no figure."""
    colour = bar.code if bar.code in OWN_COLOUR else ""
    return f"{colour} {_lacking(bar.part)}".strip() or None


def _lacking(part: barras.Part) -> str:
    return "sin-publicar" if part.count is None else ""


def _written(facts: barras.Facts, part: barras.Part) -> str:
    """The figure of a bar or, in one word, that it is confidential: the sentences and the table say the rest."""
    words = facts.write(part)
    return "confidencial" if words == WITHHELD else words


def _drawn(facts: barras.Facts, part: barras.Part, bar: Component) -> list[Component]:
    """The bar and its figure, or why there is none."""
    words = html.Em(_written(facts, part))
    return [words] if part.count is None else [bar, words]


def _mirrored(facts: barras.Facts, style: Style) -> Component:
    left, right = facts.sides.values()
    head = html.Li(
        [
            html.Span(left, className="izq"),
            html.Span(facts.heading, className="edad"),
            html.Span(right, className="der"),
        ],
        className="piramide-cabeza",
    )
    # Ordered categories, like ages, are drawn from the bottom up; the others, from the top down.
    bands = [_band(bar, facts) for bar in (reversed(facts.bars) if facts.ordered else facts.bars)]
    return html.Ol([head, *bands], className="piramide", style=style, **Attributes({"aria-hidden": "true"}))


def _band(bar: barras.Bar, facts: barras.Facts) -> Component:
    left, right = bar.parts
    bars = [html.I(style=_width(part.count or 0, facts.widest)) for part in bar.parts]
    return html.Li(
        [
            html.Span(_drawn(facts, left, bars[0])[::-1], className=f"izq {_lacking(left)}".strip()),
            html.Span(barras.short(bar.name), className="edad"),
            html.Span(_drawn(facts, right, bars[1]), className=f"der {_lacking(right)}".strip()),
        ]
    )


def _width(part: float, whole: float) -> Style:
    return {"width": f"{100 * part / whole if whole else 0:.1f}%"}


def event_bars(facts: serie.Facts, style: Style) -> Component:
    """One bar for each event, in a list with `style`."""
    # A share is drawn out of a hundred; a count, out of the largest.
    whole = 100 if facts.unit.mark == "%" else max(facts.values, default=0)
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
    return html.Ul(items, className="barras eventos", style=style, **Attributes({"aria-hidden": "true"}))


PICTURES: dict[str, Callable[..., Component]] = {
    "barras": share_bars,
    "serie": event_bars,
}
