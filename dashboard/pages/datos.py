"""/datos: every file of the release, with what a person needs before downloading it. All of it from the release."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.address.extracts import API
from dashboard.figures.counted import CONFIDENTIAL
from dashboard.figures.extracts import tables_of
from dashboard.pages.datos_normas import in_standards, standards
from dashboard.pages.model import NothingHere, Page, Request, Screen, face_of
from dashboard.pages.moved import dataset_of_today
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.inert import TOLD
from dashboard.render.tables import TABLE_FORMATS, sample, takes
from dashboard.site import Site
from dashboard.words import PERCENT, file_size, integer, listing, plural
from etl.model import Field
from etl.release import DATAPACKAGE, MANIFEST, DatasetFacts, FileFacts, LossFacts, SourceFacts

#: Shapes for our own map and the machine's catalogues are listed apart: an analyst looks for tables first.
OTHER = "Otros archivos"
PATH = "/datos"
#: What people come for.
SOUGHT = ("padron_municipal", "padron_serie", "participacion_nacional", "participacion_municipal", "extranjero")


def build(site: Site, request: Request) -> Screen:
    """The datasets, each with its files and the way to its dictionary."""
    manifest = site.release.manifest
    accessible = request.face.accessible
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
                html.A("manifest.json", href=site.file_url(MANIFEST)),
                " y ",
                html.A("datapackage.json", href=site.file_url(DATAPACKAGE)),
                " (Frictionless Data). Para pedir solo una parte de una tabla, o sus sumas: ",
                html.A("los datos por su dirección (API)", href=face_of("/datos/api", accessible).path),
                ". Qué es cada clave de fuente de las filas: ",
                html.A("fuentes.csv", href=site.file_url("fuentes.csv")),
                ". Para abrir una parte en una hoja de cálculo, elija lo que busca en ",
                html.A("el padrón", href=face_of("/padron", accessible).path),
                " o en ",
                html.A("la participación", href=face_of("/participacion", accessible).path),
                " y descargue CSV o Excel desde ahí. Lo que no está en ningún archivo: ",
                html.A("qué falta por publicar", href=face_of("/que-falta", accessible).path),
                ". Cada cuánto se renueva cada fuente y cómo terminó la última corrida: ",
                html.A("estado de las fuentes", href=face_of("/estado", accessible).path),
                ".",
            ]
        ),
        *(_summary(site, entry, accessible) for entry in sorted(manifest["datasets"], key=_interest)),
    )
    return Screen(
        title="Datos abiertos del padrón electoral de Guatemala | Padrón Abierto",
        description="Archivos del padrón, la participación, la población, el censo y los límites de Guatemala, con diccionario, "
        "fuente, corte, licencia y SHA-256.",
        content=content,
    )


def _interest(entry: DatasetFacts) -> int:
    """Where a dataset goes in the list: what people come for first, the rest as the release has it."""
    return SOUGHT.index(entry["nombre"]) if entry["nombre"] in SOUGHT else len(SOUGHT)


def build_dataset(site: Site, request: Request) -> Screen:
    """One dataset: its sources, its files and its dictionary. Raises NothingHere for a name no dataset has."""
    name = request.parameters["conjunto"]
    entry = next((item for item in site.release.manifest["datasets"] if item["nombre"] == name), None)
    if entry is None:
        raise NothingHere("No hay ningún conjunto de datos con ese nombre.")
    tables, others = _files(site, entry)
    content = (
        html.P(html.A("Datos", href=face_of(PATH, request.face.accessible).path), className="migas"),
        html.H1(entry["titulo"]),
        html.P(entry["descripcion"], className="respuesta"),
        html.H2("Fuentes"),
        html.Ul([_source(source) for source in entry["fuentes"]], className="fuentes"),
        *_warnings(site, name),
        *_confidentiality(site, entry),
        html.H2("Archivos"),
        *_by_address(site, tables, request.face.accessible),
        *(_file(site, item) for item in tables),
        *([_others(site, others)] if others else []),
        *standards(site, name),
    )
    return Screen(
        title=f"{entry['titulo']}: archivos y diccionario | Padrón Abierto",
        description=entry["descripcion"],
        content=content,
    )


def _by_address(site: Site, tables: list[FileFacts], accessible: bool) -> list[Component]:
    """The way to ask for a part of each table of a dataset; nothing when none can be asked so."""
    named = [item["tabla"] or "" for item in tables if item["tabla"] in tables_of(site.release)]
    if not named:
        return []
    links: list[Component | str] = []
    for name in named:
        links += [" · " if links else "", html.A(name, href=f"{API}/{name}")]
    how = html.A("Cómo se pide", href=face_of("/datos/api", accessible).path)
    return [
        html.P(
            ["Por su dirección (API), solo las filas y las columnas que busca, o sus sumas: ", *links, ". ", how, "."]
        )
    ]


def _files(site: Site, entry: DatasetFacts) -> tuple[list[FileFacts], list[FileFacts]]:
    """The tables of a dataset, and its other files."""
    mine = [item for item in site.release.manifest["archivos"] if item["dataset"] == entry["nombre"]]
    return [item for item in mine if item["tabla"]], [item for item in mine if not item["tabla"]]


def _warnings(site: Site, name: str) -> list[Component]:
    texts = [item["mensaje"] for item in site.release.manifest["advertencias"] if item["dataset"] == name]
    return [html.H2("Advertencias"), html.Ul([html.Li(text) for text in texts], className="prosa")] if texts else []


def _confidentiality(site: Site, entry: DatasetFacts) -> list[Component]:
    """What is not published so that nobody is singled out, and how much that is of each cross."""
    if not (lost := entry.get("utilidad")):
        return []
    title = "Cuánto no se publica, por cruce"
    names = {column.name: column.title for item in _files(site, entry)[0] for column in _columns(site, item)}
    several = len({(item.get("corte"), item.get("eleccion")) for item in lost}) > 1
    heads = ("Cruce", "Cifra", "Celdas", "Sin publicar", "Personas", "En celdas sin publicar")
    body = [
        html.Tr(
            [
                html.Th(_crossed(item, names, several), scope="row"),
                html.Td(names.get(item["cifra"], item["cifra"])),
                html.Td(integer(item["celdas"]), className="num"),
                html.Td(_part(item["celdas_ocultas"], item["celdas"]), className="num"),
                html.Td(integer(item["personas"]), className="num"),
                html.Td(_part(item["personas_en_celdas_ocultas"], item["personas"]), className="num"),
            ]
        )
        for item in lost
    ]
    head = html.Tr([html.Th(text, scope="col", className="num" if n > 1 else "") for n, text in enumerate(heads)])
    inner = html.Table([html.Caption(title), html.Thead(head), html.Tbody(body)], className="tabla")
    return [
        html.H2("Lo que no se publica por confidencialidad"),
        html.P(entry["control_de_divulgacion"], className="prosa"),
        html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title})),
    ]


def _crossed(item: LossFacts, names: Mapping[str, str], several: bool) -> str:
    """What a line is about: the columns that are crossed and, of a cube with several cut-offs or elections, which one."""
    crossed = " × ".join(names.get(name, name) for name in item["cruce"].split(" × "))
    when = " · ".join(text for text in (item.get("corte"), item.get("eleccion")) if text)
    return f"{crossed} ({when})" if several else crossed


def _part(count: int, whole: int) -> str:
    return f"{integer(count)} ({PERCENT.write(100 * count / whole)})" if whole else integer(count)


def _summary(site: Site, entry: DatasetFacts, accessible: bool) -> Component:
    tables, others = _files(site, entry)
    title = f"Archivos de {entry['titulo']}"
    head = html.Tr(
        [html.Th(text, scope="col") for text in ("Archivo", "Formato", "Filas", "Tamaño", "Corte", "SHA-256")]
    )
    inner = html.Table(
        [html.Caption(title, className="oculto"), html.Thead(head), html.Tbody([_line(site, item) for item in tables])],
        className="tabla",
    )
    link = html.A("Fuentes y diccionario", href=face_of(f"{PATH}/{entry['nombre']}", accessible).path)
    rest = f" y {plural(len(others), 'archivo más', 'archivos más')}" if others else ""
    licenses = sorted({item["licencia"] for item in (*tables, *others)})
    standard = in_standards(site, entry["nombre"], accessible)
    return html.Section(
        [
            html.H2(entry["titulo"], id=entry["nombre"]),
            html.P([entry["descripcion"], " ", link, f"{rest}. Licencia: {listing(licenses)}.", *standard]),
            html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title})),
        ],
        className="conjunto",
    )


def _line(site: Site, item: FileFacts) -> Component:
    """One table of a dataset, in one line; the hash in full for whoever copies it, cut short to the eye."""
    return html.Tr(
        [
            html.Th(html.A(item["nombre"], href=site.file_url(item["nombre"]), download=""), scope="row"),
            html.Td(item["formato"]),
            html.Td(integer(item["filas"]), className="num"),
            html.Td(file_size(item["bytes"]), className="num"),
            html.Td(f"{item['corte']}, confianza {item['confianza']}"),
            html.Td(html.Code(item["sha256"], className="huella")),
        ]
    )


def _source(source: SourceFacts) -> Component:
    return html.Li(
        [
            html.A(source["titulo"], href=source["url"]),
            f", {source['editor']}. Corte: {source['corte_texto'] or source['corte']}. Confianza {source['confianza']}. ",
            html.A(source["licencia"], href=source["licencia_url"]),
            f". Transcripción de un tercero: {source['transcrita_por']}" if source.get("transcrita_por") else "",
            f". {source['nota']}" if source["nota"] else ".",
        ],
        className="fuente",
    )


def _file(site: Site, item: FileFacts) -> Component:
    rows = "" if item["filas"] is None else f" · {plural(item['filas'], 'fila', 'filas')}"
    facts: dict[str, Component | str | list[Component | str]] = {
        "Formato": f"{item['formato']}{rows} · {file_size(item['bytes'])}",
        **_conversions(site, item),
        "Corte": f"{item['corte']} (confianza {item['confianza']})",
        "Licencia": html.A(item["licencia"], href=item["licencia_url"]),
        "Para citar": item.get("cita", ""),
        "SHA-256": html.Code(item["sha256"]),
    }
    return html.Div(
        [
            html.H3(html.A(item["nombre"], href=site.file_url(item["nombre"]), download="")),
            html.P(
                item["titulo"] if item["titulo"] == item["descripcion"] else f"{item['titulo']}. {item['descripcion']}"
            ),
            html.Dl([part for name, value in facts.items() if value for part in (html.Dt(name), html.Dd(value))]),
            *_preview(site, item),
            _dictionary(site, item),
        ],
        className="archivo",
    )


def _preview(site: Site, item: FileFacts) -> list[Component]:
    """How a table with confidential cells looks: a few of each kind, with the words that stand for a missing count."""
    columns = _columns(site, item)
    state = next((column for column in columns if CONFIDENTIAL in (column.labels or {})), None)
    if state is None:
        return []
    title = f"Cómo se ve {item['tabla']}"
    rows = sample(site.release.path(item["nombre"]), state.name, {"publicada": 5, CONFIDENTIAL: 3})
    shown = [column for column in columns if CONFIDENTIAL not in (column.labels or {}) and column.kind != "booleano"]
    head = html.Tr([html.Th(c.title, scope="col", className="num" if c.kind == "entero" else "") for c in shown])
    body = [html.Tr([_shown(column, row[column.name], state) for column in shown]) for row in rows]
    inner = html.Table([html.Caption(f"{title}: algunas filas"), html.Thead(head), html.Tbody(body)], className="tabla")
    return [html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title}))]


def _shown(column: Field, value: Any, state: Field) -> Component:
    if column.kind == "entero":
        if value is None:
            return html.Td((state.labels or {})[CONFIDENTIAL], className="num confidencial")
        return html.Td(integer(value), className="num")
    return html.Td("Total" if value == "total" else (column.labels or {}).get(str(value), str(value)))


def _conversions(site: Site, item: FileFacts) -> dict[str, list[Component | str]]:
    """The same table in the other formats, made when they are asked for."""
    links = [
        html.A(
            form.format.name, href=site.file_url(f"{Path(item['nombre']).stem}.{suffix}"), download="", rel="alternate"
        )
        for suffix, form in TABLE_FORMATS.items()
        if takes(form, item)
    ]
    parts: list[Component | str] = [part for link in links for part in (link, " · ")]
    return {"También en": parts[:-1]} if links else {}


def _dictionary(site: Site, item: FileFacts) -> Component:
    columns = _columns(site, item)
    caption = f"Diccionario de {item['tabla']}"
    head = html.Tr([html.Th(text, scope="col") for text in ("Columna", "Qué es", "Tipo", "Valores")])
    body = [
        html.Tr(
            [
                html.Th(html.Code(column.name), scope="row"),
                html.Td(f"{column.title}. {column.description}"),
                html.Td(column.kind + (f", {column.unit}" if column.unit else "")),
                html.Td(_values(column)),
            ]
        )
        for column in columns
    ]
    inner = html.Table([html.Caption(caption), html.Thead(head), html.Tbody(body)], className="tabla")
    frame = html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": caption}))
    return html.Details(
        [html.Summary(f"Diccionario ({len(columns)} columnas)"), frame, html.P(TOLD, className="prosa")]
    )


def _columns(site: Site, item: FileFacts) -> tuple[Field, ...]:
    """The columns of a table as its own release describes them."""
    return site.release.tables[item["tabla"] or ""].columns


def _values(column: Field) -> str:
    if column.labels:
        return "; ".join(f"{value} = {label}" for value, label in column.labels.items())
    limits = [f"desde {integer(column.minimum)}" if column.minimum is not None else ""]
    limits.append("puede estar vacío: sin dato publicado" if column.nullable else "")
    return "; ".join(text for text in limits if text)


def _others(site: Site, items: list[FileFacts]) -> Component:
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
    frame = html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": OTHER}))
    return html.Details([html.Summary(f"{OTHER} ({len(items)})"), frame])


def _moved(site: Site, request: Request) -> str | None:
    names = {item["nombre"] for item in site.release.manifest["datasets"]}
    today = dataset_of_today(request.parameters["conjunto"], names)
    return face_of(f"{PATH}/{today}", request.face.accessible).path if today else None


PAGE = Page(path=PATH, name="Datos", build=build, fixed=True)
DATASET_PAGE = Page(
    path=f"{PATH}/{{conjunto}}", name="Conjunto de datos", build=build_dataset, in_menu=False, moved=_moved
)
