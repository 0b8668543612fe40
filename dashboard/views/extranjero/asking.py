"""The URL contract of the pages about the vote abroad: a query string becomes one small frozen value, and back.

As in `dashboard.address.selection`: a value that cannot be honoured is corrected and the correction is said; an unknown parameter
is ignored. Each question takes only what it depends on, so that no file claims a filter that did nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar
from urllib.parse import urlencode

from dashboard.address.selection import one_of
from dashboard.figures.queries import Data

ELECTIONS = {"2019": "2019", "2023": "2023"}
LATEST = "2023"
ESTIMATE, PER_THOUSAND = "estimacion", "por-mil"
PAINTS = {
    ESTIMATE: "Guatemaltecos, según la estimación",
    PER_THOUSAND: "Empadronados por cada 1,000 estimados",
}
CENTRES, VOTERS, REGISTERED = "centros", "votantes", "empadronados"
#: What each filter is called in the columns of a file.
ASKED = {
    "eleccion": "Elección pedida",
    "ver": "Color pedido",
    "mostrar": "Círculos pedidos",
    "estado": "Estado pedido",
}
CIRCLES = {REGISTERED: "Empadronados", VOTERS: "Votantes", CENTRES: "Centros de votación"}


@dataclass(frozen=True)
class Everything:
    """Nothing is asked: the question has a single answer."""

    def parameters(self) -> dict[str, str]:
        """The canonical query parameters: what decides nothing is left out."""
        return {}

    def context(self) -> list[tuple[str, str, str]]:
        """What was asked, for the columns of a file: (name, title, value)."""
        return [(f"consulta_{name}", ASKED[name], value) for name, value in self._asked().items()]

    def _asked(self) -> dict[str, str]:
        return {}

    def url(self, path: str, **changes: object) -> str:
        """`path` with this question, after `changes` to its attributes."""
        query = urlencode(replace(self, **changes).parameters())
        return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Where(Everything):
    """The map: which election, what the states are painted with and what the circles of the cities measure."""

    FIRST: ClassVar[dict[str, str]] = {"eleccion": LATEST, "ver": ESTIMATE, "mostrar": REGISTERED}

    eleccion: str = LATEST
    ver: str = ESTIMATE
    mostrar: str = REGISTERED

    @property
    def event(self) -> str:
        """The code of the first round of the election."""
        return f"{self.eleccion}-1"

    def parameters(self) -> dict[str, str]:
        """The election always; the rest when it is not the first choice."""
        return {name: value for name, value in self._asked().items() if name == "eleccion" or value != self.FIRST[name]}

    def _asked(self) -> dict[str, str]:
        return {"eleccion": self.eleccion, "ver": self.ver, "mostrar": self.mostrar}


@dataclass(frozen=True)
class Near(Everything):
    """Consulates: the state one lives in, or None for all."""

    estado: str | None = None

    def parameters(self) -> dict[str, str]:
        """The state, if there is one."""
        return {"estado": self.estado} if self.estado else {}

    def _asked(self) -> dict[str, str]:
        return {"estado": self.estado or "todos"}


@dataclass(frozen=True)
class Asked:
    """A question and, in Spanish, everything about the address that had to be corrected."""

    selection: Everything
    notices: tuple[str, ...] = ()


def everything(query: Mapping[str, str], data: Data) -> Asked:
    """What a question with a single answer is asked, whatever the address says."""
    return Asked(Everything())


def where(query: Mapping[str, str], data: Data) -> Asked:
    """What the map is asked. Never raises."""
    notices: list[str] = []
    asked = {
        name: one_of(name, query, allowed, notices) or Where.FIRST[name]
        for name, allowed in (("eleccion", ELECTIONS), ("ver", PAINTS), ("mostrar", CIRCLES))
    }
    return Asked(Where(**asked), tuple(notices))


def near(query: Mapping[str, str], data: Data) -> Asked:
    """Which state the consulates are asked for. Never raises."""
    notices: list[str] = []
    return Asked(Near(one_of("estado", query, state_names(data), notices)), tuple(notices))


def state_names(data: Data) -> dict[str, str]:
    """The states of the catalogue by code, in its order."""
    return {row["codigo_estado"]: row["estado"] for row in data.records("estados_eeuu")}
