"""The site of the current release: FastAPI serves pages and files, Dash answers the filters. Nothing happens at import time."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi import Request as HttpRequest
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from dashboard.address.parameters import query_of
from dashboard.figures.used import noting_tables
from dashboard.pages import PAGES, Page, Request
from dashboard.pages.model import face_of
from dashboard.web import analyses, api, extracts, metadata, state, touched
from dashboard.web.admission import Admission
from dashboard.web.again import Again
from dashboard.web.answers import Answers
from dashboard.web.api import READ
from dashboard.web.at_once import AtOnce
from dashboard.web.ckan import routes as ckan
from dashboard.web.cross_origin import CrossOrigin
from dashboard.web.dash_shell import LiveDash, create_dash
from dashboard.web.document import html_response
from dashboard.web.embeds import router as embeds_router
from dashboard.web.errors import Faults, serve_errors
from dashboard.web.kept import KeptAnswers
from dashboard.web.limits import Limits
from dashboard.web.links import Described
from dashboard.web.made_files import MadeFiles
from dashboard.web.named import OnlyItsName, declared_name
from dashboard.web.notebooks import router as notebooks_router
from dashboard.web.observed import COUNTS_VARIABLE, LOG_VARIABLE, Observed, Seen
from dashboard.web.openapi import document
from dashboard.web.painting import pages_shelf, paint_what_everybody_opens
from dashboard.web.pinned import pin_of
from dashboard.web.rehearsal import rehearse
from dashboard.web.releases import router as releases_router
from dashboard.web.renderers import Renderers
from dashboard.web.routes import router
from dashboard.web.security import SecurityHeaders
from dashboard.web.serving import OnlyWithRelease, ServedReleases
from dashboard.web.shelf import Shelf, Workspace
from dashboard.web.written import write
from etl.release.preview import Preview

DESCRIPTION = "Cifras del padrón electoral de Guatemala. Los mismos parámetros que las páginas."


class DescribedApp(FastAPI):
    """An application whose OpenAPI document tells which parameters, and which of their values, the current release has."""

    def __init__(self, served: ServedReleases, **options: Any) -> None:
        super().__init__(**options)
        self.served = served

    def openapi(self) -> dict[str, Any]:
        """The document of the release that is served at the moment."""
        return document.openapi(self.served.current, super().openapi())


#: Bytes of pages that a process keeps in memory.
PAGES_IN_MEMORY = 12 << 20
#: Bytes of files that are made once and kept on the disk.
FILES_ON_DISK = 2 << 30


def create_app(
    release_path: Path | str,
    preview: Preview | None = None,
    workspace: Path | None = None,
    painted_first: bool = False,
    places: int | None = None,
    renderers: int = 0,
) -> FastAPI:
    """The application serving the release at `release_path`, and the next one when it is published there.

    While there is no readable one, every address answers 503 and why. With `preview`, every page says that it is not
    published and what changes in it. What is made once is kept in the folder `workspace`, which other processes may share, or
    in one of its own; `painted_first` makes the pages that everybody opens before a release is served, and rehearses
    a request of each kind; as many requests are
    worked on at a time as `places`, or as there are cores. Up to so many `renderers` help to make pages when visitors wait.
    """
    served = ServedReleases(release_path, preview)
    if workspace is None:
        own = Workspace()
        workspace = own.root
        atexit.register(own.close)
    kept = KeptAnswers(pages_shelf(workspace), PAGES_IN_MEMORY)
    files = MadeFiles(Shelf(workspace / "archivos", FILES_ON_DISK), workspace / "escritura")
    app = _described(served)
    app.include_router(extracts.router(served, workspace))
    live = _serve(app, served, files)
    if painted_first:
        rehearse(app)
        served.prepare(lambda site: paint_what_everybody_opens(site, kept, live.tags))
    app.add_middleware(OnlyWithRelease, served=served)
    app.add_middleware(SecurityHeaders)
    admission = Admission(places)
    helpers = Renderers(renderers, workspace)
    atexit.register(helpers.close)
    app.add_middleware(Answers, served=served, kept=kept, live_tags=live.tags, admission=admission, renderers=helpers)
    app.add_middleware(Again, served=served)
    app.add_middleware(AtOnce, served=served)
    app.add_middleware(CrossOrigin)
    app.add_middleware(Faults, served=served)
    if name := declared_name():
        app.add_middleware(OnlyItsName, name=name)
    app.add_middleware(Limits)
    if observers := _observers(admission):
        app.add_middleware(Observed, tell=observers)
    return app


def _described(served: ServedReleases) -> DescribedApp:
    """The application without anything that it serves."""
    return DescribedApp(
        served,
        title="Padrón Abierto",
        description=DESCRIPTION,
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )


def _observers(admission: Admission) -> list[Callable[[Seen], None]]:
    """Who is told of every request: whoever counts and whoever writes the log, if the operator asked for them."""
    asked: list[Callable[[Seen], None]] = []
    if os.environ.get(COUNTS_VARIABLE):
        from dashboard.web.counted import Counts

        asked.append(Counts(lambda: admission.waiting).count)
    if os.environ.get(LOG_VARIABLE):
        asked.append(write)
    return asked


def _serve(app: FastAPI, served: ServedReleases, files: MadeFiles) -> LiveDash:
    app.include_router(api.router(served, files))
    app.include_router(state.router(served))
    app.include_router(embeds_router(served, files))
    app.include_router(touched.router(served, files))
    app.include_router(analyses.router(served, files))
    app.include_router(releases_router(served, files))
    app.include_router(notebooks_router(served, files))
    app.include_router(metadata.router(served))
    app.include_router(ckan.router(served))
    app.include_router(router(served, files))
    live = create_dash(app)
    for page in PAGES:
        _serve_page(app, served, page, live)
    serve_errors(app, served)
    app.add_middleware(Described, served=served)
    return live


def _serve_page(app: FastAPI, served: ServedReleases, page: Page, live: LiveDash) -> None:
    for accessible in (False, True):

        def serve(http: HttpRequest, accessible: bool = accessible) -> Response:
            named, _ = pin_of(http.url.query) if page.kept else ("", "")
            site, parameters = served.named(named), http.path_params
            face = face_of(page.path.format(**parameters), accessible)
            request = Request(query_of(http.query_params.multi_items()), face, parameters)
            if address := page.moved(site, request):
                return RedirectResponse(address, 301)
            if address := page.follows(site, request):
                return RedirectResponse(address, 303)
            tags = live.tags() if page.live and not face.accessible else None
            with noting_tables() as used:
                screen = page.screen(site, request)
            return html_response(site, page, request, screen, tags, used)

        pattern = face_of(page.path, accessible).path
        for address in sorted({pattern, pattern.rstrip("/") or "/"}):
            # Before Dash's own index, which would take "/".
            app.router.routes.insert(0, _route(address, serve))


def _route(address: str, serve: Callable[..., Response]) -> APIRoute:
    return APIRoute(address, serve, methods=READ, include_in_schema=False)
