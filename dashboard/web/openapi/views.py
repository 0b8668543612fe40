"""The files of a view in the OpenAPI document: what is asked of it, with what depends on something else asked together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.address.named_release import OF_RELEASE
from dashboard.address.parameters import Parameter
from dashboard.render.files import FORMATS
from dashboard.render.formats import CSV
from dashboard.site import Site
from dashboard.view import View
from dashboard.web.api import EXCEL, format_parameter, query_parameter, told, told_so
from dashboard.web.openapi.schemas import (
    Components,
    Schema,
    asked_together,
    closed,
    described,
    example_of,
    several,
    titled,
)
from dashboard.web.openapi.together import MOST_TOGETHER, Contradictions, Way, apart, is_free, ways
from dashboard.web.value_names import NAMED_RELEASE, one_of

#: A departamento and a place in it: that one contains the other is known, and is not asked value by value.
CONTAINER, CONTAINED = "departamento", "lugar"
DEPENDING = (
    "Lo que depende entre sí: cada uno es un parámetro de la dirección con su nombre; aquí se dice cuáles van juntos."
)
PROBLEMS = (400, 404, 410, 503)


@dataclass(frozen=True)
class ViewOf:
    """A view of a site that is described in a document, whose schemas are said once among its `components`."""

    site: Site
    view: View
    components: Components
    #: What is known of each contract: several views have the same.
    known: dict[tuple[object, str], Contradictions]

    @property
    def taken(self) -> tuple[Parameter, ...]:
        """What is asked of it."""
        return self.view.parameters(self.site.data)

    @property
    def contract(self) -> tuple[object, str]:
        """What has the same contradictions."""
        return (self.view.contract, self.view.topic)

    def paths(self) -> dict[str, Any]:
        """The addresses of its files, each with its operation: only CSV is taken as Excel reads it."""
        address, name = f"/descargas/vista/{self.view.name}", f"vista_{self.view.name}"
        asked = list(self._asked())
        others = {suffix: form.media_type for suffix, form in FORMATS.items() if suffix != CSV.suffix}
        excel = query_parameter(EXCEL, self._one(EXCEL))
        return {
            f"{address}.{{formato}}": {
                "get": self._operation(name, [format_parameter(others), *asked], others.values())
            },
            f"{address}.{CSV.suffix}": {"get": self._operation(f"{name}_csv", [*asked, excel], [CSV.media_type])},
        }

    def _operation(self, named: str, parameters: list[dict[str, Any]], kinds: Any) -> dict[str, Any]:
        return {
            "tags": ["vistas"],
            "summary": self.view.title,
            "operationId": named,
            "parameters": [*parameters, query_parameter(OF_RELEASE, one_of(NAMED_RELEASE))],
            "responses": {"200": told(kinds), **{str(status): told_so(status) for status in PROBLEMS}},
        }

    def _asked(self) -> Iterator[dict[str, Any]]:
        """What is asked of it: the parameters that are free, and those that depend on each other, together."""
        asked = Contradictions(self._honoured, frozenset((CONTAINER, CONTAINED)))
        found, turn = self.known.setdefault(self.contract, asked), 0
        for group in apart(self.taken, found):
            if is_free(group, found) or len(group) > MOST_TOGETHER:
                yield from map(self._free, group)
            else:
                turn += 1
                by_name = {item.name: item for item in group}
                told = [self._way(by_name, way) for way in ways(group, found)]
                examples = [example_of(schema, {}, self.components) for schema in told]
                yield asked_together("pregunta" if turn == 1 else f"pregunta_{turn}", DEPENDING, told, examples)

    def _honoured(self, query: Mapping[str, str]) -> bool:
        asked = self.view.asked(query, self.site.data)
        return not asked.notices and not asked.unknown

    def _free(self, item: Parameter) -> dict[str, Any]:
        schema = self._one(item)
        if item.most > 1:
            return described(item, several(schema, item.most), list(item.values)[:2])
        return query_parameter(item, schema)

    def _one(self, item: Parameter, values: Sequence[str] = ()) -> Schema:
        """One of the values of a parameter."""
        listed = values or tuple(item.values)
        schema = self.components.one_of(item.name, listed)
        return schema | ({"default": item.default} if item.default in listed else {})

    def _way(self, by_name: Mapping[str, Parameter], way: Way) -> Schema:
        properties = {}
        for name, values in way.values.items():
            item, schema = by_name[name], self._one(by_name[name], values)
            properties[name] = titled(item, several(schema, item.most) if item.most > 1 else schema)
        said = closed(properties, [name for name in way.values if name in way.required])
        if {CONTAINER, CONTAINED} <= way.values.keys():
            said |= {"allOf": [self._inside(by_name[CONTAINER], by_name[CONTAINED])]}
        return said

    def _inside(self, outer: Parameter, inner: Parameter) -> Schema:
        """That a place is inside its departamento, where both are asked for."""
        territories = self.site.territories
        found: list[Schema] = [{"properties": {outer.name: False}}, {"properties": {inner.name: False}}]
        for code in outer.values:
            under = [place for place in (code, *territories.under(code)) if place in inner.values]
            if under:
                both = {outer.name: {"const": code}, inner.name: {"enum": under}}
                found.append({"properties": both, "required": [outer.name, inner.name]})
        return self.components.named("UnLugarDeSuDepartamento", {"anyOf": found})
