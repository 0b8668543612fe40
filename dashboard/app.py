"""The site of one release: FastAPI serves pages and files, Dash answers the filters. Nothing happens at import time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from brotli_asgi import BrotliMiddleware
from fastapi import FastAPI
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

from dashboard.assets_url import ASSETS
from dashboard.downloads import READ, router
from dashboard.errors import serve_errors
from dashboard.frame import html_response
from dashboard.live import LiveDash, create_dash
from dashboard.pages import PAGES, Page, Request
from dashboard.pages.model import face_of
from dashboard.security import FOR_EVER, SecurityHeaders
from dashboard.site import Site
from etl.release import Release, ReleaseError

DESCRIPTION = "Cifras del padrón electoral de Guatemala. Los mismos parámetros que las páginas."


def create_app(release_path: Path | str) -> FastAPI:
    """The application serving the release at `release_path`; without a readable one, every address answers 503 and why."""
    app = FastAPI(
        title="Padrón Abierto",
        description=DESCRIPTION,
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    try:
        site = Site(Release.open(release_path))
    except ReleaseError as error:
        _refuse_everything(app, str(error))
    else:
        _serve(app, site)
    app.add_middleware(BrotliMiddleware, quality=5, minimum_size=500)
    app.add_middleware(SecurityHeaders)
    return app


def _refuse_everything(app: FastAPI, reason: str) -> None:
    @app.api_route("/{path:path}", methods=READ, include_in_schema=False)
    def unavailable(path: str) -> Response:
        body = {"estado": "sin publicación", "motivo": reason}
        return JSONResponse(body, status_code=503, headers={"Retry-After": "30"})


def _serve(app: FastAPI, site: Site) -> None:
    app.mount("/assets", ImmutableAssets(directory=ASSETS), name="assets")
    app.include_router(router(site))
    live = create_dash(app, site)
    for page in PAGES:
        _serve_page(app, site, page, live)
    serve_errors(app, site)


def _serve_page(app: FastAPI, site: Site, page: Page, live: LiveDash) -> None:
    for accessible in (False, True):

        def serve(http: HttpRequest, accessible: bool = accessible) -> Response:
            parameters = http.path_params
            face = face_of(page.path.format(**parameters), accessible)
            request = Request(dict(http.query_params), face, parameters)
            tags = live.tags() if page.live and not face.accessible else None
            return html_response(site, page, request, page.screen(site, request), http, tags)

        pattern = face_of(page.path, accessible).path
        for address in sorted({pattern, pattern.rstrip("/") or "/"}):
            # Before Dash's own index, which would take "/".
            app.router.routes.insert(0, _route(address, serve))


def _route(address: str, serve: Callable[..., Response]) -> APIRoute:
    return APIRoute(address, serve, methods=READ, include_in_schema=False)


class ImmutableAssets(StaticFiles):
    """Our own static files; an address that carries the content's hash never changes."""

    def file_response(self, *arguments, **options) -> Response:
        response = super().file_response(*arguments, **options)
        scope = arguments[2] if len(arguments) > 2 else options["scope"]
        if b"v=" in scope.get("query_string", b""):
            response.headers["Cache-Control"] = FOR_EVER
        return response
