"""/analisis/cuadernos/<name>: a worked analysis as a notebook that reads this site, and the release that its address names."""

from __future__ import annotations

from functools import partial
from typing import BinaryIO

from fastapi import APIRouter, HTTPException
from fastapi import Request as HttpRequest
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.address.named_release import with_pin
from dashboard.address.own import base_url
from dashboard.pages.model import NothingHere
from dashboard.render.notebooks import NOTEBOOKS, Notebook, lacking, written
from dashboard.render.notebooks import PATH as NOTEBOOKS_PATH
from dashboard.render.snippets import HERE
from dashboard.web import links
from dashboard.web.api import READ, only_release, to_latest
from dashboard.web.made_files import MadeFiles, Making
from dashboard.web.security import BY_OTHERS, FOR_EVER
from dashboard.web.sent_files import sent, while_there
from dashboard.web.serving import ServedReleases
from etl.release import Release

BY_NAME = {notebook.name: notebook for notebook in NOTEBOOKS}
#: How many of the things that a release lacks are told.
TOLD = 3


def router(served: ServedReleases, files: MadeFiles) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.api_route(f"{NOTEBOOKS_PATH}{{name}}", methods=READ, include_in_schema=False)
    async def notebook(http: HttpRequest, name: str) -> Response:
        if (found := BY_NAME.get(name)) is None:
            raise HTTPException(404, "No hay un cuaderno con ese nombre.")
        if away := to_latest(served, http):
            return away
        named = only_release(http)
        release = await run_in_threadpool(_readable, served, named)
        address = base_url() or HERE
        making = Making(partial(_write, found, address, release.id), found.name)
        file = await while_there(http, files.made(f"cuaderno {name} {release.id} {address}", lambda: making))
        told = links.of_something(release, with_pin(f"{NOTEBOOKS_PATH}{name}", release.id))
        return await sent(http, files, file, found.media_type, FOR_EVER if named else BY_OTHERS, told)

    return routes


def _readable(served: ServedReleases, named: str) -> Release:
    """The release that an address names, or the current one; NothingHere if there is none or the notebooks cannot read it."""
    release = served.release_named(named)
    if missing := lacking(release):
        more = "" if len(missing) <= TOLD else f" y {len(missing) - TOLD} cosas más"
        raise NothingHere(
            f"La publicación {release.id} no trae lo que lee este cuaderno: {', '.join(missing[:TOLD])}{more}."
        )
    return release


def _write(notebook: Notebook, address: str, release: str, file: BinaryIO) -> None:
    file.write(written(notebook, address, release))
