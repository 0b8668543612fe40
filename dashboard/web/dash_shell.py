"""The Dash side of the site: an empty copy of the page that one callback, address -> results, fills and keeps filled."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dash import ClientsideFunction, Input, Output, dcc, html
from fastapi import FastAPI
from markupsafe import Markup

from dashboard import ASSETS
from dashboard.address.parameters import query_of
from dashboard.pages import LIVE, mapa, padron
from dashboard.pages.model import face_of
from dashboard.render.dash_doors import QuietDash, open_no_websocket
from dashboard.render.html import to_html
from dashboard.render.pictures import bars
from dashboard.web.serving import ServedReleases

#: Bundles that nothing on our pages uses, or that only the charts do: on a slow line each takes seconds to download.
UNUSED = re.compile(r"dash_table")
FOR_CHARTS = re.compile(r'src="([^"]*polyfill[^"]*)"')
LONGEST_ADDRESS = 4_000


class LiveDash(QuietDash):
    """A Dash app whose page is ours: it hands over its script tags instead of writing the document."""

    def interpolate_index(
        self,
        metas: str = "",
        title: str = "",
        css: str = "",
        config: str = "",
        scripts: str = "",
        app_entry: str = "",
        favicon: str = "",
        renderer: str = "",
    ) -> str:
        # Deferred, and started by assets/sitio.js: the words and the map are on screen before Dash arrives.
        tags = re.findall(r"<script[^>]*></script>", scripts)
        wanted = [tag for tag in tags if not UNUSED.search(tag) and not FOR_CHARTS.search(tag)]
        deferred = "".join(tag.replace("<script", "<script defer") for tag in wanted)
        later = " ".join(FOR_CHARTS.findall(scripts))
        return f'<div id="react-entry-point" hidden data-graficas="{later}"></div>{config}{deferred}'

    def tags(self) -> Markup:
        """The mounting point, Dash's configuration and its scripts."""
        return Markup(self.interpolate_index(config=self.config_html(), scripts=self.scripts_html()))


def create_dash(server: FastAPI, served: ServedReleases) -> LiveDash:
    """A Dash app on `server` that answers the filters of the live pages from the current release."""
    open_no_websocket()
    # Dash documents both arguments (a server, and no title while it updates); its annotations accept neither.
    denied: dict[str, Any] = {"server": server, "update_title": None}
    app = LiveDash(
        __name__,
        backend="fastapi",
        assets_folder=str(ASSETS),
        include_assets_files=False,
        add_log_handler=False,
        **denied,
    )
    app.layout = html.Div(
        [mapa.skeleton({}), *(dcc.Store(id=name) for name in ("inicio", "consulta", "estado", "vistas", "pintado"))]
    )
    _register(app, served)
    return app


def _register(app: LiveDash, served: ServedReleases) -> None:
    @app.callback(
        [Output("estado", "data")],
        Input("consulta", "data"),
        prevent_initial_call=True,
    )
    def results(consulta: Any) -> list[dict[str, Any]]:
        """Everything the page shows for one address: its state and, as HTML, its parts by element id. A browser reads HTML in
        a fraction of what building the same from components takes. Charts that Plotly already draws are left to it.
        """
        site = served.current
        address, drawn = _asked(consulta)
        parts = urlsplit(address)
        page = LIVE.get(parts.path, padron.MAP)
        asked = page.parsed(site, query_of(parse_qsl(parts.query)))
        filled = page.fill(site, asked, face_of(page.path, False))
        blocks = {name: to_html(filled[name]) for name in mapa.BLOCKS}
        for slot, answer in page.figures(site, asked.selection).items():
            if slot not in drawn:
                blocks[f"{slot}-lienzo"] = to_html(answer and bars(answer))
        return [page.state(site, asked) | {"pedida": address, "bloques": blocks}]

    def clientside(function: str, *arguments: Any, **options: Any) -> None:
        app.clientside_callback(ClientsideFunction("padron", function), *arguments, **options)

    clientside("iniciar", Output("consulta", "data"), Input("inicio", "data"))
    clientside("pintar", Output("pintado", "data"), Input("estado", "data"), prevent_initial_call=True)
    clientside(
        "graficar",
        *(Output(name, "children") for name in mapa.PICTURES),
        Input("vistas", "data"),
        Input("estado", "data"),
        prevent_initial_call=True,
    )


def _asked(consulta: Any) -> tuple[str, frozenset[str]]:
    """The address and the charts already drawn, as the browser says them; what is not of its type is left out."""
    asked = consulta if isinstance(consulta, dict) else {}
    address, drawn = asked.get("url"), asked.get("dibujadas")
    return (
        address[:LONGEST_ADDRESS] if isinstance(address, str) else "",
        frozenset(item for item in drawn if isinstance(item, str)) if isinstance(drawn, list) else frozenset(),
    )
