"""Where the sheets are offered, and how they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from dashboard.address.parameters import GROUPS
from dashboard.address.profiles import COUNTRY_NAME
from dashboard.address.selection import Selection
from dashboard.render.dash_doors import Component, html
from dashboard.render.formats import Format
from dashboard.render.html import text

#: The address of a sheet, and of the view that each topic is drawn from.
PATH = "/tacto/{tema}/{lugar}.{formato}"
TOPICS = {"padron": "padron_mapa", "participacion": "participacion_mapa"}
PDF = Format("pdf", "PDF", "application/pdf")
SVG = Format("svg", "SVG", "image/svg+xml")
BRF = Format("brf", "BRF", "text/plain; charset=us-ascii")
FORMATS = {form.suffix: form for form in (PDF, SVG, BRF)}
#: What each is called where it is offered.
OFFERED = {
    PDF.suffix: "Lámina PDF",
    SVG.suffix: "Lámina SVG",
    BRF.suffix: "Braille BRF",
}
#: What of a selection a sheet takes.
QUESTION = ("indicador", "eleccion", "corte", GROUPS, "frente")
#: The same for who hears a link alone.
LABELS = {
    PDF.suffix: "Lámina PDF para tocar, en papel de microcápsulas",
    SVG.suffix: "Lámina SVG para tocar, la página del mapa",
    BRF.suffix: "Braille BRF: la tabla para una impresora braille",
}
#: How a sheet calls its territory.
COUNTRY_TITLE, OF_DEPARTAMENTO = "{pais}, todo el país", "Departamento de {nombre}"
UNTRIED = (
    "Las láminas se imprimen en papel de microcápsulas. Todavía no las ha probado ninguna persona ciega: si algo no se entiende "
    "al tocarlo, díganoslo."
)


def sheet_links(sheets: Sequence[tuple[str, str, str, Selection]]) -> list[Component]:
    """The files of some sheets, each with its title: its topic, the departamento that it is of (the country is «») and the
    selection whose question it answers.
    """
    if not sheets:
        return []
    lines = [
        html.Li([html.Span(title, className="etiqueta"), *_files(topic, place, selection)])
        for title, topic, place, selection in sheets
    ]
    return [html.Div([html.Ul(lines), html.P(UNTRIED, className="nota")], className="para-tocar")]


def _files(topic: str, place: str, selection: Selection) -> list[Markup]:
    asked = selection.only(QUESTION).url("")
    return [
        Markup(
            f'<a class="boton" download="" aria-label="{escape(LABELS[suffix])}" '
            f'href="{escape(PATH.format(tema=topic, lugar=place or COUNTRY_NAME, formato=suffix) + asked)}">{text(words)}</a>'
        )
        for suffix, words in OFFERED.items()
    ]


def how_to_print() -> Component:
    """How a sheet is printed, for whoever helps."""
    said = (
        "La lámina en PDF se imprime o fotocopia en blanco y negro, a tamaño real (100 %, sin ajustar a la página), en papel de "
        "microcápsulas de tamaño A4, y se pasa por un horno de relieve: todo lo negro se levanta. La primera página es el mapa; "
        "si tiene demasiados lugares, siguen sus partes con letras; después vienen la leyenda y la clave de los nombres, en "
        "braille español sin contracciones. La tabla en braille (BRF) se manda tal cual a una impresora braille, o se lee en "
        "una línea braille: tiene cuarenta celdas por línea y veinticinco líneas por página."
    )
    title = html.H2("Mapas para tocar", id="tacto")
    return html.Section([title, html.P(said), html.P(UNTRIED)], className="prosa")
