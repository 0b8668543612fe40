"""/participacion: how many voted, event by event and municipio by municipio."""

from __future__ import annotations

from dash import html

from dashboard.address.phrases import place_name, scope
from dashboard.address.selection import Selection
from dashboard.pages.mapa import MapPage
from dashboard.pages.model import parts
from dashboard.render import blocks
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.words import plural

PATH = "/participacion"


def crumb(site: Site, selection: Selection) -> str:
    """«Guatemala · elecciones de 2007 a 2023»."""
    return f"{place_name(scope(selection), site.territories)} · elecciones de 2007 a 2023"


def polling_tables(site: Site, selection: Selection, face: Face) -> list[Component]:
    """The actas of the events that have data table by table, and where they do not add up."""
    found = parts(site, ("participacion_mesas", "participacion_discrepancias"), selection)
    if len(found) < 2:
        return []
    tables, odd = found.values()
    return [
        html.Section(
            [
                html.H2(tables.question),
                html.Ul([html.Li(blocks.words(item)) for item in tables.sentences], className="frases"),
                *(_folded(answer, selection, face) for answer in (odd, tables)),
                blocks.source_line(tables.sources),
            ],
            className="prosa actas",
        )
    ]


def _folded(answer: Answer, selection: Selection, face: Face) -> Component:
    summary = f"{answer.title} ({plural(len(answer.rows), 'fila', 'filas')})"
    frame = blocks.table(answer, answer.title, selection, face)
    files = html.P(["Descargar: ", *blocks.file_links(answer)])
    return html.Details([html.Summary(summary), frame, files], open=face.accessible or None)


MAP = MapPage(
    path=PATH,
    name="Participación",
    topic_name="participacion",
    map_view="participacion_mapa",
    place_view="participacion_lugar",
    charts=("participacion_serie", "participacion_votos"),
    crumb=crumb,
    more=polling_tables,
)
PAGE = MAP.page()
