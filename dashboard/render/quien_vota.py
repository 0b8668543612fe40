"""The charts of who votes: bars, lines, columns and a pyramid that need nothing but the style sheet.

What is confidential has a dotted piece of one size wherever it is, and the word; the table beside a chart says the same to a
screen reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from dashboard.address.selection import Selection
from dashboard.figures.turnout import Voted
from dashboard.kinds import grupos, piramide
from dashboard.kinds.edades import Age, Facts
from dashboard.kinds.votaron import RATE, short_age
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.html import DECLARES, text, to_html
from dashboard.render.quien_vota_lines import ages, columns, elections
from dashboard.view import Answer
from dashboard.words import integer

CONFIDENTIAL = "confidencial"
#: What is confidential, dotted and of one size whatever it hides; and, where there is room for it beside, the word that the key
#: says.
HIDDEN_PIECE = '<s class="pieza-conf"></s>'
UNPUBLISHED = (HIDDEN_PIECE, f'<em class="si-cabe">{CONFIDENTIAL}</em>')
DECORATIVE = Attributes({"aria-hidden": "true"})


def section(answer: Answer, selection: Selection, face: Face, choice: Component | None = None) -> Component:
    """The question with its sentences, the chart, its table, its files and its address; `choice`, what else may be asked. Many
    pages have the same answer: it is written once.
    """
    link = html.A("Enlace a esta gráfica", href=f"{face.link(selection)}#{answer.view}", className="boton")
    picture = answer.once(section, lambda: Markup(to_html(PICTURES[answer.kind](answer.facts))))
    return html.Section(
        [
            blocks.chart_words(answer),
            *([choice] if choice else []),
            picture,
            html.Div(
                [blocks.folded_table(answer, selection, face), blocks.folded_files(answer, face, link)],
                className="lo-plegado",
            ),
            blocks.source_line(answer.sources),
        ],
        id=answer.view,
        className="quien-vota",
    )


def choice(
    titles: Mapping[str, str], chosen: str, address: Callable[[str], str], what: str, view: str, joined: bool = False
) -> Component:
    """What else may be asked of the question `view`, each with its address, the chosen one marked; `what` says what is
    chosen. Two that stand for one another are `joined` as a switch.
    """
    place = f"#{view}"
    other = Attributes({"data-interno": place})
    chosen_one = Attributes({"data-interno": place, "aria-current": "true"})
    links = [
        html.A(title, href=f"{address(value)}{place}", **(chosen_one if value == chosen else other))
        for value, title in titles.items()
    ]
    name = "seguir-por conmutador" if joined else "seguir-por"
    said = Attributes({"aria-label": what})
    return html.Div([html.Span(what, className="de"), *links], className=name, role="group", **said)


# --- Groups -----------------------------------------------------------------------------------------------------------


def bars(facts: grupos.Facts) -> Component:
    """The groups of each dimension as bars out of a hundred, with the line of all of them and how many they are."""
    panels = [_panel(panel, facts) for panel in facts.panels]
    key = []
    if facts.whole.rate is not None:
        words = f"{facts.who}, en conjunto: {RATE.write(facts.whole.rate)}"
        key.append(html.Span([html.I(className="clave-conjunto"), words]))
    key.append(html.Span([html.I(className="clave-tamano"), "cuántas personas hay en el grupo"]))
    return html.Div([html.P(key, className="claves"), html.Div(panels, className="grupos")], **DECORATIVE)


def _panel(panel: grupos.Panel, facts: grupos.Facts) -> Component:
    by = "primero el más numeroso" if facts.by_size else "primero quien vota más"
    order = "de menor a mayor edad" if panel.ordered else "sin más rasgos" if panel.compared else by
    head = html.Li([html.Span(""), html.Span("votaron de cada 100"), html.Span("personas")], className="cabeza")
    return html.Div(
        [
            html.H3([panel.title, html.Span(order)]),
            html.Ul([head, Markup("".join([_bar(line, facts) for line in panel.lines]))]),
        ]
    )


def _bar(line: grupos.Line, facts: grupos.Facts) -> str:
    own, chosen = (' class="actual"', "<small>en el mapa</small>") if line.chosen else ("", "")
    return (
        f'<li{own}><span class="nombre">{text(line.name)}{chosen}</span>'
        f'<span class="riel">{_track(line.voted, facts)}</span>{_size(line.voted, facts)}</li>'
    )


def _track(voted: Voted, facts: grupos.Facts) -> str:
    whole = facts.whole.rate
    if voted.hidden:
        return f"{HIDDEN_PIECE}<em>{CONFIDENTIAL}</em>"
    if voted.rate is None:
        return f"<em>{'nadie en el padrón' if voted.roll == 0 else 'sin dato publicado'}</em>"
    reference = "" if whole is None else f'<u{DECLARES}left:{whole:.1f}%"></u>'
    inside = ' class="dentro"' if voted.rate >= 80 else ""
    beside = max(voted.rate, whole or 0) if voted.rate < 80 else voted.rate
    value = f'<b{inside}{DECLARES}left:{beside:.1f}%">{text(RATE.write(voted.rate))}</b>'
    return f'<i{DECLARES}width:{voted.rate:.1f}%"></i>{reference}{value}'


def _size(voted: Voted, facts: grupos.Facts) -> str:
    if voted.roll is None:
        return f'<span class="tamano">{CONFIDENTIAL if voted.hidden else "sin dato"}</span>'
    width = min(100, 100 * voted.roll / facts.largest) if facts.largest else 0
    return f'<span class="tamano">{text(integer(voted.roll))}<i{DECLARES}width:{width:.1f}%"></i></span>'


# --- The pyramid --------------------------------------------------------------------------------------------------------


def pyramid(facts: Facts) -> Component:
    """Those on the roll as an outline, with those who voted filled inside, the youngest below."""
    widest = piramide.widest(facts)
    head = html.Li(
        [
            html.Span("Mujeres", className="izq"),
            html.Span("Edad", className="edad"),
            html.Span("Hombres", className="der"),
        ],
        className="piramide-cabeza",
    )
    bands = Markup("".join([_ages(age, widest) for age in reversed(facts.ages)]))
    keys = [
        html.Span([html.I(className="clave-padron"), "en el padrón"]),
        html.Span([html.I(className="clave-votaron"), "votaron"]),
    ]
    if facts.hidden:
        keys.append(html.Span([Markup(HIDDEN_PIECE), CONFIDENTIAL]))
    key = html.P(keys, className="claves")
    return html.Div([key, html.Ol([head, bands], className="piramide de-votantes")], **DECORATIVE)


def _ages(age: Age, widest: float) -> str:
    before, after = "".join(_side(age.women, widest)[::-1]), "".join(_side(age.men, widest))
    return (
        f'<li><span class="izq">{before}</span><span class="edad">{text(short_age(age.name))}</span>'
        f'<span class="der">{after}</span></li>'
    )


def _side(voted: Voted, widest: float) -> list[str]:
    """The bar of one side, and its words: how many voted, and of how many."""
    if voted.roll is None:
        return [*UNPUBLISHED] if voted.hidden else ["<em>sin dato publicado</em>"]
    filled = "" if voted.rate is None else f'<b{DECLARES}width:{voted.rate:.1f}%"></b>'
    bar = f'<i{DECLARES}width:{100 * voted.roll / widest if widest else 0:.1f}%">{filled}</i>'
    if voted.hidden:
        return [bar, *UNPUBLISHED]
    return [bar, f"<em>{text(integer(voted.voters))}<span> de {text(integer(voted.roll))}</span></em>"]


PICTURES: dict[str, Callable[..., Component]] = {
    "grupos": bars,
    "edades": ages,
    "brechas": columns,
    "piramide": pyramid,
    "lineas": elections,
}
