"""Everything that is not a page: files of an answer and of a release, names for the scripts, pictures, sitemap, health."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException
from fastapi import Path as PathParameter
from fastapi import Request as HttpRequest
from fastapi.responses import FileResponse, Response

from dashboard.filters import parse
from dashboard.indicators import TOPICS
from dashboard.pages import ficha
from dashboard.render.files import FORMATS, to_csv
from dashboard.search_engines import base_url, sitemap_xml
from dashboard.security import FOR_EVER
from dashboard.site import Site
from dashboard.views import VIEWS
from etl.release import DATAPACKAGE, MANIFEST, Release, ReleaseError

RELEASE_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}")
READ = ["GET", "HEAD"]
IMMUTABLE = {"Cache-Control": FOR_EVER}


def router(site: Site) -> APIRouter:
    """The routes that serve `site`'s files."""
    routes = APIRouter()
    _service(routes, site)
    _names_and_pictures(routes, site)
    _downloads(routes, site)
    return routes


def _service(routes: APIRouter, site: Site) -> None:
    @routes.api_route("/salud", methods=READ, tags=["servicio"], summary="Estado del sitio")
    def health() -> Mapping[str, str]:
        return {"estado": "bien", "publicacion": site.release.id}

    @routes.api_route("/robots.txt", methods=READ, include_in_schema=False)
    def robots(http: HttpRequest) -> Response:
        # The files of a view are as many as the combinations of its filters: the pages are what is worth finding.
        text = f"User-agent: *\nDisallow: /descargas/vista/\nSitemap: {base_url(http)}/sitemap.xml\n"
        return Response(text, media_type="text/plain; charset=utf-8")

    @routes.api_route("/sitemap.xml", methods=READ, include_in_schema=False)
    def sitemap(http: HttpRequest) -> Response:
        return Response(sitemap_xml(site, base_url(http)), media_type="application/xml")


def _names_and_pictures(routes: APIRouter, site: Site) -> None:
    @routes.api_route("/lugares/{release_id}.json", methods=READ, include_in_schema=False)
    def places(release_id: str) -> Response:
        _only_current(site, release_id)
        return Response(site.places, media_type="application/json", headers=IMMUTABLE)

    @routes.api_route("/vista-previa/{release_id}/{slug}.png", methods=READ, include_in_schema=False)
    def shared_picture(release_id: str, slug: str) -> Response:
        _only_current(site, release_id)
        return Response(ficha.preview_of(site, slug), media_type="image/png", headers=IMMUTABLE)


def _downloads(routes: APIRouter, site: Site) -> None:
    of_a_view = "Lo que muestra una vista"

    @routes.api_route("/descargas/vista/{view}.{suffix}", methods=READ, tags=["descargas"], summary=of_a_view)
    def view_file(
        http: HttpRequest,
        view: Annotated[str, PathParameter(description=f"Una de: {', '.join(VIEWS)}")],
        suffix: Annotated[str, PathParameter(description=f"Una de: {', '.join(FORMATS)}")],
    ) -> Response:
        """El archivo de exactamente lo que muestra la página, con sus mismos parámetros: indicador, departamento, sexo, edad,
        alfabetismo, ver, lugar."""
        if view not in VIEWS or suffix not in FORMATS:
            raise HTTPException(404, "No hay una vista o un formato con ese nombre.")
        return _answer_file(site, view, suffix, http)

    whole = "Un archivo de una publicación"

    @routes.api_route("/descargas/{release_id}/{name}", methods=READ, tags=["descargas"], summary=whole)
    def whole_file(release_id: str, name: str) -> Response:
        """Un archivo entero de una publicación, vigente o anterior; no cambia nunca."""
        try:
            return FileResponse(_file(_release(site, release_id), name), headers=IMMUTABLE)
        except ReleaseError as error:
            raise HTTPException(404, str(error)) from None


def _only_current(site: Site, release_id: str) -> None:
    if release_id != site.release.id:
        raise HTTPException(404, "Esa publicación no es la vigente.")


def _file(release: Release, name: str) -> Path:
    return release.root / name if name in (MANIFEST, DATAPACKAGE) else release.path(name)


def _release(site: Site, release_id: str) -> Release:
    """The release called `release_id`: the one being served or an older one beside it."""
    if release_id == site.release.id:
        return site.release
    if not RELEASE_NAME.fullmatch(release_id):
        raise ReleaseError(f"no hay ninguna publicación llamada {release_id[:40]}")
    return Release.open(site.release.root.parent / release_id)


def _answer_file(site: Site, view: str, suffix: str, http: HttpRequest) -> Response:
    selection = parse(dict(http.query_params), TOPICS[VIEWS[view].topic].catalogue, site.territories).selection
    answer = site.answer(view, selection)
    form = FORMATS[suffix]
    body = to_csv(answer, for_excel=True) if suffix == "csv" and "excel" in http.query_params else form.write(answer)
    name = "_".join([view, *selection.parameters().values(), answer.release])
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return Response(body, media_type=form.media_type, headers=headers)
