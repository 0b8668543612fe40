"""/publicaciones: what is different from one release to another, and every release that there has been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from dashboard.figures.changes import Changes, TableChanges, changes
from dashboard.figures.releases import Known, known, opened
from dashboard.pages.model import Page, Request, Screen, Understood, face_of
from dashboard.pages.publicaciones_cifras import figures
from dashboard.pages.publicaciones_lista import listed
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.changes import summary, why
from dashboard.render.dash_doors import Component, html
from dashboard.render.icons import EQUAL, GONE, MOVED, PLUS, icon
from dashboard.site import Site
from dashboard.words import integer, plural
from etl.release import ReleaseError

PATH = "/publicaciones"
FROM, TO, TABLE = "de", "a", "tabla"
#: The four things that a row can be, always in the same order: its name, its shape and what is counted.
KINDS = (
    ("added", "Agregado", PLUS, ("fila nueva", "filas nuevas")),
    ("changed", "Cambiado", MOVED, ("fila, con su valor anterior", "filas, con su valor anterior")),
    ("removed", "Retirado", GONE, ("fila que ya no está", "filas que ya no están")),
    ("same", "Igual", EQUAL, ("fila sin un solo cambio", "filas sin un solo cambio")),
)


@dataclass(frozen=True)
class Asked:
    """What an address asks: the two releases to compare, None if there are not two, and the table to look at, "" for all."""

    before: Known | None
    after: Known | None
    table: str = ""
    notices: tuple[str, ...] = ()

    def query(self, usual: Asked) -> str:
        """The query that asks for this; what is `usual` is left out."""
        said = {FROM: (self.before, usual.before), TO: (self.after, usual.after)}
        found = {name: item.id for name, (item, other) in said.items() if item and item != other}
        found |= {TABLE: self.table} if self.table else {}
        return f"?{urlencode(found)}" if found else ""


def asked_of(every: Sequence[Known], query: Mapping[str, str], tables: Mapping[str, str]) -> Asked:
    """What `query` asks of the releases that there are; what cannot be honoured is left as usual, and said."""
    opens = {item.id: item for item in every if item.opens}
    newest = next(iter(opens.values()), None)
    notices = []
    for name in (FROM, TO):
        if query.get(name) and query[name] not in opens:
            notices.append(f"No se puede comparar «{query[name][:40]}»: no está entre las publicaciones guardadas.")
    after = opens.get(query.get(TO, ""), newest)
    before = opens.get(query.get(FROM, "")) or _before(list(opens.values()), after)
    table = query.get(TABLE, "")
    if table and table not in tables:
        notices.append(f"No hay ninguna tabla llamada «{table[:40]}»: se muestran todas.")
        table = ""
    return Asked(before, after, table, tuple(notices))


def _before(opens: Sequence[Known], after: Known | None) -> Known | None:
    """The release that is compared with `after` when nobody says which: the one before it or, of the first, the one after."""
    if after is None or len(opens) < 2:
        return None
    position = opens.index(after)
    return opens[position + 1] if position + 1 < len(opens) else opens[position - 1]


def _tables(site: Site) -> dict[str, str]:
    return {item["tabla"]: item["titulo"] for item in site.release.manifest["archivos"] if item["tabla"]}


def _asks(site: Site, request: Request) -> Understood:
    every, tables = known(site.release), _tables(site)
    asked = asked_of(every, request.query, tables)
    return Understood(asked.query(asked_of(every, {}, tables)), bool(asked.notices))


def build(site: Site, request: Request) -> Screen:
    """The comparison that was asked for, and the list."""
    every, tables = known(site.release), _tables(site)
    asked = asked_of(every, request.query, tables)
    accessible = request.face.accessible
    found, broken = _compared(site, asked)
    content = html.Div(
        [
            html.P([html.A("Datos", href=face_of("/datos", accessible).path), " · publicaciones"], className="migas"),
            html.H1("¿Qué cambió en los datos?"),
            *_answer(found, broken, every),
            *blocks.corrections(asked.notices),
            *(_form(asked, every, tables, accessible) if found or broken else []),
            *(_account(found, asked, site, accessible) if found else []),
            *listed(every, asked.before, asked.after, accessible),
        ],
        className="pagina-publicaciones",
    )
    return Screen(
        title="Publicaciones: qué cambió en los datos de una a otra | Padrón Abierto",
        description=summary(found).plain() if found else "Todas las publicaciones de los datos, y qué hay en cada una.",
        content=(content,),
        query_string=asked.query(asked_of(every, {}, tables)),
    )


def _compared(site: Site, asked: Asked) -> tuple[Changes | None, str]:
    """What is different, or why it cannot be told."""
    if asked.before is None or asked.after is None:
        return None, ""
    folder = site.release.root.parent
    try:
        first, second = (
            site.release if item.id == site.release.id else opened(folder / item.id)
            for item in (asked.before, asked.after)
        )
        return changes(first, second), ""
    except ReleaseError as error:
        return None, str(error)


def _answer(found: Changes | None, broken: str, every: Sequence[Known]) -> list[Component]:
    if found:
        return [html.P(blocks.words(summary(found)), className="respuesta")]
    if broken:
        return [html.P(f"No se pueden comparar: {broken}.", className="respuesta")]
    count = sum(item.opens for item in every)
    return [
        html.P(
            "Todavía no hay con qué comparar: esta es la única publicación guardada."
            if count == 1
            else "No hay ninguna.",
            className="respuesta",
        )
    ]


# --- What to compare ------------------------------------------------------------------------------------------------------


def _form(asked: Asked, every: Sequence[Known], tables: Mapping[str, str], accessible: bool) -> list[Component]:
    opens = {item.id: item.id for item in every if item.opens}
    before, after = (item.id if item else "" for item in (asked.before, asked.after))
    fields = [
        _select(FROM, "De la publicación", opens, before),
        _select(TO, "A la publicación", opens, after),
        _select(TABLE, "Tablas", {"": "Todas", **tables}, asked.table),
    ]
    button = html.Button("Comparar", className="boton", type="submit")
    ways = html.A("Ver todas las publicaciones", href="#todas")
    return [
        html.Form(
            [*fields, button, ways],
            className="comparar-publicaciones",
            action=face_of(PATH, accessible).path,
            method="get",
        )
    ]


def _select(name: str, title: str, values: Mapping[str, str], chosen: str) -> Component:
    options = [html.Option(text, value=value, selected=value == chosen or None) for value, text in values.items()]
    return html.Div(
        [html.Label(title, htmlFor=f"campo-{name}"), html.Select(options, id=f"campo-{name}", name=name)],
        className="campo",
    )


# --- What is different ----------------------------------------------------------------------------------------------------


def _account(found: Changes, asked: Asked, site: Site, accessible: bool) -> list[Component]:
    return [
        _four(found),
        _by_table(found, asked, accessible),
        *figures(found, asked.table, site, accessible),
        _files(found),
    ]


def _four(found: Changes) -> Component:
    items = []
    for kind, name, shape, (one, many) in KINDS:
        count = found.rows(kind)
        words = one if count == 1 else many
        if kind != "same" and count:
            tables = sum(bool(getattr(item.counts, kind)) for item in found.tables)
            words += f", en {plural(tables, 'tabla', 'tablas')}"
        items.append(html.Li([icon(shape), html.Span(name), html.B(integer(count)), html.Small(words)]))
    return html.Ul(items, className="cuatro-cambios", **Attributes({"aria-label": "Filas de todas las tablas"}))


def _by_table(found: Changes, asked: Asked, accessible: bool) -> Component:
    """A row for each table with rows that are not the same, and for all the others; of those, what is different in columns."""
    shown = [item for item in found.tables if (item.name == asked.table if asked.table else item.touched)]
    rest = [item for item in found.tables if item not in shown] if not asked.table else []
    head = [html.Th("Tabla", scope="col")]
    head += [html.Th([icon(shape), html.Span(name)], scope="col", className="monto") for _, name, shape, _ in KINDS]
    head += [html.Th("Por qué", scope="col")]
    rows = [_table_row(item, accessible) for item in shown]
    if rest:
        rows.append(_rest(rest, all_of_them=not shown))
    caption = html.Caption("Filas agregadas, cambiadas, retiradas e iguales de cada tabla", className="oculto")
    table = html.Table([caption, html.Thead(html.Tr(head)), html.Tbody(rows)], className="tabla tabla-cambios")
    frame = html.Div(
        table, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": "Tabla por tabla"})
    )
    return html.Section([html.H2("Tabla por tabla"), frame, *_other_columns(rest)])


def _other_columns(rest: Sequence[TableChanges]) -> list[Component]:
    """The tables whose rows are the same and whose files are not, folded."""
    written = [item for item in rest if not item.identical]
    if not written:
        return []
    lines = [html.Li([html.Strong(item.title), f". {' '.join(why(item))}"]) for item in written]
    title = (
        plural(len(written), "tabla con las mismas filas", "tablas con las mismas filas") + " y otro archivo: por qué"
    )
    return [
        html.Details(
            [html.Summary(title[:1].upper() + title[1:]), html.Ul(lines, className="prosa")], className="datos"
        )
    ]


def _table_row(item: TableChanges, accessible: bool) -> Component:
    link = html.A(item.title, href=face_of(f"/datos/{item.dataset}", accessible).path)
    title = [item.title if item.gone else link, html.Small(item.name)]
    counts = [_count(getattr(item.counts, kind), name) for kind, name, _, _ in KINDS]
    reasons = html.Td([html.Span(text) for text in why(item)], className="por-que")
    return html.Tr([html.Th(title, scope="row"), *counts, reasons])


def _count(count: int, name: str) -> Component:
    label = html.Span(f"{name}: ", className="rotulo", **Attributes({"aria-hidden": "true"}))
    return html.Td([label, integer(count)], className="monto" if count else "monto nada")


def _rest(rest: Sequence[TableChanges], all_of_them: bool) -> Component:
    many = len(rest) != 1
    title = f"Las {'' if all_of_them else 'otras '}{integer(len(rest))} tablas" if many else rest[0].title
    names = ", ".join(item.name for item in rest[:3]) + ("…" if len(rest) > 3 else "")
    counts = [_count(sum(getattr(item.counts, kind) for item in rest), name) for kind, name, _, _ in KINDS]
    same = sum(item.identical for item in rest)
    said = (
        [plural(same, "archivo idéntico: la misma huella", "archivos idénticos: la misma huella") + "."] if same else []
    )
    if same < len(rest):
        said.append(f"En {plural(len(rest) - same, 'tabla', 'tablas')} cambió el archivo y ninguna de sus filas.")
    reasons = html.Td([html.Span(text) for text in said], className="por-que")
    return html.Tr([html.Th([title, html.Small(names)], scope="row"), *counts, reasons])


def _files(found: Changes) -> Component:
    root = f"/descargas/cambios/{found.before}/{found.after}"
    links = [
        html.A("Descargar los cambios (CSV)", href=f"{root}.csv", className="boton", download=""),
        html.A("La cuenta, para programas (JSON)", href=f"{root}.json", className="boton"),
    ]
    others = []
    if found.other_files:
        names = ", ".join(found.other_files[:6]) + ("…" if len(found.other_files) > 6 else "")
        title = plural(
            len(found.other_files), "archivo que no es una tabla cambió", "archivos que no son tablas cambiaron"
        )
        others = [html.P(f"{title}: {names}", className="nota")]
    return html.Div([html.P(links, className="botones"), *others])


PAGE = Page(path=PATH, name="Publicaciones", build=build, in_menu=False, kept=False, asks=_asks)
