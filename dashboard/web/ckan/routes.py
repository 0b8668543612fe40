"""The addresses of CKAN's Action API: by GET with a query, or by POST with JSON, within the limits of every request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.address.own import base_url
from dashboard.render.metadata.catalog import Catalog
from dashboard.site import Site
from dashboard.web.api import READ
from dashboard.web.ckan import actions, rows
from dashboard.web.ckan.asked import Asked, CkanError, NotFound
from dashboard.web.search_engines import catalog_of
from dashboard.web.security import ACTIONS, BY_OTHERS, NOT_KEPT
from dashboard.web.serving import ServedReleases

Action = Callable[[Site, Asked], Any]
ROOTS = ("/api/3/action", "/api/action")


def _of_catalog(action: Callable[[Catalog, Asked], Any]) -> Action:
    def answer(site: Site, asked: Asked) -> Any:
        return action(catalog_of(site.release), asked)

    answer.__doc__ = action.__doc__
    return answer


def _of_rows(action: Callable[..., Any]) -> Action:
    def answer(site: Site, asked: Asked) -> Any:
        return action(catalog_of(site.release), site.data, asked)

    answer.__doc__ = action.__doc__
    return answer


def _help_show(site: Site, asked: Asked) -> str:
    """Qué hace una acción."""
    name = asked.needed("name")
    if name not in ANSWERED:
        raise NotFound("Not found: no hay una acción con ese nombre")
    return ANSWERED[name].__doc__ or ""


ANSWERED: Mapping[str, Action] = {
    "site_read": _of_catalog(actions.site_read),
    "status_show": _of_catalog(actions.status_show),
    "package_list": _of_catalog(actions.package_list),
    "current_package_list_with_resources": _of_catalog(actions.current_package_list_with_resources),
    "package_show": _of_catalog(actions.package_show),
    "package_search": _of_catalog(actions.package_search),
    "resource_show": _of_catalog(actions.resource_show),
    "resource_view_list": _of_catalog(actions.nothing),
    "organization_list": _of_catalog(actions.organization_list),
    "organization_show": _of_catalog(actions.organization_show),
    "group_list": _of_catalog(actions.nothing),
    "group_show": _of_catalog(actions.group_show),
    "tag_list": _of_catalog(actions.tag_list),
    "tag_show": _of_catalog(actions.tag_show),
    "license_list": _of_catalog(actions.license_list),
    "vocabulary_list": _of_catalog(actions.nothing),
    "datastore_search": _of_rows(rows.datastore_search),
    "datastore_info": _of_rows(rows.datastore_info),
    "help_show": _help_show,
}


def router(served: ServedReleases) -> APIRouter:
    """The routes of the actions, and of the version of the API."""
    routes = APIRouter()

    async def act(http: HttpRequest, action: str) -> Response:
        body = await http.body()
        return await run_in_threadpool(_answer, served, http, action, body)

    for root in ROOTS:
        routes.add_api_route(f"{root}/{{action}}", act, methods=[*READ, "POST"], include_in_schema=False)

    @routes.api_route("/api/3", methods=READ, include_in_schema=False)
    @routes.api_route("/api/3/", methods=READ, include_in_schema=False)
    def version() -> Response:
        return JSONResponse({"version": 3}, headers={"Cache-Control": BY_OTHERS})

    return routes


def _answer(served: ServedReleases, http: HttpRequest, action: str, body: bytes) -> Response:
    told: dict[str, Any] = {"help": f"{base_url()}{ACTIONS[0]}help_show?name={action[:80]}"}
    reads = http.method != "POST"
    try:
        if action not in ANSWERED:
            raise CkanError(f"Action name not known: {action[:80]}")
        asked = (
            Asked.of_query(http.query_params.multi_items())
            if reads
            else Asked.of_body(body, http.headers.get("content-type", ""))
        )
        told |= {"success": True, "result": ANSWERED[action](served.current, asked)}
        status = 200
    except CkanError as error:
        told |= {"success": False, "error": error.said()}
        status = error.status
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    kept = BY_OTHERS if reads and status == 200 else NOT_KEPT
    return Response(written.encode("utf-8", "replace"), status, {"Cache-Control": kept}, "application/json")
