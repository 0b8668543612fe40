"""What is under a map: its classes as a histogram, the places without figure by why, and how many people it covers."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.address.phrases import LEVEL_NAMES
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import DEPARTAMENTO, MUNICIPIO
from dashboard.kinds import mapa
from dashboard.kinds.classes import CONFIDENTIAL, EMPTY, HIDDEN, WITHOUT_CLASS, WITHOUT_FIGURE, WITHOUT_PEOPLE
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.view import Answer
from dashboard.words import NOBODY, PERCENT, WITHHELD, integer, listing, plural


def legend(answer: Answer) -> list[Component | Markup]:
    """The classes in words with how many places each has, those without figure, how they were made, the caveats and the
    source.
    """
    facts: mapa.Facts = answer.facts
    return [
        html.P(facts.indicator.title, className="leyenda-titulo"),
        *([_histogram(facts)] if facts.known else []),
        *_without_class(facts),
        *_coverage(facts),
        *([html.P(_method(facts), className="nota")] if facts.known else []),
        *blocks.notes(answer),
        blocks.source_line(answer.sources),
    ]


def _histogram(facts: mapa.Facts) -> Component:
    """A bar for each class, as tall as the places it has in sight."""
    labels = facts.classes.labels()
    counts = [len(facts.of_class(klass)) for klass, _ in labels]
    tallest = max(*counts, 1)
    items: list[Component] = []
    for (klass, words), count in zip(labels, counts, strict=True):
        bar = html.I(style={"--lleno": f"{count / tallest:.3f}"})
        number = html.Small(_places(count, facts, first=not items))
        items.append(html.Li([html.Span(words), number, bar], className=facts.classes.style(klass)))
    name = "leyenda histograma divergente" if facts.classes.diverging else "leyenda histograma"
    return html.Ul(items, className=name)


def _places(count: int, facts: mapa.Facts, first: bool) -> list[Component | str]:
    """How many places; what they are is in sight once, and always said to who listens."""
    noun = f" {LEVEL_NAMES[facts.level][count != 1]}"
    return [integer(count), html.Span(noun, className="que" if first else "oculto")]


def _without_class(facts: mapa.Facts) -> list[Component]:
    """The textures of the places without figure, with the word and the count of each."""
    words = {HIDDEN: WITHHELD, EMPTY: NOBODY}
    items = []
    for klass, style in sorted(WITHOUT_CLASS.items()):
        places = facts.of_class(klass)
        if places:
            said = words.get(klass) or listing(tuple(dict.fromkeys(place.text for place in places)))
            count = html.Small(plural(len(places), *LEVEL_NAMES[facts.level]))
            items.append(html.Li([html.I(), html.Span(f"{said[0].upper()}{said[1:]}"), count], className=style))
    return [html.Ul(items, className="leyenda tramas")] if items else []


def _coverage(facts: mapa.Facts) -> list[Component]:
    """How many of the people are in places with a figure: half of the surface is not half of the people."""
    found = facts.coverage
    if found is None:
        return []
    parts = [
        ("con-cifra", found.shown),
        (CONFIDENTIAL, found.hidden),
        (WITHOUT_FIGURE, found.missing),
        (WITHOUT_PEOPLE, found.alone),
    ]
    words = {
        "con-cifra": f"en {LEVEL_NAMES[facts.level][1]} con cifra",
        CONFIDENTIAL: "confidencial",
        WITHOUT_FIGURE: "sin cifra",
        WITHOUT_PEOPLE: "donde no hay nadie con quien comparar",
    }
    shares = [(style, share) for style, part in parts if PERCENT.rounded((share := found.share(part)).value or 0)]
    bar = [html.I(className=style, style={"--parte": f"{share.value:.2f}"}) for style, share in shares]
    said = [html.Li([html.B(share.text), f" {words[style]}"], className=style) for style, share in shares]
    return [
        html.Div(
            [
                html.P(f"¿A cuántas de {found.people} cubre el mapa?", className="leyenda-titulo"),
                html.Div(bar, className="cobertura-barra", **Attributes({"aria-hidden": "true"})),
                html.Ul(said),
            ],
            className="cobertura",
        )
    ]


def _method(facts: mapa.Facts) -> str:
    what = LEVEL_NAMES[facts.level][1]
    zero = ", con el cero como frontera," if facts.classes.diverging else ""
    return (
        f"Cada color reúne una cantidad parecida de {what} del país (cuantiles{zero} redondeados), y su alto dice cuántos hay "
        "aquí. El valor exacto de cada límite pertenece a la clase de arriba."
    )


def by_departamento(answer: Answer, selection: Selection, face: Face) -> list[Component]:
    """Where to see more, when nearly every municipio is confidential."""
    facts: mapa.Facts = answer.facts
    if not facts.mostly_hidden or facts.level != MUNICIPIO or facts.indicator.only_municipios:
        return []
    href = face.link(selection, nivel=DEPARTAMENTO, departamento=None, lugar=None)
    link = html.A("Ver por departamento", href=href, className="boton")
    return [html.P(["Casi todo es confidencial por municipio: ", link], className="propuesta")]


def ranking_note(facts: mapa.Facts) -> list[Component]:
    """Which places are set in order, when it is not all of those with a figure."""
    ranked, known, several = len(facts.ranked), len(facts.known), LEVEL_NAMES[facts.level][1]
    if ranked == known:
        return []
    least = integer(mapa.ENOUGH_PEOPLE)
    words = (
        f"Se ordenan los {integer(ranked)} {several} con {least} personas o más en el grupo, de los {integer(known)} con cifra: "
        "con menos personas, unas pocas cambian mucho la cifra."
        if ranked > 1
        else f"No se ordenan {several}: de los que tienen cifra, {_only(ranked)} tiene {least} personas o más en el grupo y, con "
        "menos, unas pocas cambian mucho la cifra."
    )
    return [html.P(words, className="nota")]


def _only(ranked: int) -> str:
    return "solo uno" if ranked else "ninguno"
