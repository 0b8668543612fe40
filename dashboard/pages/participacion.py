"""/participacion: how many voted, event by event and municipio by municipio."""

from __future__ import annotations

from dataclasses import replace

from dashboard.address.phrases import place_name, scope
from dashboard.address.selection import URL_NAMES, Selection
from dashboard.address.vocabulary import ORDERS
from dashboard.figures.elections import elections, held, label
from dashboard.figures.measures import Quantity
from dashboard.indicators.offers import ACTAS, GROUPED, VOTED
from dashboard.pages.mapa import MapPage
from dashboard.pages.model import face_of, parts
from dashboard.render import blocks, quien_vota
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.rows import addresses
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS

PATH = "/participacion"
#: Where places are grouped by their census: the page of that name, which is above this one.
GROUPED_PATH = f"{PATH}/lugares"
NOTHING_ASKED = Selection()
#: The questions about who voted, in the order of the page.
WHO_VOTES = ("quien_vota_grupos", "quien_vota_edades", "quien_vota_brechas", "quien_vota_piramide", "quien_vota_lineas")
NATIONAL = Quantity("empadronados", "Personas empadronadas", (("participacion_nacional", "empadronados"),))


def crumb(site: Site, selection: Selection) -> str:
    """«Guatemala · elecciones generales 2023»: the election asked for, with the one that it is compared with; of an indicator
    of none, those that the release has.
    """
    asked = elections(site.data).get(selection.eleccion)
    if asked:
        earlier = site.offer("participacion").earlier.get(selection.indicador, {}).get(selection.eleccion, {})
        before = elections(site.data).get(selection.frente or next(iter(earlier), ""))
        against = f", frente a {before.words}" if before else ""
        title = f"{asked.title[:1].lower()}{asked.title[1:]}"
        return f"{place_name(scope(selection), site.territories)} · {title}{against}"
    place, years = place_name(scope(selection), site.territories), [item.year for item in held(site.data, NATIONAL)]
    return f"{place} · elecciones de {years[0]} a {years[-1]}" if years else place


def polling_tables(site: Site, selection: Selection, face: Face) -> list[Component]:
    """The way to the actas of the polling tables, with what they say of the place, when the release brings them."""
    _, latest = site.offer(ACTAS).choice
    asked = replace(NOTHING_ASKED, eleccion=latest, departamento=selection.departamento)
    found = parts(site, ("participacion_actas", "participacion_papeletas"), asked)
    if not found:
        return []
    ledger, *_ = found.values()
    href = asked.url(face_of(f"{PATH}/mesas", face.accessible).path)
    return [
        html.Section(
            [
                html.H2(ledger.question),
                *(html.P(blocks.words(answer.sentences[0]), className="frase") for answer in found.values()),
                html.P(html.A("Ver las actas, mesa por mesa", href=href, className="boton")),
                blocks.source_line(ledger.sources),
            ],
            className="prosa actas",
        )
    ]


def places(site: Site, selection: Selection, face: Face) -> list[Component]:
    """The way to the municipios grouped by their census, with the same figure when it can be set side by side."""
    offer = site.offer(GROUPED)
    if not offer.indicators or not offer.characteristics:
        return []
    same = selection.indicador in offer.indicators
    asked = Selection(selection.indicador, selection.eleccion) if same else NOTHING_ASKED
    words = (
        "Los municipios, en cinco grupos con igual cantidad de personas según el pueblo, el idioma materno, la lectura, el área "
        "o la edad de sus habitantes en el censo. Habla de lugares y no de personas: no dice quién votó."
    )
    href = asked.url(face_of(GROUPED_PATH, face.accessible).path)
    return [
        html.Section(
            [
                html.H2("¿Es distinto según cómo es el lugar?"),
                html.P(words, className="frase"),
                html.P(html.A("Comparar lugares", href=href, className="boton")),
            ],
            className="prosa actas",
        )
    ]


def who_votes(site: Site, selection: Selection, face: Face) -> list[Component]:
    """The questions about who voted, group by group, in the place and the election asked for; none in a release that counts
    nobody person by person.
    """
    offered = site.offer(VOTED)
    if not offered.every_election:
        return []
    parameters = selection.parameters()
    asked = {view: VIEWS[view].asked(parameters, site.data).selection for view in WHO_VOTES}
    found: list[Component] = []
    notes: list[str] = []
    for view, question in asked.items():
        for answer in parts(site, (view,), question).values():
            notes += answer.notes
            found.append(quien_vota.section(answer, selection, face, _choice(answer, selection, face, site)))
    elsewhere = selection.eleccion and selection.eleccion not in offered.every_election
    if found and elsewhere:
        shown = asked[WHO_VOTES[0]].eleccion
        words = f"De {label(site.data, selection.eleccion)} no se sabe quiénes votaron: se muestra {label(site.data, shown)}."
        found.insert(0, html.P(words, className="nota"))
    found += [html.P(text, className="nota") for text in dict.fromkeys(notes)]
    return [html.Div(found, className="quienes-votan")] if found else []


def _choice(answer: Answer, selection: Selection, face: Face, site: Site) -> Component | None:
    """Of the question that follows groups, those that may be followed; of the one that orders them, the orders."""
    if answer.kind == "lineas":
        titles = site.offer(VOTED).divided
        chosen = URL_NAMES.get(answer.facts.dimension, answer.facts.dimension)
        address = addresses(selection, face.path, "por")
        return quien_vota.choice(titles, chosen, address, "Ver por", answer.view)
    if answer.kind == "grupos":
        chosen = answer.selection.orden
        return quien_vota.choice(
            ORDERS, chosen, lambda value: face.link(selection, orden=value), "Ordenar", answer.view, joined=True
        )
    return None


def ways(site: Site, selection: Selection, face: Face) -> list[Component]:
    """The ways to the places and to the actas."""
    return [
        *polling_tables(site, selection, face),
        *places(site, selection, face),
    ]


MAP = MapPage(
    path=PATH,
    name="Participación",
    topic_name="participacion",
    map_view="participacion_mapa",
    place_view="participacion_lugar",
    charts=("participacion_serie", "participacion_votos"),
    crumb=crumb,
    more=who_votes,
    ways=ways,
)
PAGE = MAP.page()
