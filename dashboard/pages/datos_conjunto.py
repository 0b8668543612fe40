"""/datos/<dataset>: its sources, its files, its dictionary, how they are opened and cited and in which releases they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from dashboard.address.own import base_url
from dashboard.pages.datos import PATH
from dashboard.pages.datos_catalogo import Listed, catalogue_of
from dashboard.pages.datos_normas import standards
from dashboard.pages.datos_tabla import code, columns_of, table_block
from dashboard.pages.model import NothingHere, Page, Request, Screen, face_of
from dashboard.pages.moved import dataset_of_today
from dashboard.render import snippets
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.inert import TOLD
from dashboard.render.tables import TABLE_FORMATS, takes
from dashboard.site import Site
from dashboard.words import PERCENT, file_size, integer
from etl.release import FileFacts, LossFacts, SourceFacts

#: Shapes for our own map and the machine's catalogues are listed apart: an analyst looks for tables first.
OTHER = "Otros archivos"
#: What the names of the files in degrees have.
LONLAT = "_4326"
#: The files of others that are for programs of maps, the ones that people ask for by name first.
FOR_MAPS = ("GeoPackage", "Shapefile", "GeoParquet", "GeoJSON", "TopoJSON")


def build(site: Site, request: Request) -> Screen:
    """One dataset. Raises NothingHere for a name no dataset has."""
    name = request.parameters["conjunto"]
    found = next((item for item in catalogue_of(site).listed if item.facts["nombre"] == name), None)
    if found is None:
        raise NothingHere("No hay ningún conjunto de datos con ese nombre.")
    entry, accessible = found.facts, request.face.accessible
    maps = [item for kind in FOR_MAPS for item in _in_degrees_first(found.others) if item["formato"] == kind]
    others = [item for item in found.others if item not in maps]
    content = (
        html.P(html.A("Datos", href=face_of(PATH, accessible).path), className="migas"),
        html.H1(entry["titulo"]),
        html.P(entry["descripcion"], className="respuesta"),
        html.H2("Fuentes"),
        html.Ul([_source(source) for source in entry["fuentes"]], className="fuentes"),
        *_warnings(site, name),
        *_confidentiality(site, found),
        html.H2("Archivos"),
        *(table_block(site, item, accessible) for item in found.tables),
        *([html.P(TOLD, className="prosa")] if found.tables else []),
        *(
            [html.H2("Para programas de mapas", id="mapas"), _listing(site, maps, "Archivos para mapas")]
            if maps
            else []
        ),
        *([html.Details([html.Summary(f"{OTHER} ({len(others)})"), _listing(site, others, OTHER)])] if others else []),
        *standards(site, name),
        *_how_to_open(site, found, maps, accessible),
    )
    return Screen(
        title=f"{entry['titulo']}: archivos y diccionario | Padrón Abierto",
        description=entry["descripcion"],
        content=content,
    )


def _in_degrees_first(items: Iterable[FileFacts]) -> list[FileFacts]:
    """The files of a dataset, those in degrees, which any program takes, before those in metres."""
    return sorted(items, key=lambda item: LONLAT not in item["nombre"])


def _how_to_open(site: Site, found: Listed, maps: list[FileFacts], accessible: bool) -> list[Component | Markup]:
    """In the programs that people have, with the codes as text."""
    shown = [*_of_table(site, found), *_of_layers(site, maps)]
    if not shown:
        return []
    parts: list[Component | Markup] = [
        html.H2("Cómo abrirlo, con los códigos como texto", id="abrir"),
        html.P(
            "«0101» es un municipio; un programa que adivina los tipos lo vuelve 101 y ya no se une con nada. Las direcciones "
            "son las de esta publicación y no cambian; las demás tablas se abren igual, con su nombre.",
            className="prosa",
        ),
    ]
    for item in shown:
        body: list[Component | Markup] = [html.P(item.words, className="prosa")]
        if item.code:
            body.append(code(item.code, f"Código para {item.program}", snippets.HERE))
        parts.append(html.Details([html.Summary(item.program), *body], open=accessible))
    return parts


def _of_table(site: Site, found: Listed) -> tuple[snippets.Snippet, ...]:
    """With the first table of figures as the example."""
    item = next((one for one in found.tables if one["formato"] == "Parquet"), None)
    if item is None:
        return ()
    address = _whole_address(site, item["nombre"].removesuffix(".parquet"))
    table = site.release.tables[item["tabla"] or ""]
    return snippets.of_table(table, address, takes(TABLE_FORMATS["xlsx"], item))


def _of_layers(site: Site, maps: list[FileFacts]) -> tuple[snippets.Snippet, ...]:
    package = next((item for item in maps if item["formato"] == "GeoPackage"), None)
    if package is None:
        return ()
    abroad = package["dataset"] != "limites"
    layers, key = (
        (("estados",), "codigo_estado") if abroad else (("municipios", "departamentos", "lagos"), "codigo_municipio")
    )
    return snippets.of_layers(_whole_address(site, package["nombre"]), layers, key)


def _whole_address(site: Site, name: str) -> str:
    return f"{base_url() or snippets.HERE}{site.file_url(name)}"


def _warnings(site: Site, name: str) -> list[Component]:
    texts = [item["mensaje"] for item in site.release.manifest["advertencias"] if item["dataset"] == name]
    return [html.H2("Advertencias"), html.Ul([html.Li(text) for text in texts], className="prosa")] if texts else []


def _confidentiality(site: Site, found: Listed) -> list[Component]:
    """What is not published so that nobody is singled out, and how much that is of each cross."""
    entry = found.facts
    if not (lost := entry.get("utilidad")):
        return []
    title = "Cuánto no se publica, por cruce"
    names = {column.name: column.title for item in found.tables for column in columns_of(site, item)}
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


def _listing(site: Site, items: list[FileFacts], title: str) -> Component:
    head = html.Tr([html.Th(text, scope="col") for text in ("Archivo", "Qué es", "Formato", "Tamaño", "SHA-256")])
    body = [
        html.Tr(
            [
                html.Th(html.A(item["nombre"], href=site.file_url(item["nombre"]), download=""), scope="row"),
                html.Td(
                    [item["titulo"], html.Br(), html.Small(item["descripcion"])]
                    if item["descripcion"]
                    else item["titulo"]
                ),
                html.Td(item["formato"]),
                html.Td(file_size(item["bytes"]), className="num"),
                html.Td(html.Code(item["sha256"], className="huella")),
            ]
        )
        for item in items
    ]
    inner = html.Table([html.Caption(title, className="oculto"), html.Thead(head), html.Tbody(body)], className="tabla")
    return html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title}))


def _moved(site: Site, request: Request) -> str | None:
    names = {item["nombre"] for item in site.release.manifest["datasets"]}
    today = dataset_of_today(request.parameters["conjunto"], names)
    return face_of(f"{PATH}/{today}", request.face.accessible).path if today else None


PAGE = Page(
    path=f"{PATH}/{{conjunto}}",
    name="Conjunto de datos",
    build=build,
    in_menu=False,
    moved=_moved,
    scripts=("buscador.js", "copiar.js"),
)
