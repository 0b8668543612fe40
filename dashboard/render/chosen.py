"""The chosen place in a sheet that a phone keeps in sight: its name, its figure, its sentence and what can be done with it."""

from __future__ import annotations

from dashboard.address.selection import Selection
from dashboard.kinds import comparacion
from dashboard.render.actions import of_place
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face, words
from dashboard.render.dash_doors import Component, html
from dashboard.view import Answer


def sheet(answer: Answer, selection: Selection, face: Face) -> Component:
    """The sheet of the place that `answer` is about. It is open, and folds into its name and its figure."""
    facts: comparacion.Facts = answer.facts
    name, *of = facts.names.values()
    inside = [html.Span(f", {of[0]}", className="de")] if len(of) > 1 else []
    unit = facts.main.indicator.unit.phrase or facts.main.indicator.short.lower()
    summary = [
        html.Span([html.Strong(name), *inside, ": "], className="hoja-nombre"),
        html.Span([html.B(facts.main.texts[0]), " ", html.Small(unit)], className="hoja-cifra"),
    ]
    said = html.P([part for item in answer.sentences[:1] for part in words(item)], className="frase")
    return html.Section(
        html.Details(
            [html.Summary(summary), said, of_place(facts, face.root, face.link(selection, lugar=None))], open=True
        ),
        className="hoja",
        id="lugar-aqui",
        **Attributes({"aria-label": "Lugar elegido"}),
    )
