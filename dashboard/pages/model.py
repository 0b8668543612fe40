"""What a page is: an address, a name and a function that builds its content for one request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.render.blocks import Face
from dashboard.render.html import to_html
from dashboard.site import Site

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
    `picture` the address of the image that is shown when the page is shared."""

    title: str
    description: str
    content: tuple[Component | Markup, ...]
    query_string: str = ""
    state: Mapping[str, Any] | None = None
    search: str = ""
    status: int = 200
    picture: str | None = None


@dataclass(frozen=True)
class Page:
    """A page of the site, in both modes. `path` may have {parts}. `scripts` are the assets its visual mode needs; `live`
    says whether Dash answers its filters; `fixed`, that only the release decides what it says.
    """

    path: str
    name: str
    build: Callable[[Site, Request], Screen]
    in_menu: bool = True
    scripts: tuple[str, ...] = field(default=("buscador.js",))
    live: bool = False
    fixed: bool = False

    def screen(self, site: Site, request: Request) -> Screen:
        """Its content for one request; a fixed page, the same whatever is asked, is written once for each face."""
        if not self.fixed:
            return self.build(site, request)
        key = (self.path, request.face.accessible)
        if key not in site.fixed_screens:
            built = self.build(site, request)
            written = Markup("".join(to_html(node) for node in built.content))
            site.fixed_screens[key] = replace(built, content=(written,))
        return site.fixed_screens[key]


def face_of(page_path: str, accessible: bool) -> Face:
    """The face of the page at `page_path` in one mode."""
    return Face((ACCESSIBLE_ROOT if accessible else "") + page_path, accessible)


def map_frame(site: Site, inner: Markup | None, accessible_address: str) -> Component:
    """Where the map goes: for the script to draw in (without scripts, a way to the other mode), or the painted picture."""
    without = html.P(
        ["Para ver el mapa sin JavaScript, pase al ", html.A("modo accesible", href=accessible_address), "."]
    )
    return html.Div(
        html.Div(
            inner or Markup(f"<noscript>{to_html(without)}</noscript>"),
            id="mapa",
            className="mapa",
            **{
                "data-nacional": site.file_url("mapa_nacional.json"),
                "data-detalle": site.file_url("mapa_{dd}.json"),
                "data-lugares": site.places_url,
            },
        ),
        id="marco-mapa",
    )


def embedded_state(state: Mapping[str, Any]) -> Markup:
    """`state` as a data block that no browser executes; "<" is escaped so that no text can close it."""
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(f'<script type="application/json" id="estado-inicial">{text}</script>')
