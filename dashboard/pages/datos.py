"""/datos: every file of the release, with what a person needs before downloading it. All of it from the release."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.pages.model import Page, Request, Screen
from dashboard.site import Site
from dashboard.words import file_size, integer, plural
from etl.datasets import all_datasets
from etl.model import Field, Table

#: Shapes for our own map and the machine's catalogues are listed apart: an analyst looks for tables first.
OTHER = "Otros archivos"


def build(site: Site, request: Request) -> Screen:
    """The list of files, dataset by dataset, each with its dictionary."""
    manifest = site.release.manifest
    declared = {table.name: table for owner in all_datasets() for table in owner.tables}
    sections = [_dataset(site, entry, manifest["archivos"], declared) for entry in manifest["datasets"]]
    total = sum(entry["bytes"] for entry in manifest["archivos"])
    content = (
        html.P(f"Publicación {site.release.id}", className="migas"),
        html.H1("Los datos, para descargar"),
        html.P(
            [
                html.Strong(plural(len(manifest["archivos"]), "archivo", "archivos")),
                f" de {plural(len(manifest['datasets']), 'conjunto', 'conjuntos')} de datos, {file_size(total)} en total. ",
                "Las tablas son ",
                html.A("Parquet", href="https://parquet.apache.org/"),
                ", con los títulos, las unidades y la fuente dentro. Cada dirección lleva el nombre de la publicación y no "
                "cambia nunca: puede citarla.",
            ],
            className="respuesta",
        ),
        html.P(
            [
                "El catálogo completo para programas: ",
                html.A("manifest.json", href=site.file_url("manifest.json")),
                " y ",
                html.A("datapackage.json", href=site.file_url("datapackage.json")),
                " (Frictionless Data). Para abrir una parte en una hoja de cálculo, elija lo que busca en ",
                html.A("el padrón", href=("/accesible" if request.face.accessible else "") + "/padron"),
                " y descargue CSV o Excel desde ahí.",
            ]
        ),
        *sections,
    )
    return Screen(
        title="Datos abiertos del padrón electoral de Guatemala | Padrón Abierto",
        description="Archivos del padrón, la población, el censo y los límites municipales de Guatemala, con diccionario, "
        "fuente, corte, licencia y SHA-256.",
        content=content,
    )


def _dataset(site: Site, entry: Mapping, files: list[Mapping], declared: Mapping[str, Table]) -> Component:
    mine = [item for item in files if item["dataset"] == entry["nombre"]]
    tables = [item for item in mine if item["tabla"]]
    others = [item for item in mine if not item["tabla"]]
    return html.Section(
        [
            html.H2(entry["titulo"], id=entry["nombre"]),
            html.P(entry["descripcion"]),
            html.Ul([_source(source) for source in entry["fuentes"]], className="fuentes"),
            *(_file(site, item, declared.get(item["tabla"])) for item in tables),
            *([_others(site, others)] if others else []),
        ],
        className="conjunto",
        **{"aria-labelledby": entry["nombre"]},
    )


def _source(source: Mapping) -> Component:
    return html.Li(
        [
            html.A(source["titulo"], href=source["url"]),
            f", {source['editor']}. Corte: {source['corte_texto'] or source['corte']}. Confianza {source['confianza']}. ",
            html.A(source["licencia"], href=source["licencia_url"]),
            f". {source['nota']}" if source["nota"] else ".",
        ],
        className="fuente",
    )


def _file(site: Site, item: Mapping, declared: Table | None) -> Component:
    rows = "" if item["filas"] is None else f" · {plural(item['filas'], 'fila', 'filas')}"
    facts = {
        "Formato": f"{item['formato']}{rows} · {file_size(item['bytes'])}",
        "Corte": f"{item['corte']} (confianza {item['confianza']})",
        "Licencia": html.A(item["licencia"], href=item["licencia_url"]),
        "SHA-256": html.Code(item["sha256"]),
    }
    return html.Div(
        [
            html.H3(html.A(item["nombre"], href=site.file_url(item["nombre"]), download="")),
            html.P(
                item["titulo"] if item["titulo"] == item["descripcion"] else f"{item['titulo']}. {item['descripcion']}"
            ),
            html.Dl([part for name, value in facts.items() for part in (html.Dt(name), html.Dd(value))]),
            *([_dictionary(declared)] if declared else []),
        ],
        className="archivo",
    )


def _dictionary(table: Table) -> Component:
    caption = f"Diccionario de {table.name}"
    head = html.Tr([html.Th(text, scope="col") for text in ("Columna", "Qué es", "Tipo", "Valores")])
    body = [
        html.Tr(
            [
                html.Th(html.Code(field.name), scope="row"),
                html.Td(f"{field.title}. {field.description}"),
                html.Td(str(field.kind) + (f", {field.unit}" if field.unit else "")),
                html.Td(_values(field)),
            ]
        )
        for field in table.fields
    ]
    inner = html.Table([html.Caption(caption), html.Thead(head), html.Tbody(body)], className="tabla")
    frame = html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **{"aria-label": caption})
    return html.Details([html.Summary(f"Diccionario ({len(table.fields)} columnas)"), frame])


def _values(field: Field) -> str:
    if field.labels:
        return "; ".join(f"{value} = {label}" for value, label in field.labels.items())
    limits = [f"desde {integer(field.minimum)}" if field.minimum is not None else ""]
    limits.append("puede estar vacío: sin dato publicado" if field.nullable else "")
    return "; ".join(text for text in limits if text)


def _others(site: Site, items: list[Mapping]) -> Component:
    head = html.Tr([html.Th(text, scope="col") for text in ("Archivo", "Qué es", "Formato", "Tamaño", "SHA-256")])
    body = [
        html.Tr(
            [
                html.Th(html.A(item["nombre"], href=site.file_url(item["nombre"])), scope="row"),
                html.Td(item["titulo"]),
                html.Td(item["formato"]),
                html.Td(file_size(item["bytes"]), className="num"),
                html.Td(html.Code(item["sha256"])),
            ]
        )
        for item in items
    ]
    inner = html.Table([html.Caption(OTHER), html.Thead(head), html.Tbody(body)], className="tabla")
    frame = html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **{"aria-label": OTHER})
    return html.Details([html.Summary(f"{OTHER} ({len(items)})"), frame])


PAGE = Page(path="/datos", name="Datos", build=build, fixed=True)
