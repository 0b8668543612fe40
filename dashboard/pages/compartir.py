"""/compartir/<vista>: an answer to take elsewhere: its picture, the code to show it in another page, and how to cite it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from dashboard.address.basket import FIGURES, figure_of
from dashboard.address.named_release import with_pin
from dashboard.address.own import base_url
from dashboard.pages.analisis import PATH as ANALYSIS
from dashboard.pages.cards import drawable
from dashboard.pages.model import NothingHere, Page, Request, Screen, Understood, face_of
from dashboard.pages.shown_at import address_of
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site
from dashboard.view import Answer, View
from dashboard.views import VIEWS

PATH = "/compartir/{vista}"
#: How tall the frame is, by the kind of what is in it.
HEIGHTS = {"mapa": 900}
HEIGHT = 640
CODE = "codigo"
#: What somebody without scripts has to do with the code of a site whose address nobody declared.
COMPLETE = "Antes de «/incrustar», escriba la dirección de este sitio."


def build(site: Site, request: Request) -> Screen:
    """The page of one view. NothingHere for a view that does not exist; Unaskable for what the release does not have."""
    view = _view(request)
    asked = view.asked(request.query, site.data)
    answer = site.answer(view.name, asked.selection)
    query = asked.selection.url("")
    content = html.Div(
        [
            html.P(html.A("Volver a lo que estaba viendo", href=_back(answer, request)), className="migas"),
            html.H1("Llévese esta respuesta"),
            html.P([html.Strong(answer.question), " ", *_first(answer)], className="respuesta"),
            *blocks.corrections(asked.notices),
            *_pictures(answer, query),
            html.H2("En otra página"),
            html.P("Copie este código donde quiera mostrarla. No usa JavaScript ni guarda nada de quien la mira."),
            *([] if base_url() else [html.P(COMPLETE, className="nota solo-sin-js")]),
            html.Label("Código", htmlFor=CODE),
            html.Textarea(
                code(answer, query, base_url(), ""),
                readOnly="readonly",
                rows=4,
                className="codigo",
                id=CODE,
            ),
            html.P(
                [_copy(), html.A("Ver cómo queda", href=f"/incrustar/{view.name}{query}", className="boton")],
                className="botones",
            ),
            html.H2("Cómo citarla"),
            html.P(blocks.citation(answer), className="cita"),
            blocks.source_line(answer.sources),
            html.P(["Los archivos con estas cifras: ", *blocks.file_links(answer, None)], className="archivos-vista"),
            html.H2("En un análisis"),
            html.P(
                [
                    "Reúna esta cifra con otras y llévese un borrador de informe, con sus tablas, sus fuentes y sus citas: ",
                    _to_analysis(answer, request),
                    ".",
                ]
            ),
        ],
        className="prosa pagina-compartir",
    )
    return Screen(
        title=f"Compartir: {answer.title} | Padrón Abierto",
        description=f"{answer.question} Imagen, código para otra página y cómo citarla.",
        content=(content,),
        query_string=query,
        picture=with_pin(f"/imagen/{view.name}/tarjeta.png{query}", site.release.id),
    )


def _view(request: Request) -> View:
    found = VIEWS.get(request.parameters["vista"])
    if found is None:
        raise NothingHere("No hay ninguna vista con ese nombre.")
    return found


def _asks(site: Site, request: Request) -> Understood:
    view = VIEWS.get(request.parameters["vista"])
    if view is None:
        return Understood()
    asked = view.asked(request.query, site.data)
    return Understood(view.part(asked.selection).url(""), bool(asked.notices or asked.unknown))


def _to_analysis(answer: Answer, request: Request) -> Component:
    """The way to the page that gathers figures, with this one; a script adds it to those that were being gathered."""
    figure = figure_of(answer.view, answer.selection.parameters())
    query = urlencode({FIGURES.name: figure}, safe=",")
    address = f"{face_of(ANALYSIS, request.face.accessible).path}?{query}"
    return html.A("agregarla a un análisis", href=address, **Attributes({"data-tarjeta": figure}))


def _back(answer: Answer, request: Request) -> str:
    return face_of(address_of(answer.view, answer.selection), request.face.accessible).path


def _first(answer: Answer) -> Sequence[Component | str]:
    return blocks.words(answer.sentences[0]) if answer.sentences else []


def _copy() -> Component:
    """The button that copies the code, which only a script can."""
    return html.Button("Copiar", type="button", className="boton solo-con-js", **Attributes({"data-copiar-de": CODE}))


def _pictures(answer: Answer, query: str) -> list[Component]:
    """The picture and the ways to take it; nothing for what is not drawn."""
    if not drawable(answer):
        return []
    joint = "&" if query else "?"
    root = f"/imagen/{answer.view}"
    ways = [
        html.A("SVG", href=f"{root}.svg{query}", className="boton", download=""),
        html.A("PNG", href=f"{root}.png{query}", className="boton", download=""),
        html.A("PNG doble", href=f"{root}.png{query}{joint}escala=2", className="boton", download=""),
    ]
    words = " ".join(item.plain() for item in answer.sentences)
    shown = html.Img(src=f"{root}.svg{query}", alt=f"{answer.question} {words}", width="800", className="imagen-vista")
    return [html.H2("En un documento"), shown, html.P(ways, className="botones")]


def code(answer: Answer, query: str, base: str, release: str) -> str:
    """The code that shows an answer in another page; `release` is named if it is to stay as it is."""
    named = f"{'&' if query else '?'}{urlencode({'publicacion': release})}" if release else ""
    height = HEIGHTS.get(answer.kind, HEIGHT)
    return (
        f'<iframe src="{base}/incrustar/{answer.view}{query}{named}" title="{answer.question}" width="100%" '
        f'height="{height}" loading="lazy"></iframe>'
    )


PAGE = Page(
    path=PATH,
    name="Compartir",
    build=build,
    in_menu=False,
    asks=_asks,
    scripts=("buscador.js", "copiar.js", "analisis.js"),
)
