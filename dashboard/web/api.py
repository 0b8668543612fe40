"""The machine face of the site: files of a view, the list of parameters, OpenAPI; all derive from the declared parameters.

What a file or the API cannot honour is refused with 400 and a problem (RFC 9457) that lists what is accepted: a program
must never get the answer to another question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.address.named_release import LATEST, OF_RELEASE, PUBLICATION, with_pin
from dashboard.address.parameters import Parameter, query_of
from dashboard.figures.measures import Unaskable
from dashboard.render.files import FOR_EXCEL, FORMATS, sheet
from dashboard.render.standards import OF_ELECTIONS, standard_files
from dashboard.site import Site
from dashboard.view import View, on_day, today
from dashboard.views import VIEWS
from dashboard.web import links
from dashboard.web.made_files import LONG_CELLS, MadeFiles, Making
from dashboard.web.pinned import pin_of
from dashboard.web.problems import PROBLEM, problem
from dashboard.web.security import BY_OTHERS, FOR_EVER
from dashboard.web.sent_files import sent, while_there
from dashboard.web.serving import ServedReleases
from etl.release.register import cutoff_of

READ = ["GET", "HEAD"]
Handler = TypeVar("Handler", bound=Callable[..., Any])
ROOT = "/api/v1"
#: The one thing that may be asked of a file and not of its view.
EXCEL = Parameter("excel", "Para Excel", "CSV que Excel abre con sus acentos", {"1": "Sí"}, control=False)


def readable(
    routes: APIRouter, path: str, kinds: Iterable[str], problems: Iterable[int], **described: Any
) -> Callable[[Handler], Handler]:
    """Serve `path` to GET and HEAD; OpenAPI describes the first, since the second asks for the same without its body: the media
    types of its answer (`kinds`), and the statuses with which it says that there is none (`problems`).
    """
    answers: dict[int | str, dict[str, Any]] = {200: told(kinds)}
    answers |= {status: told_so(status) for status in problems}

    def register(handler: Handler) -> Handler:
        routes.add_api_route(path, handler, methods=["GET"], response_class=Response, responses=answers, **described)
        routes.add_api_route(path, handler, methods=["HEAD"], include_in_schema=False)
        return handler

    return register


class Refused(ValueError):
    """An address that cannot be honoured as it is: why, and what each parameter accepts."""

    def __init__(self, reasons: Iterable[str], accepted: Iterable[Parameter]) -> None:
        self.reasons, self.accepted = tuple(reasons), tuple(accepted)
        super().__init__(" ".join(self.reasons))


def router(served: ServedReleases, files: MadeFiles) -> APIRouter:
    """The routes of the files of a view and of the list of parameters."""
    routes = APIRouter()

    @routes.api_route("/descargas/vista/{view}.{suffix}", methods=READ, include_in_schema=False)
    async def view_file(http: HttpRequest, view: str, suffix: str) -> Response:
        if view not in VIEWS or suffix not in FORMATS:
            raise HTTPException(404, "No hay una vista o un formato con ese nombre.")
        if away := to_latest(served, http):
            return away
        named, rest = release_asked(http)
        site = await run_in_threadpool(served.named, named)
        asked = await run_in_threadpool(_asked, site, VIEWS[view], suffix, rest, named)
        file = await while_there(http, files.made(asked.key, asked.prepare))
        caching = FOR_EVER if named else BY_OTHERS
        return await sent(http, files, file, FORMATS[suffix].media_type, caching, asked.links)

    @routes.api_route(f"{ROOT}/parametros", methods=READ, include_in_schema=False)
    def parameters(http: HttpRequest) -> Response:
        refuse(query_of(http.query_params.multi_items()), ())
        return JSONResponse(parameter_list(served.current))

    return routes


def to_latest(served: ServedReleases, http: HttpRequest) -> Response | None:
    """The way to the release that is current, for an address that names the latest."""
    named, rest = pin_of(http.url.query)
    if named != LATEST:
        return None
    there = with_pin(f"{http.url.path}{f'?{rest}' if rest else ''}", served.current.release.id)
    return RedirectResponse(there, 302, {"Cache-Control": BY_OTHERS})


def release_asked(http: HttpRequest) -> tuple[str, str]:
    """The release that an address names, "" if none, and the rest of its query. Refused if it names none or several."""
    named = [value for name, value in http.query_params.multi_items() if name == PUBLICATION]
    if "" in named or len({*named}) > 1:
        raise Refused([f"{PUBLICATION} se pide una sola vez, con un valor."], (OF_RELEASE,))
    return pin_of(http.url.query)


def only_release(http: HttpRequest) -> str:
    """The release that an address names, "" if none. Refused as in `release_asked`, or if it asks for anything else."""
    named, rest = release_asked(http)
    refuse(query_of(parse_qsl(rest, keep_blank_values=True, errors="replace")), (OF_RELEASE,))
    return named


@dataclass(frozen=True)
class AskedFile:
    """The file that an address asks of a view: the same `key` for every way of writing the question, the `links` that it has, and
    how to make it.
    """

    key: str
    links: Mapping[str, str]
    prepare: Callable[[], Making]


def _asked(site: Site, view: View, suffix: str, query: str, named: str = "") -> AskedFile:
    """What the query of an address asks of a view; `named` is the release that it names, if it does."""
    given = query_of(parse_qsl(query, keep_blank_values=True, errors="replace"))
    blank = [
        f"«{name[:40]}» está vacío: no se escribe, o lleva un valor." for name, value in given.items() if not value
    ]
    own = (EXCEL, OF_RELEASE) if suffix == "csv" else (OF_RELEASE,)
    excel = given.pop(EXCEL.name, None) if EXCEL in own else None
    declared = (*view.parameters(site.data), *own)
    asked = view.asked(given, site.data)
    wrong = [] if not excel or excel in EXCEL.values else [f"No hay «{excel[:40]}» en {EXCEL.name}."]
    unknown = [f"«{name[:40]}» no es un parámetro de «{view.title}»." for name in asked.unknown]
    if reasons := [*unknown, *blank, *map(refusal, asked.notices), *wrong]:
        raise Refused(reasons, declared)
    form = FOR_EXCEL if excel else FORMATS[suffix]
    part = view.part(asked.selection)

    def prepare() -> Making:
        with on_day(day):
            answer = site.answer(view.name, part)
        told = sheet(answer)
        mark = ["sintetico"] if told.synthetic else []
        name = "_".join([*mark, view.name, *told.asked.values(), told.release])
        long = told.cells >= LONG_CELLS
        return Making(partial(form.write, told), f"{name}.{suffix}", long, apart=long)

    day = cutoff_of(site.release.id) if named else today()
    key = f"{site.release.id} {view.name} {part!r} {day if view.dated else ''} {suffix} {excel or ''}"
    return AskedFile(key, links.of_view(site.release, view, part, suffix), prepare)


def refusal(notice: str) -> str:
    """The reason for refusing, from the notice with which a page says what it corrects."""
    return notice.split(": se muestra")[0].rstrip(".") + "."


def refuse(query: Mapping[str, str], accepted: Iterable[Parameter]) -> None:
    """Raise Refused if `query` has parameters that an address which takes none does not know."""
    if query:
        raise Refused([f"«{name[:40]}» no es un parámetro de esta dirección." for name in query], accepted)


# --- What is accepted, for programs ----------------------------------------------------------------------------------


def refused(error: Refused) -> JSONResponse:
    """The answer to an address that is refused: every reason, and every value that is accepted."""
    return problem(
        400,
        "La dirección pide algo que no existe",
        str(error),
        motivos=list(error.reasons),
        parametros=[described_parameter(item) for item in error.accepted],
    )


def unaskable(error: Unaskable) -> JSONResponse:
    """The answer when the release does not have what was asked."""
    return problem(404, "Esta publicación no trae esas cifras", str(error))


def described_parameter(item: Parameter) -> dict[str, Any]:
    """A parameter and what it accepts, in words."""
    values = [{"valor": value, "nombre": words} for value, words in item.values.items()]
    found = {"nombre": item.name, "titulo": item.title, "descripcion": item.sentence, "si_falta": item.default or None}
    if item.pattern:
        return found | {"patron": f"^{item.pattern}$", "maximo": item.most, "lista": f"{ROOT}/parametros"}
    return found | {"valores": values}


def _elections(site: Site, view: View) -> dict[str, Any]:
    """Of a view that is asked for an election, the ones that each of its indicators has, the latest first."""
    taken = {item.name for item in view.parameters(site.data)}
    if not {"indicador", "eleccion"} <= taken:
        return {}
    return {"elecciones": {name: list(found) for name, found in site.offer(view.topic).elections.items()}}


def _held(site: Site) -> list[View]:
    """The views that the release has anything of."""
    return [view for view in VIEWS.values() if view.held(site.data)]


def parameter_list(site: Site) -> dict[str, Any]:
    """Every view with the parameters that its files take, and every value of each, with its words; the places; and the files in
    the standards of elections.
    """
    return {
        "publicacion": site.release.id,
        "formatos": {suffix: form.media_type for suffix, form in FORMATS.items()},
        "lugares": [
            {"codigo": code, "nombre": site.names[code], "nivel": site.territories.level(code)}
            for code in site.territories.by_name
        ],
        "normas": [
            {
                "archivo": file.name,
                "titulo": file.title,
                "norma": file.format.name if file.dataset == OF_ELECTIONS else "Open Civic Data",
                "tipo": file.format.media_type,
                "direccion": site.file_url(file.name),
            }
            for file in standard_files(site.release)
        ],
        "vistas": [
            {
                "vista": view.name,
                "titulo": view.title,
                "direccion": f"/descargas/vista/{view.name}.{{formato}}",
                "parametros": [described_parameter(item) for item in view.parameters(site.data)],
            }
            | _elections(site, view)
            for view in _held(site)
        ],
    }


def told(kinds: Iterable[str]) -> dict[str, Any]:
    """How OpenAPI describes an answer of one of some media types."""
    return {"description": "Lo que se pide", "content": {kind: {} for kind in kinds}}


def told_so(status: int) -> dict[str, Any]:
    """How OpenAPI describes an answer that is a problem. Of a site with no release, /salud tells it as all that it tells."""
    others: dict[str, Any] = {"application/json": {}} if status == 503 else {}
    return {"description": WHY_NOT[status], "content": {PROBLEM: {"schema": {"$ref": REFERENCE}}} | others}


def query_parameter(item: Parameter, schema: Mapping[str, Any]) -> dict[str, Any]:
    """How OpenAPI describes a parameter of a query that takes what a schema says."""
    return {
        "name": item.name,
        "in": "query",
        "required": False,
        "description": f"{item.title}. {item.sentence}",
        "schema": dict(schema),
        "example": next(iter(item.values), ""),
    }


def format_parameter(forms: Iterable[str]) -> dict[str, Any]:
    """How OpenAPI describes the format of a file, which is how its address ends."""
    suffixes = list(forms)
    return {
        "name": "formato",
        "in": "path",
        "required": True,
        "description": "Formato del archivo",
        "schema": {"type": "string", "enum": suffixes},
        "example": suffixes[0],
    }


WHY_NOT = {
    400: "La dirección no se puede honrar",
    404: "No hay nada en esa dirección",
    410: "Lo que nombra se publicó y ya no se muestra",
    412: "La versión que se pide no es la que hay",
    414: "La dirección es demasiado larga",
    416: "La respuesta no tiene ese tramo",
    503: "No se puede responder en este momento",
}
PROBLEM_NAME = "Problema"
REFERENCE = f"#/components/schemas/{PROBLEM_NAME}"
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "motivos": {"type": "array", "items": {"type": "string"}},
        "parametros": {"type": "array", "items": {"type": "object"}},
    },
}
