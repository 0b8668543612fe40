"""The people counted abroad as Dash components: tiles of states, lists, the painted matrix, pyramid, ages.

`Ways` says where the links of a state, of a city and of a departamento lead, and which of them are chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from dashboard.address.selection import URL_NAMES
from dashboard.figures.diaspora import CIUDAD, ESTADO, ORIGEN
from dashboard.kinds import barras, cuadros, edades_fuera, matriz, origen
from dashboard.kinds.fuera import CONFIDENTIAL, Spot
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.view import Answer
from dashboard.words import WITHHELD, integer

#: The states as tiles of one size, each near its place: a row of codes from the west to the east, from the north to the south.
GRID = (
    "AK .. .. .. .. .. .. .. .. .. ME",
    ".. .. .. .. .. .. .. .. .. VT NH",
    "WA ID MT ND MN IL WI MI NY RI MA",
    "OR NV WY SD IA IN OH PA NJ CT ..",
    "CA UT CO NE MO KY WV VA MD DE ..",
    ".. AZ NM KS AR TN NC SC DC .. ..",
    ".. .. .. OK LA MS AL GA .. .. ..",
    "HI .. .. TX .. .. .. .. FL VI PR",
)
PLACES = {code: (x, y) for y, row in enumerate(GRID, 1) for x, code in enumerate(row.split(), 1) if code != ".."}
TILES = "Estados Unidos, un cuadro por estado"
#: What is written where the whole reason does not fit; it is always in words beside it.
SHORT = "conf."


@dataclass(frozen=True)
class Ways:
    """Where a link leads that chooses a value of a column (or leaves it, if it is chosen), and the value chosen of each."""

    to: Callable[[str, str], str]
    chosen: Mapping[str, str]

    def link(self, column: str, value: str, inside: Sequence[Component | str], css: str | None = None) -> Component:
        """A link that chooses a value."""
        attributes = Attributes({"aria-current": "true"}) if self.is_chosen(column, value) else Attributes({})
        return html.A([*inside], href=self.to(column, value), className=css, **attributes)

    def is_chosen(self, column: str, value: str) -> bool:
        """Whether a value is the chosen one of its column."""
        return self.chosen.get(column) == value


def unseen(text: str) -> Component:
    """Words for a screen reader only."""
    return html.Span(text, className="oculto")


def key(classes: Iterable[tuple[str, str]], more: Iterable[Component] = ()) -> Component:
    """The classes in words, each with its colour or its texture."""
    items = [html.Li([html.I(className=css), html.Span(words)]) for css, words in classes]
    return html.Ul([*items, *more], className="claves-fuera")


# --- Where they live ----------------------------------------------------------------------------------------------------


def tiles(answer: Answer, ways: Ways) -> Component:
    """The United States, a tile for each state: those with people counted lead to them, the others are dashed and empty."""
    facts: cuadros.Facts = answer.facts
    counted = {spot.code: spot for spot in facts.states}
    known = [code for code in PLACES if code in counted or code in facts.absent]
    # States that the grid does not know go on a row of their own, so that nobody is left out.
    extra = [code for code in (*counted, *facts.absent) if code not in PLACES]
    place = PLACES | {code: (number, len(GRID) + 1) for number, code in enumerate(extra, 1)}
    items = [_tile(code, place[code], counted.get(code), facts, ways) for code in (*known, *extra)]
    legend = [html.Li([html.I(className="sin-centro"), html.Span(_absent(facts))])] if facts.absent else []
    return html.Figure(
        [
            html.Ul(items, className="teselas", id="teselas", **Attributes({"aria-label": TILES})),
            key(facts.legend, legend),
            html.P(
                "Cada estado es un cuadro del mismo tamaño, en su lugar aproximado: ninguno tapa a otro. Elija uno para ver de "
                "dónde vienen y qué edad tienen quienes viven ahí.",
                className="nota",
            ),
        ],
        className="figura-teselas",
    )


def _absent(facts: cuadros.Facts) -> str:
    return cuadros.NO_CENTRE if facts.without_centre else "sin dato publicado o sin centro de votación"


def _tile(code: str, place: tuple[int, int], spot: Spot | None, facts: cuadros.Facts, ways: Ways) -> Component:
    where = {"gridColumn": str(place[0]), "gridRow": str(place[1])}
    named = Attributes({"data-codigo": code})
    if spot is None:
        name, why = facts.absent[code]
        inside = [html.Abbr(code, title=f"{name}: {why}"), unseen(f" {name}: {why}")]
        return html.Li(inside, className="tesela sin-centro", style=where, **named)
    shown = SHORT if spot.reading.hidden else spot.text if spot.value is not None else "–"
    inside = [
        html.B(code, **Attributes({"aria-hidden": "true"})),
        html.Span(shown, className="cuanto", **Attributes({"aria-hidden": "true"})),
        unseen(cuadros.spoken(facts, spot)),
    ]
    return html.Li(ways.link(ESTADO, code, inside, spot.css), className="tesela", style=where, **named)


def places_list(answer: Answer, ways: Ways) -> Component:
    """The states from the highest, each with its cities as bars on one scale, and the other countries."""
    facts: cuadros.Facts = answer.facts
    cities = [city.value or 0 for state in facts.states for city in state.inside]
    widest = max([*cities, *(spot.value or 0 for spot in facts.countries)], default=0)
    states = [_state(spot, widest, ways) for spot in facts.states]
    found: list[Component] = [html.Ol(states, className="lista-fuera")]
    if facts.countries:
        rows = [_bar(spot.name, spot, widest) for spot in facts.countries]
        found += [html.H3("Otros países"), html.Ul(rows, className="lista-fuera otros-paises")]
    return html.Div(found)


def _state(spot: Spot, widest: float, ways: Ways) -> Component:
    head = ways.link(
        ESTADO, spot.code, [html.Span(spot.code, className=f"sigla-estado {spot.css}"), html.Span(spot.name)]
    )
    rows = [_bar(ways.link(CIUDAD, city.code, [city.name]), city, widest) for city in spot.inside]
    css = "elegido" if ways.is_chosen(ESTADO, spot.code) else None
    return html.Li([head, html.B(_short(spot)), html.Ul(rows)], className=css)


def _bar(name: Component | str, spot: Spot, widest: float) -> Component:
    return html.Li([html.Span(name), _rail(spot.value, spot.reading.hidden, widest), html.Em(_short(spot))])


def _short(spot: Spot) -> str | list[Component]:
    return _shortened() if spot.reading.hidden else spot.text


def _shortened() -> list[Component]:
    """«conf.», which is read whole."""
    return [html.Abbr(SHORT, title=WITHHELD, **Attributes({"aria-hidden": "true"})), unseen(WITHHELD)]


def _rail(value: float | None, hidden: bool, widest: float) -> Component:
    """A bar on its rail; of what is hidden, a piece that is always as long, whatever it stands for."""
    if hidden:
        return html.I(html.U(className=f"{CONFIDENTIAL} trozo-fijo"), className="riel-fuera")
    return html.I(html.U(style={"width": per_cent(value or 0, widest)}), className="riel-fuera")


def per_cent(part: float, whole: float) -> str:
    """What a part is of a whole, as CSS writes it."""
    return f"{100 * part / whole if whole else 0:.1f}%"


# --- Where they come from -----------------------------------------------------------------------------------------------


def heat_table(answer: Answer, ways: Ways) -> Component:
    """The matrix as a table: each cell with its class, totals apart, the chosen row and column marked."""
    facts: matriz.Facts = answer.facts
    name = f"{answer.title}: {facts.who}"
    head = "".join(_head(spot, ways) for spot in facts.columns)
    body = "".join(_row(spot, facts, ways) for spot in facts.rows)
    foot = "".join(f"<td{_css(_mark(spot, ways, ESTADO))}>{_in_cell(spot)}</td>" for spot in facts.columns)
    filas, columnas = URL_NAMES[ORIGEN], URL_NAMES[ESTADO]
    table = Markup(
        f'<div class="tabla-marco" role="region" tabindex="0" aria-label="{escape(answer.title)}">'
        f'<table class="matriz-origen" id="matriz" data-rejilla="th, td" data-fila="{filas}" data-columna="{columnas}">'
        f'<caption class="oculto">{escape(name)}</caption><thead><tr><th scope="col">De…</th>{head}'
        f'<th scope="col">Total</th></tr></thead><tbody>{body}</tbody><tfoot><tr><th scope="row">Todos</th>{foot}'
        f"<td>{_in_cell(facts.total)}</td></tr></tfoot></table></div>"
    )
    return html.Div([table, key(facts.legend)], className="matriz-marco")


def _head(spot: Spot, ways: Ways) -> str:
    link = f'<span aria-hidden="true">{escape(spot.code)}</span><span class="oculto">{escape(spot.name)}</span>'
    return (
        f'<th scope="col" data-c="{escape(spot.code)}"{_css(_mark(spot, ways, ESTADO))}>'
        f'<abbr title="{escape(spot.name)}">{_anchor(ways, ESTADO, spot, Markup(link))}</abbr></th>'
    )


def _anchor(ways: Ways, column: str, spot: Spot, inside: str) -> str:
    current = ' aria-current="true"' if ways.is_chosen(column, spot.code) else ""
    return f'<a href="{escape(ways.to(column, spot.code))}"{current}>{escape(inside)}</a>'


def _css(names: str | None) -> str:
    return f' class="{names}"' if names else ""


def _mark(spot: Spot, ways: Ways, column: str) -> str | None:
    return "elegida" if ways.is_chosen(column, spot.code) else None


def _row(spot: Spot, facts: matriz.Facts, ways: Ways) -> str:
    cells = []
    for column in facts.columns:
        cell = facts.cells.get((spot.code, column.code))
        css = f"{cell.css if cell else ''} {_mark(column, ways, ESTADO) or ''}".strip()
        cells.append(f"<td{_css(css)}>{_in_cell(cell) if cell else ''}</td>")
    return (
        f'<tr data-f="{escape(spot.code)}"{_css(_mark(spot, ways, ORIGEN))}>'
        f'<th scope="row">{_anchor(ways, ORIGEN, spot, spot.name)}</th>{"".join(cells)}'
        f'<td class="total">{_in_cell(spot)}</td></tr>'
    )


def _in_cell(spot: Spot) -> str:
    if spot.reading.hidden:
        return f'<abbr title="{WITHHELD}" aria-hidden="true">{SHORT}</abbr><span class="oculto">{WITHHELD}</span>'
    return str(escape(spot.text))


def column_bars(answer: Answer, place: str) -> Component:
    """One column of the matrix as bars: what a phone shows instead of it."""
    facts: matriz.Facts = answer.facts
    found = [(row, facts.cells[(row.code, place)]) for row in facts.rows if (row.code, place) in facts.cells]
    widest = max((cell.value or 0 for _, cell in found), default=0)
    ordered = sorted(found, key=lambda pair: (pair[1].value is None, -(pair[1].value or 0), pair[0].name))
    return html.Ul([_bar(row.name, cell, widest) for row, cell in ordered], className="lista-fuera columna")


def origin_bars(answer: Answer, ways: Ways) -> Component:
    """The departamentos as bars, where they are crossed with nothing to make a matrix of."""
    facts: origen.Facts = answer.facts
    widest = max((spot.value or 0 for spot in facts.places), default=0)
    rows = [_bar(ways.link(ORIGEN, spot.code, [spot.name]), spot, widest) for spot in facts.places]
    return html.Ul(rows, className="lista-fuera columna")


# --- Who they are -------------------------------------------------------------------------------------------------------


def pyramid(answer: Answer) -> Component:
    """Ages by sexo, mirrored. A side that is confidential is a piece of one length for all, with its word."""
    facts: barras.Facts = answer.facts
    left, right = facts.sides.values()
    head = html.Li(
        [
            html.Span(left, className="izq"),
            html.Span(facts.heading, className="edad"),
            html.Span(right, className="der"),
        ],
        className="piramide-cabeza",
    )
    bands = [_band(bar, facts) for bar in reversed(facts.bars)]
    return html.Ol([head, *bands], className="piramide", **Attributes({"aria-hidden": "true"}))


def _band(bar: barras.Bar, facts: barras.Facts) -> Component:
    sides = [_side(part, facts) for part in bar.parts]
    css = [
        f"{side} oculta" if part.count is None else side for side, part in zip(("izq", "der"), bar.parts, strict=True)
    ]
    hidden = all(part.count is None for part in bar.parts)
    if hidden and bar.count is not None:  # the published total of that age, which includes both
        sides[1] = [sides[1][0], html.Em(f"en total, {integer(bar.count)}")]
    return html.Li(
        [
            html.Span(sides[0][::-1], className=css[0]),
            html.Span(barras.short(bar.name), className="edad"),
            html.Span(sides[1], className=css[1]),
        ]
    )


def _side(part: barras.Part, facts: barras.Facts) -> list[Component]:
    if part.count is None:
        return [html.I(className=f"{CONFIDENTIAL} trozo-fijo"), html.Em("confidencial")]
    return [html.I(style={"width": per_cent(part.count, facts.widest)}), html.Em(integer(part.count))]


def ages(answer: Answer) -> Component:
    """Each age abroad as a bar and inside the country as a line, on one scale."""
    facts: edades_fuera.Facts = answer.facts
    items = [_age(age, facts) for age in reversed(facts.ages)]
    legend = html.Li(
        [html.I(className="muestra-barra"), "fuera del país", html.I(className="muestra-raya"), "dentro del país"],
        className="cabeza",
    )
    return html.Ul([legend, *items], className="edades-fuera", **Attributes({"aria-hidden": "true"}))


def _age(age: edades_fuera.Age, facts: edades_fuera.Facts) -> Component:
    bar = _missing(age) if age.abroad is None else html.I(style={"width": per_cent(age.abroad, facts.widest)})
    line = [html.S(style={"left": per_cent(age.inside, facts.widest)})] if age.inside is not None else []
    out = "confidencial" if age.hidden else facts.write(age.abroad, age)
    inside = [f" · {facts.unit.write(age.inside)}"] if age.inside is not None else []
    words = html.B([html.Strong(out), *inside])
    return html.Li([html.Span(barras.short(age.name)), html.Span([bar, *line], className="riel-fuera"), words])


def _missing(age: edades_fuera.Age) -> Component:
    return html.I(className=f"{CONFIDENTIAL} trozo-fijo") if age.hidden else html.I(style={"width": "0"})


# --- The same, for programs ---------------------------------------------------------------------------------------------


def addresses(answers: Sequence[Answer], permalink: str) -> Component:
    """The address of the page as it is seen, and those that a program asks for the same figures."""
    items = [
        html.Li([f"{answer.title}: ", html.Code(answer.selection.url(f"/descargas/vista/{answer.view}.json"))])
        for answer in answers
    ]
    return html.Section(
        [
            html.H2("La misma consulta, para programas"),
            html.P(["Enlace permanente: ", html.A(permalink, href=permalink)]),
            html.Details([html.Summary("Direcciones de la API"), html.Ul(items)], className="datos"),
        ],
        className="direcciones",
    )
