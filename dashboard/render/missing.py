"""Adults who are not registered: the estimates of others and our own side by side, each with its method."""

from __future__ import annotations

from dashboard.address.selection import Selection
from dashboard.kinds import faltan
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.view import Answer


def section(answer: Answer, selection: Selection, face: Face) -> Component:
    """The question with its sentences, the figures side by side, the table and the files."""
    facts: faltan.Facts = answer.facts
    files = blocks.folded_files(answer, face)
    return html.Section(
        [
            html.H2(answer.question),
            *(html.P(blocks.words(item), className="frase") for item in answer.sentences[:2]),
            *side_by_side(facts),
            *(html.P(blocks.words(item), className="frase") for item in answer.sentences[2:]),
            *blocks.chart_data(answer, selection, face, warned=False),
            files,
        ],
        className="faltan",
    )


def side_by_side(facts: faltan.Facts) -> list[Component]:
    """A card for each figure of all adults that says how many are missing; none when there is only one."""
    cards = [_card(line) for line in facts.drawn]
    return [html.Ul(cards, className="estimaciones")] if cards else []


def _card(line: faltan.Line) -> Component:
    share = line.missing.value if line.missing else None
    width = {"width": f"{max(0, min(100, share or 0)):.1f}%"}
    who = f"Calculada aquí · {line.when}" if line.ours else f"Publicada por otros · {line.when}"
    return html.Li(
        [
            html.P(who, className="de"),
            html.P([html.Strong(line.written), " sin empadronar"], className="cifra"),
            html.Div(html.I(style=width), className="de-cien", **Attributes({"aria-hidden": "true"})),
            html.H3(line.title),
            html.P(f"Método: {line.method}"),
            html.P(
                f"Fuente: {line.evidence.source}. Corte: {line.evidence.cutoff}. Confianza {line.evidence.confidence}.",
                className="fuente",
            ),
        ],
        className="propia" if line.ours else "ajena",
    )
