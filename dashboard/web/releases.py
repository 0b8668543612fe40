"""What a site says of its releases: what is different between any two, an Atom feed, and addresses that lead to the latest."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException
from fastapi import Path as PathParameter
from fastapi import Request as HttpRequest
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.address.named_release import LATEST
from dashboard.address.own import base_url
from dashboard.figures.changes import changes
from dashboard.figures.releases import Known, known, opened
from dashboard.render.changes import CHANGES_FORMATS, Pair, summary
from dashboard.render.feed import MEDIA_TYPE, atom
from dashboard.render.formats import Writer
from dashboard.web import links
from dashboard.web.api import READ, readable, refuse, told_so
from dashboard.web.made_files import MadeFiles, Making
from dashboard.web.routes import OF_A_FILE, OF_A_RELEASE, found_file
from dashboard.web.security import BY_OTHERS, FOR_EVER
from dashboard.web.sent_files import sent, while_there
from dashboard.web.serving import ServedReleases
from dashboard.web.value_names import FILE, RELEASE, one_of
from etl.release import DamagedError, ReleaseError
from etl.release.register import WithdrawnError


def router(served: ServedReleases, files: MadeFiles) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    _latest(routes, served)
    for form in CHANGES_FORMATS.values():
        _changes(routes, served, files, form)

    @routes.api_route("/publicaciones.atom", methods=READ, include_in_schema=False)
    def feed(http: HttpRequest) -> Response:
        refuse(dict(http.query_params), ())
        every, release = known(served.current.release), served.current.release
        told = atom(every, base_url(), links.license_of(release), _newest(served, every))
        return Response(told, 200, {"Cache-Control": BY_OTHERS}, MEDIA_TYPE)

    return routes


def _newest(served: ServedReleases, every: tuple[Known, ...]) -> str:
    """What changed in the current release from the one before it; empty if that cannot be told."""
    current = served.current.release
    older = [item for item in every if item.opens and item.id != current.id]
    with suppress(ReleaseError):
        if older:
            return summary(changes(opened(current.root.parent / older[0].id), current)).plain()
    return ""


def _latest(routes: APIRouter, served: ServedReleases) -> None:
    @routes.api_route(
        f"/descargas/{LATEST}/{{name}}",
        methods=["GET"],
        tags=["descargas"],
        status_code=302,
        response_class=RedirectResponse,
        responses={status: told_so(status) for status in (400, 404, 410, 503)},
        summary="Un archivo de la publicación vigente: lleva a su dirección, que no cambia",
    )
    @routes.api_route(f"/descargas/{LATEST}/{{name}}", methods=["HEAD"], include_in_schema=False)
    async def latest(
        http: HttpRequest,
        name: Annotated[
            str, PathParameter(json_schema_extra=one_of(FILE), description="Su nombre", examples=[OF_A_FILE])
        ],
    ) -> Response:
        """La dirección a la que lleva es la que conviene citar: la de la publicación."""
        refuse(dict(http.query_params), ())
        release = served.current.release
        await run_in_threadpool(found_file, served, release.id, name)
        return RedirectResponse(links.file_address(release, name), 302, {"Cache-Control": BY_OTHERS})


Named = Annotated[
    str, PathParameter(json_schema_extra=one_of(RELEASE), description="Una publicación", examples=[OF_A_RELEASE])
]


def _changes(routes: APIRouter, served: ServedReleases, files: MadeFiles, form: Writer[Pair]) -> None:
    suffix = form.format.suffix

    @readable(
        routes,
        f"/descargas/cambios/{{before}}/{{after}}.{suffix}",
        kinds=[form.media_type],
        problems=(400, 404, 410, 503),
        tags=["descargas"],
        summary=f"Qué es distinto de una publicación a otra, en {form.format.name}",
    )
    async def different(http: HttpRequest, before: Named, after: Named) -> Response:
        refuse(dict(http.query_params), ())
        pair = await run_in_threadpool(_pair, served, before, after)
        making = Making(partial(form.write, pair), f"cambios_{before}_{after}.{suffix}", long=True, apart=True)
        file = await while_there(http, files.made(f"cambios {before} {after} {suffix}", lambda: making))
        told = links.of_something(pair.after, f"/descargas/cambios/{before}/{after}.{suffix}")
        return await sent(http, files, file, form.media_type, FOR_EVER, told)


def _pair(served: ServedReleases, before: str, after: str) -> Pair:
    """Both releases; 404 if there is none called so, WithdrawnError if it was withdrawn."""
    try:
        return Pair(served.release(before), served.release(after))
    except (DamagedError, WithdrawnError):
        raise
    except ReleaseError as error:
        raise HTTPException(404, str(error)) from None
