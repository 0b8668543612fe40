"""An answer inside the page of somebody else: its question, its sentences, its picture, its table and where it is from."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from dashboard.render import blocks, legend
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import html
from dashboard.render.html import to_html
from dashboard.render.pictures import PICTURES, bars
from dashboard.render.standalone import Drawn
from dashboard.render.standalone_bars import events, shares, table
from dashboard.view import Answer

#: How the answers of each kind are drawn by themselves; the rest, as a table with bars.
DRAWINGS: dict[str, Callable[[Answer], Drawn]] = {"barras": shares, "serie": events}
MAP = "mapa"
#: Rows of a table in the page of somebody else: the rest is one link away.
ROWS = 25


def drawing_of(answer: Answer) -> Callable[[Answer], Drawn]:
    """How an answer that is no map is drawn by itself."""
    return DRAWINGS.get(answer.kind, table)


def embedded(answer: Answer, face: Face, picture: Markup | None, more: str) -> Markup:
    """The content of the frame. `picture` is the map, if it is one; `more`, the address of the same on the site."""
    drawn = picture or (bars(answer) if answer.kind in PICTURES else None)
    said = html.Div([html.P(blocks.words(item), className="frase") for item in answer.sentences])
    data = blocks.table(answer, answer.question, answer.selection, face, most=ROWS)
    link = html.A("Ver en Padrón Abierto, con filtros y archivos", href=more, target="_blank", rel="noopener")
    shown = html.Details([html.Summary("Los datos"), data], className="datos", open=None if drawn else True)
    content = [
        html.H1(answer.question),
        said,
        *([html.Div(drawn, className="lienzo")] if drawn else []),
        *(legend.legend(answer) if answer.kind == MAP else [blocks.source_line(answer.sources)]),
        shown,
        html.P([link, f" · publicación {answer.release}, {answer.terms.id}"], className="de"),
    ]
    return Markup("".join(to_html(node) for node in content))
