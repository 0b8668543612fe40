"""The figures that moved most from one release to another, before and after on one scale, and those that are missing now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from dashboard.figures.changes import Changes, Different
from dashboard.pages.model import face_of
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.icons import GONE, icon
from dashboard.site import Site
from dashboard.words import CHANGE, MORE_OR_LESS, NO_DATA, integer, plural
from etl import fields

#: Where the scale of the drawing begins and ends, of a hundred.
FIRST, LAST = 4.0, 96.0
#: The columns of a place, the narrowest first.
PLACES = (fields.codigo_municipio.name, fields.codigo_departamento.name)
SHOWN = 8


def figures(found: Changes, table: str, site: Site, accessible: bool) -> list[Component]:
    """The largest differences of all the tables, or of the one called `table`, and what is not there any more."""
    moved = [item for item in found.largest if table in ("", item.table.name)][:SHOWN]
    gone = [item for item in found.emptied if table in ("", item.table.name)]
    parts: list[Component] = []
    if moved:
        parts.append(html.Section([html.H2("Los cambios más grandes"), _largest(moved, site, accessible)]))
    if gone:
        more = f" Son {integer(found.emptied_in_all)} en todas las tablas." if found.emptied_in_all > len(gone) else ""
        lines = [html.Li(_gone(item, site)) for item in gone]
        title = html.H3([icon(GONE), plural(found.emptied_in_all, "cifra que ya no está", "cifras que ya no están")])
        parts.append(
            html.Section(
                [title, html.P(f"Antes se publicaban y ahora no.{more}"), html.Ul(lines)], className="cifras-idas"
            )
        )
    return parts


def _largest(moved: Sequence[Different], site: Site, accessible: bool) -> Component:
    most = max(float(value) for item in moved for value in (item.before, item.after) if isinstance(value, int | float))
    legend = [_mark("antes"), " antes ", _mark("despues"), " después"]
    head = [html.Th("Dónde y qué", scope="col"), html.Th("Antes", scope="col", className="monto")]
    head += [html.Th("Después", scope="col", className="monto"), html.Th(legend, scope="col", className="riel-cambio")]
    head += [
        html.Th("Diferencia", scope="col", className="monto"),
        html.Th("En proporción", scope="col", className="monto"),
    ]
    rows = [_row(item, most, site, accessible) for item in moved]
    caption = html.Caption("Las cuentas que más se movieron, la mayor diferencia primero", className="oculto")
    table = html.Table([caption, html.Thead(html.Tr(head)), html.Tbody(rows)], className="tabla tabla-movidas")
    return html.Div(
        table,
        className="tabla-marco",
        tabIndex=0,
        role="region",
        **Attributes({"aria-label": "Los cambios más grandes"}),
    )


def _mark(kind: str) -> Markup:
    shape = f'<circle class="{kind}" cx="7" cy="7" r="5"/>'
    return Markup(f'<svg class="punto-cambio" viewBox="0 0 14 14" aria-hidden="true" focusable="false">{shape}</svg>')


def _row(item: Different, most: float, site: Site, accessible: bool) -> Component:
    before, after = (float(value) if isinstance(value, int | float) else 0.0 for value in (item.before, item.after))
    share = CHANGE.write(100 * (after - before) / before) if before else "no había"
    place, code = _place(item, site)
    name: Any = html.A(place, href=face_of(f"/ficha/{code}", accessible).path) if code else place
    what = html.Small(f"{item.column.title}, {item.table.title.lower()}{_rest(item)}")
    cells = [
        _cell("Antes", integer(before)),
        _cell("Después", html.Strong(integer(after))),
        html.Td(_drawn(before, after, most), className="riel-cambio"),
        _cell("Diferencia", MORE_OR_LESS.write(after - before)),
        _cell("En proporción", share),
    ]
    return html.Tr([html.Th([name, what], scope="row"), *cells])


def _cell(name: str, value: Any) -> Component:
    return html.Td(
        [html.Span(f"{name}: ", className="rotulo", **Attributes({"aria-hidden": "true"})), value], className="monto"
    )


def _drawn(before: float, after: float, most: float) -> Markup:
    """Both values on a scale that begins at zero and is the same for all the rows; the cells say the same."""
    first, second = (FIRST + (LAST - FIRST) * value / most if most else FIRST for value in (before, after))
    low, high = sorted((first, second))
    return Markup(
        '<svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<path class="riel" d="M{FIRST} 7H{LAST}"/><path class="tramo" d="M{low:.1f} 7H{high:.1f}"/></svg>'
        f'<i class="antes" data-estilo="left:{first:.1f}%"></i><i class="despues" data-estilo="left:{second:.1f}%"></i>'
    )


def _gone(item: Different, site: Site) -> str:
    place, _ = _place(item, site)
    was = integer(item.before) if isinstance(item.before, int | float) else str(item.before)
    return (
        f"{place}: {item.column.title.lower()}, {item.table.title.lower()}{_rest(item)}. Era {was}; ahora, {NO_DATA}."
    )


def _place(item: Different, site: Site) -> tuple[str, str]:
    """The place of a row and its code; «Guatemala», without a code, if its key has none."""
    key = dict(item.key)
    for column in PLACES:
        code = str(key.get(column) or "")
        if code in site.names:
            home = site.names.get(site.territories.parent(code) or "", "")
            return f"{site.names[code]}, {home}" if home else site.names[code], code
    return "Guatemala", ""


def _rest(item: Different) -> str:
    """What else a row is found by: «(2019-1, mujeres)»."""
    labels: Mapping[str, Mapping[str, str]] = {field.name: field.labels or {} for field in item.table.fields}
    said = [
        labels[name].get(str(value), str(value)) for name, value in item.key if name not in PLACES and value is not None
    ]
    return f" ({', '.join(said)})" if said else ""
