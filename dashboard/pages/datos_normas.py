"""What /datos says of the files in the standards of elections: which there are and how they are written."""

from __future__ import annotations

from dashboard.pages.model import face_of
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.standards import OF_ELECTIONS, OF_PLACES, StandardFile, standard_files
from dashboard.site import Site
from dashboard.words import plural

HEADING = "En normas internacionales"
ANCHOR = "normas"
NIST_URL = "https://doi.org/10.6028/NIST.SP.1500-100r2"
OCD_URL = "https://open-civic-data.readthedocs.io/en/latest/proposals/0002.html"


def in_standards(site: Site, dataset: str, accessible: bool) -> list[Component | str]:
    """A sentence about a dataset: that it is also in a standard, and the way to its files; nothing when it is in none."""
    files = _of(site, dataset)
    if not files:
        return []
    link = html.A(_what(dataset, files), href=f"{face_of(f'/datos/{dataset}', accessible).path}#{ANCHOR}")
    return [" También está ", link, "."]


def standards(site: Site, dataset: str) -> list[Component]:
    """The files of a dataset in a standard, each with its address; nothing when it has none."""
    files = _of(site, dataset)
    if not files:
        return []
    title = "Archivos en normas internacionales"
    head = html.Tr([html.Th(text, scope="col") for text in ("Archivo", "Qué es")])
    body = [
        html.Tr(
            [
                html.Th(html.A(item.name, href=site.file_url(item.name), download=""), scope="row"),
                html.Td(item.title),
            ]
        )
        for item in files
    ]
    inner = html.Table([html.Caption(title), html.Thead(head), html.Tbody(body)], className="tabla")
    return [
        html.H2(HEADING, id=ANCHOR),
        html.P(_said(dataset), className="prosa"),
        html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title})),
    ]


def _of(site: Site, dataset: str) -> list[StandardFile]:
    if dataset not in (OF_PLACES, OF_ELECTIONS):
        return []
    return [item for item in standard_files(site.release) if item.dataset == dataset]


def _what(dataset: str, files: list[StandardFile]) -> str:
    if dataset == OF_PLACES:
        return "con los identificadores de Open Civic Data"
    return f"en NIST SP 1500-100, {plural(len(files), 'elección', 'elecciones')}"


def _said(dataset: str) -> list[Component | str]:
    if dataset == OF_PLACES:
        return [
            "Los identificadores de ",
            html.A("Open Civic Data", href=OCD_URL),
            " dicen lo mismo de un lugar en cualquier programa. El departamento lleva su código ISO 3166-2; el municipio, su "
            "nombre dentro de su departamento. Son los archivos que ese proyecto tiene de cada país, con su carpeta entera en un "
            "ZIP, para proponérselos. En las tablas están en la columna ",
            html.Code("codigo_ocd"),
            ".",
        ]
    return [
        "Las cifras de cada elección como las escribe ",
        html.A("NIST SP 1500-100, versión 2", href=NIST_URL),
        ", la norma con que se publican resultados en otros países: quiénes podían votar, las papeletas de cada elección y los "
        "votos publicados de cada partido, de cada lugar hasta la mesa. Son las mismas cifras de las tablas; lo que no se "
        "publicó no está. Una elección sin cifras no tiene archivo.",
    ]
