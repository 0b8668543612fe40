"""The map in words: for who cannot see it, what it shows. Text of the server, in both modes."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.address.phrases import full_name
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import Territories
from dashboard.figures.around import Geography
from dashboard.kinds import mapa
from dashboard.kinds.en_palabras import Around, Neighbour, around, around_words, extremes, trend_words
from dashboard.render import blocks
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.html import to_html
from dashboard.render.rows import Link
from dashboard.view import Answer
from dashboard.words import Sentence, listing

TITLE, ID = "El mapa en palabras", "mapa-en-palabras"
#: What a neighbour is: where, its name, its figure and, where both have one, how it is beside that of the place.
COMPARED = Markup("Al {direccion}: {lugar}, <b>{valor}</b>, {comparado}.")
NOT_COMPARED = Markup("Al {direccion}: {lugar}, <b>{valor}</b>.")
WITH_PARENT = Markup("{lugar} ({departamento})")


def section(
    answer: Answer, where: Geography | None, territories: Territories, selection: Selection, face: Face
) -> list[Component]:
    """What the map of `answer` shows, in words: open in the accessible mode, folded in the other. Nothing for a map without
    figures, nor for a release without boundaries (`where` is None).
    """
    facts: mapa.Facts = answer.facts
    if where is None or not facts.known:
        return []
    said: list[Component | Markup] = [_whole(answer, where, selection.departamento or "")]
    found = around(selection.lugar, facts, where) if selection.lugar else None
    if found:
        said += _beside(found, facts, territories, blocks.place_links(selection, face))
    title = html.H2(TITLE, id=ID)
    if face.accessible:
        return [html.Section([title, *said], className="mapa-palabras", **Attributes({"aria-labelledby": ID}))]
    return [html.Details([html.Summary(title), *said], className="mapa-palabras")]


def of_profile(answer: Answer, where: Geography | None, territories: Territories, code: str) -> list[Component]:
    """A place among its neighbours, for its profile, which has its own links to them."""
    facts: mapa.Facts = answer.facts
    found = around(code, facts, where) if where else None
    if found is None:
        return []
    title = html.H2(TITLE, id=ID)
    about = html.P([f"{facts.indicator.title}. ", *_spoken(around_words(found, facts))])
    inside = [title, about, _list(found, lambda code, name: name), *_outside(found, territories)]
    return [html.Section(inside, className="mapa-palabras prosa", **Attributes({"aria-labelledby": ID}))]


def _whole(answer: Answer, where: Geography, inside: str) -> Markup:
    """The extremes and the trend, the same whatever the chosen place and the mode."""

    def made() -> Markup:
        said = [extremes(answer.facts), trend_words(answer.facts, where, inside)]
        return Markup(to_html([html.P(_spoken(paragraph)) for paragraph in said if paragraph]))

    return answer.once((_whole, inside), made)


def _beside(found: Around, facts: mapa.Facts, territories: Territories, link: Link) -> list[Component]:
    title = html.H3(f"Alrededor de {found.place.name}")
    return [title, html.P(_spoken(around_words(found, facts))), _list(found, link), *_outside(found, territories)]


def _list(found: Around, link: Link) -> Component:
    items = [_item(neighbour, found.place.parent, link) for neighbour in found.neighbours]
    return html.Ul(Markup("".join([Markup("<li>{}</li>").format(item) for item in items])))


def _item(neighbour: Neighbour, parent: str, link: Link) -> Markup:
    place = neighbour.place
    name = link(place.code, place.name)
    if place.parent != parent:
        name = WITH_PARENT.format(lugar=name, departamento=place.parent)
    template = COMPARED if neighbour.compared else NOT_COMPARED
    return template.format(direccion=neighbour.direction, lugar=name, valor=place.text, comparado=neighbour.compared)


def _outside(found: Around, territories: Territories) -> list[Component]:
    """The neighbours that the map does not show."""
    if not found.outside:
        return []
    names = listing([full_name(code, territories) for code in found.outside])
    return [html.P(f"También colinda con {names}, que este mapa no muestra.")]


def _spoken(sentences: Sequence[Sentence]) -> list[str | Markup]:
    """Sentences one after another."""
    return [
        part for position, item in enumerate(sentences) for part in ([" "] if position else []) + blocks.words(item)
    ]
