"""What is neither a page nor an answer: files of a release, names for the scripts, pictures, sitemap, health."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException
from fastapi import Path as PathParameter
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.address.own import base_url
from dashboard.address.parameters import query_of
from dashboard.pages import ficha
from dashboard.render import source_list
from dashboard.render.formats import CSV, JSON, PARQUET, Writer
from dashboard.render.metadata import csvw
from dashboard.render.ocd import MARKDOWN, ZIP
from dashboard.render.source_list import SOURCE_FORMATS, SourceList
from dashboard.render.standards import standard_file
from dashboard.render.tables import TABLE_FORMATS, PublishedTable, takes
from dashboard.site import Site
from dashboard.web import links
from dashboard.web.api import READ, readable, refuse
from dashboard.web.at_once import health
from dashboard.web.made_files import LONG_CELLS, MadeFile, MadeFiles, Making
from dashboard.web.offered import OFFERED_TYPES, Found, offered
from dashboard.web.search_engines import sitemap_xml
from dashboard.web.security import BY_OTHERS, FOR_EVER
from dashboard.web.sent_files import sent, while_there
from dashboard.web.serving import ServedReleases
from dashboard.web.value_names import FILE, RELEASE, one_of
from etl.release import CATALOGUES, DamagedError, FileFacts, Release, ReleaseError
from etl.release.register import WithdrawnError

IMMUTABLE = {"Cache-Control": FOR_EVER}
OF_A_RELEASE, OF_A_FILE = "2026-07-12-1a2b3c4d", "municipios.parquet"
#: Media types of the files of a release.
MEDIA_TYPES = {
    ".parquet": PARQUET.media_type,
    ".json": JSON.media_type,
    ".geojson": "application/geo+json",
    ".topojson": JSON.media_type,
    ".txt": "text/plain; charset=utf-8",
    ".gpkg": "application/geopackage+sqlite3",
    ".zip": ZIP.media_type,
}
#: Those of the files in the standards of elections that are of no other kind.
STANDARD_TYPES = (MARKDOWN.media_type, ZIP.media_type, csvw.CSVW.media_type)
#: As many as the combinations of their filters: the pages are what is worth finding.
NOT_TO_BE_FOUND = ("/descargas/vista/", "/tacto/", "/analisis?", "/analisis/")


def router(served: ServedReleases, files: MadeFiles) -> APIRouter:
    """The routes that serve the files of `served`."""
    routes = APIRouter()
    _service(routes, served)
    _names_and_pictures(routes, served)
    _downloads(routes, served, files)
    return routes


def _service(routes: APIRouter, served: ServedReleases) -> None:
    @readable(
        routes, "/salud", kinds=[JSON.media_type], problems=(400, 503), tags=["servicio"], summary="Estado del sitio"
    )
    def tell_health(http: HttpRequest) -> Response:
        """«bien» o, si algún archivo de la publicación está dañado, «degradado», con cuáles y qué páginas los necesitan; sin
        publicación, 503."""
        refuse(query_of(http.query_params.multi_items()), ())
        status, told = health(served)
        return JSONResponse(told, status)

    @routes.api_route("/robots.txt", methods=READ, include_in_schema=False)
    def robots() -> Response:
        away = "".join(f"Disallow: {start}\n" for start in NOT_TO_BE_FOUND)
        text = f"User-agent: *\n{away}Sitemap: {base_url()}/sitemap.xml\n"
        return Response(text, media_type="text/plain; charset=utf-8", headers={"Cache-Control": BY_OTHERS})

    @routes.api_route("/sitemap.xml", methods=READ, include_in_schema=False)
    def sitemap() -> Response:
        written = sitemap_xml(served.current, base_url())
        return Response(written, media_type="application/xml", headers={"Cache-Control": BY_OTHERS})


def _names_and_pictures(routes: APIRouter, served: ServedReleases) -> None:
    @routes.api_route("/lugares/{release_id}.json", methods=READ, include_in_schema=False)
    def places(release_id: str) -> Response:
        site = _of(served, release_id)
        told = IMMUTABLE | links.of_something(site.release, site.places_url)
        return Response(site.places, media_type="application/json", headers=told)

    @routes.api_route("/vista-previa/{release_id}/{slug}.png", methods=READ, include_in_schema=False)
    def shared_picture(release_id: str, slug: str) -> Response:
        site = _of(served, release_id)
        picture = ficha.preview_of(site, slug)
        told = IMMUTABLE | links.of_something(site.release, f"/vista-previa/{release_id}/{slug}.png")
        return Response(picture, media_type="image/png", headers=told)


def _downloads(routes: APIRouter, served: ServedReleases, files: MadeFiles) -> None:
    whole = "Un archivo de una publicación"

    made = (*STANDARD_TYPES, *OFFERED_TYPES, *(form.format.media_type for form in TABLE_FORMATS.values()))
    kinds = {*MEDIA_TYPES.values(), *made}

    @readable(
        routes,
        "/descargas/{release_id}/{name}",
        kinds=sorted(kinds),
        problems=(400, 404, 410, 503),
        tags=["descargas"],
        summary=whole,
    )
    async def whole_file(
        http: HttpRequest,
        release_id: Annotated[
            str,
            PathParameter(json_schema_extra=one_of(RELEASE), description="Su publicación", examples=[OF_A_RELEASE]),
        ],
        name: Annotated[
            str, PathParameter(json_schema_extra=one_of(FILE), description="Su nombre", examples=[OF_A_FILE])
        ],
    ) -> Response:
        """Un archivo entero de una publicación, vigente o anterior; no cambia nunca. Cada tabla, además de en Parquet, en
        CSV, en JSON, en JSON Lines y, si no es muy larga, en Excel: el mismo nombre con esa terminación. `fuentes.csv` y
        `fuentes.json` dicen qué es cada clave de fuente de sus filas; `diccionario.csv` y `diccionario.json`, qué es cada
        columna, en español y en inglés. Todo junto: `padron_abierto.zip`, `padron_abierto.sqlite` y `padron_abierto.duckdb`
        (de este no cambia el contenido, y los bytes pueden cambiar). Y cada elección con cifras, en NIST SP 1500-100
        (`nist_2023_1.json`); los lugares, con sus identificadores de Open Civic Data (`ocd_country_gt.csv`). Las columnas de
        cada CSV están descritas en CSVW: su nombre con `-metadata.json` al final. Cuáles hay lo dice `/api/v1/parametros`."""
        refuse(dict(http.query_params), ())
        found = await run_in_threadpool(found_file, served, release_id, name)
        file = found.as_published or await while_there(http, files.made(f"{release_id} {name}", found.prepare))
        return await sent(http, files, file, found.media_type, found.caching, found.links)


def _of(served: ServedReleases, release_id: str) -> Site:
    try:
        return served.of(release_id)
    except (DamagedError, WithdrawnError):
        raise
    except ReleaseError as error:
        raise HTTPException(404, str(error)) from None


def found_file(served: ServedReleases, release_id: str, name: str) -> Found:
    """What a release has under a name; 404 if nothing, DamagedError or WithdrawnError if it cannot be given."""
    try:
        release = served.release(release_id)
        return (
            _converted(release, name)
            or _described(release, name)
            or _standard(release, name)
            or offered(release, name)
            or _stored(release, name)
        )
    except (DamagedError, WithdrawnError):
        raise
    except ReleaseError as error:
        raise HTTPException(404, str(error)) from None


def _stored(release: Release, name: str) -> Found:
    """A file of a release as it was published."""
    sha256 = release.files.sha256(name)
    if name in CATALOGUES and name in release.files.damaged_catalogues():
        raise DamagedError(release.id, name)
    if sha256 is None:
        raise ReleaseError(f"la publicación {release.id} no tiene el archivo {name}")
    path = release.root / name if name in CATALOGUES else release.path(name)
    try:
        kind = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        return Found(kind, links.of_file(release, name), MadeFile.of_path(path, sha256))
    except FileNotFoundError:
        raise DamagedError(release.id, name) from None


def _standard(release: Release, name: str) -> Found | None:
    """A file in one of the standards of elections; None if `name` asks for no such thing."""
    file = standard_file(release, name)
    if file is None:
        return None
    making = Making(file.write, file.saved_as, file.long, apart=file.long)
    return Found(file.format.media_type, links.of_file(release, name), making=lambda: making)


def _described(release: Release, name: str) -> Found | None:
    """What describes a CSV, column by column; None if `name` asks for no such thing."""
    stem = name.removesuffix(csvw.ENDING)
    item = _table(release, stem) if stem != name else None
    if item is None or not takes(TABLE_FORMATS[CSV.suffix], item):
        return None
    described = csvw.Described(release, item)
    making = Making(partial(csvw.write, described), f"{stem}_{release.id}{csvw.ENDING}")
    return Found(csvw.CSVW.media_type, links.of_file(release, name, item), making=lambda: making)


def _table(release: Release, stem: str) -> FileFacts | None:
    """The file of a table by its name without the ending; None if there is none."""
    return next((one for one in release.manifest["archivos"] if one["nombre"] == f"{stem}.parquet"), None)


def _converted(release: Release, name: str) -> Found | None:
    """A table in another format than its own, or the list of sources; None if `name` asks for no such thing."""
    stem, _, suffix = name.rpartition(".")
    if stem == source_list.NAME and suffix in SOURCE_FORMATS:
        return _sources(release, name, SOURCE_FORMATS[suffix])
    form = TABLE_FORMATS.get(suffix)
    item = _table(release, stem)
    if form is None or item is None or not takes(form, item):
        return None
    table = PublishedTable(release.path(item["nombre"]), item, release.id)
    return Found(form.media_type, links.of_file(release, name, item), making=partial(_conversion, form, table))


def _conversion(form: Writer[PublishedTable], table: PublishedTable) -> Making:
    """How to convert a table."""
    name = f"{table.path.stem}_{table.release}.{form.format.suffix}"
    long = table.cells >= LONG_CELLS
    return Making(partial(form.write, table), name, long, apart=long)


def _sources(release: Release, asked: str, form: Writer[SourceList]) -> Found | None:
    """The list of what the keys in the rows of a release mean; None if its rows have none."""
    found = SourceList.of(release)
    if found is None:
        return None
    name = f"{source_list.NAME}_{release.id}.{form.format.suffix}"
    return Found(
        form.media_type, links.of_file(release, asked), making=lambda: Making(partial(form.write, found), name)
    )
