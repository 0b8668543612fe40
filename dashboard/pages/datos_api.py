"""/datos/api: how to ask the tables for rows, columns or sums by address, with examples that this release answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.address.extract_parameters import common
from dashboard.address.extracts import API, MOST_PAGE, Offered
from dashboard.figures.extracts import tables_of
from dashboard.pages.model import Page, Request, Screen, face_of
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.extract_examples import PXWEB, examples
from dashboard.render.extracts import FORMATS, MOST_ROWS_OF
from dashboard.render.inert import TOLD
from dashboard.render.jsonstat import JSONSTAT, MOST_CELLS
from dashboard.site import Site
from dashboard.words import integer, listing
from etl.release import FileFacts

PATH = "/datos/api"


def build(site: Site, request: Request) -> Screen:
    """What may be asked, how it is answered, and every table."""
    accessible = request.face.accessible
    content = html.Div(
        [
            html.P(html.A("Datos", href=face_of("/datos", accessible).path), className="migas"),
            html.H1("Los datos, pedidos por su dirección"),
            html.P(
                "Cada tabla publicada se puede pedir por partes: solo unas filas, unas columnas, en un orden, o la suma de lo "
                "que se puede sumar. Basta una dirección: se abre en el navegador, en una hoja de cálculo o en un programa, sin "
                "registrarse ni pedir una clave.",
                className="respuesta",
            ),
            *_examples(site),
            *_how(),
            *_answers(),
            *_programs(site),
        ],
        className="prosa api",
    )
    listed = (
        html.H2("Las tablas", id="tablas"),
        html.P(["La misma lista, para programas: ", html.A(API, href=API), "."]),
        _tables(tables_of(site.release)),
    )
    return Screen(
        title="Pedir los datos por su dirección (API) | Padrón Abierto",
        description="Cómo pedir filas, columnas o sumas de cada tabla publicada en CSV, JSON, Excel, Parquet o JSON-stat.",
        content=(content, *listed),
    )


def _examples(site: Site) -> list[Component]:
    items = [
        html.Li([item.words, html.Br(), html.A(html.Code(item.address), href=item.address)])
        for item in examples(site.release)
    ]
    return [
        html.H2("Ejemplos"),
        html.P("Todos contestan con los datos de esta publicación:"),
        html.Ul(items, className="direcciones"),
    ]


def _how() -> list[Component]:
    said = (
        (
            "Elegir filas",
            "Por cualquier columna: `anio=2015`, `sexo=mujeres`. Varios valores, con comas: `anio=2014,2015`; los textos, que "
            "pueden tener comas, se piden repitiendo el parámetro. Números y fechas, también por sus límites, incluidos: "
            "`anio_desde=2014`, `poblacion_hasta=5000`. Los lugares y los grupos se llaman como en las páginas: "
            "`departamento=16`, `lugar=1601`, `edad=18_25`, `papeleta=presidencia`.",
        ),
        (
            "Sumar",
            "`agrupar=codigo_departamento,sexo` da la suma de cada grupo y cuántas filas tiene. Solo se suman cuentas, nunca "
            "proporciones ni promedios, y nunca sobre años, elecciones o cargos distintos, que cuentan a las mismas personas. Un "
            "grupo con una cifra confidencial, o sin dato, no tiene suma: la columna `estado_suma_…` dice por qué.",
        ),
        (
            "Por páginas",
            f"Sin `limite` viene todo, por larga que sea la tabla. Con `limite` (hasta {integer(MOST_PAGE)} filas), la "
            "dirección de la página siguiente viene en «siguiente», en JSON, y en el encabezado `Link`. Se siguen leyendo los "
            "mismos datos "
            "aunque mientras tanto haya una publicación nueva.",
        ),
    )
    parts: list[Component] = [html.H2("Qué se puede pedir")]
    for title, words in said:
        parts += [html.H3(title), html.P(_coded(words))]
    return [*parts, _parameters()]


def _coded(words: str) -> list[Component | str]:
    """Words in which what is between accents is written as code."""
    return [html.Code(part) if turn % 2 else part for turn, part in enumerate(words.split("`"))]


def _parameters() -> Component:
    title = "Parámetros de toda tabla, además de sus columnas"
    head = html.Tr([html.Th(text, scope="col") for text in ("Parámetro", "Qué pide")])
    body = [
        html.Tr([html.Th(html.Code(item.name), scope="row"), html.Td(f"{item.title}. {item.sentence}.")])
        for item in common()
    ]
    return _framed(title, head, body)


def _answers() -> list[Component]:
    names = [f"{form.name} ({suffix})" for suffix, form in (*FORMATS.items(), (JSONSTAT.suffix, JSONSTAT))]
    most = ", ".join(f"{FORMATS[name].name}, hasta {integer(count)} filas" for name, count in MOST_ROWS_OF.items())
    items = (
        f"Formatos, al final de la dirección (`data.csv`): {listing(names)}. {most}; JSON-stat, hasta {integer(MOST_CELLS)} "
        "celdas.",
        "JSON trae además las fuentes, la licencia, cómo citar y, en «schema», qué es cada columna: "
        "`pandas.read_json(dirección, orient='table')` la lee con sus tipos. Los códigos son texto y conservan sus ceros.",
        "Lo que no se puede pedir se rechaza (400) con el motivo y lo que se acepta: nunca se contesta otra pregunta.",
        "Cada respuesta tiene su versión (ETag): quien ya la tiene recibe 304. Se puede pedir por tramos (Range) y comprimida.",
        "Con `publicacion=…` la respuesta es de esa publicación para siempre, los mismos bytes: es la dirección que conviene "
        "citar (Link: cite-as). Con `publicacion=latest` lleva a la vigente; lo que se retiró responde 410 y dice por qué.",
        "Otros sitios pueden leerla desde el navegador (CORS).",
        TOLD,
    )
    return [html.H2("Cómo contesta"), html.Ul([html.Li(_coded(text)) for text in items])]


def _programs(site: Site) -> list[Component]:
    address = next((item.address for item in examples(site.release) if item.suffix == "json"), API)
    lines = (
        ("Python (pandas)", f'pandas.read_json(sitio + "{address}", orient="table")'),
        ("R", f'jsonlite::fromJSON(paste0(sitio, "{address}"))$data'),
        ("Terminal", f'curl --compressed "$sitio{address}"'),
    )
    shown = [part for name, words in lines for part in (html.Dt(name), html.Dd(html.Code(words)))]
    return [
        html.H2("Desde un programa"),
        html.P("En lugar de «sitio», la dirección con que abre este sitio."),
        html.Dl(shown),
        html.P(
            [
                "Los programas de las oficinas de estadística pueden pedir las tablas como en PxWebApi 2: la lista en ",
                html.A(f"{PXWEB}", href=PXWEB),
                " y, de cada una, /metadata y /data con valueCodes[columna]=…, * para todos, top(3) para los tres últimos años. "
                "Todo lo que hay, descrito en ",
                html.A("OpenAPI", href="/api/v1/openapi.json"),
                ".",
            ]
        ),
    ]


def _tables(tables: Mapping[str, tuple[Offered, FileFacts]]) -> Component:
    heads = {"Tabla": "", "Filas": "num", "Qué se suma": "", "Abrir": ""}
    head = html.Tr([html.Th(text, scope="col", className=kind) for text, kind in heads.items()])
    body = [_line(offered, facts) for offered, facts in tables.values()]
    return _framed("Tablas que se pueden pedir", head, body)


def _line(offered: Offered, facts: FileFacts) -> Component:
    name = offered.table.name
    wanted = ["csv", "json", *([JSONSTAT.suffix] if offered.figures and (facts["filas"] or 0) < MOST_SHOWN else [])]
    links: list[Component | str] = [html.A("columnas", href=f"{API}/{name}")]
    for suffix in wanted:
        links += [" · ", html.A(suffix, href=f"{API}/{name}/data.{suffix}")]
    return html.Tr(
        [
            html.Th([html.Code(name), html.Br(), facts["titulo"]], scope="row"),
            html.Td(integer(facts["filas"] or 0), className="num"),
            html.Td(listing([item.title.lower() for item in offered.additive]) or "nada"),
            html.Td(links),
        ]
    )


#: A table with more rows is not offered whole as JSON-stat.
MOST_SHOWN = 20_000


def _framed(title: str, head: Component, body: Sequence[Component]) -> Component:
    inner = html.Table([html.Caption(title), html.Thead(head), html.Tbody(list(body))], className="tabla")
    return html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title}))


PAGE = Page(path=PATH, name="Datos por su dirección", build=build, in_menu=False, fixed=True)
