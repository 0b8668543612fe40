"""Every release that there has been: the current one, those that are kept and those that were withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.figures.releases import Known, Standing
from dashboard.pages.model import face_of
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.icons import CHECK, LOCK, UNKNOWN, WITHDRAWN, icon
from dashboard.words import file_size, integer, long_date, plural
from etl.release import DATAPACKAGE, MANIFEST

SHAPES = {
    Standing.CURRENT: CHECK,
    Standing.KEPT: LOCK,
    Standing.WITHDRAWN: WITHDRAWN,
    Standing.LOST: UNKNOWN,
}
FEED = "/publicaciones.atom"
PROMISE = (
    "Ninguna se corrige por encima: cada cambio es una publicación nueva, y las anteriores se siguen abriendo, completas, con su "
    "dirección. Si una se retira porque salió mal, su dirección sigue respondiendo y dice por qué."
)


def listed(every: Sequence[Known], before: Known | None, after: Known | None, accessible: bool) -> list[Component]:
    """The list, with what is promised of it. Those that are being compared have a line beside them."""
    chosen = [item for item in (before, after) if item]
    kept = sum(item.opens for item in every)
    taken = sum(item.standing is Standing.WITHDRAWN for item in every)
    lost = len(every) - kept - taken
    count = f"Se {'publicó' if len(every) == 1 else 'publicaron'} {integer(len(every))}; "
    count += f"{plural(kept, 'se puede abrir', 'se pueden abrir')}, {plural(taken, 'se retiró', 'se retiraron')}"
    count += f" y {plural(lost, 'ya no está aquí', 'ya no están aquí')}." if lost else "."
    head = html.Div(
        [
            html.H2("Todas las publicaciones", id="todas"),
            html.A("Avisarme de la próxima (Atom)", href=FEED, className="boton"),
        ],
        className="titulo-y-boton",
    )
    marked = html.P("Con la raya: las dos que está comparando.", className="nota") if len(chosen) == 2 else ""
    items = [_item(item, item in chosen and len(chosen) == 2, _previous(every, item), accessible) for item in every]
    last = html.P(
        [
            "Un programa que quiera siempre lo más reciente pide ",
            html.Code("/descargas/latest/municipios.csv"),
            " (o cualquier otro archivo): lo lleva a la dirección de la publicación vigente, que no cambia.",
        ],
        className="nota",
    )
    promise = html.P([PROMISE, " ", count])
    return [html.Section([head, promise, marked, html.Ol(items, className="lista-publicaciones"), last])]


def _previous(every: Sequence[Known], item: Known) -> Known | None:
    """The one before that can be compared."""
    older = every[every.index(item) + 1 :]
    return next((one for one in older if one.opens), None)


def _item(item: Known, marked: bool, previous: Known | None, accessible: bool) -> Component:
    compared = [html.Span(", se está comparando", className="oculto")] if marked else []
    state = html.P([icon(SHAPES[item.standing]), html.Strong(item.standing.value), *compared], className="como")
    said = [html.P(html.Code(item.id)), *(html.P(text) for text in _told(item)), html.P(_when(item), className="nota")]
    ways = html.P(_ways(item, previous, accessible), className="caminos")
    return html.Li([state, html.Div(said), ways], className="elegida" if marked else None)


def _told(item: Known) -> list[str]:
    """What it holds, or what became of it."""
    if item.standing is Standing.WITHDRAWN:
        return [
            f"{item.motive[:1].upper()}{item.motive[1:]}".rstrip(".") + ". Su dirección sigue respondiendo y lo dice."
        ]
    if item.held is None:
        return ["Se publicó, y sus archivos ya no están en este sitio."]
    held = item.held
    return [
        f"{plural(held.tables, 'tabla', 'tablas')} con {plural(held.rows, 'fila', 'filas')}; "
        f"{plural(held.files, 'archivo', 'archivos')}, {file_size(held.size)}. Corte más reciente: {long_date(item.cutoff)}."
    ]


def _when(item: Known) -> str:
    said = f"Publicada el {long_date(item.published.date())}" if item.published else "No se anotó cuándo se publicó"
    if item.withdrawn:
        said += f" y retirada el {long_date(item.withdrawn.date())}"
    return f"{said}. Huella {item.held.seal}." if item.held else f"{said}."


def _ways(item: Known, previous: Known | None, accessible: bool) -> Sequence[Component | str]:
    if not item.opens:
        return []
    root = f"/descargas/{item.id}"
    pinned = f"?publicacion={item.id}"
    ways: list[tuple[str, str]] = [("Abrir", face_of("/", accessible).path + pinned)]
    ways += [("Archivos", face_of("/datos", accessible).path + pinned)]
    if previous:
        ways += [("Qué cambió", f"{face_of('/publicaciones', accessible).path}?de={previous.id}&a={item.id}")]
    ways += [("Catálogo", f"{root}/{DATAPACKAGE}"), ("Manifiesto", f"{root}/{MANIFEST}")]
    links = [html.A(text, href=address, **Attributes({"aria-label": f"{text}: {item.id}"})) for text, address in ways]
    return [part for link in links for part in (link, " ")][:-1]
