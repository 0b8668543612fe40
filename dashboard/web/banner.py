"""What every page of a preview says: that it is not published, and how what it shows differs from the current release."""

from __future__ import annotations

from collections.abc import Collection

from dash import html
from markupsafe import Markup

from dashboard.pages import Request
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component
from dashboard.render.html import to_html
from dashboard.words import COUNT, integer, listing, plural
from etl.release.preview import MovementFacts, Preview, TableDifference

#: Movements told on a page, the largest first; those of the places it is about come before.
MOST = 12


def banner(preview: Preview | None, request: Request, used: Collection[str]) -> Markup:
    """The banner of one page that was made from the tables `used`; nothing outside a preview."""
    if preview is None:
        return Markup("")
    named = {*request.parameters.values(), *(code for value in request.query.values() for code in value.split(","))}
    shown = [item for item in preview["tablas"] if not used or item["tabla"] in used or item["dataset"] in named]
    tables = {item["tabla"] for item in shown}
    doubts = [item for item in preview["sospechas"] if not item["tabla"] or item["tabla"] in tables]
    before = f"la vigente es {preview['vigente']}" if preview["vigente"] else "no hay ninguna vigente"
    parts: list[Component] = [
        html.P([html.Strong("Vista previa: no publicado."), f" Así quedaría {preview['nueva']}; {before}."]),
        html.P(_sentence(preview, shown)),
    ]
    if doubts:
        reasons = html.Ul([html.Li(item["motivo"]) for item in doubts[:MOST]])
        title = plural(len(doubts), "cosa parece incorrecta", "cosas parecen incorrectas")
        parts.append(html.Div([html.Strong(f"{title} en lo que muestra:"), reasons]))
    if shown:
        opened = html.Summary("Qué cambia en esta página")
        parts.append(html.Details([opened, *(_difference(item, named) for item in shown)]))
    inside = html.Div(parts, className="ancho")
    return Markup(to_html(html.Aside(inside, className="vista-previa", **Attributes({"aria-label": "Vista previa"}))))


def _sentence(preview: Preview, shown: list[TableDifference]) -> str:
    if not preview["tablas"]:
        return "Es igual a la publicación vigente."
    if not shown:
        return "Lo que muestra esta página no cambia."
    names = listing([f"«{item['titulo']}»" for item in shown[:4]])
    more = f" y {len(shown) - 4} más" if len(shown) > 4 else ""
    return f"De lo que muestra esta página {'cambia' if len(shown) == 1 else 'cambian'} {names}{more}."


def _difference(item: TableDifference, named: Collection[str]) -> Component:
    before = "no existía" if item["filas_antes"] is None else plural(item["filas_antes"], "fila", "filas")
    rows = (
        f"{before}, y quedarían {integer(item['filas_despues'])}: {integer(item['nuevas'])} nuevas, "
        f"{integer(item['quitadas'])} quitadas y {integer(item['cambiadas'])} cambiadas."
    )
    sums = [
        html.Li(f"{one['cifra']}, en toda la tabla: {_moved(one['antes'], one['despues'])}")
        for one in item["sumas"]
        if one["antes"] != one["despues"]
    ]
    moves = sorted(item["movimientos"], key=lambda one: one["codigo"] not in named)[:MOST]
    rest = len(item["movimientos"]) - len(moves)
    lines = [*sums, *(html.Li(_said(one)) for one in moves)]
    more = [html.Li(f"y {plural(rest, 'movimiento menor', 'movimientos menores')}")] if rest > 0 else []
    return html.Div([html.Strong(item["titulo"]), html.P(rows), html.Ul([*lines, *more])])


def _said(one: MovementFacts) -> str:
    return f"{one['donde']}, {one['cifra']}: {_moved(one['antes'], one['despues'])}"


def _moved(before: float | None, after: float | None) -> str:
    """«61,219 → 62,443 (+1,224)»."""
    old, new = ("sin cifra" if value is None else COUNT.write(value) for value in (before, after))
    change = (after or 0) - (before or 0)
    return f"{old} → {new} ({'+' if change > 0 else ''}{COUNT.write(change)})"
