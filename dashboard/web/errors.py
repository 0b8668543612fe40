"""What a visitor reads when there is no answer: a page of the site, never a trace."""

from __future__ import annotations

import logging
from datetime import datetime

from dash import html
from fastapi import FastAPI, HTTPException
from fastapi import Request as HttpRequest
from fastapi.responses import Response
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.figures.measures import Unaskable
from dashboard.pages import Page, Request, Screen
from dashboard.pages.model import ACCESSIBLE_ROOT, NothingHere, face_of
from dashboard.render.dash_doors import DependencyException
from dashboard.site import Site
from dashboard.web import problems
from dashboard.web.api import READ, Refused, refused
from dashboard.web.document import html_response
from dashboard.web.made_files import NotKept, TooBusy
from dashboard.web.parts import NotSatisfiable, WantsAnother
from dashboard.web.problems import FOR_PROGRAMS, problem, reads_problems, told_at_the_door
from dashboard.web.security import NOT_KEPT, SecurityHeaders
from dashboard.web.sent_files import Left
from dashboard.web.serving import ServedReleases
from dashboard.words import long_date
from etl.country import COUNTRY
from etl.release import DamagedError
from etl.release.register import WithdrawnError

log = logging.getLogger(__name__)

NOT_FOUND = "No hay nada en esta dirección"
TEXTS = {
    404: (NOT_FOUND, "Puede que la dirección esté mal escrita o que la página ya no exista."),
    405: ("Esta dirección no toma ese método", "El encabezado Allow dice cuáles toma."),
}
OTHERWISE = ("No se pudo responder", "Revise la dirección e intente de nuevo.")
BROKEN = ("Algo falló al preparar esta página", "No es culpa suya. Intente de nuevo o vuelva al inicio.")
DAMAGED = "Esta página no se puede mostrar en este momento"
WHY_DAMAGED = (
    "Necesita un archivo de la publicación que se dañó en el disco ({}), y una cifra que no sea la publicada no se muestra. "
    "Quien opera el sitio lo repara al publicar otra vez; las demás páginas siguen funcionando."
)
WITHDRAWN = "Esta publicación ya no se muestra"
#: The second way out of a page of errors.
TO_REGISTRY, OTHER_RELEASES = ("Ver el padrón", "/padron"), ("Ver todas las publicaciones", "/publicaciones")
RETRY, SOON = {"Retry-After": "60"}, {"Retry-After": "10"}
BUSY = ("Hay muchos archivos en preparación", "Intente de nuevo en unos segundos.")
NO_ROOM = (
    "Este archivo no se puede preparar en este momento",
    "El servidor no tiene dónde guardarlo mientras lo prepara. Los archivos de la publicación se descargan como siempre.",
)
#: How a visitor tells an operator which request failed: the log has its trace under the same name.
CALLED = "Si escribe a quien opera el sitio, dígale que fue la petición {}."
PAGE = Page("/", "Error", lambda site, request: Screen("", "", ()), in_menu=False)


def serve_errors(app: FastAPI, served: ServedReleases) -> None:
    """Answer every unknown address and every known error with a page."""

    @app.exception_handler(StarletteHTTPException)
    def known(http: HttpRequest, error: StarletteHTTPException) -> Response:
        answer = _show(served.current, http, error.status_code, *TEXTS.get(error.status_code, OTHERWISE))
        if allowed := (error.headers or {}).get("Allow"):  # of the routes of one address, Starlette names the first
            sent = ["POST"] if "POST" in allowed else []
            answer.headers["Allow"] = ", ".join([*READ, *sent]) if {"GET", "HEAD"} & {*allowed.split(", ")} else allowed
        return answer

    @app.exception_handler(Refused)
    def cannot_be_honoured(http: HttpRequest, error: Refused) -> Response:
        return refused(error)

    @app.exception_handler(NothingHere)
    def missing(http: HttpRequest, error: NothingHere) -> Response:
        return _show(served.current, http, 404, NOT_FOUND, str(error))

    @app.exception_handler(DependencyException)
    def no_such_script(http: HttpRequest, error: DependencyException) -> Response:
        # Dash's way of saying that a script of its own does not exist.
        return _show(served.current, http, 404, *TEXTS[404])

    @app.exception_handler(Unaskable)
    def unaskable(http: HttpRequest, error: Unaskable) -> Response:
        return _show(served.current, http, 404, "La fuente no publica esa combinación", str(error))

    @app.exception_handler(DamagedError)
    def damaged(http: HttpRequest, error: DamagedError) -> Response:
        answer = _show(served.current, http, 503, DAMAGED, WHY_DAMAGED.format(error.file))
        answer.headers.update(RETRY)
        return answer

    @app.exception_handler(WithdrawnError)
    def withdrawn(http: HttpRequest, error: WithdrawnError) -> Response:
        return _tombstone(served.current, http, error)

    _serve_errors_of_files(app, served)

    @app.api_route("/{path:path}", methods=READ, include_in_schema=False)
    def nothing_here(path: str) -> Response:
        raise HTTPException(404)


def _serve_errors_of_files(app: FastAPI, served: ServedReleases) -> None:
    @app.exception_handler(TooBusy)
    def too_busy(http: HttpRequest, error: TooBusy) -> Response:
        answer = _show(served.current, http, 503, *BUSY)
        answer.headers.update(SOON)
        return answer

    @app.exception_handler(NotKept)
    def not_kept(http: HttpRequest, error: NotKept) -> Response:
        log.error("no se pudo guardar lo que pide %s: %s", http.url.path, error)
        answer = _show(served.current, http, 503, *NO_ROOM)
        answer.headers.update(RETRY)
        return answer

    @app.exception_handler(NotSatisfiable)
    def not_satisfiable(http: HttpRequest, error: NotSatisfiable) -> Response:
        return problems.not_satisfiable(error)

    @app.exception_handler(WantsAnother)
    def wants_another(http: HttpRequest, error: WantsAnother) -> Response:
        return problems.another_version(error)

    @app.exception_handler(Left)
    def left(http: HttpRequest, error: Left) -> Response:
        return Response(status_code=499)  # nobody reads it


class Faults:
    """ASGI middleware: what nobody expected leaves its trace in the log, under the id of the request, and a visitor gets a page
    that says that id and the way out.
    """

    def __init__(self, app: ASGIApp, served: ServedReleases) -> None:
        self.app, self.served = app, served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            log.exception("falló la petición %s: %s %s", scope["padron.id"], scope["method"], scope["path"])
            if begun:  # half an answer is cut: whoever receives it sees that it is not whole
                raise
            await SecurityHeaders(self._told(scope))(scope, receive, send)

    def _told(self, scope: Scope) -> Response:
        title, text = BROKEN
        text = f"{text} {CALLED.format(scope['padron.id'])}"
        try:
            return _show(self.served.current, HttpRequest(scope), 500, title, text)
        except Exception:  # not even the page that says it
            log.exception("tampoco se pudo preparar la página que lo dice")
            return told_at_the_door(scope, 500, title, f"{title}. {text}")


def _tombstone(site: Site, http: HttpRequest, error: WithdrawnError) -> Response:
    """What is told of a release that was published and is not served any more."""
    listed = error.listed
    said = f"{str(error)[:1].upper()}{str(error)[1:]}."
    if "retirada" in listed:
        day = long_date(datetime.fromisoformat(listed["retirada"]).astimezone(COUNTRY.zone).date())
        said = f"La publicación {listed['publicacion']} se retiró el {day}: {listed.get('motivo', '').rstrip('.')}."
    if reads_problems(http.scope):
        answer: Response = problem(410, WITHDRAWN, said, **listed)
    else:
        answer = _page(site, http, 410, WITHDRAWN, said, OTHER_RELEASES)
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


def _show(site: Site, http: HttpRequest, status: int, title: str, text: str) -> Response:
    answer = problem(status, title, text) if reads_problems(http.scope) else _page(site, http, status, title, text)
    if not http.scope["path"].startswith(FOR_PROGRAMS):
        answer.headers["Vary"] = "Accept"
    return answer


def _page(
    site: Site, http: HttpRequest, status: int, title: str, text: str, way: tuple[str, str] = TO_REGISTRY
) -> Response:
    face = face_of("/", http.scope["path"].startswith(ACCESSIBLE_ROOT))
    root = ACCESSIBLE_ROOT if face.accessible else ""
    content = html.Div(
        [
            html.H1(title),
            html.P(text, className="respuesta"),
            html.P([html.A("Ir al inicio", href=f"{root}/"), " · ", html.A(way[0], href=f"{root}{way[1]}")]),
        ],
        className="error prosa",
    )
    screen = Screen(f"{title} | Padrón Abierto", text, (content,), status=status)
    return html_response(site, PAGE, Request({}, face), screen)
