"""Answers about the actas as Dash components: the ledger, the squares and bars, the polling tables and one of them.

In all of them pale agrees and dark differs; the mark on a square says the same as its colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil

from markupsafe import Markup, escape

from dashboard.figures.polling import APART, EQUAL, FAR, NEAR, UNWRITTEN
from dashboard.figures.queries import Row
from dashboard.kinds import libro, mesa, mesas, papeletas, recibidas
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.view import Answer
from dashboard.words import PERCENT, integer, plural

#: How the style sheet calls each class of acta or of polling table.
STYLES = {EQUAL: "m0", NEAR: "m1", APART: "m2", FAR: "m3", UNWRITTEN: "m4", mesas.INCOMPLETE: "m4"}
#: What is drawn on a square of 22, besides its colour.
MARKS = {
    APART: '<path class="marca-mesa" d="M6 11h10"/>',
    FAR: '<path class="marca-mesa" d="M7 7l8 8M15 7l-8 8"/>',
}
CHECK = Markup(
    '<svg class="senal" viewBox="0 0 24 24" aria-hidden="true"><circle class="senal-lleno" cx="12" cy="12" r="10.5"/>'
    '<path class="senal-trazo" d="M7 12.6l3.4 3.4L17.2 8.6"/></svg>'
)
DIFFERS = Markup(
    '<svg class="senal" viewBox="0 0 24 24" aria-hidden="true"><rect class="senal-oscuro" x="2" y="2" width="20" height="20" '
    'rx="4"/><path class="senal-trazo" d="M6.5 9.5h11M6.5 14.5h11M15 6l-6 12"/></svg>'
)
UNKNOWN = Markup(
    '<svg class="senal" viewBox="0 0 24 24" aria-hidden="true"><circle class="senal-vacio" cx="12" cy="12" r="10"/></svg>'
)
ICONS = {"cuadra": CHECK, "difiere": DIFFERS, "sin-datos": UNKNOWN}
PARTS = (("valid", "válidos"), ("null", "nulos"), ("blank", "blancos"))
#: Squares of a hundred in a row; the side of each and the room between two.
IN_A_ROW, SIDE, STEP = 10, 22, 26


def swatch(name: str) -> Markup:
    """The square of a class, for a legend."""
    return Markup(f'<svg class="muestra" viewBox="0 0 22 22" aria-hidden="true">{_square(name, 0, 0)}</svg>')


def _square(name: str, x: int, y: int, chosen: bool = False, words: str = "") -> str:
    title = f"<title>{escape(words)}</title>" if words else ""
    ring = f'<rect class="anillo" x="-2" y="-2" width="{SIDE + 4}" height="{SIDE + 4}" rx="5"/>' if chosen else ""
    mark = MARKS.get(name, "")
    return (
        f'<g transform="translate({x} {y})">{title}<rect class="{STYLES[name]}" width="{SIDE}" height="{SIDE}" rx="4"/>'
        f"{mark}{ring}</g>"
    )


def current(chosen: bool) -> Attributes:
    """The mark of what is chosen among several, for whoever does not see it."""
    return Attributes({"aria-current": "true"}) if chosen else Attributes({})


# --- What the actas say against what adds up --------------------------------------------------------------------------


def ledger(answer: Answer) -> Component:
    """How many actas agree, as a strip and a list; and the steps from the totals written to the votes added up."""
    facts: libro.Facts = answer.facts
    strip = [
        html.I(className=STYLES[item.name], style={"flex": f"{item.actas} 1 0"}) for item in facts.classes if item.actas
    ]
    lines = [
        html.Li(
            [
                swatch(item.name),
                html.Span(libro.CLASSES[item.name]),
                html.B(integer(item.actas)),
                html.Em(PERCENT.write(facts.share(item))),
            ]
        )
        for item in facts.classes
    ]
    agree = html.Figure(
        [
            html.H2("Lo escrito en el acta y lo que resulta de sumar"),
            html.P(f"{plural(facts.actas, 'acta', 'actas')} de {facts.material.ballot} con datos", className="de"),
            html.Div(strip, className="tira", **Attributes({"aria-hidden": "true"})),
            html.Ul(lines, className="clases-actas"),
        ]
    )
    return html.Section([agree, _steps(facts)], className="libro")


def _steps(facts: libro.Facts) -> Component:
    last = len(facts.steps) - 1
    rows = [
        html.Tr(
            [html.Th(words, scope="row"), html.Td(amount)],
            className="total" if number in (0, last) else None,
        )
        for number, (words, amount) in enumerate(facts.steps)
    ]
    distance = abs(facts.added - facts.written)
    said = f"{integer(distance)} votos de diferencia: {100 * distance / facts.added:.2f} %" if facts.added else ""
    return html.Div(
        [
            html.H2("De un total al otro, paso a paso"),
            html.P(said, className="de"),
            html.Table(
                [
                    html.Caption("De un total al otro", className="oculto"),
                    html.Thead(html.Tr([html.Th(name, scope="col") for name in ("Paso", "Votos")]), className="oculto"),
                    html.Tbody(rows),
                ],
                className="cuenta",
            ),
        ]
    )


# --- Several ballots, one person ----------------------------------------------------------------------------------------


def squares(facts: papeletas.Facts) -> Component:
    """A hundred squares, one for each polling table of a hundred, and what each class is.

    The list beside them says it all, so nobody has to hear it twice.
    """
    names = [name for name, count in facts.squares.items() for _ in range(count)]
    drawn = "".join(
        _square(name, STEP * (place % IN_A_ROW), STEP * (place // IN_A_ROW)) for place, name in enumerate(names)
    )
    side = STEP * IN_A_ROW - (STEP - SIDE)
    picture = Markup(
        f'<svg class="cien" viewBox="0 0 {side} {side}" aria-hidden="true" focusable="false">{drawn}</svg>'
    )
    legend = [
        html.Li(
            [
                swatch(item.name),
                html.B(integer(facts.squares[item.name])),
                html.Span([item.words, html.Small(plural(item.tables, "mesa", "mesas"))]),
            ]
        )
        for item in facts.classes
    ]
    return html.Figure(
        [
            html.H3("De cada 100 mesas…"),
            html.Div([picture, html.Ul(legend, className="clases-mesas")], className="con-clases"),
        ]
    )


def distances(facts: papeletas.Facts) -> Component:
    """How many polling tables have each difference, as exact bars."""
    top = max((bar.tables for bar in facts.bars), default=0) or 1
    lines = [
        html.Li(
            [
                html.Span(bar.words),
                html.I(
                    className=STYLES[bar.name] if bar.tables else None,
                    style={"width": f"{100 * bar.tables / top:.2f}%"},
                ),
                html.B(integer(bar.tables)),
                html.Em(PERCENT.write(bar.share)),
            ]
        )
        for bar in facts.bars
    ]
    note = f"Diferencia entre la papeleta con más votos y la que tiene menos, en cada mesa con las {facts.several}."
    return html.Figure(
        [
            html.H3("Cuánto va del total menor al mayor"),
            html.Ol(lines, className="distancias"),
            html.P(note, className="nota"),
        ]
    )


# --- The polling tables of a place -----------------------------------------------------------------------------------


def table_squares(facts: mesas.Facts, chosen: str | None) -> Component:
    """Each polling table of a place as a square, in order of number."""
    count = len(facts.tables)
    in_a_row = 24 if count > 12 else max(count, 1)
    drawn = "".join(
        _square(
            row["acuerdo"],
            STEP * (place % in_a_row),
            STEP * (place // in_a_row),
            str(row["mesa"]) == chosen,
            _said_of(row),
        )
        for place, row in enumerate(facts.tables)
    )
    wide, high = STEP * in_a_row, STEP * ceil(count / in_a_row)
    first, last = (facts.tables[place]["mesa"] for place in (0, -1))
    label = f"{integer(count)} mesas, de la {first} a la {last}"
    svg = Markup(
        f'<svg class="cuadros-mesas" viewBox="-3 -3 {wide + 2} {high + 2}" role="img" aria-label="{label}" '
        f'data-estilo="max-width:{(wide + 2) / 16:.1f}rem">{drawn}</svg>'
    )
    return html.Figure([svg, html.P(f"Cada cuadro es una mesa, de la {first} a la {last}.", className="nota")])


def _said_of(row: Row) -> str:
    return f"Mesa {row['mesa']}: {mesas.agreement_of(row)}"


def farthest(facts: mesas.Facts, chosen: str | None, address: Callable[[str], str]) -> list[Component]:
    """The polling tables that differ the most, each with a link to it."""
    if not facts.farthest:
        return []
    lines = [
        html.Li(
            [
                html.A(f"Mesa {row['mesa']}", href=address(str(row["mesa"])), **current(str(row["mesa"]) == chosen)),
                html.Span("difiere en"),
                html.B(integer(row["diferencia_votos"])),
            ]
        )
        for row in facts.farthest
    ]
    return [html.H3("Las que más difieren"), html.Ol(lines, className="lista-mesas")]


def all_tables(facts: mesas.Facts, chosen: str | None, address: Callable[[str], str]) -> list[Component]:
    """Every polling table, each with a link to it and how its totals are; of one ballot, its votes."""
    lines = [
        html.Li(
            [
                html.A(f"Mesa {row['mesa']}", href=address(str(row["mesa"])), **current(str(row["mesa"]) == chosen)),
                html.Span(mesas.said_of(row, facts.offices)),
            ]
        )
        for row in facts.tables
    ]
    return [html.H3("Sus mesas"), html.Ol(lines, className="lista-mesas larga")]


# --- One polling table -------------------------------------------------------------------------------------------------


def ballots(facts: mesa.Facts) -> Component:
    """The ballots of one polling table side by side: a bar by parts, the sum, what is written and how it compares."""
    top = max((ballot.added or 0 for ballot in facts.ballots), default=0) or 1
    return html.Ul([_ballot(facts, ballot, top) for ballot in facts.ballots], className="papeletas")


def _ballot(facts: mesa.Facts, ballot: mesa.Ballot, top: int) -> Component:
    state, verdict = facts.verdict(ballot)
    written = "sin escribir en el acta" if ballot.written is None else f"{integer(ballot.written)} escrito en el acta"
    known = ballot.added is not None
    return html.Li(
        [
            html.H3(ballot.words),
            html.Div(
                list(_bar(facts, ballot)),
                className="vaso",
                style={"--tope": str(round(top * 1.06)), "--comun": str(facts.shared or 0)},
                **Attributes({"aria-hidden": "true"}),
            ),
            html.P([html.Strong(integer(ballot.added)), html.Span("suma")] if known else "sin datos", className="suma"),
            html.P(written if known else "", className="de"),
            html.P([ICONS[state], html.Span(verdict)], className="veredicto"),
            html.Dl(list(_parts(facts, ballot)), className="partes"),
        ],
        className="aparte" if state == "difiere" else None,
    )


def _bar(facts: mesa.Facts, ballot: mesa.Ballot) -> Iterator[Component]:
    for name, _ in PARTS:
        if votes := getattr(ballot, name):
            yield html.I(className=f"parte-{name}", style={"--n": str(votes)})
    if facts.shared is not None:
        yield html.U(html.Span(integer(facts.shared)))


def _parts(facts: mesa.Facts, ballot: mesa.Ballot) -> Iterator[Component]:
    for name, words in PARTS:
        votes = getattr(ballot, name)
        mistaken = facts.mistake is not None and (facts.mistake.ballot, facts.mistake.part) == (ballot, name)
        text = "–" if votes is None else integer(votes)
        yield html.Div(
            [
                html.Dt([html.I(className=f"parte-{name}"), words]),
                html.Dd(html.Mark(text) if mistaken else text),
            ]
        )


# --- Votes for every hundred ballots -----------------------------------------------------------------------------------


def rates(facts: recibidas.Facts) -> Component:
    """The rate of each place as a bar; the table beside them says the same to a screen reader."""
    lines = [
        html.Li(
            [
                html.Span(place.name, className="etiqueta"),
                html.I(style={"width": f"{place.rate or 0:.1f}%"}),
                html.Em(recibidas.RATE.write(place.rate)),
            ]
        )
        for place in facts.places
        if place.rate is not None
    ]
    return html.Ul(lines, className="barras tasas", **Attributes({"aria-hidden": "true"}))


# --- Why -----------------------------------------------------------------------------------------------------------------


def reasons(far: int, right: int, unwritten: int, ballot: str) -> Component:
    """What may be behind a difference without anybody's fault, with how often the figures show it."""
    told: Sequence[tuple[str, list[str | Component]]] = (
        ("Alguien no entregó una papeleta", ["Se la llevó, o no la depositó. Mueve el total en uno o dos."]),
        ("Una papeleta cayó en otra urna", ["Un total sube y otro baja."]),
        (
            "Se tecleó mal un número",
            [
                "En ",
                html.B(integer(right)),
                f" de las {integer(far)} mesas que difieren en más de 20, el total escrito en el acta que se aparta sí coincide, "
                "o casi, con las otras.",
            ]
            if right and far > 1
            else ["Un dígito de más, de menos o cambiado mueve mucho el total."],
        ),
        (
            "El total quedó en blanco",
            ["Pasó en ", html.B(plural(unwritten, "acta", "actas")), f" de {ballot}. Los votos sí están."]
            if unwritten
            else ["Los votos sí están: falta solo la suma."],
        ),
    )
    return html.Ol([html.Li([html.H3(title), html.P(words)]) for title, words in told], className="razones")
