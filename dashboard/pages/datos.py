"""/datos: every dataset of the release, with what a person needs before downloading it. All of it from the release."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.address.catalogue import Wanted
from dashboard.address.parameters import Asked
from dashboard.pages.datos_api import PATH as API_PATH
from dashboard.pages.datos_catalogo import Catalogue, Listed, catalogue_of
from dashboard.pages.datos_normas import in_standards
from dashboard.pages.form import controls, options_form
from dashboard.pages.model import Page, Request, Screen, Understood, face_of, told
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.dictionary import NAME as DICTIONARY
from dashboard.render.formats import PARQUET
from dashboard.render.tables import TABLE_FORMATS, takes
from dashboard.render.whole import whole_files
from dashboard.site import Site
from dashboard.words import file_size, integer, listing, plural
from etl.release import DATAPACKAGE, MANIFEST, FileFacts

PATH = "/datos"


def build(site: Site, request: Request) -> Screen:
    """The datasets that are asked for, each with its files and the way to its dictionary."""
    manifest = site.release.manifest
    accessible = request.face.accessible
    catalogue = catalogue_of(site)
    asked = _asked(catalogue, request)
    wanted = [item for item in catalogue.listed if item.is_wanted(asked.selection)]
    total = sum(entry["bytes"] for entry in manifest["archivos"])
    content: tuple[Component | Markup, ...] = (
        html.P(f"Publicación {site.release.id}", className="migas"),
        html.H1("Los datos, para descargar"),
        html.P(
            [
                html.Strong(plural(len(manifest["archivos"]), "archivo", "archivos")),
                f" de {plural(len(manifest['datasets']), 'conjunto', 'conjuntos')} de datos, {file_size(total)} en total. "
                "Cada tabla, en Excel, CSV, Parquet y JSON, con su diccionario, su fuente y su licencia. Cada dirección lleva el "
                "nombre de la publicación y no cambia nunca: puede citarla.",
            ],
            className="respuesta",
        ),
        _whole(site),
        *blocks.corrections(told(asked, catalogue.contract, catalogue.offer)),
        _form(catalogue, asked.selection, request),
        html.P(_found(wanted, catalogue), className="cuenta", role="status"),
        *(_summary(site, item, accessible) for item in wanted),
        *_ways(site, accessible),
    )
    return Screen(
        title="Datos abiertos del padrón electoral de Guatemala | Padrón Abierto",
        description="Archivos del padrón, la participación, la población, el censo y los límites de Guatemala, con diccionario, "
        "fuente, corte, licencia y SHA-256.",
        content=content,
        query_string=asked.selection.url(""),
    )


def _asked(catalogue: Catalogue, request: Request) -> Asked[Wanted]:
    return catalogue.contract.asked(request.query, catalogue.offer)


def _asks(site: Site, request: Request) -> Understood:
    catalogue = catalogue_of(site)
    asked = _asked(catalogue, request)
    return Understood(asked.selection.url(""), bool(told(asked, catalogue.contract, catalogue.offer)))


def _form(catalogue: Catalogue, wanted: Wanted, request: Request) -> Markup:
    """The filters, a form that needs no script."""
    found = controls(catalogue.contract.parameters(catalogue.offer), wanted)
    return options_form(found, request.face.path, "Ver")


def _found(wanted: list[Listed], catalogue: Catalogue) -> str:
    if not wanted:
        return "Ningún conjunto de datos es de todo eso a la vez: quite algún filtro."
    tables = sum(len(item.tables) for item in wanted)
    shown = plural(len(wanted), "conjunto", "conjuntos")
    of = f" de {integer(len(catalogue.listed))}" if len(wanted) < len(catalogue.listed) else ""
    return f"{shown}{of}, con {plural(tables, 'tabla', 'tablas')}."


def _whole(site: Site) -> Component:
    """Everything at once."""
    links = [
        html.Li(
            [
                html.A(item.title, href=site.file_url(item.name), download="", className="boton"),
                " ",
                html.Span(item.words, className="de"),
            ]
        )
        for item in whole_files(site.release)
    ]
    dictionary = html.Li(
        [
            html.A("El diccionario de todas", href=site.file_url(f"{DICTIONARY}.csv"), download="", className="boton"),
            " ",
            html.Span(
                [
                    "qué es cada columna, en español y en inglés (CSV; también en ",
                    html.A("JSON", href=site.file_url(f"{DICTIONARY}.json")),
                    ").",
                ],
                className="de",
            ),
        ]
    )
    return html.Section(
        [html.H2("Todo junto", id="todo"), html.Ul([*links, dictionary], className="todo-junto")],
        **Attributes({"aria-labelledby": "todo"}),
    )


def _ways(site: Site, accessible: bool) -> list[Component]:
    """What is for programs, and where a part of it is."""
    return [
        html.H2("Además"),
        html.P(
            [
                "Para programas: ",
                html.A("manifest.json", href=site.file_url(MANIFEST)),
                " y ",
                html.A("datapackage.json", href=site.file_url(DATAPACKAGE)),
                " (Frictionless Data). Para pedir solo una parte de una tabla, o sus sumas: ",
                html.A("los datos por su dirección (API)", href=face_of(API_PATH, accessible).path),
                ". Qué es cada clave de fuente de las filas: ",
                html.A("fuentes.csv", href=site.file_url("fuentes.csv")),
                ".",
            ],
            className="prosa",
        ),
        html.P(
            [
                "Para una parte en una hoja de cálculo, elija lo que busca en ",
                html.A("el padrón", href=face_of("/padron", accessible).path),
                " o en ",
                html.A("la participación", href=face_of("/participacion", accessible).path),
                " y descárguelo desde ahí. Lo que no está en ningún archivo: ",
                html.A("qué falta por publicar", href=face_of("/que-falta", accessible).path),
                ". Cada cuánto se renueva cada fuente: ",
                html.A("estado de las fuentes", href=face_of("/estado", accessible).path),
                ". Cuánto cumplen los principios de datos abiertos: ",
                html.A("apertura", href=face_of("/datos/apertura", accessible).path),
                ". Qué cambió de una publicación a otra: ",
                html.A("publicaciones", href=face_of("/publicaciones", accessible).path),
                ". Para escribir un análisis con estas cifras, con sus tablas y sus citas: ",
                html.A("análisis", href=face_of("/analisis", accessible).path),
                ".",
            ],
            className="prosa",
        ),
    ]


def _summary(site: Site, item: Listed, accessible: bool) -> Component:
    entry = item.facts
    title = f"Archivos de {entry['titulo']}"
    page = face_of(f"{PATH}/{entry['nombre']}", accessible).path
    heads = ("Tabla", "Descargar", "Filas", "Corte", "SHA-256")
    head = html.Tr([html.Th(text, scope="col", className="num" if text == "Filas" else "") for text in heads])
    body = [_line(site, table, page) for table in item.tables]
    inner = html.Table([html.Caption(title, className="oculto"), html.Thead(head), html.Tbody(body)], className="tabla")
    rest = f" y {plural(len(item.others), 'archivo más', 'archivos más')}" if item.others else ""
    licenses = sorted({one["licencia"] for one in (*item.tables, *item.others)})
    link = html.A("Diccionario, vista previa, cómo abrirlo y cómo citarlo", href=page)
    standard = in_standards(site, entry["nombre"], accessible)
    return html.Section(
        [
            html.H2(html.A(entry["titulo"], href=page), id=entry["nombre"]),
            html.P([entry["descripcion"], " ", link, f"{rest}. Licencia: {listing(licenses)}.", *standard]),
            html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title})),
        ],
        className="conjunto",
    )


def _line(site: Site, item: FileFacts, page: str) -> Component:
    """One table of a dataset, in one line; the hash in full for whoever copies it, cut short to the eye."""
    return html.Tr(
        [
            html.Th(html.A(item["titulo"], href=f"{page}#{item['tabla']}"), scope="row"),
            html.Td(formats(site, item), className="formatos"),
            html.Td(integer(item["filas"]), className="num"),
            html.Td(f"{item['corte']}, confianza {item['confianza']}"),
            html.Td(html.Code(item["sha256"], className="huella")),
        ]
    )


def formats(site: Site, item: FileFacts) -> list[Component | str]:
    """The ways to have a table, what most people open first; the size is that of the file that is published."""
    stem = item["nombre"].removesuffix(f".{PARQUET.suffix}")
    made = {suffix: form.format.name for suffix, form in TABLE_FORMATS.items() if takes(form, item)}
    links: dict[str, Component] = {
        suffix: html.A(name, href=site.file_url(f"{stem}.{suffix}"), download="", rel="alternate")
        for suffix, name in made.items()
    }
    own = html.A(item["formato"], href=site.file_url(item["nombre"]), download="")
    order = [*(suffix for suffix in ("xlsx", "csv") if suffix in links), PARQUET.suffix]
    order += [suffix for suffix in links if suffix not in order]
    parts: list[Component | str] = []
    for suffix in order:
        size = html.Small(f" ({file_size(item['bytes'])})") if suffix == PARQUET.suffix else ""
        parts += [" · " if parts else "", links.get(suffix, own), size]
    return [part for part in parts if part]


PAGE = Page(path=PATH, name="Datos", build=build, asks=_asks)
