"""/buscar: the place that a person means by what they typed, or those it may be."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from markupsafe import Markup

from dashboard.address.found_places import Found
from dashboard.address.searched import searched
from dashboard.address.selection import PAGE as PAGE_OF_A_TOPIC
from dashboard.address.vocabulary import MUNICIPIO
from dashboard.figures.measures import Unaskable
from dashboard.pages.ficha import address
from dashboard.pages.model import ACCESSIBLE_ROOT, Page, Request, Screen, Understood, face_of
from dashboard.render.dash_doors import Component, html
from dashboard.render.search_box import Example, search_box
from dashboard.site import Site
from etl.country import fold

PATH = "/buscar"
#: Places listed: whoever sees so many has to write one more word.
MOST_LISTED = 40
#: Examples of municipios, in regions apart; those that the release does not have are left out.
EXAMPLES = ("Guatemala", "Quetzaltenango", "Cobán", "Jalapa")
SEVERAL = "Encontramos {n} lugares con «{typed}». ¿Cuál es el suyo?"
NONE = "No encontramos «{typed}»"
PERHAPS = "¿Quiso decir alguno de estos?"
MORE = "Hay {n} más. Escriba otra palabra del nombre, o el departamento, para encontrar el suyo."
EMPTY = "También puede escribir un departamento, o el municipio y su departamento: «San José, Petén»."
EVERY_PLACE = "Ver todos los municipios por departamento"


def build(site: Site, request: Request) -> Screen:
    """The field and, when something was typed, the places that it may mean or those whose names are most like it."""
    asked = searched(request.query)
    found = site.found_places.find(asked.q)
    title = _title(asked.q, found)
    content: tuple[Component | Markup, ...] = (
        box(site, request.face.accessible, value=asked.q, topic=asked.tema, heading=True),
        *_told(site, request, asked.q, found),
    )
    return Screen(
        title=f"{title} | Padrón Abierto",
        description=title,
        content=content,
        query_string=asked.url(""),
        search=asked.q,
        topic=asked.tema or "",
    )


def box(site: Site, accessible: bool, *, value: str = "", topic: str | None = None, heading: bool = False) -> Markup:
    """The field of a page, in one mode, with its examples."""
    known = {fold(name): code for code, name in reversed([*site.territories.municipios.items()])}
    codes = [known[fold(name)] for name in EXAMPLES if fold(name) in known] or [*site.territories.municipios][:4]
    examples = [Example(site.names[code], destination(site, code, topic, accessible)) for code in codes]
    root = ACCESSIBLE_ROOT if accessible else ""
    return search_box(root, site.places_url, examples, value=value, topic=topic, heading=heading)


def destination(site: Site, code: str, topic: str | None, accessible: bool) -> str:
    """The page of a place: that of a topic with the place chosen, as the page writes its address; or the profile of the place."""
    if not topic:
        return address(code, accessible)
    chosen = {"lugar" if site.territories.level(code) == MUNICIPIO else "departamento": code}
    path = face_of(f"/{topic}", accessible).path
    with suppress(Unaskable):
        return PAGE_OF_A_TOPIC.asked(chosen, site.offer(topic)).selection.url(path)
    return path


def _title(typed: str, found: Found) -> str:
    if not typed:
        return "¿En qué municipio vive?"
    return SEVERAL.format(n=len(found.codes), typed=typed) if found.codes else NONE.format(typed=typed)


def _told(site: Site, request: Request, typed: str, found: Found) -> list[Component]:
    every = html.P(html.A(EVERY_PLACE, href=face_of("/fichas", request.face.accessible).path))
    if not typed:
        return [html.P(EMPTY), every]
    if not found.codes:
        perhaps = [html.P(PERHAPS), _list(site, request, found.nearest)] if found.nearest else []
        return [html.H2(_title(typed, found)), *perhaps, every]
    more = len(found.codes) - MOST_LISTED
    return [
        html.H2(_title(typed, found)),
        _list(site, request, found.codes[:MOST_LISTED]),
        *([html.P(MORE.format(n=more))] if more > 0 else []),
        every,
    ]


def _list(site: Site, request: Request, codes: Iterable[str]) -> Component:
    topic = searched(request.query).tema
    rows = [
        html.Li(
            html.A(
                [html.Strong(site.names[code]), " ", html.Span(_kind(site, code), className="de")],
                href=destination(site, code, topic, request.face.accessible),
            )
        )
        for code in codes
    ]
    return html.Ul(rows, className="encontrados")


def _kind(site: Site, code: str) -> str:
    return site.territories.departamento_of(code) if site.territories.level(code) == MUNICIPIO else "departamento"


def _asks(site: Site, request: Request) -> Understood:
    return Understood(searched(request.query).url(""))


def _follows(site: Site, request: Request) -> str | None:
    asked = searched(request.query)
    one = site.found_places.find(asked.q).one
    return destination(site, one, asked.tema, request.face.accessible) if one else None


PAGE = Page(
    path=PATH, name="Buscar", build=build, in_menu=False, kept=False, asks=_asks, follows=_follows, searches=True
)
