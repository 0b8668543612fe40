"""The sheets to touch of a map in the OpenAPI document: those of the country and those of the departamentos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.address.named_release import OF_RELEASE
from dashboard.address.parameters import Parameter
from dashboard.address.profiles import COUNTRY_NAME
from dashboard.pages.touched import parameters, with_place
from dashboard.render.tactile.offered import FORMATS, PATH, SVG
from dashboard.web.api import format_parameter, query_parameter, told, told_so
from dashboard.web.openapi.views import PROBLEMS, ViewOf
from dashboard.web.touched import PAGE
from dashboard.web.value_names import NAMED_RELEASE, one_of

SUMMARY = "{titulo}, para tocar"
DESCRIPTION = (
    "El mapa como lámina A4 para papel de microcápsulas (PDF; en SVG, una página) y su tabla en braille español sin "
    "contracciones para una impresora braille (BRF). La página que una lámina no tiene se contesta con 404."
)


@dataclass(frozen=True)
class SheetsOf(ViewOf):
    """The sheets of a view: of the country or, if it is not «», of departamentos, of which `place` is one."""

    place: str = ""

    @property
    def taken(self) -> tuple[Parameter, ...]:
        """What is asked of it."""
        return parameters(self.site, self.view)

    @property
    def contract(self) -> tuple[object, str]:
        """What has the same contradictions."""
        return (self.view.contract, f"{self.view.topic} {self.place}")

    def paths(self) -> dict[str, Any]:
        """The addresses of its files, each with its operation: only of an SVG a page is asked for."""
        topic, place = self.view.topic, "{lugar}" if self.place else COUNTRY_NAME
        name = f"tacto_{topic}_{'departamento' if self.place else COUNTRY_NAME}"
        asked = [*self._place(), *self._asked()]
        whole = {suffix: form.media_type for suffix, form in FORMATS.items() if suffix != SVG.suffix}
        page = query_parameter(PAGE, self._one(PAGE, ["1", "2"]))
        return {
            PATH.format(tema=topic, lugar=place, formato="{formato}"): {
                "get": self._sheet(name, [format_parameter(whole), *asked], whole.values())
            },
            PATH.format(tema=topic, lugar=place, formato=SVG.suffix): {
                "get": self._sheet(f"{name}_svg", [*asked, page], [SVG.media_type])
            },
        }

    def _place(self) -> list[dict[str, Any]]:
        if not self.place:
            return []
        codes = {"type": "string", "enum": list(self.site.territories.departamentos)}
        said = {"description": "Código de dos cifras del departamento", "schema": codes, "example": self.place}
        return [{"name": "lugar", "in": "path", "required": True, **said}]

    def _sheet(self, named: str, asked: list[dict[str, Any]], kinds: Any) -> dict[str, Any]:
        return {
            "tags": ["vistas"],
            "summary": SUMMARY.format(titulo=self.view.title),
            "description": DESCRIPTION,
            "operationId": named,
            "parameters": [*asked, query_parameter(OF_RELEASE, one_of(NAMED_RELEASE))],
            "responses": {"200": told(kinds), **{str(status): told_so(status) for status in PROBLEMS}},
        }

    def _honoured(self, query: Mapping[str, str]) -> bool:
        asked = self.view.asked(with_place(query, self.place), self.site.data)
        return not asked.notices and not asked.unknown
