"""What a file says once, and not in every row: its licence, how to cite it, and the sources that its rows call by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from etl.release.cited import Cited, citation

#: The column in which a row says which sources it is of.
SOURCE_KEY = "clave_fuente"
#: What is told of each source, by what the catalogue of a release calls it: its licence is its own, not that of the figures.
TOLD = {
    "clave": SOURCE_KEY,
    "titulo": "titulo",
    "editor": "editor",
    "transcrita_por": "transcrita_por",
    "url": "url",
    "licencia": "licencia_fuente",
    "licencia_url": "licencia_fuente_url",
    "corte": "corte",
    "corte_texto": "corte_texto",
    "confianza": "confianza",
    "nota": "nota",
}


@dataclass(frozen=True)
class About:
    """What a file says once: the title and the release of what is in it, the licence of its figures, and its sources."""

    title: str
    release: str
    license_id: str
    license_title: str
    license_url: str
    sources: tuple[Mapping[str, Any], ...]
    synthetic: bool = False

    @property
    def terms(self) -> dict[str, str]:
        """The licence, by the names that it has in every file."""
        return {"licencia": self.license_title, "licencia_id": self.license_id, "licencia_url": self.license_url}

    @property
    def citation(self) -> str:
        """How to cite what is in it."""
        if self.synthetic:
            return f"No se cite: demostración con datos sintéticos, publicación {self.release}."
        return citation(self.title, map(cited, self.sources), self.license_id, self.release)

    @property
    def listed(self) -> list[tuple[str, ...]]:
        """The sources as a table: the names of its columns, and a row for each source."""
        return listed(self.sources)


def listed(sources: tuple[Mapping[str, Any], ...]) -> list[tuple[str, ...]]:
    """Some sources as a table: the names of its columns, and a row for each."""
    rows = (tuple(str(source.get(name) or "") for name in TOLD) for source in sources)
    return [tuple(TOLD.values()), *rows]


def cited(source: Mapping[str, Any]) -> Cited:
    """What is said of a source of the manifest when it is cited."""
    when = source.get("corte_texto") or source["corte"]
    return Cited(source["editor"], source["titulo"], when, source.get("transcrita_por"))
