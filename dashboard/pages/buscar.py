"""/buscar: where the search box leads without JavaScript."""

from __future__ import annotations

from urllib.parse import urlencode

from dashboard.address.selection import Selection
from dashboard.address.vocabulary import MUNICIPIO
from dashboard.pages.model import Page, Request, Screen, Understood, face_of
from dashboard.pages.padron import PATH
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import html
from dashboard.site import Site
from dashboard.words import plural

LONGEST_QUERY = 80


def build(site: Site, request: Request) -> Screen:
    """Places whose name contains what was typed, accents and case aside."""
    typed = (request.query.get("q") or "").strip()[:LONGEST_QUERY]
    codes = site.territories.search(typed)
    face = face_of(PATH, request.face.accessible)
    items = [
        html.Li(
            [
                html.A(site.names[code], href=_address(site, face, code)),
                " ",
                html.Span(_kind(site, code), className="de"),
            ]
        )
        for code in codes
    ]
    found = plural(len(codes), "lugar", "lugares")
    heading = f"{found} con «{typed}»" if typed else "Busque un municipio o un departamento"
    hint = "Escriba una parte del nombre; los acentos no importan." if not codes else "Elija uno para ver sus cifras."
    content = (html.H1(heading), html.P(hint, className="respuesta"), html.Ul(items, className="encontrados"))
    return Screen(title=f"{heading} | Padrón Abierto", description=hint, content=content, search=typed)


def _address(site: Site, face: Face, code: str) -> str:
    return face.link(Selection(site.offer("padron").default, nivel=site.territories.level(code), lugar=code))


def _kind(site: Site, code: str) -> str:
    return site.territories.departamento_of(code) if site.territories.level(code) == MUNICIPIO else "departamento"


def _asks(site: Site, request: Request) -> Understood:
    typed = (request.query.get("q") or "").strip()[:LONGEST_QUERY]
    return Understood(f"?{urlencode({'q': typed})}" if typed else "")


PAGE = Page(path="/buscar", name="Buscar", build=build, in_menu=False, kept=False, asks=_asks)
