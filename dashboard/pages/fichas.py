"""/fichas: the way to every profile."""

from __future__ import annotations

from dashboard.address.profiles import ABROAD_NAME
from dashboard.pages.ficha import address
from dashboard.pages.model import Page, Request, Screen
from dashboard.render.dash_doors import Component, html
from dashboard.site import Site


def build(site: Site, request: Request) -> Screen:
    """Every departamento with its municipios."""
    accessible = request.face.accessible
    content = (
        html.H1("Una ficha por cada lugar"),
        html.P(
            [
                "Todas las cifras de cada municipio y de cada departamento en una página que se puede imprimir. También la ",
                html.A("ficha del país", href=address("", accessible)),
                " y la de los ",
                html.A("guatemaltecos en el extranjero", href=address(ABROAD_NAME, accessible)),
                ".",
            ],
            className="respuesta",
        ),
        html.Div(
            [_departamento(site, code, accessible) for code in site.territories.departamentos], className="indice"
        ),
    )
    municipios, departamentos = len(site.territories.municipios), len(site.territories.departamentos)
    return Screen(
        title=f"Fichas de los {municipios} municipios y {departamentos} departamentos | Padrón Abierto",
        description="Todas las cifras del padrón de cada municipio y departamento de Guatemala, en una página imprimible.",
        content=content,
    )


def _departamento(site: Site, code: str, accessible: bool) -> Component:
    inside = site.territories.inside(code)
    heading = html.H2(html.A(site.names[code], href=address(code, accessible)))
    items = [html.Li(html.A(site.names[item], href=address(item, accessible))) for item in inside]
    return html.Section([heading, html.Ul(items, className="lugares")])


PAGE = Page(path="/fichas", name="Fichas", build=build, fixed=True)
