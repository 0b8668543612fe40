"""Who voted abroad, as Dash components: of a thousand in each election, and place by place."""

from __future__ import annotations

from dashboard.figures.diaspora import Reading
from dashboard.figures.published import SHARE
from dashboard.kinds import voto_fuera
from dashboard.kinds.fuera import CONFIDENTIAL
from dashboard.kinds.nube import ticks
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.diaspora import per_cent
from dashboard.view import Answer
from dashboard.words import WITHHELD, integer, plural

#: The dots of a drawing, and how many there are in a row.
THOUSAND, ACROSS = 1000, 50
MOST_MARKS = 5


def squares(answer: Answer) -> Component:
    """Of a thousand people, those who voted: a drawing for each election."""
    facts: voto_fuera.Facts = answer.facts
    return html.Div(
        [_thousand(facts.elections[code], found) for code, found in facts.total.items()], className="mil-puntos"
    )


def _thousand(words: str, found: Reading) -> Component:
    count = voto_fuera.per_thousand(found)
    title = f"{words[:1].upper()}{words[1:]}"
    if count is None:
        return html.Div([html.H3(f"{title}: {WITHHELD}")])
    voters, roll = (integer(cell.value) for cell in found.cells)
    whole_rows, rest = divmod(count, ACROSS)
    voted = [html.I(style=_dots(ACROSS, 0, whole_rows))] if whole_rows else []
    voted += [html.I(style=_dots(rest, whole_rows, 1))] if rest else []
    return html.Div(
        [
            html.H3([f"{title}: votaron {integer(count)} de cada 1,000 ", html.Small(f"{voters} de {roll}")]),
            html.Div(voted, className="mil-fuera", **Attributes({"aria-hidden": "true"})),
        ]
    )


def _dots(across: int, top: int, rows: int) -> dict[str, str]:
    """Where some of the thousand dots are, in a square of rows: `across` of them in each of `rows`, below `top` others."""
    down = THOUSAND // ACROSS
    return {
        "top": f"{100 * top / down:g}%",
        "width": f"{100 * across / ACROSS:g}%",
        "height": f"{100 * rows / down:g}%",
        "backgroundSize": f"{100 / across:.4f}% {100 / rows:.4f}%",
    }


def turnout(answer: Answer, chosen: str) -> Component:
    """The turnout of each place in the elections there are, joined by a line, and that of all of them as a dashed one."""
    facts: voto_fuera.Facts = answer.facts
    values = [found.value for place in facts.drawn for found in place.turnout.values() if found.value is not None]
    total = facts.total[facts.last].value
    widest = 1.12 * max([*values, total or 0], default=0)
    heads = [_sample(words, code == facts.last) for code, words in facts.elections.items()]
    if total is not None:
        heads.append(
            html.Li([html.I(className="muestra-raya"), f"todos en {facts.elections[facts.last]}, {SHARE.write(total)}"])
        )
    rows = [_dumbbell(place, facts, total, widest, place.code == chosen) for place in (*facts.drawn, *_undrawn(facts))]
    return html.Div(
        [
            html.Ul(heads, className="claves-fuera", **Attributes({"aria-hidden": "true"})),
            html.Ul([_axis(widest), *rows], className="pesas", **Attributes({"aria-hidden": "true"})),
            *(html.P(text, className="nota") for text in _earlier(facts)),
        ],
        className="participacion-fuera",
    )


def _axis(widest: float) -> Component:
    """Round marks of the scale, from zero."""
    marks = ticks(0, widest, MOST_MARKS)
    digits = 0 if all(float(mark).is_integer() for mark in marks) else 1
    drawn = [html.Em(f"{mark:.{digits}f}", style={"left": per_cent(mark, widest)}) for mark in marks]
    return html.Li([html.Span(), html.Span(drawn, className="riel-fuera"), html.B("%")], className="eje-pesas")


def _earlier(facts: voto_fuera.Facts) -> list[str]:
    """In how many places the turnout of an earlier election is confidential: they have no circle of it."""
    found = []
    for code, words in facts.elections.items():
        count = len([place for place in facts.drawn if place.turnout[code].hidden])
        if count and code != facts.last:
            found.append(
                f"En {plural(count, 'lugar', 'lugares')}, la participación de {words} {WITHHELD}: no tiene círculo."
            )
    return found


def _undrawn(facts: voto_fuera.Facts) -> list[voto_fuera.Place]:
    return [place for place in facts.lacking if place not in facts.drawn]


def _sample(words: str, last: bool) -> Component:
    return html.Li([html.I(className="punto-fuera ultimo" if last else "punto-fuera"), words])


def _dumbbell(
    place: voto_fuera.Place, facts: voto_fuera.Facts, total: float | None, widest: float, chosen: bool
) -> Component:
    known = [(code, found.value) for code, found in place.turnout.items() if found.value is not None]
    drawn: list[Component] = []
    if total is not None:
        drawn.append(html.S(style={"left": per_cent(total, widest)}))
    if len(known) > 1:
        low, high = min(value for _, value in known), max(value for _, value in known)
        style = {"left": per_cent(low, widest), "width": per_cent(high - low, widest)}
        drawn.append(html.U(style=style))
    for code, value in known:
        css = "punto-fuera ultimo" if code == facts.last else "punto-fuera"
        drawn.append(html.I(className=css, style={"left": per_cent(value, widest)}))
        if code != facts.last:  # the latest is written at the end of the line
            before = value <= (place.turnout[facts.last].value or 0)
            drawn.append(
                html.Em(
                    f"{value:.2f}", className="antes" if before else "despues", style={"left": per_cent(value, widest)}
                )
            )
    last = place.turnout[facts.last]
    if last.hidden:
        drawn.append(html.I(className=f"{CONFIDENTIAL} trozo-fijo"))
    words = SHARE.write(last.value) if last.value is not None else "confidencial" if last.hidden else "sin dato"
    return html.Li(
        [html.Span(place.name), html.Span(drawn, className="riel-fuera"), html.B(words)],
        className="elegido" if chosen else None,
    )
