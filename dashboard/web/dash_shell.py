"""The Dash side of the site: one callback, from the address that the filters ask for to its page. A page of the site says where
Dash's scripts are, and assets/dash.js decides whether and when they come.
"""

from __future__ import annotations

import re
from typing import Any

from dash import ClientsideFunction, Input, Output, html
from fastapi import FastAPI
from markupsafe import Markup

from dashboard import ASSETS
from dashboard.render.dash_doors import QuietDash, open_no_websocket
from dashboard.web.live import ANSWERED, ASKED, SAID

#: Bundles that nothing on our pages uses: on a slow line each takes seconds to download.
UNUSED = re.compile(r"dash_table|dash_core|polyfill")
SOURCE = re.compile(r'<script[^>]* src="([^"]*)"[^>]*></script>')


class LiveDash(QuietDash):
    """A Dash app whose page is ours: it hands over the addresses of its scripts instead of writing the document."""

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
        wanted = " ".join(source for source in SOURCE.findall(scripts) if not UNUSED.search(source))
        return f'<div id="react-entry-point" hidden data-guiones="{wanted}"></div>{config}'

    def tags(self) -> Markup:
        """The mounting point, with the addresses of Dash's scripts, and Dash's configuration."""
        return Markup(self.interpolate_index(config=self.config_html(), scripts=self.scripts_html()))


def create_dash(server: FastAPI) -> LiveDash:
    """A Dash app on `server` whose script asks for the page of each change of the filters."""
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
    app.layout = html.Div([html.Data(id=name) for name in (ASKED, ANSWERED, "llegado")])
    _register(app)
    return app


def _register(app: LiveDash) -> None:
    @app.callback([Output(ANSWERED, SAID)], Input(ASKED, SAID), prevent_initial_call=True)
    def results(asked: Any) -> Any:
        """Declares to Dash what its script asks and where the answer goes; `live` answers it before Dash is reached."""
        raise NotImplementedError("web.live answers")

    arrived = ClientsideFunction("padron", "llego")
    app.clientside_callback(arrived, Output("llegado", SAID), Input(ANSWERED, SAID))
