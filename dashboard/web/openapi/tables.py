"""The data of a table in the OpenAPI document, with its own columns as parameters: an operation for its files and another for its
figures as statistical programs read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from dashboard.address.extract_parameters import PATTERNS, parameters
from dashboard.address.extract_query import MOST_WHOLE, TEXT
from dashboard.address.extracts import (
    DEPARTAMENTO,
    DIGITS_OF_DEPARTAMENTO,
    LONGEST,
    MOST_PAGE,
    MUNICIPIO,
    PAGE,
    PLACE,
    Extract,
    Filter,
    Offered,
)
from dashboard.address.named_release import OF_RELEASE, PUBLICATION
from dashboard.address.parameters import Parameter
from dashboard.figures.extracts import extracts_of
from dashboard.render.extracts import FORMATS
from dashboard.render.jsonstat import JSONSTAT
from dashboard.web.api import format_parameter, query_parameter, told, told_so
from dashboard.web.extract_asked import PATH
from dashboard.web.openapi.asking import TOGETHER, Asking
from dashboard.web.openapi.schemas import Components, Schema, asked_together, described, example_of, several
from dashboard.web.value_names import NAMED_RELEASE, one_of
from etl.model import Kind
from etl.release import DamagedError, FileFacts, Release

#: Rows that examples are looked for in, and what stands for a value where none of them has any.
SEEN = 50
USUAL = {Kind.FECHA: "2023-01-01", Kind.TEXTO: "texto", Kind.ENTERO: 0}
PROBLEMS = (400, 404, 410, 412, 414, 416, 503)
WORDS = (
    "Filas, columnas o sumas de la tabla. Se envía mientras se halla, sin límite de filas; con `limite` viene por páginas y la "
    "respuesta da la dirección de la siguiente (`Link: rel=next` y, en JSON, `siguiente`), que trae un `cursor`: se sigue, no se "
    "escribe. Lo que no se puede pedir se responde con 400 y lo que se acepta."
)
OF_FIGURES = (
    "Las cifras como JSON-stat 2.0, para programas de estadística: sus dimensiones son las columnas de la clave."
)
DEPENDING = (
    "Lo que depende entre sí: filas (qué columnas y en qué orden) o, con `agrupar`, sumas. Cada uno es un parámetro de la "
    "dirección con su nombre; aquí se dice cuáles van juntos."
)


@dataclass(frozen=True)
class TableOf:
    """A table of a release that is described in a document, whose schemas are said once among its `components`."""

    release: Release
    offered: Offered
    facts: FileFacts
    components: Components

    def paths(self) -> dict[str, Any]:
        """Its addresses, each with its operation."""
        address, name = f"{PATH}/{self.offered.table.name}/data", self.offered.table.name
        found = {f"{address}.{{formato}}": {"get": self._operation(f"datos_{name}", WORDS, stat=False)}}
        if self.offered.figures:
            found[f"{address}.{JSONSTAT.suffix}"] = {"get": self._operation(f"cifras_{name}", OF_FIGURES, stat=True)}
        return found

    def _operation(self, named: str, words: str, stat: bool) -> dict[str, Any]:
        kinds = [JSONSTAT.media_type] if stat else [form.media_type for form in FORMATS.values()]
        return {
            "tags": ["datasets"],
            "summary": self.facts["titulo"] + (", como JSON-stat" if stat else ""),
            "description": f"{self.facts['descripcion']} {words}",
            "operationId": named,
            "parameters": [*([] if stat else [format_parameter(FORMATS)]), *self._parameters(stat)],
            "responses": answers(kinds),
        }

    def _parameters(self, stat: bool) -> list[dict[str, Any]]:
        schemas = {item.name: self._schema(item) for item in parameters(self.offered)}
        asking, examples = Asking(self.offered, schemas, stat), self._examples
        shown = [self._described(asking.declared[name], schemas[name], examples) for name in asking.free]
        branches = asking.branches()
        told = [example_of(branch, examples, self.components) for branch in branches]
        together = asked_together(TOGETHER, DEPENDING, branches, told)
        return [*shown, together, query_parameter(OF_RELEASE, one_of(NAMED_RELEASE))]

    def _described(self, item: Parameter, schema: Schema, examples: Mapping[str, object]) -> dict[str, Any]:
        example = example_of(schema, {"": examples.get(item.name)}, self.components)
        found = described(item, schema, example)
        filter = self.offered.filters.get(item.name)
        # With commas, but for texts, which may have commas of their own.
        texts = filter is not None and filter.field.kind is Kind.TEXTO and "explode" in found
        return found | {"explode": True} if texts else found

    # --- What each parameter takes ------------------------------------------------------------------------------------

    def _schema(self, item: Parameter) -> Schema:
        filter = self.offered.filters.get(item.name)
        if item.name == PAGE:
            return {"type": "integer", "minimum": 1, "maximum": MOST_PAGE}
        if filter is None:
            one = {"type": "string", "enum": list(item.values)} if item.values else {"type": "string"}
            return several(one, item.most)
        if filter.limit:
            return _of_field(item, filter)
        if filter.name == PLACE and filter.field is filter.code and MUNICIPIO in self.offered.columns:
            levels = [{"items": {"type": "string", "pattern": rf"^\d{{{digits}}}$"}} for digits in (2, 4)]
            return {"type": "array", "anyOf": levels, "minItems": 1, "maxItems": item.most}
        if item.values:
            return several(self.components.one_of(item.name, item.values), item.most)
        return several(_of_field(item, filter), item.most)

    @cached_property
    def _examples(self) -> dict[str, object]:
        """A value for each filter that has no list of them: those of the first row that has any."""
        found: dict[str, object] = {PAGE: 10, PUBLICATION: self.release.id}
        row: dict[str, Any] = {}
        whole = Extract(self.offered.table.name, tuple(self.offered.columns))
        with suppress(DamagedError):  # said to whoever asks for the table, and no reason to describe no other
            for batch in extracts_of(self.release).rows(replace(whole, limit=SEEN), self.offered).batches():
                for one in reversed(batch.to_pylist()):
                    row |= {name: value for name, value in one.items() if value is not None}
        for item in self.offered.filters.values():
            code = row.get(MUNICIPIO, row.get(DEPARTAMENTO, ""))
            value = code if item.name == PLACE else row.get(item.field.name)
            value = code[:DIGITS_OF_DEPARTAMENTO] if item.field.name == DEPARTAMENTO and value is None else value
            if not item.field.labels and item.field.kind is not Kind.BOOLEANO:
                found[item.name] = _shown(item, value)
        return found


def _shown(item: Filter, value: object) -> object:
    usual = USUAL.get(item.field.kind, "0")
    if value is None:
        return usual
    if item.field.kind is Kind.ENTERO:
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if text.isprintable() and 0 < len(text) <= LONGEST else usual


def _of_field(item: Parameter, filter: Filter) -> Schema:
    """One value of a column."""
    kind = filter.field.kind
    if kind is Kind.ENTERO:
        return {"type": "integer", "minimum": -MOST_WHOLE, "maximum": MOST_WHOLE}
    if kind is Kind.FECHA:
        return {"type": "string", "format": "date"}
    schema: Schema = {"type": "string", "pattern": f"^({item.pattern})$"}
    return schema if item.pattern in (TEXT, PATTERNS[Kind.DECIMAL]) else schema | {"maxLength": LONGEST}


def answers(kinds: Iterable[str]) -> dict[str, Any]:
    """The answers of what is asked of a table."""
    return {"200": told(dict.fromkeys(kinds)), **{str(status): told_so(status) for status in PROBLEMS}}
