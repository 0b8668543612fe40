"""What a page is: an address, a name and a function that builds its content for one request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from dashboard.address.parameters import GROUPS, Asked, Contract, Question
from dashboard.address.selection import URL_NAMES
from dashboard.address.vocabulary import Offer, once
from dashboard.figures.measures import Unaskable
from dashboard.render.attributes import Attributes
from dashboard.render.blocks import Face
from dashboard.render.dash_doors import Component, html
from dashboard.render.html import to_html
from dashboard.render.plano import empty_map
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS
from etl import fields

ACCESSIBLE_ROOT = "/accesible"


class NothingHere(LookupError):
    """The address names something that does not exist; the message is for the reader."""


@dataclass(frozen=True)
class Request:
    """One visit: the query as it came, the face it wants and the parts of the address that name something (a code)."""

    query: Mapping[str, str]
    face: Face
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Screen:
    """A built page. `state` is the machine face of its answer (map, form, charts) for the scripts of the visual mode;
    `picture` the address of the image that is shown when the page is shared; `search` what was searched for, and `topic` the
    topic that it was searched in."""

    title: str
    description: str
    content: tuple[Component | Markup, ...]
    query_string: str = ""
    state: Mapping[str, Any] | None = None
    search: str = ""
    topic: str = ""
    status: int = 200
    picture: str | None = None


@dataclass(frozen=True)
class Understood:
    """What a page understands of an address: the query with which the site itself would ask for the same, from the question
    mark on; and whether the page tells that something could not be honoured, which only this address must say.
    """

    query: str = ""
    corrected: bool = False


def nothing_asked(site: Site, request: Request) -> Understood:
    """What a page understands when nothing can be asked of it."""
    return Understood()


@dataclass(frozen=True)
class Page:
    """A page of the site, in both modes. `path` may have {parts}. `scripts` are the assets its visual mode needs; `live`
    says whether Dash answers its filters; `fixed`, that only the release decides what it says; `kept`, that only the release,
    the day and the address do. `asks` tells what it understands of an address; `moved` gives the address of today for one of
    before, which is sent there; `follows`, where a question is answered that this page only understands. One that
    `searches` has the search box in its content, and not in the header.
    """

    path: str
    name: str
    build: Callable[[Site, Request], Screen]
    in_menu: bool = True
    scripts: tuple[str, ...] = field(default=("buscador.js",))
    live: bool = False
    fixed: bool = False
    kept: bool = True
    asks: Callable[[Site, Request], Understood] = nothing_asked
    moved: Callable[[Site, Request], str | None] = lambda site, request: None
    follows: Callable[[Site, Request], str | None] = lambda site, request: None
    searches: bool = False

    def understood(self, site: Site, request: Request) -> Understood:
        """What it understands of an address, also when the release has nothing of what the page is about."""
        try:
            return self.asks(site, request)
        except Unaskable:
            return Understood()

    def screen(self, site: Site, request: Request) -> Screen:
        """Its content for one request; a fixed page, the same whatever is asked, is written once for each face.

        When the release has nothing of what the page is about, it says so instead.
        """
        if not self.fixed or site.preview:  # a preview tells which tables each page was made from
            return self._built(site, request)
        key = (self.path, request.face.accessible)
        if key not in site.fixed_screens:
            built = self._built(site, request)
            written = Markup("".join(to_html(node) for node in built.content))
            site.fixed_screens[key] = replace(built, content=(written,))
        screen: Screen = site.fixed_screens[key]
        return screen

    def _built(self, site: Site, request: Request) -> Screen:
        try:
            return self.build(site, request)
        except Unaskable as error:
            content = html.Div([html.H1(self.name), *lacking(str(error))], className="prosa")
            return Screen(f"{self.name} | Padrón Abierto", f"{self.name}: {LACKING}", (content,))


def told(asked: Asked[Any], contract: Contract[Any], offer: Offer) -> tuple[str, ...]:
    """What a page tells of an address: what was corrected, and what it asks that this release has no value for."""
    names = contract.names or ()
    declared = {item.name: item for item in once(contract.declare)(offer)}
    void = (item for name, item in declared.items() if name in asked.unknown and name in names)
    said = [f"Aquí no hay nada que elegir en «{item.title}»: se muestra sin ese filtro." for item in void]
    groups = {URL_NAMES.get(name, name): group.title.lower() for name, group in fields.POPULATION_GROUP.items()}
    for name in (name for name in asked.unknown if name in groups and name not in declared and GROUPS in names):
        said.append(f"Esta publicación no trae estas cifras por {groups[name]}: se muestra sin ese filtro.")
    return (*asked.notices, *said)


#: What is said where the release has no figures to show.
LACKING = "esta publicación no trae esas cifras"


def lacking(why: str) -> list[Component]:
    """What a reader is told in place of figures that the release does not have."""
    reason = html.P(f"{LACKING[0].upper()}{LACKING[1:]}: {why}.", className="respuesta")
    return [reason, html.P(["Lo que trae se puede ver en ", html.A("Datos", href="/datos"), "."])]


def parts(site: Site, views: Iterable[str], selection: Question) -> dict[str, Answer]:
    """The answers of those of `views` that the release can answer, by view, in order."""
    found = {}
    for view in views:
        if VIEWS[view].held(site.data):  # what is known beforehand takes less than asking in vain
            with suppress(Unaskable):
                found[view] = site.answer(view, selection)
    return found


def face_of(page_path: str, accessible: bool) -> Face:
    """The face of the page at `page_path` in one mode."""
    return Face((ACCESSIBLE_ROOT if accessible else "") + page_path, accessible)


def map_frame(site: Site, inner: Markup | None, accessible_address: str, choosing: str = "") -> Component:
    """Where the map goes: for the script to draw in (without scripts, a way to the other mode), or the painted picture.

    `choosing` is the address that the script goes to when a place is chosen, with {} for its code.
    """
    without = html.P(
        ["Para ver el mapa sin JavaScript, pase al ", html.A("modo accesible", href=accessible_address), "."]
    )
    return html.Div(
        html.Div(
            inner or Markup(f"<noscript>{to_html(without)}</noscript>{empty_map()}"),
            id="mapa",
            className="mapa",
            **Attributes(
                {
                    "data-propio": "",
                    "data-destino": choosing,
                    "data-nacional": site.file_url("mapa_nacional.json"),
                    "data-detalle": site.file_url("mapa_{dd}.json"),
                    "data-lugares": site.places_url,
                }
            ),
        ),
        id="marco-mapa",
    )


def embedded_state(state: Mapping[str, Any]) -> Markup:
    """`state` as a data block that no browser executes; "<" is escaped so that no text can close it."""
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(f'<script type="application/json" id="estado-inicial">{text}</script>')
