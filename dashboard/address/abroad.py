"""What the addresses of the pages about the vote abroad may ask: the map, the consulates near a state, and who is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from dashboard.address.parameters import GROUPS, Contract, Parameter, Question
from dashboard.address.selection import URL_NAMES, group_parameter
from dashboard.address.vocabulary import Offer

ESTIMATE, PER_THOUSAND = "estimacion", "por-mil"
PAINTS = {ESTIMATE: "Guatemaltecos, según la estimación", PER_THOUSAND: "Empadronados por cada 1,000 estimados"}
CENTRES, VOTERS, REGISTERED = "centros", "votantes", "empadronados"
CIRCLES = {REGISTERED: "Empadronados", VOTERS: "Votantes", CENTRES: "Centros de votación"}


@dataclass(frozen=True)
class Where(Question):
    """The map: which election, what the circles of the cities measure and what the states are painted with."""

    KEPT: ClassVar[frozenset[str]] = frozenset({"eleccion"})

    eleccion: str = ""
    mostrar: str = REGISTERED
    ver: str = ESTIMATE


@dataclass(frozen=True)
class Near(Question):
    """Consulates: the state one lives in, or None for all."""

    estado: str | None = None


@dataclass(frozen=True)
class People(Question):
    """People abroad: what is counted of them, in which election or as of which day ("" the latest), and who they are: the
    value asked of each column, in the order of the offer.
    """

    ASKED_AS: ClassVar[Mapping[str, str]] = {"who": GROUPS}

    cuenta: str = ""
    eleccion: str = ""
    corte: str = ""
    who: tuple[tuple[str, str], ...] = ()

    def values(self) -> dict[str, str]:
        """The values by parameter, with one for each column in place of `who`."""
        found: dict[str, str] = {name: getattr(self, name) for name in ("cuenta", "eleccion", "corte")}
        return found | {URL_NAMES.get(name, name): value for name, value in self.who}


def people(*own: str, of: str = "") -> Contract[People]:
    """What may be asked of an answer that shows every value of the columns `own`; of one that counts always the same, `of`."""

    def declare(offer: Offer) -> tuple[Parameter, ...]:
        return (
            Parameter("cuenta", "Qué se cuenta", "Qué se cuenta de ellas", offer.indicators, offer.default),
            Parameter("eleccion", "Elección", "Código; si falta, la última", *offer.choice, unused="ninguna"),
            Parameter("corte", "Corte", "Día del padrón; si falta, el último", offer.every_cutoff, unused="el último"),
            *(group_parameter(name, offer) for name in offer.groups if name not in own),
        )

    def build(values: Mapping[str, str], offer: Offer, notices: list[str]) -> People:
        asked = {name: value for name in offer.groups if (value := values.get(URL_NAMES.get(name, name)))}
        return People(*offer.about(own, asked, {"cuenta": of, **values}, notices))

    return Contract(declare, build)


def _map(offer: Offer) -> tuple[Parameter, ...]:
    return (
        Parameter("eleccion", "Elección", "Código de la elección", *offer.choice),
        Parameter("mostrar", "Círculos", "Qué miden los círculos de las ciudades", CIRCLES, REGISTERED),
        Parameter("ver", "Color de los estados", "De qué se pintan los estados", PAINTS, ESTIMATE),
    )


def _consulates(offer: Offer) -> tuple[Parameter, ...]:
    words = "Código postal del estado donde se vive"
    return (Parameter("estado", "Su estado", words, offer.states, everything="Todos los estados"),)


NOTHING: Contract[Question] = Contract(lambda offer: (), lambda values, offer, notices: Question()).only()
ABROAD = Contract(_map, lambda values, offer, notices: Where(**values))
CONSULATES = Contract(_consulates, lambda values, offer, notices: Near(values.get("estado") or None))
