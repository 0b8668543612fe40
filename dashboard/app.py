"""The site of one release: FastAPI serves pages and files, Dash answers the filters. Nothing happens at import time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

from dash import html
from fastapi import FastAPI, HTTPException
from fastapi import Path as PathParameter
from fastapi import Request as HttpRequest
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException

from dashboard.assets_url import ASSETS
from dashboard.filters import parse
from dashboard.frame import document
from dashboard.indicators import TOPICS
from dashboard.live import LiveDash, create_dash
from dashboard.measures import Unaskable
from dashboard.pages import PAGES, Page, Request, Screen
from dashboard.pages.model import ACCESSIBLE_ROOT, NothingHere, face_of
from dashboard.render.files import FORMATS, to_csv
from dashboard.security import FOR_EVER, SecurityHeaders
from dashboard.site import Site
from dashboard.views import VIEWS
from etl.release import Release, ReleaseError

RELEASE_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}")
READ = ["GET", "HEAD"]


def create_app(release_path: Path | str) -> FastAPI:
    """The application serving the release at `release_path`. With no readable release, every address answers 503 and why."""
    app = FastAPI(
        title="Padrón Abierto",
        description="Cifras del padrón electoral de Guatemala. Los mismos parámetros que las páginas.",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    try:
        site = Site(Release.open(release_path))
    except ReleaseError as error:
        _refuse_everything(app, str(error))
        return _with_headers(app)
    _serve_files(app, site)
    live = create_dash(app, site)
    for page in PAGES:
        _serve_page(app, site, page, live)
    _serve_errors(app, site)
    return _with_headers(app)


def _with_headers(app: FastAPI) -> FastAPI:
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=6)
    app.add_middleware(SecurityHeaders)
    return app


def _refuse_everything(app: FastAPI, reason: str) -> None:
    @app.api_route("/{path:path}", methods=READ, include_in_schema=False)
    def unavailable(path: str) -> Response:
        body = {"estado": "sin publicación", "motivo": reason}
        return JSONResponse(body, status_code=503, headers={"Retry-After": "30"})


def _serve_page(app: FastAPI, site: Site, page: Page, live: LiveDash) -> None:
    for accessible in (False, True):
        pattern = face_of(page.path, accessible).path

        def serve(http: HttpRequest, accessible=accessible) -> Response:
            parameters = http.path_params
            face = face_of(page.path.format(**parameters), accessible)
            request = Request(dict(http.query_params), face, parameters)
            tags = live.tags() if page.live and not face.accessible else None
            return _html(document(site, page, request, page.build(site, request), tags), http)

        addresses = {pattern, pattern.rstrip("/")} if pattern != "/" else {"/"}
        for address in sorted(addresses):
            # Before Dash's own index, which would take "/".
            app.router.routes.insert(0, _route(address, serve))


def _route(address: str, serve: Callable) -> APIRoute:
    return APIRoute(address, serve, methods=READ, include_in_schema=False)


def _html(text: str, http: HttpRequest, status: int = 200) -> Response:
    body = text.encode()
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    if status == 200 and http.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, status, {"ETag": etag}, "text/html; charset=utf-8")


class ImmutableAssets(StaticFiles):
    """Our own static files; an address that carries the content's hash never changes."""

    def file_response(self, *arguments, **options) -> Response:
        response = super().file_response(*arguments, **options)
        scope = arguments[2] if len(arguments) > 2 else options["scope"]
        if b"v=" in scope.get("query_string", b""):
            response.headers["Cache-Control"] = FOR_EVER
        return response


def _serve_files(app: FastAPI, site: Site) -> None:
    app.mount("/assets", ImmutableAssets(directory=ASSETS), name="assets")

    @app.api_route("/salud", methods=READ, tags=["servicio"], summary="Estado del sitio")
    def health() -> Mapping[str, str]:
        return {"estado": "bien", "publicacion": site.release.id}

    @app.api_route("/lugares/{release_id}.json", methods=READ, include_in_schema=False)
    def places(release_id: str) -> Response:
        if release_id != site.release.id:
            raise HTTPException(404, "Esa publicación no es la vigente.")
        return Response(site.places, media_type="application/json", headers={"Cache-Control": FOR_EVER})

    @app.api_route(
        "/descargas/vista/{view}.{suffix}", methods=READ, tags=["descargas"], summary="Lo que muestra una vista"
    )
    def view_file(
        http: HttpRequest,
        view: Annotated[str, PathParameter(description=f"Una de: {', '.join(VIEWS)}")],
        suffix: Annotated[str, PathParameter(description=f"Una de: {', '.join(FORMATS)}")],
    ) -> Response:
        """El archivo de exactamente lo que muestra la página, con sus mismos parámetros (indicador, departamento, sexo, edad,
        alfabetismo, ver, lugar)."""
        if view not in VIEWS or suffix not in FORMATS:
            raise HTTPException(404, "No hay una vista o un formato con ese nombre.")
        return _answer_file(site, view, suffix, http)

    @app.api_route(
        "/descargas/{release_id}/{name}", methods=READ, tags=["descargas"], summary="Un archivo de una publicación"
    )
    def whole_file(release_id: str, name: str) -> Response:
        """Un archivo entero de una publicación, vigente o anterior; no cambia nunca."""
        try:
            path = (
                _release(site, release_id).root / name if name in CATALOGUES else _release(site, release_id).path(name)
            )
        except ReleaseError as error:
            raise HTTPException(404, str(error)) from None
        return FileResponse(path, headers={"Cache-Control": FOR_EVER})


CATALOGUES = ("manifest.json", "datapackage.json")


def _release(site: Site, release_id: str) -> Release:
    """The release called `release_id`: the one being served or an older one beside it."""
    if release_id == site.release.id:
        return site.release
    if not RELEASE_NAME.fullmatch(release_id):
        raise ReleaseError(f"no hay ninguna publicación llamada {release_id[:40]}")
    return Release.open(site.release.root.parent / release_id)


def _answer_file(site: Site, view: str, suffix: str, http: HttpRequest) -> Response:
    selection = parse(dict(http.query_params), TOPICS[VIEWS[view].topic].catalogue, site.territories).selection
    answer = site.answer(view, selection)
    form = FORMATS[suffix]
    body = to_csv(answer, for_excel=True) if suffix == "csv" and "excel" in http.query_params else form.write(answer)
    name = "_".join([view, *selection.parameters().values(), answer.release])
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return Response(body, media_type=form.media_type, headers=headers)


def _serve_errors(app: FastAPI, site: Site) -> None:
    page = Page("/", "Error", lambda site, request: Screen("", "", ()), in_menu=False)

    def show(http: HttpRequest, status: int, title: str, text: str) -> Response:
        face = face_of("/", http.url.path.startswith(ACCESSIBLE_ROOT))
        root = ACCESSIBLE_ROOT if face.accessible else ""
        content = html.Div(
            [
                html.H1(title),
                html.P(text, className="respuesta"),
                html.P(
                    [html.A("Ir al inicio", href=f"{root}/"), " · ", html.A("Ver el padrón", href=f"{root}/padron")]
                ),
            ],
            className="error prosa",
        )
        screen = Screen(f"{title} | Padrón Abierto", text, (content,), status=status)
        return _html(document(site, page, Request({}, face), screen), http, status)

    @app.exception_handler(StarletteHTTPException)
    def known(http: HttpRequest, error: StarletteHTTPException) -> Response:
        texts = {
            404: (
                "No hay nada en esta dirección",
                "Puede que la dirección esté mal escrita o que la página ya no exista.",
            )
        }
        title, text = texts.get(error.status_code, ("No se pudo responder", "Revise la dirección e intente de nuevo."))
        return show(http, error.status_code, title, text)

    @app.exception_handler(NothingHere)
    def missing(http: HttpRequest, error: NothingHere) -> Response:
        return show(http, 404, "No hay nada en esta dirección", str(error))

    @app.exception_handler(Unaskable)
    def unaskable(http: HttpRequest, error: Unaskable) -> Response:
        return show(http, 404, "La fuente no publica esa combinación", str(error))

    @app.api_route("/{path:path}", methods=READ, include_in_schema=False)
    def nothing_here(path: str) -> Response:
        raise HTTPException(404)
