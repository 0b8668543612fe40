"""Places grouped by their census, drawn: strips of dots, the table of the groups, small pictures, and what programs may ask.

The dots are drawn twice, for a wide screen and for a phone; the style sheet shows one. What they say is in the table too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from dashboard.kinds import cautela, lugares_otras
from dashboard.kinds.franjas import Band, Facts, ordinal
from dashboard.kinds.nube import SIZES, WIDE, size
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.jinja import render
from dashboard.view import Answer
from dashboard.words import NO_DATA, Unit, integer, plural

MILLION = 1_000_000
MILLIONS = Unit(decimals=2)
#: How far the lines of a strip go on above and below it, where it does not cut them.
BEYOND = 80
WARNING = Markup(
    '<svg class="aviso-signo" viewBox="0 0 48 48" aria-hidden="true"><circle class="aro" cx="24" cy="24" r="21"/>'
    '<path class="palo" d="M24 12v15"/><circle class="punto" cx="24" cy="35" r="2.6"/></svg>'
)


def caution(answer: Answer, ways: Sequence[Component | str]) -> Component:
    """That it speaks of places and not of persons, with an example of this release; `ways` lead to what is of persons."""
    facts: Facts = answer.facts
    example = [html.P(blocks.words(cautela.deceived(facts.example)))] if facts.example else []
    said = html.P([html.Strong(cautela.OF_PLACES), " ", cautela.caution(facts.characteristic)])
    return html.Aside(
        [WARNING, html.Div([said, *example, html.P(list(ways))])],
        className="cautela",
        role="note",
        **Attributes({"aria-label": "Cómo leer esta página"}),
    )


# --- The strips --------------------------------------------------------------------------------------------------------


def strips(answer: Answer, choosing: bool) -> Component:
    """A strip for each group, with the axis above and the figure of the whole below; with `choosing`, its dots say which
    place they are to the script that lets one be chosen.
    """
    facts: Facts = answer.facts
    drawn: Mapping[str, Any] = answer.figure["franjas"]
    rows = [
        html.Li(
            [
                _label(facts, band),
                html.Div([_strip(name, shape, number, facts, choosing) for name, shape in drawn.items()]),
            ],
            className="franja",
        )
        for number, band in enumerate(facts.bands)
    ]
    return html.Div(
        [
            html.Div([html.P(_axis_title(facts), className="eje-titulo"), *(_axis(*item) for item in drawn.items())]),
            html.Ol(rows),
            html.Div([_whole(name, shape, facts) for name, shape in drawn.items()]),
        ],
        id="franjas",
        className="franjas",
        **Attributes({"data-lugar": facts.chosen.code if facts.chosen else ""}),
    )


def _axis_title(facts: Facts) -> str:
    return f"{facts.indicator.title}{f' ({mark})' if (mark := facts.indicator.unit.mark) else ''} ▸"


def _svg(name: str, height: float, inside: str) -> Markup:
    return Markup(f'<svg class="lienzo-{name}" width="100%" height="{height:g}" aria-hidden="true">{inside}</svg>')


def _axis(name: str, shape: Mapping[str, Any]) -> Markup:
    marks = shape["marcas"]
    decimals = max((len(f"{value:g}".partition(".")[2]) for _, value in marks), default=0)
    words = Unit(decimals)
    texts = (f'<text x="{x}%" y="16" text-anchor="{_anchor(x, 4)}">{words.write(value)}</text>' for x, value in marks)
    return _svg(name, 24, "".join(texts))


def _anchor(x: float, near: float) -> str:
    """How a text goes at `x` per cent so that it does not stick out: nearer than `near` to an end, it begins or ends there."""
    return "start" if x < near else "end" if x > 100 - near else "middle"


def _whole(name: str, shape: Mapping[str, Any], facts: Facts) -> Markup:
    if shape["todo"] is None:
        return Markup("")
    x, text = shape["todo"]
    words = escape(f"{facts.where.removeprefix('en ')}: {text}")
    return _svg(name, 26, f'<text class="todo" x="{x}%" y="18" text-anchor="{_anchor(x, 20)}">{words}</text>')


def _label(facts: Facts, band: Band) -> Component:
    by = facts.characteristic
    where = plural(len(band.dots), "municipio", "municipios") if band.dots else "ningún municipio"
    return html.Div(
        [
            html.Strong([chip(facts, band.number), f"{ordinal(band.number)} grupo".capitalize()]),
            html.Span(f"{facts.each(band)} {by.are}"),
            html.Span(f"{where} · {people_of(band.people)}" if band.dots else where, className="de"),
            *([html.Span(f"Cifra del grupo: {band.text}", className=_seen(band))] if band.dots else []),
        ],
        className="franja-rotulo",
    )


def _seen(band: Band) -> str | None:
    """The figure of a group is in its circle; why it has none, in words."""
    return "oculto" if band.value is not None else None


def chip(facts: Facts, number: int) -> Component:
    """The number of a group on its colour, the same in the strips, the table and the map."""
    return html.Span(str(number), className=f"ficha-grupo {facts.style(number)}", **Attributes({"aria-hidden": "true"}))


def people_of(people: float) -> str:
    """How many people, in words."""
    if people < MILLION:
        return f"{integer(people)} habitantes"
    return f"{MILLIONS.write(people / MILLION)} millones de habitantes"


def _strip(name: str, shape: Mapping[str, Any], number: int, facts: Facts, choosing: bool) -> Markup:
    drawn, height = shape["grupos"][number], shape["grupos"][number]["alto"]
    # On a wide screen the words beside a strip may be higher than it: its lines go on to meet those of the next one.
    top, end = (-BEYOND, height + BEYOND) if name == WIDE.name else (0, height)
    lines = "".join(f'<line class="raya" x1="{x}%" x2="{x}%" y1="{top}" y2="{end}"/>' for x, _ in shape["marcas"])
    if shape["todo"]:
        lines += f'<line class="todo" x1="{shape["todo"][0]}%" x2="{shape["todo"][0]}%" y1="{top}" y2="{end}"/>'
    chosen = facts.chosen.code if facts.chosen else ""
    mark, place = ' class="elegido"', ' data-lugar="{}"' if choosing else ""
    dots = "".join(
        f'<circle{mark if code == chosen else ""}{place.format(code)} cx="{x}%" cy="{y:g}" '
        f'r="{r + 2 if code == chosen else r:g}"/>'
        for code, x, y, r in drawn["puntos"]
    )
    group = ""
    if drawn["grupo"]:
        x, y, r, text = drawn["grupo"]
        group = f'<circle class="entero" cx="{x}%" cy="{y:g}" r="{r:g}"/><text class="cifra" x="{x}%" y="{y + 5:g}">{text}</text>'
    labels = "".join(_named(label) for label in drawn["rotulos"])
    return _svg(name, height, f'{lines}<g class="puntos">{dots}</g>{group}{labels}')


def _named(label: Mapping[str, Any]) -> str:
    """The name of a dot and, when it is apart, the line that leads to it."""
    guide = ""
    if label["guia"]:
        above, below = label["guia"]
        guide = f'<line class="guia" x1="{label["x"]}%" x2="{label["x"]}%" y1="{above:g}" y2="{below:g}"/>'
    css = "rotulo elegido" if label["elegido"] else "rotulo"
    return (
        f'{guide}<text class="{css}" x="{label["x"]}%" dx="{label["dx"]:g}" y="{label["y"] + 5:g}" '
        f'text-anchor="{label["ancla"]}">{escape(label["texto"])}</text>'
    )


def key(facts: Facts) -> Component:
    """What each circle is."""
    radii = WIDE.radii
    small, large = (integer(limit / 1000) for limit in SIZES)
    sizes = "".join(
        f'<circle cx="{x}" cy="12" r="{radii[size(people)]}"/>'
        for x, people in ((8, 0), (26, SIZES[0]), (48, SIZES[1]))
    )
    whole = '<circle class="entero" cx="20" cy="20" r="19"/>'
    sizes, chosen = (
        f'<g class="puntos">{sizes}</g>',
        '<g class="puntos"><circle class="elegido" cx="12" cy="12" r="8"/></g>',
    )
    items = [
        _item(40, 40, whole, "todo el grupo: cada persona cuenta igual"),
        _item(
            60, 24, sizes, f"un municipio: menos de {small} mil, de {small} a {large} mil, {large} mil habitantes o más"
        ),
    ]
    if facts.chosen:
        items.append(_item(24, 24, chosen, "el que usted eligió"))
    return html.Ul(items, className="claves-franjas")


def _item(width: int, height: int, inside: str, words: str) -> Component:
    drawn = Markup(f'<svg width="{width}" height="{height}" aria-hidden="true">{inside}</svg>')
    return html.Li([drawn, html.Span(words)])


def axis_note(answer: Answer) -> str:
    """That the axis does not begin at zero, when it does not, and what up and down mean."""
    starts = answer.figure["franjas"][WIDE.name]["desde"]
    zero = "El eje no empieza en cero, para que se vean las diferencias. " if starts > 0 else ""
    return f"{zero}Los puntos suben o bajan solo para no taparse."


# --- The groups --------------------------------------------------------------------------------------------------------


def groups(answer: Answer) -> Component:
    """The groups as a table, each with its number on its colour."""
    shown = [(position, column) for position, column in enumerate(answer.columns) if not column.hidden]
    head = html.Tr(
        [html.Th(column.field.title, scope="col", className="num" if column.unit else None) for _, column in shown]
    )
    body = [
        html.Tr(_cells(answer, row, band, shown)) for row, band in zip(answer.rows, answer.facts.bands, strict=True)
    ]
    table = html.Table([html.Caption(answer.title), html.Thead(head), html.Tbody(body)], className="tabla")
    return html.Div(
        table, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": answer.title})
    )


def _cells(answer: Answer, row: Sequence[Any], band: Band, shown: Sequence[tuple[int, Any]]) -> list[Component]:
    facts, cells = answer.facts, []
    lacking = NO_DATA if band.dots else band.text
    for position, column in shown[1:]:
        figure = column.explained_by is not None
        text = band.text if figure else column.write(row[position]) if row[position] is not None else lacking
        cells.append(html.Td(html.Strong(text) if figure else text, className="num" if column.unit else None))
    return [html.Th([chip(facts, band.number), row[0]], scope="row"), *cells]


def legend(facts: Facts) -> Component:
    """The numbers of the groups on their colours, for the map."""
    items = [html.Li([chip(facts, band.number), html.Span(facts.range(band))]) for band in facts.bands]
    return html.Ul(items, className="leyenda-grupos")


# --- Small pictures ----------------------------------------------------------------------------------------------------


def others(answer: Answer, address: Mapping[str, str]) -> Component:
    """A small picture for each other characteristic; `address` has where each is seen whole, by name."""
    facts: lugares_otras.Facts = answer.facts
    items = []
    for series in facts.series:
        by = series.characteristic
        heading = html.H3(html.A(by.title, href=address[by.name]))
        said = html.P(lugares_otras.said(facts.indicator, series))
        items.append(html.Li([heading, _picture(answer.figure, by.name), said]))
    return html.Ul(items, className="minis")


def _picture(figure: Mapping[str, Any], name: str) -> Markup:
    wide, high, left, right = lugares_otras.WIDTH, lugares_otras.HEIGHT, lugares_otras.LEFT, lugares_otras.RIGHT
    marks = figure["marcas"]
    words = Unit(max((len(f"{value:g}".partition(".")[2]) for _, value in marks), default=0))
    grid = "".join(
        f'<line class="raya" x1="{left}" x2="{wide - right}" y1="{y}" y2="{y}"/>'
        f'<text x="{left - 6}" y="{y + 5}" text-anchor="end">{words.write(value)}</text>'
        for y, value in marks
    )
    whole = figure["todo"]
    level = (
        f'<line class="todo" x1="{left}" x2="{wide - right}" y1="{whole}" y2="{whole}"/>' if whole is not None else ""
    )
    points = figure["series"][name]
    # A group without figure breaks the line.
    joined = {group for *_, group in points}
    path = " ".join(f"{'L' if group - 1 in joined else 'M'}{x} {y}" for x, y, _, group in points)
    dots = "".join(f'<circle class="entero" cx="{x}" cy="{y}" r="6"/>' for x, y, *_ in points)
    ends = "".join(
        f'<text class="cifra" x="{x}" y="{y - 12}">{text}</text>' for x, y, text, _ in [*points[:1], *points[1:][-1:]]
    )
    feet = f'<text x="{left}" y="{high - 6}">◂ menos</text><text x="{wide - right}" y="{high - 6}" text-anchor="end">más ▸</text>'
    return Markup(
        f'<svg viewBox="0 0 {wide} {high}" width="100%" aria-hidden="true">{grid}{level}<path class="linea" d="{path}"/>'
        f"{dots}{ends}{feet}</svg>"
    )


# --- For programs ------------------------------------------------------------------------------------------------------


def for_programs(answer: Answer, permalink: str) -> Component:
    """The address that a program asks, and the one that shows the same page for ever."""
    asked = answer.selection.url(f"/descargas/vista/{answer.view}.json")
    return html.Section(
        [
            html.H2("La misma consulta, para programas y para compartir"),
            *_copied("Para programas", f"GET {asked}", asked),
            *_copied("Enlace permanente a esta vista", permalink, permalink),
        ],
        className="para-programas",
    )


def _copied(title: str, shown: str, address: str) -> list[Component | Markup]:
    return [html.H3(title), render("copiar.html.j2", words=shown, address=address)]
