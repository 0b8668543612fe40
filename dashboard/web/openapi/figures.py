"""The figures of a table as PxWeb's programs ask for them, in the OpenAPI document: the values of each dimension, and the ways of
choosing several.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from dashboard.address.extracts import Offered
from dashboard.render.jsonstat import CONTENTS, JSONSTAT, MOST_CELLS, code_of
from dashboard.web.openapi.schemas import Components, Schema, several
from dashboard.web.openapi.tables import answers
from dashboard.web.pxweb import FORMAT_ASKED, FORMATS, LANGUAGE, PXWEB, VALUES, values_of
from etl.release import DamagedError, FileFacts, Release

EXPRESSIONS = (
    "De cada columna de la clave, qué valores: códigos con comas, `*` y `?` como comodines, `top(n)`, `bottom(n)`, `from(x)`, "
    "`to(x)`, `range(x,y)`; si falta, todos o, donde lo hay, el total."
)
#: The codes of a dimension are listed if they are no more than these; expressions that are taken, in all.
LISTED, MOST = 1_000, 60


def figures_paths(release: Release, offered: Offered, facts: FileFacts, components: Components) -> dict[str, Any]:
    """The address of the figures of a table, with its operation."""
    return {f"{PXWEB}/tables/{offered.table.name}/data": {"get": _operation(release, offered, facts, components)}}


def _operation(release: Release, offered: Offered, facts: FileFacts, components: Components) -> dict[str, Any]:
    codes = {name: _codes(release, offered, name) for name in offered.table.key}
    figures = [item.name for item in offered.figures]
    formats: Schema = {"type": "string", "enum": list(FORMATS), "default": "json-stat2"}
    language: Schema = {"type": "string", "enum": ["es"]}
    longest = max(codes, key=lambda name: len(codes[name]))
    cells = prod(max(1, len(values)) for values in (*codes.values(), figures))
    parameters = []
    for name, there in {**codes, CONTENTS: figures}.items():
        words = "Qué cifras" if name == CONTENTS else offered.columns[name].title
        few = name == longest and cells > MOST_CELLS and name not in offered.crossed
        one = _few(there) if few else components.named(f"Valores_{name}", expressions(there))
        most = max(1, min(MOST, MOST_CELLS // max(1, cells // len(there)) // 9)) if few else MOST
        example: list[str] = there[:1] if few else ["*"]
        found = _parameter(f"{VALUES}[{name}]", words, several(one, most), example)
        parameters.append({**found, "style": "form", "explode": False, "required": few})
    others = ((FORMAT_ASKED, "Formato", formats), (LANGUAGE, "Idioma", language))
    return {
        "tags": ["pxweb"],
        "summary": f"{facts['titulo']}, como PxWebApi 2",
        "description": f"{facts['descripcion']} {EXPRESSIONS}",
        "operationId": f"pxweb_{offered.table.name}",
        "parameters": [
            *parameters,
            *(_parameter(name, words, schema, schema["enum"][0]) for name, words, schema in others),
        ],
        "responses": {
            **answers((JSONSTAT.media_type,)),
            "307": {"description": "La dirección de lo mismo en CSV"},
        },
    }


def _parameter(name: str, words: str, schema: Mapping[str, Any], example: object) -> dict[str, Any]:
    found = {"name": name, "in": "query", "required": False, "description": f"{words}."}
    return found | {"schema": dict(schema), "example": example}


def _codes(release: Release, offered: Offered, name: str) -> list[str]:
    """The codes of a dimension, in order; none where the table cannot be read, which is said to whoever asks for it."""
    try:
        return [code_of(value) for value in values_of(release, None, offered.table.name, name)]
    except DamagedError:
        return []


def expressions(codes: Sequence[str]) -> Schema:
    """What selects some of the values of a dimension: a code, a pattern that some code has the form of, or so many of them."""
    ways: list[Schema] = [_several(codes)]
    plain = [code for code in codes if not re.search(r"[,()*?]", code)]
    if 0 < len(plain) <= LISTED:
        ways.insert(0, {"title": "Un código", "type": "string", "enum": plain})
        each = "|".join(map(re.escape, plain))
        ends = (
            rf"(from|to)\(({each})\)|range\({re.escape(plain[0])},({each})\)|range\(({each}),{re.escape(plain[-1])}\)"
        )
        if len(plain) == len(codes):
            ways.append({"title": "Desde uno, hasta otro", "type": "string", "pattern": f"^({ends})$"})
    elif plain:
        ways.insert(0, {"title": "Un código de los que da /metadata", "type": "string", "pattern": _form(plain)})
    return {"anyOf": ways}


def _several(codes: Sequence[str]) -> Schema:
    """All of the codes, those that begin in some way, or so many of one end."""
    firsts = sorted({re.escape(word[0]) for word in codes if word and word[0] not in "(),*?"})
    begin = rf"|({'|'.join(firsts)})\*" if firsts else ""
    # An offset of as many digits as are surely fewer than there are codes.
    digits = len(str(len(codes))) - 1
    offset = rf"(,\d{{1,{digits}}})?" if digits else ""
    pattern = rf"^(\*|\?\*{begin}|(top|bottom)\([1-9]\d{{0,6}}{offset}\))$"
    return {"title": "Varios: todos, los que empiezan así, los de un extremo", "type": "string", "pattern": pattern}


def _form(codes: Sequence[str]) -> str:
    digits = set(map(len, codes)) if all(map(str.isdecimal, codes)) else set()
    return rf"^\d{{{min(digits)},{max(digits)}}}$" if digits else r"^[^,()*?\s]{1,200}$"


def _few(codes: Sequence[str]) -> Schema:
    """A few values of a dimension that has too many to be wanted whole."""
    ends = {"title": "Los de un extremo", "type": "string", "pattern": r"^(top|bottom)\([1-9]\)$"}
    return {"anyOf": [{"title": "Un código de los que da /metadata", "type": "string", "pattern": _form(codes)}, ends]}
