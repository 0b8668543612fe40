"""The whole OpenAPI document of the release that is served: what the routes declare, with what only that release has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.figures.extracts import tables_of
from dashboard.render.tactile.offered import TOPICS
from dashboard.site import Site
from dashboard.views import VIEWS
from dashboard.web.api import ROOT, told, told_so
from dashboard.web.openapi.figures import figures_paths
from dashboard.web.openapi.schemas import Components
from dashboard.web.openapi.sheets import SheetsOf
from dashboard.web.openapi.tables import TableOf
from dashboard.web.openapi.together import Contradictions
from dashboard.web.openapi.values import values_of
from dashboard.web.openapi.views import ViewOf


def openapi(site: Site, described: Mapping[str, Any]) -> dict[str, Any]:
    """`described`, the document of the routes, with the files of every view and the data of every table, and their parameters."""
    components = Components()
    components.schemas |= values_of(site.release)
    paths = {path: {name: _without_422(one) for name, one in said.items()} for path, said in described["paths"].items()}
    known: dict[tuple[object, str], Contradictions] = {}
    for view in VIEWS.values():
        if view.held(site.data):
            paths |= ViewOf(site, view, components, known).paths()
    for name in TOPICS.values():
        for place in ("", *list(site.territories.departamentos)[:1]):
            paths |= SheetsOf(site, VIEWS[name], components, known, place).paths()
    paths[f"{ROOT}/parametros"] = {"get": _parameters()}
    tables = list(tables_of(site.release).values())
    for offered, facts in tables:
        paths |= TableOf(site.release, offered, facts, components).paths()
    for offered, facts in tables:
        if offered.figures:
            paths |= figures_paths(site.release, offered, facts, components)
    return {
        **described,
        "paths": paths,
        "components": {**described.get("components", {}), "schemas": components.schemas},
    }


def _parameters() -> dict[str, Any]:
    return {
        "tags": ["api"],
        "summary": "Vistas, parámetros y valores que se aceptan",
        "operationId": "parametros",
        "responses": {"200": told(["application/json"]), **{str(status): told_so(status) for status in (400, 503)}},
    }


def _without_422(operation: Mapping[str, Any]) -> dict[str, Any]:
    """What FastAPI says of an operation, but for an answer that it announces by itself and that the site never gives."""
    answers = {status: said for status, said in operation["responses"].items() if status != "422"}
    return {**operation, "responses": answers}
