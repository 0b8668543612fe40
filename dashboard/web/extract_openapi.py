"""The data of every table in the OpenAPI document: an operation for each, with its own columns as parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.address.extract_parameters import parameters
from dashboard.address.extracts import MOST_PAGE, PAGE, Offered
from dashboard.address.parameters import Parameter
from dashboard.figures.extracts import tables_of
from dashboard.render.extracts import FORMATS
from dashboard.site import Site
from dashboard.web.api import told, told_so
from dashboard.web.extract_asked import PATH
from etl.release import FileFacts

PROBLEMS = (400, 404, 412, 416, 503)
WORDS = (
    "Filas, columnas o sumas de la tabla. Se envía mientras se halla, sin límite de filas; con `limite` viene por páginas y la "
    "respuesta da la dirección de la siguiente (`Link: rel=next` y, en JSON, `siguiente`). Lo que no se puede pedir se responde "
    "con 400 y lo que se acepta."
)


def with_tables(site: Site, document: dict[str, Any]) -> dict[str, Any]:
    """`document` with the data of every table of the release."""
    paths = {
        f"{PATH}/{name}/data.{{formato}}": {"get": _operation(offered, facts)}
        for name, (offered, facts) in tables_of(site.release).items()
    }
    return {**document, "paths": {**document["paths"], **paths}}


def _operation(offered: Offered, facts: FileFacts) -> dict[str, Any]:
    answers: Mapping[str, Any] = {
        "200": told(form.media_type for form in FORMATS.values()),
        **{str(status): told_so(status) for status in PROBLEMS},
    }
    return {
        "tags": ["datasets"],
        "summary": facts["titulo"],
        "description": f"{facts['descripcion']} {WORDS}",
        "operationId": f"datos_{offered.table.name}",
        "parameters": [
            {
                "name": "formato",
                "in": "path",
                "required": True,
                "description": "Formato del archivo",
                "schema": {"type": "string", "enum": list(FORMATS)},
                "example": "csv",
            },
            *described(offered),
        ],
        "responses": answers,
    }


def described(offered: Offered) -> list[dict[str, Any]]:
    """The parameters of a table as OpenAPI describes those of a query."""
    return [_described(item) for item in parameters(offered)]


def _described(item: Parameter) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string"}
    if item.values:
        one["enum"] = list(item.values)
    elif item.name == PAGE:
        one = {"type": "integer", "minimum": 1, "maximum": MOST_PAGE}
    else:
        one["pattern"] = f"^({item.pattern})$"
    found = {"name": item.name, "in": "query", "required": False, "description": f"{item.title}. {item.sentence}."}
    if item.most == 1:
        return found | {"schema": one}
    return found | {
        "schema": {"type": "array", "items": one, "minItems": 1, "maxItems": item.most},
        "style": "form",
        "explode": True,
    }
