"""The actions about the rows of a published table: some of them, and what its columns are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from dashboard.figures.datastore import ANYWHERE, MOST_ROWS, NotInTable, Rows, Search, Value, search
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.render.inert import inert_row
from dashboard.render.metadata.catalog import Catalog
from dashboard.render.metadata.ckan import TYPES
from dashboard.web.ckan.actions import Said, resource
from dashboard.web.ckan.asked import Asked, Invalid, NotFound
from etl.model import Field

SEARCHED = (
    "resource_id", "id", "filters", "q", "distinct", "plain", "language", "limit", "offset", "fields", "sort",
    "include_total", "total_estimation_threshold", "records_format", "force",
)  # fmt: skip
#: The most values of one answer: a table of many columns gives fewer rows.
MOST_CELLS, USUAL_ROWS, LAST_ROW = 400_000, 100, 10**12
NUMBER = "_id"
SEPARATORS = {"csv": ",", "tsv": "\t"}
FORMATS = ("objects", "lists", *SEPARATORS)


def datastore_search(catalog: Catalog, data: Data, asked: Asked) -> Said:
    """Filas de una tabla: filters, q, fields, sort, distinct, limit y offset."""
    asked.only(*SEARCHED)
    called, table = _table(catalog, asked)
    form = asked.text("records_format", FORMATS[0]).lower()
    if form not in FORMATS:
        raise Invalid("records_format", f"Tiene que ser uno de: {', '.join(FORMATS)}")
    wanted = _wanted(asked, len(catalog.release.tables[table].columns))
    try:
        found = search(data, table, wanted)
    except NotInTable as error:
        raise Invalid(error.asked, str(error)) from None
    except Unaskable as error:
        raise NotFound(str(error)) from None
    told = {name: asked.raw(name) for name in ("filters", "q", "sort", "fields") if asked.has(name)}
    told |= {"distinct": True} if wanted.distinct else {}
    total = {"total": found.total, "total_was_estimated": False} if found.total is not None else {}
    kept = told | {name: asked.raw(name) for name in ("records_format", "include_total") if asked.has(name)}
    return {
        "resource_id": called,
        "include_total": wanted.total,
        "records_format": form,
        "limit": wanted.limit,
        "offset": wanted.offset,
        **told,
        "fields": [_described(item) for item in found.fields],
        "records": _records(found, form),
        "_links": _links(kept | {"resource_id": called}, wanted),
        **total,
    }


def datastore_info(catalog: Catalog, data: Data, asked: Asked) -> Said:
    """Qué columnas tiene una tabla y cuántas filas."""
    called, table = _table(catalog, asked)
    declared = catalog.release.tables[table]
    entry = next(item for item in catalog.release.manifest["archivos"] if item["tabla"] == table)
    return {
        "meta": {"id": called, "count": entry["filas"], "table_type": "BASE TABLE", "aliases": [table]},
        "fields": [_described(item) for item in declared.columns],
    }


def _table(catalog: Catalog, asked: Asked) -> tuple[str, str]:
    """What whoever asks calls the table, and its name: the id of the resource of its CSV, or the name itself."""
    name = "resource_id" if asked.has("resource_id") else "id"
    called = asked.needed(name if asked.has(name) else "resource_id")
    shown = {item["tabla"] for item in catalog.release.manifest["archivos"] if item["formato"] == "Parquet"}
    table = called if called in shown else resource(catalog, called)["tabla"]
    if table not in shown:
        raise NotFound("Not found: ese archivo no es una tabla que se pueda consultar")
    return called, table


def _wanted(asked: Asked, columns: int) -> Search:
    fields = tuple(dict.fromkeys(asked.listed("fields")))
    most = min(MOST_ROWS, MOST_CELLS // (len(fields) or columns + 1))
    return Search(
        columns=fields,
        equal=_filters(asked),
        words=_words(asked),
        order=_order(asked),
        limit=asked.number("limit", USUAL_ROWS, most),
        offset=asked.number("offset", 0, LAST_ROW),
        distinct=asked.flag("distinct"),
        total=asked.flag("include_total", True),
    )


def _filters(asked: Asked) -> Mapping[str, tuple[Value, ...]]:
    given = asked.data("filters") or {}
    if not isinstance(given, dict):
        raise Invalid("filters", "Tiene que ser un objeto: la columna y su valor, o una lista de valores")
    return {name: tuple(map(_plain, value if isinstance(value, list) else [value])) for name, value in given.items()}


def _plain(value: Any) -> Value:
    if isinstance(value, dict | list):
        raise Invalid("filters", "Los valores tienen que ser textos, números, true, false o null")
    if isinstance(value, str):
        _check(value, "filters")
    plain: Value = value
    return plain


def _check(text: str, name: str) -> None:
    Asked({name: text}).text(name)


def _words(asked: Asked) -> Mapping[str, str]:
    given = asked.raw("q")
    if isinstance(given, str) and given.strip().startswith("{"):
        given = asked.data("q")
    if not given:
        return {}
    words = given if isinstance(given, dict) else {ANYWHERE: given}
    if not all(isinstance(text, str) for text in words.values()):
        raise Invalid("q", "Tiene que ser un texto, o un objeto con un texto por columna")
    for text in words.values():
        _check(text, "q")
    return words


def _order(asked: Asked) -> tuple[tuple[str, bool], ...]:
    found = []
    for part in asked.listed("sort"):
        name, *way = part.replace('"', "").split()
        if way[1:2] in (["nulls"], ["NULLS"]) or [word.lower() for word in way] not in ([], ["asc"], ["desc"]):
            raise Invalid("sort", f"«{part[:60]}» no es una columna con asc o desc")
        found.append((name, [word.lower() for word in way] == ["desc"]))
    return tuple(found)


def _described(item: Field) -> Said:
    if item.name == NUMBER:
        return {"id": NUMBER, "type": "int"}
    info = {"label": item.title, "notes": item.description, "unit": item.unit or ""}
    return {"id": item.name, "type": TYPES.get(item.kind.value, "text"), "info": info}


def _records(found: Rows, form: str) -> Any:
    names = [item.name for item in found.fields]
    rows = ([value.isoformat() if isinstance(value, date) else value for value in row] for row in found.rows)
    if form == "objects":
        return [dict(zip(names, row, strict=True)) for row in rows]
    if form == "lists":
        return list(rows)
    text = io.StringIO()
    csv.writer(text, delimiter=SEPARATORS[form], lineterminator="\n").writerows(map(inert_row, rows))
    return text.getvalue()


def _links(told: Mapping[str, Any], wanted: Search) -> dict[str, str]:
    """The addresses of the first answer and of the one that follows, as CKAN gives them."""
    asked = {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}
    start = f"/api/3/action/datastore_search?{urlencode(asked | {'limit': str(wanted.limit)})}"
    return {"start": start, "next": f"{start}&offset={wanted.offset + wanted.limit}"}
