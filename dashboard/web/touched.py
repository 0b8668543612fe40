"""The sheets to touch of a map: `/tacto/<tema>/<lugar>.pdf`, each of its pages as SVG, and its table for a braille printer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException
from fastapi import Request as HttpRequest
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.address.named_release import OF_RELEASE, with_pin
from dashboard.address.parameters import Parameter, Question, query_of
from dashboard.address.profiles import COUNTRY_NAME
from dashboard.pages.model import NothingHere
from dashboard.pages.touched import SAID, parameters, with_place
from dashboard.render.tactile.offered import COUNTRY_TITLE, FORMATS, OF_DEPARTAMENTO, PATH, TOPICS
from dashboard.render.tactile.sheet import Told, told
from dashboard.render.tactile.written import write
from dashboard.site import Site
from dashboard.view import View
from dashboard.views import VIEWS
from dashboard.web import links
from dashboard.web.api import READ, Refused, refusal, to_latest
from dashboard.web.made_files import MadeFiles, Making
from dashboard.web.pinned import pin_of
from dashboard.web.security import BY_OTHERS, FOR_EVER
from dashboard.web.sent_files import sent, while_there
from dashboard.web.serving import ServedReleases
from etl.country import COUNTRY
from etl.release.register import cutoff_of

MOST_PAGES = 12
PAGE = Parameter(
    "pagina",
    "Página",
    "Página de la lámina, en SVG: la primera es el mapa",
    {str(number): str(number) for number in range(1, MOST_PAGES + 1)},
    "1",
    control=False,
)


@dataclass(frozen=True)
class Sheet:
    """What an address asks: the view of a topic, its question, the place («» is the country), a format, a page and the release
    that it names.
    """

    site: Site
    view: View
    question: Question
    place: str
    suffix: str
    page: int
    named: str

    @property
    def key(self) -> str:
        """The same for every way of writing the question."""
        return f"tacto {self.site.release.id} {self.view.name} {self.question!r} {self.suffix} {self.page}"

    @property
    def address(self) -> str:
        """Where the same is for ever."""
        asked: Any = self.question
        path = address_of_sheet(self.view.topic, self.place, self.suffix)
        own = replace(asked, departamento=None, nivel=type(asked)().nivel).url(path)
        more = f"{'&' if '?' in own else '?'}{PAGE.name}={self.page}" if self.page > 1 else ""
        return with_pin(own + more, self.site.release.id)

    def told(self) -> Told:
        """What it says. Unaskable if the release has not the figures, or the borders."""
        answer = self.site.answer(self.view.name, self.question)
        shapes = self.site.shapes(self.place or None)
        layer = shapes["municipios" if self.place else "departamentos"]
        name = OF_DEPARTAMENTO.format(nombre=self.site.names[self.place]) if self.place else COUNTRY_TITLE
        return told(answer, layer, name.format(pais=COUNTRY.name))

    def prepare(self) -> Making:
        """How to make the file: to find where everything goes takes half a second, in another process."""
        mark = "sintetico_" if self.site.release.synthetic else ""
        page = f"_{PAGE.name}_{self.page}" if self.suffix == "svg" else ""
        asked = "".join(f"_{value}" for name, value in self.question.parameters().items() if name not in SAID)
        name = f"{mark}tacto_{self.view.topic}_{self.place or COUNTRY_NAME}{asked}{page}_{self.site.release.id}"
        day = cutoff_of(self.site.release.id)
        return Making(
            partial(write, self.told(), self.suffix, self.page, day),
            f"{name}.{self.suffix}",
            apart=self.suffix != "brf",
        )


def address_of_sheet(topic: str, place: str, suffix: str) -> str:
    """The path of a sheet; `place` is a departamento, or «» for the country."""
    return PATH.format(tema=topic, lugar=place or COUNTRY_NAME, formato=suffix)


def taken(served: ServedReleases, topic: str, place: str, suffix: str, query: str) -> Sheet:
    """What an address asks. 404 if there is no such topic, place or format; Refused if it cannot be honoured."""
    if topic not in TOPICS or suffix not in FORMATS:
        raise HTTPException(404, "No hay láminas de ese tema o en ese formato.")
    named, rest = pin_of(query)
    site, view = served.named(named), VIEWS[TOPICS[topic]]
    if place != COUNTRY_NAME and place not in site.territories.departamentos:
        raise HTTPException(404, "Hay láminas del país («pais») y de cada departamento, por su código de dos cifras.")
    code = "" if place == COUNTRY_NAME else place
    given = query_of(parse_qsl(rest, keep_blank_values=True, errors="replace"))
    own = (PAGE, OF_RELEASE) if suffix == "svg" else (OF_RELEASE,)
    page = given.pop(PAGE.name, PAGE.default) if PAGE in own else PAGE.default
    said = [name for name in given if name in SAID]
    asked = view.asked(with_place({name: given[name] for name in given if name not in SAID}, code), site.data)
    wrong = [] if page in PAGE.values else [f"No hay «{page[:40]}» en {PAGE.name}."]
    unknown = [f"«{name[:40]}» no es un parámetro de esta dirección." for name in (*said, *asked.unknown)]
    if reasons := [*unknown, *map(refusal, asked.notices), *wrong]:
        raise Refused(reasons, (*parameters(site, view), *own))
    return Sheet(site, view, view.part(asked.selection), code, suffix, int(page), named)


def router(served: ServedReleases, files: MadeFiles) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.api_route(PATH, methods=READ, include_in_schema=False)
    async def sheet(http: HttpRequest, tema: str, lugar: str, formato: str) -> Response:
        if away := to_latest(served, http):
            return away
        found = await run_in_threadpool(taken, served, tema, lugar, formato, http.url.query)
        file = await while_there(http, files.made(found.key, found.prepare))
        if not file.size:
            raise NothingHere("La lámina no tiene tantas páginas.")
        told = links.of_something(found.site.release, found.address)
        return await sent(http, files, file, FORMATS[formato].media_type, FOR_EVER if found.named else BY_OTHERS, told)

    return routes
