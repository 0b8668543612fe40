"""The files of /analisis: the draft of an analysis with the figures that an address gathers, and the analyses of others."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException
from fastapi import Request as HttpRequest
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.address.basket import FIGURES, Basket
from dashboard.address.named_release import OF_RELEASE, with_pin
from dashboard.address.own import base_url
from dashboard.address.parameters import query_of
from dashboard.pages.analisis import PATH
from dashboard.pages.cards import Gathered, gathered
from dashboard.render.documents import DOCUMENTS, DocumentKind
from dashboard.render.report import report
from dashboard.render.snippets import HERE
from dashboard.web import links
from dashboard.web.api import READ, Refused, refuse, to_latest
from dashboard.web.made_files import MadeFile, MadeFiles, Making
from dashboard.web.pinned import pin_of
from dashboard.web.security import BY_OTHERS, FOR_EVER
from dashboard.web.sent_files import sent, while_there
from dashboard.web.serving import ServedReleases
from etl.release import ReleaseError
from etl.release.analyses import ANALYSES, FILE_TYPES, read_analyses
from etl.release.register import cutoff_of


def router(served: ServedReleases, files: MadeFiles) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.api_route(f"{PATH}/publicados/{{name}}", methods=READ, include_in_schema=False)
    async def published(http: HttpRequest, name: str) -> Response:
        refuse(dict(http.query_params), ())
        file = await run_in_threadpool(_published, served, name)
        kind = FILE_TYPES[name.rpartition(".")[2]]
        told = {
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        return await sent(http, files, file, kind, FOR_EVER, told)

    @routes.api_route(f"{PATH}/{{name}}", methods=READ, include_in_schema=False)
    async def document(http: HttpRequest, name: str) -> Response:
        kind = DOCUMENTS.get(name)
        if kind is None:
            raise HTTPException(404, f"Hay {', '.join(DOCUMENTS)}.")
        if away := to_latest(served, http):
            return away
        named, figures, basket = await run_in_threadpool(_figures, served, http.url.query)
        address = with_pin(basket.url(f"{PATH}/{name}"), figures[0].site.release.id)
        key = f"analisis {kind.file_name} {address} {base_url()}"
        file = await while_there(http, files.made(key, partial(_document, kind, figures, basket)))
        told = links.of_something(figures[0].site.release, address)
        return await sent(http, files, file, kind.media_type, FOR_EVER if named else BY_OTHERS, told)

    return routes


def _figures(served: ServedReleases, query: str) -> tuple[str, tuple[Gathered, ...], Basket]:
    """The release that an address names, the figures that it gathers, and the basket as the site writes it. Refused when it
    cannot be honoured.
    """
    named, rest = pin_of(query)
    given = query_of(parse_qsl(rest, keep_blank_values=True, errors="replace"))
    asked = Basket(given.pop(FIGURES.name, ""))
    figures, wrong = gathered(served.named(named), asked)
    unknown = [f"«{name[:40]}» no es un parámetro de esta dirección." for name in given]
    empty = [] if asked.figures else [f"Falta {FIGURES.name}: las cifras que se reúnen en {PATH}."]
    if reasons := [*unknown, *empty, *wrong]:
        raise Refused(reasons, (FIGURES, OF_RELEASE))
    return named, figures, asked.of(tuple(one.text for one in figures))


def _document(kind: DocumentKind, figures: tuple[Gathered, ...], basket: Basket) -> Making:
    """How to write a document. The pictures of one that has them take long, so another process makes it."""
    release = figures[0].site.release
    again = f"{base_url() or HERE}{with_pin(basket.url(PATH), release.id)}"
    cards = [one.card for one in figures]
    written = report(cards, release.id, cutoff_of(release.id), again)
    stem, _, suffix = kind.file_name.partition(".")
    name = f"{'sintetico_' if release.synthetic else ''}{stem}_{release.id}.{suffix}"
    return Making(partial(kind.write, written), name, long=kind.drawn, apart=kind.drawn)


def _published(served: ServedReleases, name: str) -> MadeFile:
    """A file of an analysis that is listed; 404 if there is none."""
    folder = served.current.release.root.parent
    try:
        found = next((one for one in read_analyses(folder) if one.get("archivo") == name), None)
        if found is None:
            raise HTTPException(404, "No hay ningún análisis publicado con ese archivo.")
        return MadeFile.of_path(folder / ANALYSES / name, found["sha256"])
    except (ReleaseError, OSError):
        raise HTTPException(503, "Ese archivo no se puede leer en este servidor.") from None
