"""The heat table of a cross and the cell that is explained beside it. Written as HTML at once: it has thousands of cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from dashboard.address.crossing import DOWN, NAME, OF_COLUMN, OF_ROW, PEOPLE, TOTAL
from dashboard.kinds.calor import LEAST, RATE, Facts
from dashboard.kinds.classes import NO_CLASS
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.words import NBSP, NO_DATA, PERCENT, WITHHELD, integer

#: The word of a confidential cell in a table that has many, which its legend explains.
SHORT = "confidencial"
#: From these rows on, the table scrolls in its frame, with its headings and its totals in sight.
LONG = 40
LESS = f'<span aria-hidden="true">&lt;</span><span class="oculto">menos de </span>{PERCENT.write(0.1)}'
SHAPES = {"ascending": "▲", "descending": "▼", "none": "⇅"}
WHAT_COLOUR_SAYS = {
    OF_ROW: "qué parte de su fila es cada celda",
    OF_COLUMN: "qué parte de su columna es cada celda",
    PEOPLE: "cuántas personas hay en cada celda",
    RATE: "cuántas de cada 100",
}


@dataclass(frozen=True)
class Look:
    """How a table is shown: what its cells say, its order, the chosen cell, how many rows; whether in the accessible mode.

    `ordered` gives the address of the table in another order; `row_link`, that of a row, or None.
    """

    mode: str
    order: str
    row: str
    column: str
    most: int | None
    accessible: bool
    ordered: Callable[[str], str]
    row_link: Callable[[str], str | None]
    whole: str = "Total"

    @property
    def hidden_word(self) -> str:
        """What a confidential cell says."""
        return WITHHELD if self.accessible else SHORT


def heat_table(facts: Facts, look: Look, caption: str) -> Markup:
    """The table, in a frame of its own that scrolls; its first column stays in sight."""
    rows = list(facts.rows)[: look.most]
    classes = facts.classes(look.mode)
    styles = {str(klass): classes.style(klass) for klass, _ in classes.labels()}
    largest = max((facts.tally(row, TOTAL).people or 0 for row in facts.rows), default=0)
    body = "".join(_row(facts, look, row, styles, largest) for row in rows)
    name, long = escape(caption), " larga" if len(rows) > LONG else ""
    return Markup(
        f'<div class="tabla-marco marco-calor{long}" tabindex="0" role="region" aria-label="{name}">'
        '<table class="calor" id="tabla-cruce" data-rejilla="td" data-fila="fila" data-columna="columna">'
        f'<caption class="oculto">{name}</caption>{_head(facts, look)}'
        f"<tbody>{body}</tbody>{_foot(facts, look)}</table></div>"
    )


def _head(facts: Facts, look: Look) -> str:
    first = _heading(look, NAME, facts.material.row_title, "esquina")
    columns = "".join(_heading(look, code, words) for code, words in facts.columns.items())
    return f"<thead><tr>{first}{columns}{_heading(look, TOTAL, look.whole, 'tot')}</tr></thead>"


def _heading(look: Look, code: str, words: str, style: str = "") -> str:
    """A heading that puts the rows in order: from the highest first, but for names; and back."""
    sense = "descending" if look.order == DOWN + code else "ascending" if look.order == code else "none"
    following = code if sense == "descending" or (sense == "none" and code == NAME) else DOWN + code
    marks = " ".join(
        name for name in (style, "ordena" if sense != "none" else "", "col" if code == look.column else "") if name
    )
    sort = "" if sense == "none" else f' aria-sort="{sense}"'
    return (
        f'<th scope="col" data-c="{escape(code)}"{_class(marks)}{sort}><a href="{escape(look.ordered(following))}">'
        f'{escape(words)} <span class="flecha" aria-hidden="true">{SHAPES[sense]}</span></a></th>'
    )


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _row(facts: Facts, look: Look, row: str, styles: Mapping[str, str], largest: int) -> str:
    link, name = look.row_link(row), escape(facts.rows[row])
    head = f'<a href="{escape(link)}">{name}</a>' if link else name
    chosen = row == look.row
    cells = "".join(_cell(facts, look, row, column, styles) for column in facts.columns)
    return (
        f'<tr data-f="{escape(row)}"{_class("fil" if chosen else "")}><th scope="row">{head}</th>{cells}'
        f"{_total(facts, look, row, largest)}</tr>"
    )


def _cell(facts: Facts, look: Look, row: str, column: str, styles: Mapping[str, str]) -> str:
    value = facts.value(row, column, look.mode)
    own = " ele" if column == look.column and row == look.row else ""
    if value is None:
        if facts.tally(row, column).hidden:
            return f'<td class="conf{own}"><span>{look.hidden_word}</span></td>'
        return f'<td class="nada{own}">{_without_share(facts, row, column)}</td>'
    klass = facts.classes(look.mode).of(value)
    style = styles.get(str(klass), "") if klass != NO_CLASS else ""
    return f'<td class="{style}{own}">{_number(facts, look, row, column, value)}</td>'


def _without_share(facts: Facts, row: str, column: str) -> str:
    """A cell of nobody in a row of nobody, or the words for what is not published."""
    people = facts.tally(row, column).people
    return NO_DATA if people is None else f"<b>{integer(people)}</b>"


def _number(facts: Facts, look: Look, row: str, column: str, value: float) -> str:
    big = LESS if look.mode != PEOPLE and 0 < value < LEAST else facts.unit(look.mode).write(value)
    tally = facts.tally(row, column)
    if look.mode == PEOPLE or (tally.people == 0 and look.mode != RATE):
        return f"<b>{integer(tally.people)}</b>"
    if look.mode == RATE:
        return f"<b>{big}</b><small>{integer(tally.people)} de {integer(tally.roll)}</small>"
    return f"<b>{big}</b><small>{integer(tally.people)}</small>"


def _total(facts: Facts, look: Look, row: str, largest: int) -> str:
    """The total of a row: never coloured, with a thin bar for its size."""
    own = " ele" if row == look.row and look.column == TOTAL else ""
    tally = facts.tally(row, TOTAL)
    if tally.people is None:
        return (
            f'<td class="tot conf{own}"><span>{look.hidden_word}</span></td>'
            if tally.hidden
            else f'<td class="tot{own}">{NO_DATA}</td>'
        )
    if facts.is_rate:
        value = facts.value(row, TOTAL, RATE)
        inner = integer(tally.people) if value is None else _number(facts, look, row, TOTAL, value)
        return f'<td class="tot{own}">{inner}</td>'
    bar = f'<i data-estilo="--n:{100 * tally.people / largest if largest else 0:.1f}%"></i>'
    return f'<td class="tot{own}"><b>{integer(tally.people)}</b>{bar}</td>'


def _foot(facts: Facts, look: Look) -> str:
    """The totals of the columns, as the source publishes them."""
    mode = OF_ROW if look.mode in (OF_ROW, OF_COLUMN) else look.mode
    cells = []
    for column in (*facts.columns, TOTAL):
        value = facts.value(TOTAL, column, PEOPLE if column == TOTAL and not facts.is_rate else mode)
        own = " ele" if look.row == TOTAL and column == look.column else ""
        if value is None:
            hidden = facts.tally(TOTAL, column).hidden
            alone = _without_share(facts, TOTAL, column)
            inner, style = (f"<span>{look.hidden_word}</span>", "tot conf") if hidden else (alone, "tot")
        else:
            whole = column == TOTAL and not facts.is_rate
            style, inner = (
                "tot",
                f"<b>{integer(value)}</b>" if whole else _number(facts, _as(look, mode), TOTAL, column, value),
            )
        cells.append(f'<td class="{style}{own}">{inner}</td>')
    return f'<tfoot><tr data-f="{TOTAL}"><th scope="row">Total</th>{"".join(cells)}</tr></tfoot>'


def _as(look: Look, mode: str) -> Look:
    return look if look.mode == mode else Look(**{**look.__dict__, "mode": mode})


def legend(facts: Facts, look: Look) -> Component:
    """What the colours mean; and the texture of what is confidential, with its words."""
    classes = facts.classes(look.mode)
    items = [html.Li(html.Span(words), className=classes.style(klass)) for klass, words in classes.labels()]
    if facts.hidden or facts.hidden_totals:
        items.append(html.Li(html.Span(f"{SHORT}: {WITHHELD}"), className="conf"))
    return html.Div(
        [
            html.P(f"Color: {WHAT_COLOUR_SAYS[look.mode]}", className="leyenda-titulo"),
            html.Ul(items, className="leyenda leyenda-calor"),
        ],
        className="clave-calor",
    )


# --- The chosen cell --------------------------------------------------------------------------------------------------


def chosen(facts: Facts, look: Look, noun: str, ways: Sequence[Component | Markup]) -> Component:
    """The chosen cell: how many they are, and what part of its row and of its column; or why that is not said."""
    row, column = (facts.rows.get(look.row, look.whole), facts.columns.get(look.column, look.whole))
    title = f"{column} · {row}"
    tally = facts.tally(look.row, look.column)
    head = [html.P("Celda elegida", className="de"), html.H2(title, id="celda-elegida")]
    if tally.people is None:
        why = _why_hidden(title) if tally.hidden else [html.P(f"{NO_DATA[0].upper()}{NO_DATA[1:]}.")]
        return _card(
            [*head, *why, *ways], "tarjeta ficha-lugar celda oculta" if tally.hidden else "tarjeta ficha-lugar celda"
        )
    if facts.is_rate:
        rate = facts.value(look.row, look.column, RATE)
        big = PERCENT.write(rate)
        said = [html.P(f"{integer(tally.people)} de {integer(tally.roll)} {noun}.")]
        bars = [_bar("En la celda", rate, big), *_against(facts, look, row, column)]
    else:
        big, said = integer(tally.people), []
        shares = [(f"De la fila: {row}", OF_ROW), (f"De la columna: {column}", OF_COLUMN)]
        bars = [
            _bar(words, facts.value(look.row, look.column, mode), facts.write(look.row, look.column, mode))
            for words, mode in shares
        ]
    number = html.P(
        [html.Strong(big), " ", html.Span(noun if not facts.is_rate else "de cada 100")], className="cifra-grande"
    )
    return _card([*head, number, *said, html.Ul(bars, className="partes-celda"), *ways], "tarjeta ficha-lugar celda")


def _against(facts: Facts, look: Look, row: str, column: str) -> list[Component]:
    """The rate of the whole row and of the whole column of the chosen cell."""
    found = []
    for words, key in (
        (f"Toda la fila: {row}", (look.row, TOTAL)),
        (f"Toda la columna: {column}", (TOTAL, look.column)),
    ):
        found.append(_bar(words, facts.value(*key, RATE), facts.write(*key, RATE)))
    return found


def _card(inner: Sequence[Component | Markup], style: str) -> Component:
    return html.Section(list(inner), className=style, **Attributes({"aria-labelledby": "celda-elegida"}))


def _bar(words: str, share: float | None, written: str) -> Component:
    """A part of a hundred as a bar; what is not published has no bar, only its words."""
    filled = html.I(style={"width": f"{share:.1f}%"}) if share else None
    track = html.Span(filled, className="pista") if share is not None else None
    return html.Li([html.Span(words), html.B(written), track], className="" if share is not None else "sin-barra")


def _why_hidden(title: str) -> list[Component]:
    return [
        html.P([html.Strong(f"{title}: "), f"{WITHHELD}."]),
        html.P(
            "Decirla podría señalar a alguien, en esta celda o en otra que saldría restando; cuál de las dos es tampoco se dice. "
            "No es un cero, que se escribe «0», y no se obtiene restando de lo que se publica."
        ),
    ]


def row_bars(facts: Facts, look: Look) -> Component:
    """The whole row of the chosen cell, or of the totals, as bars."""
    row = look.row or TOTAL
    mode = RATE if facts.is_rate else OF_ROW
    name = facts.rows.get(row, "")
    items = []
    for column, words in facts.columns.items():
        share, written = facts.value(row, column, mode), facts.write(row, column, mode)
        style = "conf" if share is None and facts.reason(row, column, mode) == WITHHELD else ""
        mark = " elegida" if column == look.column else ""
        bar = [html.I(style={"width": f"{share:.1f}%"})] if share else []
        items.append(
            html.Li(
                [
                    html.Span(words, className="etiqueta"),
                    html.Span(bar, className="pista"),
                    html.B(SHORT if style else written),
                ],
                className=f"{style}{mark}".strip() or None,
            )
        )
    return html.Section(
        [
            html.H2(f"Toda la fila: {name}" if row != TOTAL else "Todas las filas juntas"),
            html.Ul(items, className="fila-barras"),
        ],
        className="tarjeta",
    )


def plain_title(text: str) -> str:
    """A title in which no space breaks a number from its mark."""
    return text.replace(NBSP, " ")
