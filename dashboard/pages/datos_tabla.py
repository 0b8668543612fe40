"""One table on the page of its dataset: how to have it, what it looks like, its columns, how to cite it, its releases."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from dashboard.address.extracts import API
from dashboard.address.own import base_url
from dashboard.figures.counted import CONFIDENTIAL
from dashboard.figures.extracts import tables_of
from dashboard.pages.datos import formats
from dashboard.pages.datos_api import PATH as API_PATH
from dashboard.pages.datos_catalogo import Version, versions
from dashboard.pages.model import face_of
from dashboard.pages.publicaciones import PATH as COMPARED
from dashboard.render.about import cited
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.dictionary import PREFIX
from dashboard.render.jinja import render
from dashboard.render.snippets import HERE
from dashboard.render.tables import PublishedTable, first_rows, sample
from dashboard.site import Site
from dashboard.view import is_for_ever, today
from dashboard.words import integer, listing, long_date, plural
from etl.model import Field, Kind
from etl.release import DamagedError, FileFacts
from etl.release.cited import Reference

#: Rows of a table that are shown.
SHOWN = 5
#: The kinds of value whose names have accents.
KINDS = {Kind.CODIGO: "código", Kind.CATEGORIA: "categoría", Kind.GEOMETRIA: "geometría"}
#: Letters of a text that are shown of it.
LONGEST = 60


def table_block(site: Site, item: FileFacts, accessible: bool) -> Component:
    """Everything of one table."""
    rows = "" if item["filas"] is None else plural(item["filas"], "fila", "filas")
    columns = columns_of(site, item)
    said = (item["titulo"], item["descripcion"])
    facts: dict[str, Component | str | list[Component | str]] = {
        "Descargar": formats(site, item),
        "Por partes (API)": _by_address(site, item, accessible),
        "Tamaño": f"{rows} × {plural(len(columns), 'columna', 'columnas')}",
        "Corte": f"{item['corte']} (confianza {item['confianza']})",
        "Licencia": html.A(item["licencia"], href=item["licencia_url"]),
        "SHA-256": html.Code(item["sha256"]),
    }
    return html.Div(
        [
            html.H3(item["titulo"], id=item["tabla"]),
            html.P([html.Code(item["nombre"]), f". {said[1]}" if said[0] != said[1] else "."]),
            html.Dl([part for name, value in facts.items() if value for part in (html.Dt(name), html.Dd(value))]),
            *_preview(site, item, accessible),
            _dictionary(site, item, accessible),
            _citation(site, item, accessible),
            *_versions(site, item, accessible),
        ],
        className="archivo",
    )


def _by_address(site: Site, item: FileFacts, accessible: bool) -> list[Component | str]:
    """The way to ask for a part of a table, or for its sums; nothing of one that cannot be asked so."""
    if item["tabla"] not in tables_of(site.release):
        return []
    return [
        html.A(f"columnas y parámetros de {item['tabla']}", href=f"{API}/{item['tabla']}"),
        " · ",
        html.A("cómo se pide", href=face_of(API_PATH, accessible).path),
    ]


def code(words: str, label: str = "", here: str = "") -> Markup:
    """A piece of code, with the button that copies it; `here` is what the scripts change for the address of the site."""
    return render("codigo.html.j2", words=words, label=label, here=here if here in words else "")


def columns_of(site: Site, item: FileFacts) -> tuple[Field, ...]:
    """The columns of a table as its own release describes them."""
    return site.release.tables[item["tabla"] or ""].columns


def _framed(inner: Component, title: str) -> Component:
    return html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title}))


# --- The first rows -----------------------------------------------------------------------------------------------------


def _preview(site: Site, item: FileFacts, accessible: bool) -> list[Component]:
    """How a table looks: its first rows as its file has them. Of one with confidential cells, a few of each kind, with the words
    that stand for a missing count.
    """
    try:
        path = site.release.path(item["nombre"])
    except DamagedError:
        return [
            html.P("Este archivo está dañado en este servidor: no se puede ver ni descargar.", className="error-dato")
        ]
    columns = columns_of(site, item)
    state = next((column for column in columns if CONFIDENTIAL in (column.labels or {})), None)
    if state is not None:
        rows = sample(path, state.name, {"publicada": 5, CONFIDENTIAL: 3})
        shown = [
            column for column in columns if CONFIDENTIAL not in (column.labels or {}) and column.kind != "booleano"
        ]
        cells = [[_counted(column, row[column.name], state) for column in shown] for row in rows]
        heads: list[Component | str] = [column.title for column in shown]
        return [_rows(item, shown, heads, cells, f"Cómo se ve {item['tabla']}: algunas filas")]
    shown = [column for column in columns if column.kind is not Kind.GEOMETRIA]
    cells = [[_cell(column, row.get(column.name)) for column in shown] for row in first_rows(path, SHOWN)]
    if not cells:
        return []
    table = _rows(
        item, shown, [html.Code(column.name) for column in shown], cells, f"Primeras filas de {item['tabla']}"
    )
    return [
        html.Details([html.Summary(f"Vista previa ({plural(len(cells), 'fila', 'filas')})"), table], open=accessible)
    ]


def _rows(
    item: FileFacts, shown: list[Field], heads: list[Component | str], cells: list[list[Component]], title: str
) -> Component:
    head = html.Tr(
        [
            html.Th(text, scope="col", className="num" if column.kind == "entero" else "")
            for column, text in zip(shown, heads, strict=True)
        ]
    )
    body = html.Tbody([html.Tr([html.Th(first.children, scope="row"), *rest]) for first, *rest in cells])
    return _framed(html.Table([html.Caption(title), html.Thead(head), body], className="tabla muestra"), title)


def _cell(column: Field, value: Any) -> Component:
    """A value as the file has it, cut if it is long; nothing for what is not published."""
    number = column.kind in (Kind.ENTERO, Kind.DECIMAL)
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return html.Td(text if len(text) <= LONGEST else f"{text[:LONGEST]}…", className="num" if number else "")


def _counted(column: Field, value: Any, state: Field) -> Component:
    if column.kind == "entero":
        if value is None:
            return html.Td((state.labels or {})[CONFIDENTIAL], className="num confidencial")
        return html.Td(integer(value), className="num")
    return html.Td("Total" if value == "total" else (column.labels or {}).get(str(value), str(value)))


# --- The columns --------------------------------------------------------------------------------------------------------


def _dictionary(site: Site, item: FileFacts, accessible: bool) -> Component:
    columns = columns_of(site, item)
    english = any(any(column.english) for column in columns)
    caption = f"Diccionario de {item['tabla']}"
    heads = ("Columna", "Qué es", *(("En inglés",) if english else ()), "Tipo", "Valores")
    head = html.Tr([html.Th(text, scope="col") for text in heads])
    body = [
        html.Tr(
            [
                html.Th(html.Code(column.name), scope="row"),
                html.Td(f"{column.title}. {column.description}"),
                *([html.Td(". ".join(column.english), lang="en")] if english else []),
                html.Td(KINDS.get(column.kind, column.kind.value) + (f", {column.unit}" if column.unit else "")),
                html.Td(_values(column)),
            ]
        )
        for column in columns
    ]
    inner = html.Table([html.Caption(caption), html.Thead(head), html.Tbody(body)], className="tabla diccionario")
    stem = f"{PREFIX}{item['tabla']}"
    files = html.P(
        [
            "El diccionario como archivo, en los dos idiomas: ",
            html.A("CSV", href=site.file_url(f"{stem}.csv"), download="", rel="describedby"),
            " · ",
            html.A("JSON", href=site.file_url(f"{stem}.json"), download="", rel="describedby"),
            ". " if english else ". Esta publicación es de antes de que las columnas se describieran en inglés.",
        ],
        className="prosa",
    )
    published = PublishedTable(site.release.root / item["nombre"], item, site.release.id)
    more = published.added_to([column.name for column in columns]) if item["formato"] == "Parquet" else []
    said = f"En CSV, Excel y JSON Lines, cada fila lleva además: {listing(more)}, de todo el archivo."
    repeated = [html.P(said, className="prosa")] if more else []
    summary = html.Summary(f"Diccionario ({len(columns)} columnas)")
    return html.Details([summary, _framed(inner, caption), *repeated, files], open=accessible)


def _values(column: Field) -> str:
    if column.labels:
        return "; ".join(f"{value} = {label}" for value, label in column.labels.items())
    limits = [f"desde {integer(column.minimum)}" if column.minimum is not None else ""]
    limits.append("puede estar vacío: sin dato publicado" if column.nullable else "")
    return "; ".join(text for text in limits if text)


# --- How to cite it -----------------------------------------------------------------------------------------------------


def _citation(site: Site, item: FileFacts, accessible: bool) -> Component:
    """In one sentence, in APA, in BibTeX and in CSL-JSON, with the address that does not change and the day of today: but not on
    a page that must be the same on any day.
    """
    summary = html.Summary("Cómo citarla")
    if site.release.synthetic:
        words = f"No se cite: demostración con datos sintéticos, publicación {site.release.id}."
        return html.Details([summary, html.P(words, className="prosa")], open=accessible)
    day = None if is_for_ever() else today()
    address = f"{base_url() or HERE}{site.file_url(item['nombre'])}"
    terms = item.get("licencia_id", item["licencia"])
    sources = tuple(cited(source) for source in item["fuentes"])
    table = item["tabla"] or item["nombre"]
    reference = Reference(table, item["titulo"], sources, terms, site.release.id, address, day)
    forms = {"APA": reference.apa(long_date(day) if day else ""), "BibTeX": reference.bibtex, "CSL-JSON": reference.csl}
    blocks = [
        part
        for name, words in forms.items()
        for part in (html.P(html.Strong(name)), code(words, f"Cita de {table} en {name}", HERE))
    ]
    sentence = [html.P(item["cita"], className="prosa cita")] if item.get("cita") else []
    return html.Details([summary, *sentence, *blocks], open=accessible)


# --- In which releases --------------------------------------------------------------------------------------------------


def _versions(site: Site, item: FileFacts, accessible: bool) -> list[Component]:
    """The releases that have the table, and in which of them it is other than before; nothing on a page that must be the same
    after any other release.
    """
    if is_for_ever():
        return []
    found = versions(site.release, item["tabla"] or "")
    if not found:
        return []
    title = f"Publicaciones con {item['tabla']}"
    head = html.Tr([html.Th(text, scope="col") for text in ("Publicación", "El archivo", "SHA-256")])
    body = [_version(site, one) for one in found]
    inner = html.Table([html.Caption(title), html.Thead(head), html.Tbody(body)], className="tabla")
    summary = html.Summary(f"Versiones ({len(found)})")
    compare = f"{face_of(COMPARED, accessible).path}?tabla={item['tabla']}"
    way = html.P(["Qué cambió, fila por fila: ", html.A("publicaciones", href=compare), "."], className="prosa")
    return [html.Details([summary, _framed(inner, title), way], open=accessible)]


def _version(site: Site, one: Version) -> Component:
    changed = {None: "la primera que se conserva", True: "cambió", False: "igual que en la anterior"}[one.changed]
    here = " (esta)" if one.release == site.release.id else ""
    return html.Tr(
        [
            html.Th(
                html.A(one.release, href=f"/descargas/{one.release}/{one.file}", rel="version-history"), scope="row"
            ),
            html.Td(f"{changed}{here}"),
            html.Td(html.Code(one.sha256, className="huella")),
        ]
    )
