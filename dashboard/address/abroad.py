"""What the addresses of the pages about the vote abroad may ask: the map, and the consulates near a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dashboard.address.parameters import Contract, Parameter, Question
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
