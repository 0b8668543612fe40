"""An answer inside the page of somebody else: its question, its sentences, its picture, its table and where it is from."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from dashboard.figures.measures import Unaskable
from dashboard.render import (
    blocks,
    legend,
    standalone_abroad,
    standalone_heat,
    standalone_lines,
    standalone_map,
    standalone_places,
    standalone_polling,
    standalone_sides,
    standalone_states,
    standalone_voters,
)
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import html
from dashboard.render.html import to_html
from dashboard.render.pictures import PICTURES, bars
from dashboard.render.standalone import Drawn, Ground, NoPicture, inline
from dashboard.render.standalone_bars import MOST, events, shares, table
from dashboard.view import Answer

#: How the answers of each kind are drawn by themselves: with nothing else, or on the shapes of a map; the rest, as a table
#: with bars.
DRAWINGS: dict[str, Callable[[Answer], Drawn]] = {
    "barras": shares,
    "serie": events,
    "grupos": standalone_voters.groups,
    "piramide": standalone_voters.pyramid,
    "edades": standalone_lines.ages,
    "brechas": standalone_lines.distances,
    "lineas": standalone_lines.elections,
    "cuadros": standalone_states.tiles,
    "matriz": standalone_heat.matrix,
    "calor": standalone_heat.cross,
    "edades_fuera": standalone_abroad.ages,
    "voto_fuera": standalone_abroad.turnout,
    "por_eleccion": standalone_abroad.by_election,
    "dentro_y_fuera": standalone_abroad.both_sides,
    "lugares": standalone_places.strips,
    "lugares_otras": standalone_places.others,
    "papeletas": standalone_polling.distances,
    "recibidas": standalone_polling.received,
    "contienda": standalone_polling.races,
    "faltan": standalone_sides.missing,
    "comparacion": standalone_sides.card,
    "lado_a_lado": standalone_sides.side_by_side,
}
ON_SHAPES: dict[str, Callable[[Answer, Ground], Drawn]] = {
    "mapa": standalone_map.drawing,
    "coincidencia": standalone_map.agreement,
    "origen": standalone_map.origins,
    "estados": standalone_states.states,
    "ciudades": standalone_states.cities,
}
#: The kinds that have a drawing of their own.
DRAWN = DRAWINGS.keys() | ON_SHAPES.keys()
MAP = "mapa"
#: Rows of a table in the page of somebody else: the rest is one link away.
ROWS = 25
#: How narrow a drawing may be in a page: where there is less room, it scrolls.
NARROWEST = "min-width:34rem;width:100%;height:auto"


def drawing_of(answer: Answer, ground: Ground) -> Callable[[Answer], Drawn]:
    """How an answer is drawn by itself."""
    on_shapes = ON_SHAPES.get(answer.kind)
    if on_shapes is None:
        return DRAWINGS.get(answer.kind, table)
    return lambda one: on_shapes(one, ground)


def drawn_whole(answer: Answer) -> bool:
    """Whether its drawing has all of it, and not only the first rows of a long table."""
    return answer.kind in DRAWN or len(answer.rows) <= MOST


def own_drawing(answer: Answer, ground: Ground) -> Drawn | None:
    """The drawing that a frame has of an answer; None of one that is drawn with components, or that has none of its own."""
    if answer.kind == MAP or answer.kind in PICTURES or answer.kind not in DRAWN:
        return None
    try:
        return drawing_of(answer, ground)(answer)
    except (NoPicture, Unaskable):
        return None


def framed_drawing(answer: Answer, drawn: Drawn) -> Markup:
    """A drawing as a part of a page, that scrolls in its own frame where the page is too narrow for its letters."""
    svg = inline(answer, drawn, NARROWEST)
    return Markup(f'<div class="tabla-marco" role="region" tabindex="0" aria-label="Imagen">{svg}</div>')


def embedded(answer: Answer, face: Face, picture: Markup | None, more: str) -> Markup:
    """The content of the frame. `picture` is the map or the drawing, if it is one; `more`, the address of the same on the
    site.
    """
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
