"""The catalogue of what is published, at fixed addresses, in the vocabularies that others harvest; and what of it is in a page.

All of it tells where the site is, so it is made when it is asked for, of the release that is served. What says nothing of that is
beside the files of each release: its package, and what describes each CSV.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from fastapi import Path as PathParameter
from fastapi import Request as HttpRequest
from fastapi.responses import Response
from markupsafe import Markup

from dashboard.address.parameters import query_of
from dashboard.pages import Request, datos, datos_conjunto
from dashboard.render.formats import JSON
from dashboard.render.metadata import croissant, dcat, open_data, rdf, schema_org
from dashboard.render.metadata.catalog import Catalog
from dashboard.site import Site
from dashboard.web import links
from dashboard.web.api import readable, refuse
from dashboard.web.search_engines import catalog_of
from dashboard.web.security import BY_OTHERS, CATALOGUE, CROISSANT, DATA_JSON
from dashboard.web.serving import ServedReleases
from dashboard.web.value_names import DATASET, one_of

JSON_LD, TURTLE = "application/ld+json", "text/turtle; charset=utf-8"
#: Where a page says in which other form the same is told.
ALTERNATES = ((f"{CATALOGUE}jsonld", JSON_LD), (f"{CATALOGUE}ttl", "text/turtle"), (f"{CROISSANT}.json", JSON_LD))
#: The address of one dataset for who trains models.
OF_ONE = f"{CROISSANT}/{{conjunto}}.json"
Write = Callable[[Catalog], bytes]
#: How a dataset is named in an address.
NAMES = "Su nombre, como en /datos"


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


#: Each address, its media type, what it is and how it is written.
WRITERS: Mapping[str, tuple[str, str, Write]] = {
    f"{CATALOGUE}jsonld": (
        JSON_LD,
        "El catálogo en DCAT-AP 3 (JSON-LD)",
        lambda catalog: rdf.json_ld(dcat.nodes(catalog), dcat.PREFIXES),
    ),
    f"{CATALOGUE}ttl": (
        TURTLE,
        "El catálogo en DCAT-AP 3 (Turtle)",
        lambda catalog: rdf.turtle(dcat.nodes(catalog), dcat.PREFIXES),
    ),
    DATA_JSON: (
        JSON.media_type,
        "El catálogo en data.json (Project Open Data 1.1)",
        lambda catalog: _json(open_data.data_json(catalog)),
    ),
    f"{CROISSANT}.json": (
        JSON_LD,
        "Las tablas en Croissant 1.0",
        lambda catalog: _json(croissant.croissant(catalog)),
    ),
}


def router(served: ServedReleases) -> APIRouter:
    """The routes of the catalogue of what `served` serves."""
    routes = APIRouter()
    for address, (kind, title, write) in WRITERS.items():
        _serve(routes, served, address, kind, title, write)
    of_one = "Las tablas de un conjunto de datos en Croissant 1.0"

    @readable(routes, OF_ONE, kinds=[JSON_LD], problems=(400, 404, 503), tags=["catálogo"], summary=of_one)
    def tell_one(
        http: HttpRequest,
        conjunto: Annotated[
            str, PathParameter(json_schema_extra=one_of(DATASET), description=NAMES, examples=["territorio"])
        ],
    ) -> Response:
        refuse(query_of(http.query_params.multi_items()), ())
        catalog = catalog_of(served.current.release)
        entry = catalog.entry(conjunto)
        if entry is None:
            raise HTTPException(404)
        return _told(catalog, OF_ONE.format(conjunto=conjunto), JSON_LD, _json(croissant.croissant(catalog, entry)))

    return routes


def _serve(routes: APIRouter, served: ServedReleases, address: str, kind: str, title: str, write: Write) -> None:
    @readable(routes, address, kinds=[kind], problems=(400, 503), tags=["catálogo"], summary=title)
    def tell(http: HttpRequest) -> Response:
        refuse(query_of(http.query_params.multi_items()), ())
        catalog = catalog_of(served.current.release)
        return _told(catalog, address, kind, write(catalog))


def _told(catalog: Catalog, address: str, kind: str, content: bytes) -> Response:
    told = {"Cache-Control": BY_OTHERS} | links.of_something(catalog.release, address)
    return Response(content, media_type=kind, headers=told)


def in_page(site: Site, path: str, request: Request, base: str) -> Markup:
    """What the head of a page says of its data to machines, as data that no browser runs: the catalogue, or one dataset with its
    files. Nothing in the accessible mode, whose pages have no <script> of any kind, nor in a page about anything else.
    """
    if request.face.accessible or path not in (datos.PATH, datos_conjunto.PAGE.path):
        return Markup("")
    catalog = replace(catalog_of(site.release), base=base)
    if path == datos.PATH:
        return _block(schema_org.data_catalog(catalog)) + Markup("").join(_alternate(*one) for one in ALTERNATES)
    entry = catalog.entry(request.parameters["conjunto"])
    if entry is None:
        return Markup("")
    return _block(schema_org.dataset(catalog, entry)) + _alternate(OF_ONE.format(conjunto=entry.name), JSON_LD)


def _alternate(address: str, kind: str) -> Markup:
    return Markup('<link rel="alternate" type="{}" href="{}">\n').format(kind, address)


def _block(said: Mapping[str, Any]) -> Markup:
    text = _json(said).decode().replace("<", "\\u003c")  # no text can close it
    return Markup(f'<script type="{JSON_LD}">{text}</script>\n')
