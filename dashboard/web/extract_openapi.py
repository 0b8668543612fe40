"""The data of every table in the OpenAPI document: an operation for each, with its own columns as parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.address.extract_parameters import TEXT, parameters
from dashboard.address.extracts import (
    CURSOR,
    DEPARTAMENTO,
    DIGITS_OF_DEPARTAMENTO,
    GROUP,
    LONGEST,
    MOST_PAGE,
    MUNICIPIO,
    PAGE,
    PLACE,
    Extract,
    Offered,
)
from dashboard.address.named_release import PUBLICATION
from dashboard.address.parameters import Parameter
from dashboard.figures.extracts import extracts_of, tables_of
from dashboard.render.extracts import FORMATS
from dashboard.render.jsonstat import CONTENTS, JSONSTAT
from dashboard.site import Site
from dashboard.web.api import told, told_so
from dashboard.web.extract_asked import PATH, AskedExtract
from dashboard.web.pxweb import FORMAT_ASKED, LANGUAGE, PXWEB, VALUES
from dashboard.web.pxweb import FORMATS as PXWEB_FORMATS
from etl.model import Kind
from etl.release import DamagedError, FileFacts, Release

#: Rows that examples are looked for in, and what stands for a value where none of them has any.
SEEN = 50
USUAL = {Kind.FECHA: "2023-01-01", Kind.TEXTO: "texto"}
PROBLEMS = (400, 404, 410, 412, 414, 416, 503)
EXPRESSIONS = (
    "De cada columna de la clave, qué valores: códigos con comas, `*` y `?` como comodines, `top(n)`, `bottom(n)`, `from(x)`, "
    "`to(x)`, `range(x,y)`; si falta, todos o, donde lo hay, el total."
)
WORDS = (
    "Filas, columnas o sumas de la tabla. Se envía mientras se halla, sin límite de filas; con `limite` viene por páginas y la "
    "respuesta da la dirección de la siguiente (`Link: rel=next` y, en JSON, `siguiente`). Lo que no se puede pedir se responde "
    "con 400 y lo que se acepta."
)


def with_tables(site: Site, document: dict[str, Any]) -> dict[str, Any]:
    """`document` with the data of every table of the release."""
    paths = {
        f"{PATH}/{name}/data.{{formato}}": {"get": _operation(site.release, offered, facts)}
        for name, (offered, facts) in tables_of(site.release).items()
    }
    figures = {
        f"{PXWEB}/tables/{name}/data": {"get": _figures(offered, facts)}
        for name, (offered, facts) in tables_of(site.release).items()
        if offered.figures
    }
    return {**document, "paths": {**document["paths"], **paths, **figures}}


def _operation(release: Release, offered: Offered, facts: FileFacts) -> dict[str, Any]:
    forms = {**FORMATS, **({JSONSTAT.suffix: JSONSTAT} if offered.figures else {})}
    answers = _answers(form.media_type for form in forms.values())
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
                "schema": {"type": "string", "enum": list(forms)},
                "example": "csv",
            },
            *described(release, offered, facts),
        ],
        "responses": answers,
    }


def _answers(kinds: Iterable[str]) -> dict[str, Any]:
    return {"200": told(dict.fromkeys(kinds)), **{str(status): told_so(status) for status in PROBLEMS}}


def _figures(offered: Offered, facts: FileFacts) -> dict[str, Any]:
    """The figures of a table as PxWeb's programs ask for them."""
    names = [offered.columns[name] for name in offered.table.key]
    asked = [(item.name, item.title) for item in names] + [(CONTENTS, "Qué cifras")]
    formats: dict[str, Any] = {"type": "string", "enum": list(PXWEB_FORMATS), "default": "json-stat2"}
    language: dict[str, Any] = {"type": "string", "enum": ["es"]}
    others = ((FORMAT_ASKED, "Formato", formats), (LANGUAGE, "Idioma", language))
    return {
        "tags": ["pxweb"],
        "summary": f"{facts['titulo']}, como PxWebApi 2",
        "description": f"{facts['descripcion']} {EXPRESSIONS}",
        "operationId": f"pxweb_{offered.table.name}",
        "parameters": [
            *(_parameter(f"{VALUES}[{name}]", words, ANY_CODES, "*") for name, words in asked),
            *(_parameter(name, words, schema, schema["enum"][0]) for name, words, schema in others),
        ],
        "responses": {
            **_answers((JSONSTAT.media_type,)),
            "307": {"description": "La dirección de lo mismo en CSV"},
        },
    }


def _parameter(name: str, words: str, schema: Mapping[str, Any], example: str) -> dict[str, Any]:
    found = {"name": name, "in": "query", "required": False, "description": f"{words}."}
    return found | {"schema": dict(schema), "example": example}


ANY_CODES = {"type": "string", "pattern": "^.{1,4000}$"}


def described(release: Release, offered: Offered, facts: FileFacts) -> list[dict[str, Any]]:
    """The parameters of a table as OpenAPI describes those of a query, each with an example that the table answers."""
    examples = _examples(release, offered, facts)
    return [_described(item, examples.get(item.name, "")) for item in parameters(offered)]


def _examples(release: Release, offered: Offered, facts: FileFacts) -> dict[str, str]:
    """A value for each parameter that has no list of them: those of the first row that has any."""
    whole = Extract(offered.table.name, tuple(offered.columns))
    asked = AskedExtract(release, offered, facts, whole, "csv")
    over = [name for name in offered.table.key if name in offered.every and not offered.every[name].divides]
    found = {
        GROUP: ",".join(over or offered.table.key[:1]),
        PAGE: "10",
        CURSOR: asked.cursor(1),
        PUBLICATION: release.id,
    }
    row: dict[str, Any] = {}
    with suppress(DamagedError):  # said to whoever asks for the table, and no reason to describe no other
        for batch in extracts_of(release).rows(replace(whole, limit=SEEN), offered).batches():
            for one in reversed(batch.to_pylist()):
                row |= {name: value for name, value in one.items() if value is not None}
    for item in offered.filters.values():
        code = row.get(MUNICIPIO, row.get(DEPARTAMENTO, ""))
        value = code if item.name == PLACE else row.get(item.field.name)
        value = code[:DIGITS_OF_DEPARTAMENTO] if item.field.name == DEPARTAMENTO and value is None else value
        text = value.isoformat() if isinstance(value, date) else str(value)
        fits = value is not None and text.isprintable() and 0 < len(text) <= LONGEST
        if not item.field.labels:
            found[item.name] = text if fits else USUAL.get(item.field.kind, "0")
    return found


def _described(item: Parameter, example: str) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string"}
    if item.name == PAGE:
        one = {"type": "integer", "minimum": 1, "maximum": MOST_PAGE}
    elif item.pattern:
        one["pattern"] = f"^({item.pattern})$"
    else:
        one["enum"] = list(item.values)
        example = example or next(iter(item.values))
    found = {"name": item.name, "in": "query", "required": False, "description": f"{item.title}. {item.sentence}."}
    if item.most == 1:
        return found | {"schema": one, "example": int(example) if item.name == PAGE else example}
    several = {"type": "array", "items": one, "minItems": 1, "maxItems": item.most}
    listed = example.split(",") if item.name == GROUP else [example]
    # With commas, but for texts, which may have commas of their own.
    return found | {"schema": several, "style": "form", "explode": item.pattern == TEXT, "example": listed}
