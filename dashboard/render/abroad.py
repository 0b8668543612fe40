"""Answers about the vote abroad as Dash components: the blocks that its pages and its profile share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from dashboard.figures.published import MISSING, PublishedFigure
from dashboard.kinds import dentro_y_fuera, directorio, estados, hechos, por_eleccion, versiones
from dashboard.kinds.classes import WITHOUT_FIGURE
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.pictures import bars
from dashboard.render.plano_eeuu import painted_states, size_legend
from dashboard.view import Answer
from dashboard.words import NO_DATA, Sentence, integer

#: The semicolons that separate the parts of a fact.
OUTSIDE_PARENTHESES = re.compile(r"; (?![^(]*\))")
#: What is told of each election in the short table, in order.
SHORT = ("empadronados", "votantes", "participacion", "juntas_receptoras", "centros", "ciudades")


def charts(found: Mapping[str, Answer], face: blocks.Face) -> list[Component]:
    """The charts of the answers there are, by view."""
    drawn: dict[str, Callable[[Answer], Component | Markup]] = {
        "extranjero_serie": registry_bars,
        "extranjero_sexo": bars,
        "extranjero_participacion": scope_bars,
    }
    return [chart(found[view], draw(found[view]), face) for view, draw in drawn.items() if view in found]


def notices(texts: Sequence[str]) -> list[Component]:
    """What had to be corrected in the address."""
    return [html.Ul([html.Li(text) for text in texts], className="avisos", role="status")] if texts else []


def states_map(shapes: Mapping[str, Any], states: Answer, cities: Answer) -> Component:
    """The map with its legends: the states' classes, the circles' sizes, in words."""
    facts: estados.Facts = states.facts
    label = " ".join(sentence.plain() for sentence in (*cities.sentences[:2], states.sentences[0]))
    names = {state.code: state.name for state in facts.states}
    plano = painted_states(shapes, states.figure, cities.figure, f"Mapa de los Estados Unidos. {label}", names)
    return html.Figure(
        [
            html.Div(plano, className="mapa mapa-eeuu"),
            html.P(f"Círculos: {cities.facts.measure.lower()} por ciudad", className="leyenda-titulo"),
            size_legend(cities.figure),
            html.P(_circles_in_words(cities), className="nota"),
            html.P(f"Color: {facts.title[:1].lower()}{facts.title[1:]}", className="leyenda-titulo"),
            html.Ul(_classes(facts), className="leyenda"),
            html.P(_method(facts), className="nota"),
        ],
        className="figura-eeuu",
    )


def _method(facts: estados.Facts) -> str:
    apart = "Alaska, Hawái y Puerto Rico van en recuadros, cada uno a su escala."
    return (
        f"Cada color reúne una cantidad parecida de estados (cuantiles redondeados). {apart}" if facts.known else apart
    )


def _classes(facts: estados.Facts) -> list[Component]:
    labels = facts.classes.labels() if facts.known else ()
    items = [html.Li(html.Span(words), className=facts.classes.style(klass)) for klass, words in labels]
    return [*items, html.Li(html.Span(NO_DATA), className=WITHOUT_FIGURE)]


def _circles_in_words(cities: Answer) -> str:
    facts = cities.facts
    largest = max((city.value for city in facts.known), default=None)
    found = "El área de cada círculo es proporcional a la cifra, con la misma escala en todas las elecciones."
    if any(not city.exact for city in facts.known):
        found += " Borde punteado: cifra redondeada, parcial o de una zona mayor que la ciudad."
    if largest is None or len(facts.known) < len(facts.cities):
        found += " Círculo pequeño y vacío: ciudad con centro de votación y sin dato publicado."
    return found


def elections_table(answer: Answer, elections: Sequence[str]) -> Component:
    """A few measures, one column for each election, every figure with how official it is and how far to trust it."""
    facts: por_eleccion.Facts = answer.facts
    titles = {facts.measures[measure] for measure in SHORT}
    head = html.Tr(
        [
            html.Th("Qué se cuenta", scope="col"),
            *(html.Th(facts.elections[election], scope="col", className="num") for election in elections),
        ]
    )
    body = [
        html.Tr([html.Th(title, scope="row"), *(html.Td(_cell(cell), className="num") for cell in cells)])
        for title, cells in facts.columns(elections)
        if title in titles
    ]
    caption = html.Caption("El voto en el extranjero en cada elección, primera vuelta", className="oculto")
    return html.Table([caption, html.Thead(head), html.Tbody(body)], className="comparacion elecciones")


def _cell(cell: PublishedFigure) -> list[Component | str]:
    nature, confidence = trust(cell).split(", ")
    said = [] if cell is MISSING else [html.Small([nature, html.Br(), confidence])]
    return [html.Strong(cell.text), *said]


def trust(cell: PublishedFigure) -> str:
    """How official a figure is and how far to trust it: «oficial, confianza alta»."""
    nature = {"Derivada de otras": "calculada"}.get(cell.nature, cell.nature.lower())
    return f"{nature}, confianza {cell.confidence}"


def chart(answer: Answer, picture: Component | Markup, face: blocks.Face) -> Component:
    """A question with its sentences, its picture, its table and its sources; the page warns once for all."""
    parts = [blocks.chart_words(answer), picture, *blocks.chart_data(answer, answer.selection, face, warned=False)]
    return html.Figure(parts, className="grafica")


def registry_bars(answer: Answer) -> Component:
    """The registry abroad, election by election; a minimum ends open."""
    facts: por_eleccion.Facts = answer.facts
    whole = max((bar.value for bar in facts.bars if bar.value is not None), default=1)
    rows = [(bar.title, bar.value, bar.text, "minimo" if bar.minimum else None) for bar in facts.bars]
    return _bars(rows, whole)


def scope_bars(answer: Answer) -> Component:
    """Participation abroad and in the country, each out of a hundred."""
    facts: dentro_y_fuera.Facts = answer.facts
    rows = []
    for pair in facts.pairs:
        rows += [
            (f"{pair.event}: fuera", pair.abroad.value, pair.abroad.text, "fuera-del-pais"),
            (f"{pair.event}: dentro", pair.inside.value, pair.inside.text, None),
        ]
    return _bars(rows, 100)


def _bars(rows: Sequence[tuple[str, float | None, str, str | None]], whole: float) -> Component:
    items = [
        html.Li(
            [
                html.Span(title, className="etiqueta"),
                html.I(style={"width": f"{100 * (value or 0) / whole:.1f}%"}),
                html.Em(text),
            ],
            className=css if value is not None else None,
        )
        for title, value, text, css in rows
    ]
    return html.Ul(items, className="barras anchas", **Attributes({"aria-hidden": "true"}))


def disagreements(answer: Answer, open_all: bool) -> Component:
    """Every question on which the sources do not agree: all the versions, the preferred one first, and why."""
    facts: versiones.Facts = answer.facts
    details = [
        html.Details(
            [
                html.Summary(f"{question}: {len(versions)} versiones, se usa {versions[0].figure.text}"),
                html.Ul([_version(version) for version in versions], className="versiones"),
            ],
            open=open_all or None,
        )
        for question, versions in facts.questions.items()
    ]
    words = [html.P(blocks.words(sentence)) for sentence in answer.sentences]
    return html.Section([html.H2(answer.question), *words, *details], className="contradicciones")


def _version(version: versiones.Version) -> Component:
    figure = version.figure
    chosen = " · preferida" if version.preferred else ""
    return html.Li(
        [
            html.P([html.Strong(figure.text), html.Span(f" {trust(figure)}{chosen}", className="de")]),
            *([html.P(version.reason)] if version.reason else []),
            html.P([f"{figure.cutoff}. ", figure.quote, " ", source(figure.source, figure.url)], className="nota"),
        ],
        className="preferida" if version.preferred else None,
    )


def source(name: str, url: str) -> Component | str:
    """Who says it: a link when its source has an address."""
    return html.A(name, href=url) if url.startswith("http") else name


def all_figures(answer: Answer, open_all: bool) -> Component:
    """The whole table of figures, folded."""
    table = blocks.table(answer, answer.title, answer.selection, blocks.Face(""))
    summary = html.Summary(f"Ver las {integer(len(answer.rows))} cifras con su cita, su confianza y su fuente")
    return html.Details([summary, table], className="datos todas", open=open_all or None)


def facts_list(facts: Sequence[hechos.Fact], statuses: Mapping[str, str]) -> Component:
    """What holds about one topic, each fact with how sure it is, its date and its source."""
    return html.Ul([_fact(fact, statuses) for fact in facts], className="hechos")


def _fact(fact: hechos.Fact, statuses: Mapping[str, str]) -> Component:
    badge = [html.P(statuses[fact.status], className="estado")] if fact.status != hechos.HOLDS else []
    said = [f"{statuses[hechos.HOLDS]}. " if fact.status == hechos.HOLDS else "", *evidence(fact)]
    return html.Li([*badge, *_plain(fact.words), html.P(said, className="fuente")], className=fact.status)


def evidence(fact: hechos.Fact) -> list[Component | str]:
    """Until when a fact holds, how far to trust it, its date and its source."""
    return [
        f"{fact.until}. " if fact.until else "",
        f"Confianza {fact.confidence}. {_sentence_of(fact.cutoff)} ",
        source(fact.source, fact.url),
        f". {fact.note}" if fact.note else ".",
    ]


def _sentence_of(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _plain(words: str) -> list[Component]:
    """A fact as its source words it; what comes as a list joined by semicolons, as a list."""
    head, colon, rest = words.partition(": ")
    if len(OUTSIDE_PARENTHESES.split(rest)) < 3:
        head, colon, rest = "", "", words
    items = OUTSIDE_PARENTHESES.split(rest)
    if len(items) < 2:
        return [html.P(_sentence_of(words.rstrip(".")))]
    listed = html.Ul([html.Li(f"{item[:1].upper()}{item[1:]}") for item in items])
    return [*([html.P(f"{head}{colon}")] if colon else []), listed]


def contacts(facts: hechos.Facts) -> Component:
    """How to reach whoever answers."""
    items = [
        html.Li([html.Span(contact.means, className="de"), " ", html.A(contact.words, href=contact.link)])
        for contact in facts.contacts
    ]
    return html.Ul(items, className="contactos")


def offices(answer: Answer) -> Component:
    """The consulates, state by state."""
    by_state: dict[str, list[directorio.Office]] = {}
    for office in (*answer.facts.own, *answer.facts.nearest):
        by_state.setdefault(office.state, []).append(office)
    items = [html.Li([html.Strong(state), ": ", ", ".join(map(_office, found))]) for state, found in by_state.items()]
    return html.Ul(items, className="consulados")


def _office(office: directorio.Office) -> str:
    return office.city if office.confirmed else f"{office.city} (sin confirmar que esté abierto)"


def warnings(answers: Sequence[Answer]) -> list[Component]:
    """What the release warns about the sources of `answers`, each once."""
    return blocks.warnings(tuple(dict.fromkeys(text for answer in answers for text in answer.warnings)))


def paragraphs(sentences: Sequence[Sentence], css: str) -> list[Component]:
    """Each sentence as a paragraph."""
    return [html.P(blocks.words(sentence), className=css) for sentence in sentences]
