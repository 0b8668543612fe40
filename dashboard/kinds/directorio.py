"""A list of places to go to, those of one's own state first, then the nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.view import Result
from dashboard.words import Figure, Sentence, listing, plural, sentence


@dataclass(frozen=True)
class Office:
    """One consulate: its city and state, how it is known (`confirmed` unless its source only planned or recalled it)."""

    city: str
    state: str
    known: str
    confirmed: bool
    confidence: str
    cutoff: str
    source: str


@dataclass(frozen=True)
class Material:
    """Those of the chosen state, or all when none is chosen; and the nearest in other states, if they can be told."""

    state: str | None
    own: Sequence[Office]
    nearest: Sequence[Office]
    measurable: bool


@dataclass(frozen=True)
class Facts:
    """The material as it is."""

    state: str | None
    own: tuple[Office, ...]
    nearest: tuple[Office, ...]
    measurable: bool


def facts(result: Result) -> Facts:
    """The material."""
    material: Material = result.material
    return Facts(material.state, tuple(material.own), tuple(material.nearest), material.measurable)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """Where to go."""
    sure = [office for office in facts.own if office.confirmed]
    doubtful = [office.city for office in facts.own if not office.confirmed]
    count = Figure(plural(len(sure), "consulado", "consulados"), len(sure))
    if facts.state is None:
        states = len({office.state for office in sure})
        lead = "Se conocen {count} de Guatemala en {states} de los Estados Unidos."
        found = [sentence(lead, count=count, states=Figure(plural(states, "estado", "estados"), states))]
    elif sure:
        found = [sentence(f"En {facts.state}: {{names}}.", names=listing([office.city for office in sure]))]
    else:
        found = [sentence(f"En {facts.state} no se conoce ningún consulado abierto.")]
    if doubtful:
        found.append(sentence("Sin confirmar que esté abierto: {names}.", names=listing(doubtful)))
    if facts.nearest and facts.measurable:
        names = listing([f"{office.city} ({office.state})" for office in facts.nearest])
        found.append(sentence("Los más cercanos en otros estados: {names}.", names=names))
    if not facts.measurable:
        found.append(
            sentence(f"{facts.state} está lejos de todos: se muestran los de todo el país, sin ordenar por cercanía.")
        )
    return tuple(found)


def figure(facts: Facts) -> dict[str, list[str]]:
    """The cities, in the order shown."""
    return {"ciudades": [office.city for office in (*facts.own, *facts.nearest)]}
