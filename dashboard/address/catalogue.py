"""What the address of the catalogue of data may ask: a topic, a level of place and a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.address.parameters import Contract, Parameter, Question


@dataclass(frozen=True)
class Wanted(Question):
    """Which datasets are wanted: those of a topic, with figures of a level of place, with figures of a year; None for all."""

    tema: str | None = None
    nivel: str | None = None
    anio: str | None = None


def catalogue(topics: Mapping[str, str], levels: Mapping[str, str], years: Mapping[str, str]) -> Contract[Wanted]:
    """The contract of the catalogue of a release that has these topics, levels and years, each with its words."""
    declared = (
        Parameter("tema", "Tema", "De qué tratan los datos", topics, everything="Todos los temas"),
        Parameter("nivel", "Lugar", "De qué lugares hay cifra", levels, everything="Cualquier lugar"),
        Parameter("anio", "Año", "De qué año hay cifra", years, everything="Cualquier año"),
    )
    return Contract(
        lambda offer: declared, lambda values, offer, notices: Wanted(**{k: v or None for k, v in values.items()})
    )
