"""The tables as PxWeb's API (version 2) gives them, for the programs that read it: the list, what each table is, and its figures.

https://www.pxtools.net/PxWebApi/documentation/user-guide/ is followed in what is asked by GET. A dimension that is not asked for
comes whole or, in a table with totals, as its total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Path as PathParameter
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams

from dashboard.address.codes import NoSuchCode, chosen
from dashboard.address.extracts import CHAINS, MOST_VALUES, Condition, Extract, Offered
from dashboard.address.parameters import query_of
from dashboard.figures.extracts import Slow, extracts_of, tables_of
from dashboard.render.jsonstat import (
    CONTENTS,
    JSONSTAT,
    MOST_CELLS,
    TIMES,
    Cube,
    Dimension,
    code_of,
    document,
    in_order,
)
from dashboard.site import Site
from dashboard.web.api import READ, ROOT, Refused, readable, refuse
from dashboard.web.extract_asked import AskedExtract, offered_by
from dashboard.web.extract_stat import TOO_MANY, cube, words_of
from dashboard.web.limits import LONGEST_ADDRESS
from dashboard.web.problems import problem
from dashboard.web.serving import ServedReleases
from dashboard.web.statistics import Statistics
from dashboard.web.value_names import TABLE_OF_FIGURES, one_of
from etl.model import TOTAL, Field
from etl.release import FileFacts, Release

PXWEB = f"{ROOT}/pxweb"
LANGUAGE, FORMAT_ASKED, VALUES = "lang", "outputFormat", "valueCodes"
FORMATS = {"json-stat2": JSONSTAT.suffix, "csv": "csv"}
#: The most values of a dimension with which a table is in the list: the others are too long to be chosen from.
MOST_CODES = 50_000
TABLE = Annotated[
    str,
    PathParameter(
        json_schema_extra=one_of(TABLE_OF_FIGURES),
        description="La tabla, como la llama la lista",
        examples=["censo_2018_sexo"],
    ),
]
JSON = ["application/json"]


def router(served: ServedReleases, statistics: Statistics) -> APIRouter:
    """The routes that the programs of PxWeb ask for."""
    routes = APIRouter(prefix=PXWEB)
    told = {"tags": ["pxweb"], "kinds": JSON}

    @readable(routes, "/config", problems=(400, 503), summary="Qué sabe hacer esta API", **told)
    def config(http: HttpRequest) -> Response:
        """Idiomas, formatos y cuántas celdas caben, como lo dice PxWebApi 2."""
        _plain(http)
        return JSONResponse(_config(served.current))

    @readable(routes, "/tables", problems=(400, 503), summary="Las tablas con cifras", **told)
    def tables(http: HttpRequest) -> Response:
        """Cada tabla con cifras, como la lista de PxWebApi 2."""
        _plain(http)
        return JSONResponse(_tables(served.current.release))

    @readable(routes, "/tables/{tabla}", problems=(400, 404, 503), summary="Una tabla", **told)
    def table(http: HttpRequest, tabla: TABLE) -> Response:
        """Una tabla, como está en la lista."""
        _plain(http)
        release = served.current.release
        return JSONResponse({"language": "es", **_table(*_with_figures(release, tabla))})

    @readable(
        routes, "/tables/{tabla}/metadata", problems=(400, 404, 503), summary="Las dimensiones de una tabla", **told
    )
    async def metadata(http: HttpRequest, tabla: TABLE) -> Response:
        """Sus dimensiones con todos sus valores y lo que mide: JSON-stat 2.0 sin cifras."""
        _plain(http)
        return JSONResponse(await run_in_threadpool(_metadata, served.current, statistics, tabla))

    @routes.api_route("/tables/{tabla}/data", methods=READ, include_in_schema=False)
    async def data(http: HttpRequest, tabla: str) -> Response:
        asked, taken, form = await run_in_threadpool(_asked, served.current, statistics, tabla, http.query_params)
        if form != JSONSTAT.suffix:
            return RedirectResponse(_address(asked), 307)
        try:
            return await statistics.answer(http, asked, taken)
        except Slow:
            return problem(503, "La consulta tardó demasiado", "Pida menos valores de cada dimensión.")

    return routes


def _address(asked: AskedExtract) -> str:
    """Where the same is in CSV. Refused if an address has not so many values."""
    address = asked.address()
    most = max((len(item.values) for item in asked.extract.conditions), default=0)
    if most > MOST_VALUES or len(address) > LONGEST_ADDRESS:
        raise Refused(
            [f"En CSV se piden hasta {MOST_VALUES} valores de cada columna, o todos; aquí caben en JSON-stat."], ()
        )
    return address


def _plain(http: HttpRequest) -> None:
    """Refused for any parameter but the language, which may be the only one that there is."""
    query = query_of(http.query_params.multi_items())
    if query.pop(LANGUAGE, "es") != "es":
        raise Refused([f"No hay ese idioma en {LANGUAGE}: es."], ())
    refuse(query, ())


def _config(site: Site) -> dict[str, Any]:
    return {
        "apiVersion": "2.0.0",
        "languages": [{"id": "es", "label": "Español"}],
        "defaultLanguage": "es",
        "maxDataCells": MOST_CELLS,
        "defaultDataFormat": "json-stat2",
        "dataFormats": list(FORMATS),
        "features": [{"id": "publicacion", "params": [{"key": "publicacion", "value": site.release.id}]}],
    }


def _tables(release: Release) -> dict[str, Any]:
    found = [_table(offered, facts) for offered, facts in tables_of(release).values() if offered.figures]
    page = {"pageNumber": 1, "pageSize": len(found), "totalElements": len(found), "totalPages": 1}
    return {"language": "es", "tables": found, "page": page, "links": [_link("self", "/tables")]}


def _table(offered: Offered, facts: FileFacts) -> dict[str, Any]:
    name = offered.table.name
    return {
        "type": "Table",
        "id": name,
        "label": facts["titulo"],
        "description": facts["descripcion"],
        "updated": f"{facts['corte']}T00:00:00Z",
        "category": "public",
        "variableNames": [*(offered.columns[key].title for key in offered.table.key), "Cifra"],
        "links": [_link(rel, f"/tables/{name}{part}") for rel, part in RELATED.items()],
    }


RELATED = {"self": "", "metadata": "/metadata", "data": "/data"}


def _link(rel: str, path: str) -> dict[str, str]:
    return {"rel": rel, "hreflang": "es", "href": f"{PXWEB}{path}"}


def _with_figures(release: Release, table: str) -> tuple[Offered, FileFacts]:
    offered, facts = offered_by(release, table)
    if not offered.figures:
        raise Refused([f"«{table}» no tiene cifras: pídala en {ROOT}/datasets/{table}."], ())
    return offered, facts


# --- Dimensions --------------------------------------------------------------------------------------------------------


@lru_cache(512)
def values_of(release: Release, scratch: Path | None, table: str, name: str) -> tuple[Any, ...]:
    """Every value of a dimension of a table, in order."""
    offered, _ = offered_by(release, table)
    return in_order(offered.columns[name], extracts_of(release, scratch).distinct(offered, name))


def _metadata(site: Site, statistics: Statistics, table: str) -> dict[str, Any]:
    offered, facts = _with_figures(site.release, table)
    asked = AskedExtract(site.release, offered, facts, Extract(table, tuple(offered.columns)), JSONSTAT.suffix)
    dimensions = []
    for name in offered.table.key:
        values = values_of(site.release, statistics.scratch, table, name)
        if len(values) > MOST_CODES:
            raise Refused([f"{name} tiene {len(values):,} valores: pida la tabla en {ROOT}/datasets/{table}."], ())
        dimensions.append(Dimension(offered.columns[name], values, words_of(site.data, offered.columns[name])))
    whole = cube(asked, tuple(dimensions), offered.figures, _states(offered, offered.figures))
    # A document without figures describes all the combinations that there could be.
    said = document(replace(whole, dimensions=()), ())
    told = document(_of_one_each(whole), ())
    described = {item.field.name: item.described | _extension(offered, item.field) for item in dimensions}
    return {
        **told,
        "size": whole.size,
        "dimension": {**described, CONTENTS: said["dimension"][CONTENTS]},
        "value": {},
    }


def _of_one_each(whole: Cube) -> Cube:
    return replace(whole, dimensions=tuple(replace(item, values=item.values[:1]) for item in whole.dimensions))


def _extension(offered: Offered, item: Field) -> dict[str, Any]:
    total = {"eliminationValueCode": TOTAL} if item.name in offered.crossed else {}
    return {"extension": {"elimination": item.name in offered.crossed, **total}}


def _states(offered: Offered, figures: Sequence[Field]) -> Mapping[str, str]:
    return {item.name: state for item in figures if (state := offered.state_of(item.name))}


# --- What is asked -------------------------------------------------------------------------------------------------------


def _asked(
    site: Site, statistics: Statistics, table: str, query: QueryParams
) -> tuple[AskedExtract, dict[str, Sequence[Any]], str]:
    """The question, the values that were chosen of each dimension, and the format. Refused."""
    offered, facts = _with_figures(site.release, table)
    known = {f"{VALUES}[{name}]".lower(): name for name in (*offered.table.key, CONTENTS)}
    reasons: list[str] = []
    expressions: dict[str, list[str]] = {}
    for parameter in query:
        if parameter in (LANGUAGE, FORMAT_ASKED):
            continue
        if name := known.get(parameter.lower()):
            expressions[name] = [*expressions.get(name, ()), *query.getlist(parameter)]
        else:
            there = ", ".join(f"{VALUES}[{name}]" for name in known.values())
            reasons.append(f"«{parameter[:40]}» no es un parámetro de esta tabla. Los que hay: {there}.")
    form = FORMATS.get(query.get(FORMAT_ASKED, "json-stat2"))
    if form is None:
        reasons.append(f"No hay ese formato en {FORMAT_ASKED}: {', '.join(FORMATS)}.")
    if query.get(LANGUAGE, "es") != "es":
        reasons.append(f"No hay ese idioma en {LANGUAGE}: es.")
    taken: dict[str, Sequence[Any]] = {}
    for name in offered.table.key:
        try:
            taken[name] = _taken(site.release, statistics, offered, name, expressions)
        except NoSuchCode as error:
            reasons.append(f"{VALUES}[{name}] {error}.")
    figures = _figures(offered, expressions.get(CONTENTS), reasons)
    if not reasons and form == JSONSTAT.suffix and prod(map(len, (*taken.values(), figures))) > MOST_CELLS:
        reasons.append(TOO_MANY)
    if reasons:
        raise Refused(reasons, ())
    # Of a dimension that is wanted whole nothing has to be said, and there may be thousands of its values.
    every = {name: values_of(site.release, statistics.scratch, table, name) for name in taken}
    fixed = [name for name, values in taken.items() if len(values) < len(every[name])]
    return _question(site.release, offered, facts, taken, fixed, figures, form or ""), taken, form or ""


def _taken(
    release: Release, statistics: Statistics, offered: Offered, name: str, expressions: Mapping[str, Sequence[str]]
) -> tuple[Any, ...]:
    values = values_of(release, statistics.scratch, offered.table.name, name)
    if name in expressions:
        codes = {code_of(value): value for value in values}
        return tuple(codes[code] for code in chosen(expressions[name], list(codes), name in TIMES))
    finer = (other for chain in CHAINS if name in chain for other in chain[chain.index(name) + 1 :])
    whole = name in offered.crossed and not any(other in expressions for other in finer)
    return (TOTAL,) if whole else values


def _figures(offered: Offered, asked: Sequence[str] | None, reasons: list[str]) -> tuple[Field, ...]:
    names = [item.name for item in offered.figures]
    try:
        kept = names if asked is None else chosen(asked, names)
    except NoSuchCode as error:
        reasons.append(f"{VALUES}[{CONTENTS}] {error}.")
        return ()
    return tuple(item for item in offered.figures if item.name in kept)


def _question(
    release: Release,
    offered: Offered,
    facts: FileFacts,
    taken: Mapping[str, Sequence[Any]],
    fixed: Sequence[str],
    figures: Sequence[Field],
    form: str,
) -> AskedExtract:
    states = _states(offered, figures).values()
    columns = tuple(dict.fromkeys((*offered.table.key, *(item.name for item in figures), *states)))
    pairs = [(name, ",".join(code_of(value) for value in taken[name])) for name in fixed]
    extract = Extract(
        offered.table.name,
        columns,
        tuple(Condition(name, tuple(taken[name])) for name in fixed),
        asked=(*pairs, ("columnas", ",".join(columns))),
    )
    return AskedExtract(release, offered, facts, extract, form)
