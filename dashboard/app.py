"""The site of the current release: FastAPI serves pages and files, Dash answers the filters. Nothing happens at import time."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from pathlib import Path
from typing import Any

from brotli_asgi import BrotliMiddleware
from fastapi import FastAPI
from fastapi import Request as HttpRequest
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

from dashboard import ASSETS
from dashboard.address.parameters import query_of
from dashboard.figures.used import noting_tables
from dashboard.pages import PAGES, Page, Request
from dashboard.pages.model import face_of
from dashboard.web import api, state
from dashboard.web.api import READ
from dashboard.web.dash_shell import LiveDash, create_dash
from dashboard.web.document import html_response
from dashboard.web.errors import serve_errors
from dashboard.web.made_files import MadeFiles
from dashboard.web.routes import router
from dashboard.web.security import FOR_EVER, SecurityHeaders
from dashboard.web.serving import OnlyWithRelease, ServedReleases
from dashboard.web.shelf import Shelf, Workspace
from etl.release.preview import Preview

DESCRIPTION = "Cifras del padrón electoral de Guatemala. Los mismos parámetros que las páginas."


class DescribedApp(FastAPI):
    """An application whose OpenAPI document tells which parameters, and which of their values, the current release has."""

    def __init__(self, served: ServedReleases, **options: Any) -> None:
        super().__init__(**options)
        self.served = served

    def openapi(self) -> dict[str, Any]:
        """The document of the release that is served at the moment."""
        return api.openapi(self.served.current, super().openapi())


#: Bytes of files that are made once and kept on the disk.
FILES_ON_DISK = 2 << 30


def create_app(release_path: Path | str, preview: Preview | None = None, workspace: Path | None = None) -> FastAPI:
    """The application serving the release at `release_path`, and the next one when it is published there.

    While there is no readable one, every address answers 503 and why. With `preview`, every page says that it is not
    published and what changes in it. What is made once is kept in the folder `workspace`, which other processes may share, or
    in one of its own.
    """
    served = ServedReleases(release_path, preview)
    if workspace is None:
        own = Workspace()
        workspace = own.root
        atexit.register(own.close)
    files = MadeFiles(Shelf(workspace / "archivos", FILES_ON_DISK), workspace / "escritura")
    app = DescribedApp(
        served,
        title="Padrón Abierto",
        description=DESCRIPTION,
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    _serve(app, served, files)
    app.add_middleware(OnlyWithRelease, served=served)
    app.add_middleware(BrotliMiddleware, quality=5, minimum_size=500, excluded_handlers=["^/descargas/"])
    app.add_middleware(SecurityHeaders)
    return app


def _serve(app: FastAPI, served: ServedReleases, files: MadeFiles) -> None:
    app.mount("/assets", ImmutableAssets(directory=ASSETS), name="assets")
    app.include_router(api.router(served, files))
    app.include_router(state.router(served))
    app.include_router(router(served, files))
    live = create_dash(app, served)
    for page in PAGES:
        _serve_page(app, served, page, live)
    serve_errors(app, served)


def _serve_page(app: FastAPI, served: ServedReleases, page: Page, live: LiveDash) -> None:
    for accessible in (False, True):

        def serve(http: HttpRequest, accessible: bool = accessible) -> Response:
            site, parameters = served.current, http.path_params
            face = face_of(page.path.format(**parameters), accessible)
            request = Request(query_of(http.query_params.multi_items()), face, parameters)
            if address := page.moved(site, request):
                return RedirectResponse(address, 301)
            tags = live.tags() if page.live and not face.accessible else None
            with noting_tables() as used:
                screen = page.screen(site, request)
            return html_response(site, page, request, screen, http, tags, used)

        pattern = face_of(page.path, accessible).path
        for address in sorted({pattern, pattern.rstrip("/") or "/"}):
            # Before Dash's own index, which would take "/".
            app.router.routes.insert(0, _route(address, serve))


def _route(address: str, serve: Callable[..., Response]) -> APIRoute:
    return APIRoute(address, serve, methods=READ, include_in_schema=False)


class ImmutableAssets(StaticFiles):
    """Our own static files; an address that carries the content's hash never changes."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        scope = arguments[2] if len(arguments) > 2 else options["scope"]
        if b"v=" in scope.get("query_string", b""):
            response.headers["Cache-Control"] = FOR_EVER
        return response
