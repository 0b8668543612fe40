"""The words the data is divided by, taken from the datasets' own declarations, and the territories of one release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from dashboard.words import fold
from etl.datasets import dataset
from etl.model import Field

PADRON = dataset("padron_municipal")
BY_EDAD = PADRON.table("padron_municipal_edad")
BY_ALFABETISMO = PADRON.table("padron_municipal_alfabetismo")

#: The dimensions a reader can filter by, by column name.
DIMENSIONS: Mapping[str, Field] = {
    "sexo": BY_EDAD.field("sexo"),
    "grupo_edad": BY_EDAD.field("grupo_edad"),
    "alfabetismo": BY_ALFABETISMO.field("alfabetismo"),
}
#: Of those, the ones that take the single slot of `filters.Group.trait`.
TRAITS = ("grupo_edad", "alfabetismo")

COUNTRY = "Guatemala"


@dataclass(frozen=True)
class Territories:
    """Names by code: 340 municipios ("0101") and 22 departamentos ("01"), in the alphabetical order a reader expects."""

    municipios: Mapping[str, str]
    departamentos: Mapping[str, str]

    @cached_property
    def by_name(self) -> tuple[str, ...]:
        """Every code, sorted by folded name."""
        names = {**self.municipios, **self.departamentos}
        return tuple(sorted(names, key=lambda code: (fold(names[code]), code)))

    def name(self, code: str) -> str:
        """The name of a municipio or departamento; KeyError for an unknown code."""
        return self.municipios[code] if len(code) == 4 else self.departamentos[code]

    def departamento_of(self, codigo_municipio: str) -> str:
        """The name of the departamento of a municipio."""
        return self.departamentos[codigo_municipio[:2]]

    def search(self, text: str) -> tuple[str, ...]:
        """Codes whose name contains `text`, accents and case aside; those that begin with it first."""
        wanted = fold(text.strip())
        if not wanted:
            return ()
        hits = [code for code in self.by_name if wanted in fold(self.name(code))]
        return tuple(sorted(hits, key=lambda code: not fold(self.name(code)).startswith(wanted)))
