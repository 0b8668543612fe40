"""The Dash side of the site: an empty copy of the page that one callback, address -> results, fills and keeps filled."""

from __future__ import annotations

import re
from typing import Any

from dash import ClientsideFunction, Input, Output, dcc, html
from fastapi import FastAPI
from markupsafe import Markup

from dashboard import ASSETS
from dashboard.pages import mapa
from dashboard.render.dash_doors import QuietDash, open_no_websocket
from dashboard.web.live import ANSWERED, ASKED

#: Bundles that nothing on our pages uses, or that only the charts do: on a slow line each takes seconds to download.
UNUSED = re.compile(r"dash_table")
FOR_CHARTS = re.compile(r'src="([^"]*polyfill[^"]*)"')


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


def create_dash(server: FastAPI) -> LiveDash:
    """A Dash app on `server` whose script asks for the answer to each change of the filters."""
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
    _register(app)
    return app


def _register(app: LiveDash) -> None:
    @app.callback([Output(ANSWERED, "data")], Input(ASKED, "data"), prevent_initial_call=True)
    def results(consulta: Any) -> Any:
        """Declares to Dash what its script asks and where the answer goes; `live` answers it before Dash is reached."""
        raise NotImplementedError("web.live answers")

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
