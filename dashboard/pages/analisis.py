"""/analisis?tarjetas=…: figures gathered to write an analysis, the draft that comes of them, and what others have published."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from dashboard.address.basket import ADDED, BETWEEN, FIGURES, MOST_FIGURES, Basket
from dashboard.address.own import base_url
from dashboard.pages.analisis_lista import published
from dashboard.pages.cards import Gathered, drawable, gathered, of_address
from dashboard.pages.model import Page, Request, Screen, Understood, face_of
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.documents import DOCUMENTS
from dashboard.render.jinja import render
from dashboard.render.notebooks import NOTEBOOKS, lacking
from dashboard.render.notebooks import PATH as NOTEBOOKS_PATH
from dashboard.site import Site
from dashboard.views import VIEWS
from dashboard.words import plural

PATH = "/analisis"
LONGEST_ADDRESS = 4_000
#: Figures to begin with, the ones that are there: how the padron is, who votes, and those who live abroad.
SUGGESTED = (
    "padron_mapa",
    "padron_edades",
    "padron_faltan",
    "participacion_serie",
    "participacion_mapa",
    "quien_vota_grupos",
    "extranjero_serie",
    "extranjero_participacion",
    "extranjero_estados",
)
NOT_A_FIGURE = (
    "En esa dirección no hay ninguna cifra de este sitio. Abra «Compartir», debajo de la cifra que quiere, y pegue la dirección "
    "de esa página."
)


@dataclass(frozen=True)
class Asked:
    """What an address asks: the figures, as the basket says them, others at the address that was added, and what must be said."""

    basket: Basket
    figures: tuple[Gathered, ...]
    others: tuple[Gathered, ...] = ()
    notices: tuple[str, ...] = ()


def _asked(site: Site, request: Request) -> Asked:
    basket = Basket(request.query.get(FIGURES.name, ""))
    address = request.query.get(ADDED.name, "").strip()[:LONGEST_ADDRESS]
    added, besides = of_address(site, address)
    figures, notices = gathered(site, basket.of((*basket.figures, *added)))
    there = {one.text for one in figures}
    others = tuple(one for one in gathered(site, basket.of(besides))[0] if one.text not in there)
    if others:
        notices = (
            f"Se agregó «{figures[-1].answer.question}». En esa página hay más, que también puede agregar:",
            *notices,
        )
    if address and not added:
        notices = (*notices, NOT_A_FIGURE)
    return Asked(basket.of(tuple(one.text for one in figures)), figures, others, notices)


def _asks(site: Site, request: Request) -> Understood:
    asked = _asked(site, request)
    return Understood(asked.basket.url(""), bool(asked.notices or asked.others))


def build(site: Site, request: Request) -> Screen:
    """The figures that an address gathers, and what can be done with them."""
    asked, face = _asked(site, request), request.face
    content = html.Div(
        [
            html.P([html.A("Datos", href=face_of("/datos", face.accessible).path), " · análisis"], className="migas"),
            html.H1("Escriba un análisis con estas cifras"),
            html.P(
                "Reúna las cifras que va a citar y llévese un borrador de informe con cada una en su lugar: su frase, su imagen, "
                "su tabla, su fuente y su cita. Usted escribe lo demás.",
                className="respuesta",
            ),
            *blocks.corrections(asked.notices, [_to_add(one, asked.basket, face) for one in asked.others]),
            *(_gathered(asked, face) if asked.figures else []),
            *_more(site, asked, face),
            *_notebooks(site),
            *published(site, face),
        ],
        className="pagina-analisis",
    )
    gathers = f": {plural(len(asked.figures), 'cifra', 'cifras')}" if asked.figures else ""
    return Screen(
        title=f"Escriba un análisis{gathers} | Padrón Abierto",
        description="Reúna cifras del padrón y la participación, cada una con su enlace, su imagen y su cita, y llévese un "
        "borrador de informe en Word, LibreOffice o Markdown.",
        content=(content,),
        query_string=asked.basket.url(""),
    )


# --- What is taken --------------------------------------------------------------------------------------------------------


def _gathered(asked: Asked, face: Face) -> list[Component | Markup]:
    count = len(asked.figures)
    return [
        *_draft(asked),
        html.H2(f"Las {count} cifras" if count > 1 else "La cifra"),
        html.Ol([_card(one, asked.basket, face) for one in asked.figures], className="tarjetas-analisis"),
    ]


def _draft(asked: Asked) -> list[Component | Markup]:
    """The draft in each kind of document, and the address that shows these figures for ever."""
    one = asked.figures[0]
    kinds = [
        html.A(
            item.label,
            href=one.pinned(asked.basket.url(f"{PATH}/{item.file_name}")),
            className="boton",
            download="",
            **Attributes({"aria-label": f"{item.label}: {item.words}"}),
        )
        for item in DOCUMENTS.values()
    ]
    there = one.pinned(asked.basket.url(PATH))
    return [
        html.Section(
            [
                html.H2("Llévese el borrador"),
                html.P(kinds, className="botones"),
                html.P(
                    "Lo que usted debe escribir está entre corchetes. BibTeX y CSL-JSON llevan las referencias a Zotero, "
                    "Mendeley o LaTeX.",
                    className="nota",
                ),
                html.P("Estas cifras, para siempre: la dirección no cambia aunque se publiquen otras.", id="siempre"),
                render("copiar.html.j2", words=f"{base_url()}{there}", address=there),
            ],
            className="borrador",
        )
    ]


def _card(one: Gathered, basket: Basket, face: Face) -> Component:
    """A figure with its sentence, its picture and its citation, and the ways to move it."""
    answer, card = one.answer, one.card
    drawn = drawable(answer)
    picture = Markup('<img class="imagen-vista" src="{}" alt="Imagen: {}" width="800" loading="lazy">')
    files = [("SVG", "svg"), ("PNG", "png")] if drawn else []
    ways = [
        html.A(
            label,
            href=one.file(suffix),
            className="boton",
            download="",
            **Attributes({"aria-label": f"{label}: {answer.question}"}),
        )
        for label, suffix in (*files, ("CSV", "csv"), ("Excel", "xlsx"))
    ]
    heading = f"cifra-{basket.figures.index(one.text) + 1}"
    inside = [
        html.H3(html.A(answer.question, href=face_of(one.address, face.accessible).path), id=heading),
        html.Div(
            [
                *([picture.format(one.file("svg"), answer.question)] if drawn else []),
                html.Div(
                    [
                        *(html.P(blocks.words(item)) for item in answer.sentences),
                        html.P(card.about.citation, className="cita"),
                        html.P(ways, className="botones"),
                        html.P(_moves(one, basket, face), className="botones mover"),
                    ]
                ),
            ],
            className="tarjeta-cuerpo",
        ),
    ]
    return html.Li(html.Article(inside, **Attributes({"aria-labelledby": heading})))


def _moves(one: Gathered, basket: Basket, face: Face) -> list[Component]:
    earlier = [("Subir", basket.after(one.text))] if basket.figures[0] != one.text else []
    return [
        html.A(
            label,
            href=changed.url(face.path),
            className="boton",
            **Attributes({"aria-label": f"{label}: {one.answer.question}"}),
        )
        for label, changed in (*earlier, ("Quitar", basket.without(one.text)))
    ]


# --- What is added --------------------------------------------------------------------------------------------------------


def _more(site: Site, asked: Asked, face: Face) -> list[Component | Markup]:
    """How a figure is added: by its address, or one of those to begin with."""
    if len(asked.figures) >= MOST_FIGURES:
        return [html.P(f"Ya hay {MOST_FIGURES} cifras, que son las que caben.", className="nota")]
    found, _ = gathered(site, asked.basket.of(tuple(name for name in SUGGESTED if VIEWS[name].held(site.data))))
    shown = [one for one in found if one.text not in asked.basket.figures]
    begin = "Agregue otra cifra" if asked.figures else "Empiece por una cifra"
    return [
        html.H2(begin, id="agregar-cifra"),
        html.P(
            "En cualquier página, «Compartir», debajo de cada cifra, ofrece agregarla a un análisis. También puede pegar aquí la "
            "dirección de una página de este sitio:",
            className="prosa",
        ),
        render("agregar_cifra.html.j2", path=face.path, kept=asked.basket.parameters(), name=ADDED.name),
        html.P("O elija una de estas:", className="prosa"),
        html.Ul([html.Li(_to_add(one, asked.basket, face)) for one in shown], className="sugeridas"),
    ]


def _to_add(one: Gathered, basket: Basket, face: Face) -> Component:
    query = urlencode({FIGURES.name: BETWEEN.join((*basket.figures, one.text))}, safe=",")
    return html.A(["Agregar ", html.Strong(one.answer.question), f" ({one.answer.title})"], href=f"{face.path}?{query}")


# --- To go further --------------------------------------------------------------------------------------------------------


def _notebooks(site: Site) -> list[Component]:
    """The worked analyses, in the programs of analysts; none where the release lacks what they read."""
    if lacking(site.release):
        return []
    items = [
        html.Li(
            [html.A(f"Cuaderno de {item.program}", href=f"{NOTEBOOKS_PATH}{item.name}", download=""), f": {item.words}"]
        )
        for item in NOTEBOOKS
    ]
    return [
        html.H2("Un análisis de ejemplo, para empezar el suyo", id="cuadernos"),
        html.P(
            "Un cuaderno lee las tablas de esta publicación por su dirección, comprueba los totales, cruza el padrón y los "
            "votos con la población, y termina en un archivo con su fuente y su cita. El mismo, en dos programas:",
            className="prosa",
        ),
        html.Ul(items, className="prosa"),
    ]


PAGE = Page(
    path=PATH,
    name="Análisis",
    build=build,
    in_menu=False,
    asks=_asks,
    scripts=("buscador.js", "copiar.js", "analisis.js"),
)
