"""A map page: filters, a map with its answer, the chosen place, charts, the table and the files. One address, one set of
answers, two modes. The registry and participation are two declarations of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from dashboard.address.named_release import with_pin
from dashboard.address.parameters import Asked
from dashboard.address.phrases import place_name, scope
from dashboard.address.selection import PAGE, Selection
from dashboard.address.vocabulary import Offer
from dashboard.figures.elections import elections
from dashboard.figures.queries import Data
from dashboard.indicators import TOPICS, Topic
from dashboard.indicators.offers import offer as offer_of
from dashboard.pages import coarser, filters, touched
from dashboard.pages.form import Control, filter_form, ungrouped
from dashboard.pages.model import Page, Request, Screen, Understood, face_of, map_frame, parts, told
from dashboard.pages.moved import renamed
from dashboard.render import around, blocks, chosen, legend
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.pictures import bars
from dashboard.render.plano import LAYER_OF, painted_map
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS

#: Every map page has room for as many charts.
SLOTS = ("grafica-1", "grafica-2")
#: Of a chart: its words and its table say it; its numbers one after another, without their names, say nothing.
SEEN_ONLY = Attributes({"aria-hidden": "true"})


def no_more(site: Site, selection: Selection, face: Face) -> list[Component]:
    """Nothing beyond what every map page has."""
    return []


@dataclass(frozen=True)
class MapPage:
    """What one map page is made of: the views it shows (one of `charts` for each slot), the words above its question, the
    questions that it adds to the charts (`more`) and, after the table, where it leads to (`ways`).
    """

    path: str
    name: str
    topic_name: str
    map_view: str
    place_view: str
    charts: tuple[str, ...]
    crumb: Callable[[Site, Selection], str]
    more: Callable[[Site, Selection, Face], list[Component]] = no_more
    ways: Callable[[Site, Selection, Face], list[Component]] = no_more

    @property
    def topic(self) -> Topic:
        """Its indicators."""
        return TOPICS[self.topic_name]

    def page(self) -> Page:
        """Its declaration as a page of the site."""
        scripts = ("buscador.js", "vivo.js", "mapa.js", "acciones.js", "dash.js")
        return Page(
            path=self.path,
            name=self.name,
            build=self.build,
            scripts=scripts,
            live=True,
            asks=self.asks,
            moved=self.moved,
        )

    def parsed(self, site: Site, query: Mapping[str, str]) -> Asked[Selection]:
        """What the address asks for."""
        return site.data.recent(_parsed, self.topic_name, tuple(query.items()))

    def asks(self, site: Site, request: Request) -> Understood:
        """What the page understands of an address."""
        asked = self.parsed(site, request.query)
        return Understood(asked.selection.url(""), bool(told(asked, PAGE, site.offer(self.topic_name))))

    def moved(self, site: Site, request: Request) -> str | None:
        """The address of today for one that asks for an indicator by a name that said its election; None for the others."""
        query = ungrouped(request.query)
        if query is None:
            query = renamed(request.query, site.offer(self.topic_name), elections(site.data).values())
        return f"{request.face.path}?{urlencode(query, safe=',')}" if query is not None else None

    def build(self, site: Site, request: Request) -> Screen:
        """The whole page for one request."""
        asked = self.parsed(site, request.query)
        selection, offer = asked.selection, site.offer(self.topic_name)
        mapa = site.answer(self.map_view, selection)
        drawn = picture(site, mapa, selection) if request.face.accessible else None
        filter_controls = _controls(offer, selection, mapa)
        content = skeleton(
            self.fill(site, asked, request.face),
            form=filter_form(
                filter_controls,
                selection,
                request.face.path,
                site.territories,
                filters.summary(site, offer, selection),
                filters.kept(offer, selection),
            ),
            plano=map_frame(site, drawn, selection.url(face_of(self.path, True).path), _choosing(selection, self.path)),
        )
        return Screen(
            title=self._title(site, mapa, selection),
            description=" ".join(sentence.plain() for sentence in mapa.sentences[:2]),
            content=(content,),
            query_string=selection.url(""),
            state=None if request.face.accessible else self.state(site, selection),
            picture=self._share_card(site, selection),
        )

    def _share_card(self, site: Site, selection: Selection) -> str:
        """The address of the picture of the map, with the chosen place, that is shown when the page is shared."""
        names = (*(VIEWS[self.map_view].contract.names or ()), "lugar")
        return with_pin(selection.only(names).url(f"/imagen/{self.map_view}/tarjeta.png"), site.release.id)

    def figures(self, site: Site, selection: Selection) -> dict[str, Answer | None]:
        """The answer of each chart, by slot; None for one that the release does not have."""
        found = parts(site, self.charts, selection)
        return {slot: found.get(view) for slot, view in zip(SLOTS, self.charts, strict=True)}

    def fill(self, site: Site, asked: Asked[Selection], face: Face) -> dict[str, Any]:
        """The content of each part of the page, by element id."""
        selection, offer = asked.selection, site.offer(self.topic_name)
        mapa, lugar = site.answer(self.map_view, selection), site.answer(self.place_view, selection)
        sheets = touched.offered(site, {self.topic_name: selection}, selection.departamento or "")
        ways = coarser.way(site, offer, asked, face)
        figures = self.figures(site, selection)
        card = blocks.place_card(lugar, selection, face) if selection.lugar else blocks.invitation(face)
        in_words = around.section(mapa, site.geography(LAYER_OF[selection.nivel]), site.territories, selection, face)
        filled: dict[str, Any] = {
            "elegido": chosen.sheet(lugar, selection, face) if selection.lugar else None,
            "pregunta": [
                *blocks.question(mapa, self.crumb(site, selection), told(asked, PAGE, offer), ways),
                *legend.by_departamento(mapa, selection, face),
            ],
            "pie-filtros": filters.why_not(offer, self.topic_name, selection, face),
            "bajo-mapa": [*legend.legend(mapa), *in_words],
            "lateral": [card, *blocks.ranking(mapa, selection, face), *legend.ranking_note(mapa.facts)],
            "mas": self.more(site, selection, face),
            "tabla": [blocks.full_table(mapa, selection, face), *blocks.doubts(mapa)],
            "caminos": self.ways(site, selection, face),
            "descargas": blocks.downloads([mapa, lugar, *filter(None, figures.values())], face.accessible, sheets),
        }
        for slot, answer in figures.items():
            filled[f"{slot}-palabras"] = answer and blocks.chart_words(answer)
            filled[f"{slot}-lienzo"] = answer and _drawn(answer)
            filled[f"{slot}-datos"] = blocks.chart_data(answer, selection, face) if answer else None
        return filled

    def state(self, site: Site, selection: Selection) -> dict[str, Any]:
        """The machine face of the answer: what the scripts paint the map with."""
        mapa = site.answer(self.map_view, selection)
        return {
            "capa": LAYER_OF[selection.nivel],
            "departamento": selection.departamento or "",
            "lugar": selection.lugar or "",
            **{key: mapa.figure[key] for key in ("pintura", "clases", "paleta", "unidad")},
        }

    def _title(self, site: Site, mapa: Answer, selection: Selection) -> str:
        where = place_name(selection.lugar or scope(selection), site.territories)
        return f"{mapa.question} {where} | Padrón Abierto"


def _choosing(selection: Selection, path: str) -> str:
    """The address of the page with another place, whose code goes where {} is."""
    address = replace(selection, lugar=None).url(path)
    return f"{address}{'&' if '?' in address else '?'}lugar={{}}"


def _drawn(answer: Answer) -> Markup:
    """The picture of a chart, made once for all the pages that have its answer."""
    return answer.once(_drawn, lambda: bars(answer))


def _controls(offer: Offer, selection: Selection, mapa: Answer) -> list[Control]:
    """The controls of the filters, which the form and the state of a page both say."""
    return mapa.once((_controls, selection), lambda: filters.form(offer, selection))


def _parsed(data: Data, topic: str, query: tuple[tuple[str, str], ...]) -> Asked[Selection]:
    return PAGE.asked(dict(query), offer_of(data, topic))


def skeleton(parts: Mapping[str, Any], form: Markup, plano: Component) -> Component:
    """The page's structure with its parts filled."""

    def part(name: str, **more: Any) -> Component:
        return html.Div(parts.get(name), id=name, **more)

    charts = [
        html.Figure(
            [part(f"{slot}-palabras"), part(f"{slot}-lienzo", className="lienzo", **SEEN_ONLY), part(f"{slot}-datos")],
            className="grafica",
        )
        for slot in SLOTS
    ]
    beside_map = html.Div([plano, part("bajo-mapa")], className="columna-mapa")
    return html.Div(
        [
            part("elegido"),
            part("pregunta"),
            html.Div(form, id="marco-filtros"),
            part("pie-filtros"),
            html.Div([beside_map, part("lateral")], className="rejilla"),
            html.Div(
                [*charts, *(part(name) for name in ("mas", "tabla", "caminos", "descargas"))],
                id="resultados",
            ),
        ],
        className="pagina-mapa",
    )


def picture(site: Site, mapa: Answer, selection: Selection) -> Markup:
    """The map painted by the server."""
    label = " ".join(sentence.plain() for sentence in mapa.sentences[:2])
    shapes = site.shapes(selection.departamento)
    return painted_map(shapes, mapa.figure, selection.nivel, selection.lugar, f"Mapa. {label}", site.names)
