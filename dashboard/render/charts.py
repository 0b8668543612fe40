"""A chart in a figure: its question with its sentences, its bars, its data and its source."""

from __future__ import annotations

from dashboard.render import blocks, missing
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.pictures import PICTURES, bars
from dashboard.view import Answer


def chart(answer: Answer, face: Face, files: bool = False) -> Component:
    """The chart of an answer that stands by itself: no selection of a page changes it. With its `files`, where the page does not
    list them with those of its other answers.
    """
    return html.Figure(
        [
            blocks.chart_words(answer),
            *([html.Div(bars(answer), className="lienzo")] if answer.kind in PICTURES else []),
            *(missing.side_by_side(answer.facts) if answer.kind == "faltan" else []),
            *blocks.chart_data(answer, answer.selection, face, warned=False),
            *([blocks.folded_files(answer, face)] if files else []),
        ],
        className="grafica faltan" if answer.kind == "faltan" else "grafica",
    )


def charts(answers: list[Answer], face: Face, files: bool = False) -> list[Component]:
    """Several, in columns where there is room; nothing when there are none."""
    return [html.Div([chart(answer, face, files) for answer in answers], className="ficha-graficas")] if answers else []
