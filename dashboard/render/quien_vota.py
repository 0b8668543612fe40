"""The charts of who votes: bars, lines, columns and a pyramid that need nothing but the style sheet.

What is confidential has a dotted piece of one size wherever it is, and the word; the table beside a chart says the same to a
screen reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
from dashboard.render.html import DECLARES, piece, text
from dashboard.render.quien_vota_lines import ages, columns, decorative, elections
from dashboard.view import Answer
from dashboard.words import integer

CONFIDENTIAL = "confidencial"
#: What is confidential, dotted and of one size whatever it hides; and, where there is room for it beside, the word that the key
#: says.
HIDDEN_PIECE = '<s class="pieza-conf"></s>'
UNPUBLISHED = (HIDDEN_PIECE, f'<em class="si-cabe">{CONFIDENTIAL}</em>')


def section(answer: Answer, selection: Selection, face: Face, choice: Component | None = None) -> Component:
    """The question with its sentences, the chart, its table, its files and its address; `choice`, what else may be asked. Many
    pages have the same answer: it is written once.
    """
    link = html.A("Enlace a esta gráfica", href=f"{face.link(selection)}#{answer.view}", className="boton")
    picture = answer.once(section, lambda: PICTURES[answer.kind](answer.facts))
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
    chosen_one = Attributes({"aria-current": "true"})
    links = [
        html.A(title, href=f"{address(value)}{place}", **(chosen_one if value == chosen else {}))
        for value, title in titles.items()
    ]
    name = "seguir-por conmutador" if joined else "seguir-por"
    said = Attributes({"aria-label": what})
    return html.Div([html.Span(what, className="de"), *links], className=name, role="group", **said)


# --- Groups -----------------------------------------------------------------------------------------------------------


def bars(facts: grupos.Facts) -> Markup:
    """The groups of each dimension as bars out of a hundred, with the line of all of them and how many they are."""
    key = ""
    if facts.whole.rate is not None:
        words = f"{facts.who}, en conjunto: {RATE.write(facts.whole.rate)}"
        key = f'<span><i class="clave-conjunto"></i>{text(words)}</span>'
    key += '<span><i class="clave-tamano"></i>cuántas personas hay en el grupo</span>'
    scale = Scale(facts.whole.rate, facts.largest)
    panels = [_panel(panel, facts.by_size, scale) for panel in facts.panels]
    return decorative(piece("p", key, "claves") + piece("div", "".join(panels), "grupos"))


@dataclass(frozen=True)
class Scale:
    """What the bars of groups are measured against: the rate of all of them, and how many the largest has on the roll."""

    whole: float | None
    largest: float


HEAD = '<li class="cabeza"><span></span><span>votaron de cada 100</span><span>personas</span></li>'


def _panel(panel: grupos.Panel, by_size: bool, scale: Scale) -> str:
    by = "primero el más numeroso" if by_size else "primero quien vota más"
    order = "de menor a mayor edad" if panel.ordered else "sin más rasgos" if panel.compared else by
    bars = "".join([_bar(line, scale) for line in panel.lines])
    return f"<div><h3>{text(panel.title)}<span>{order}</span></h3><ul>{HEAD}{bars}</ul></div>"


def _bar(line: grupos.Line, scale: Scale) -> str:
    own, chosen = (' class="actual"', "<small>en el mapa</small>") if line.chosen else ("", "")
    return (
        f'<li{own}><span class="nombre">{text(line.name)}{chosen}</span>'
        f'<span class="riel">{_track(line.voted, scale.whole)}</span>{_size(line.voted, scale.largest)}</li>'
    )


def _track(voted: Voted, whole: float | None) -> str:
    if voted.hidden:
        return f"{HIDDEN_PIECE}<em>{CONFIDENTIAL}</em>"
    if voted.rate is None:
        return f"<em>{'nadie en el padrón' if voted.roll == 0 else 'sin dato publicado'}</em>"
    reference = "" if whole is None else f'<u{DECLARES}left:{whole:.1f}%"></u>'
    inside = ' class="dentro"' if voted.rate >= 80 else ""
    beside = max(voted.rate, whole or 0) if voted.rate < 80 else voted.rate
    value = f'<b{inside}{DECLARES}left:{beside:.1f}%">{text(RATE.write(voted.rate))}</b>'
    return f'<i{DECLARES}width:{voted.rate:.1f}%"></i>{reference}{value}'


def _size(voted: Voted, largest: float) -> str:
    if voted.roll is None:
        return f'<span class="tamano">{CONFIDENTIAL if voted.hidden else "sin dato"}</span>'
    width = min(100, 100 * voted.roll / largest) if largest else 0
    return f'<span class="tamano">{text(integer(voted.roll))}<i{DECLARES}width:{width:.1f}%"></i></span>'


# --- The pyramid --------------------------------------------------------------------------------------------------------


def pyramid(facts: Facts) -> Markup:
    """Those on the roll as an outline, with those who voted filled inside, the youngest below."""
    widest = piramide.widest(facts)
    head = (
        '<li class="piramide-cabeza"><span class="izq">Mujeres</span><span class="edad">Edad</span>'
        '<span class="der">Hombres</span></li>'
    )
    bands = "".join([_ages(age, widest) for age in reversed(facts.ages)])
    key = '<span><i class="clave-padron"></i>en el padrón</span><span><i class="clave-votaron"></i>votaron</span>'
    if facts.hidden:
        key += f"<span>{HIDDEN_PIECE}{CONFIDENTIAL}</span>"
    return decorative(piece("p", key, "claves") + piece("ol", head + bands, "piramide de-votantes"))


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


PICTURES: dict[str, Callable[..., Markup]] = {
    "grupos": bars,
    "edades": ages,
    "brechas": columns,
    "piramide": pyramid,
    "lineas": elections,
}
