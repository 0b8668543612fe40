"""The same measures, election by election; what a source gives only as a minimum is drawn and said as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.figures.published import MISSING, PublishedFigure
from dashboard.view import Result
from dashboard.words import CHANGE, Figure, Sentence, sentence


@dataclass(frozen=True)
class Material:
    """Titles of the measures and of the elections, both in order; the figures by (election, measure); which measure is
    drawn; the lower bounds of its figures that are not counts, by election.
    """

    measures: Mapping[str, str]
    elections: Mapping[str, str]
    figures: Mapping[tuple[str, str], PublishedFigure]
    drawn: str
    minimums: Mapping[str, float]


@dataclass(frozen=True)
class Bar:
    """The drawn measure in one election; `minimum` when only a lower bound is known."""

    title: str
    value: float | None
    text: str
    minimum: bool


@dataclass(frozen=True)
class Facts:
    """The table of measures by election and the bars of one of them."""

    measures: Mapping[str, str]
    elections: Mapping[str, str]
    figures: Mapping[tuple[str, str], PublishedFigure]
    bars: tuple[Bar, ...]

    def cell(self, election: str, measure: str) -> PublishedFigure:
        """A figure; MISSING when nobody published it."""
        return self.figures.get((election, measure), MISSING)

    def columns(self, elections: Sequence[str]) -> list[tuple[str, tuple[PublishedFigure, ...]]]:
        """(title, figures) of each measure that any of `elections` has."""
        found = [
            (title, tuple(self.cell(election, measure) for election in elections))
            for measure, title in self.measures.items()
        ]
        return [(title, cells) for title, cells in found if any(cell is not MISSING for cell in cells)]


def facts(result: Result) -> Facts:
    """The bars of the drawn measure."""
    material: Material = result.material
    bars = []
    for election, title in material.elections.items():
        cell = material.figures.get((election, material.drawn), MISSING)
        minimum = material.minimums.get(election)
        bars.append(Bar(title, cell.value if minimum is None else minimum, cell.text, minimum is not None))
    return Facts(material.measures, material.elections, material.figures, tuple(bars))


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How the registry grew, how many voted and in how many places."""
    first, last = _voted(facts)
    return (_registry(facts, first, last), _turnout(facts, first, last), _places(facts, first, last))


def _voted(facts: Facts) -> tuple[str, str]:
    """The first and the last election of which there are voters."""
    voted = [election for election in facts.elections if facts.cell(election, "votantes").value is not None]
    return voted[0], voted[-1]


def _registry(facts: Facts, first: str, last: str) -> Sentence:
    before, after = (facts.cell(election, "empadronados") for election in (first, last))
    bounds = [(election, facts.cell(election, "empadronados")) for election in facts.elections if election > last]
    latest = next(((election, cell) for election, cell in bounds if cell is not MISSING), None)
    slots: dict[str, str | Figure] = {
        "before": before.figure(),
        "after": after.figure(),
        "first": facts.elections[first],
        "last": facts.elections[last],
        "growth": _growth(before, after),
    }
    template = "El padrón del extranjero pasó de {before} personas en {first} a {after} en {last} ({growth})"
    if latest is None:
        return sentence(template + ".", **slots)
    cell = latest[1]
    bound = "" if cell.value is not None else ", es un mínimo y no un conteo"
    template += f"; la última cifra que se conoce, {{latest}}{bound}: es de {{when}}."
    return sentence(template, **slots, latest=cell.figure(), when=cell.cutoff)


def _growth(before: PublishedFigure, after: PublishedFigure) -> Figure:
    """From one count to another, in per cent of the first; without value when one is not published or the first is zero."""
    start, end = before.value, after.value
    growth = 100 * (end - start) / start if end is not None and start else None
    return Figure(CHANGE.write(growth), growth)


def _turnout(facts: Facts, first: str, last: str) -> Sentence:
    slots = {
        f"{measure}_{name}": facts.cell(election, measure).figure()
        for measure in ("votantes", "participacion")
        for name, election in (("antes", first), ("despues", last))
    }
    return sentence(
        "Votaron {votantes_antes} en {first} y {votantes_despues} en {last}: {participacion_antes} y {participacion_despues} "
        "de quienes podían.",
        first=facts.elections[first],
        last=facts.elections[last],
        **slots,
    )


def _places(facts: Facts, first: str, last: str) -> Sentence:
    slots = {
        f"{measure}_{name}": facts.cell(election, measure).figure()
        for measure in ("juntas_receptoras", "centros")
        for name, election in (("antes", first), ("despues", last))
    }
    return sentence(
        "Las mesas pasaron de {juntas_receptoras_antes} a {juntas_receptoras_despues} y los centros de votación, de "
        "{centros_antes} a {centros_despues}.",
        **slots,
    )


def figure(facts: Facts) -> dict[str, list[list[str | float | None]]]:
    """The bars: title, figure, words and whether it is only a minimum."""
    return {"barras": [[bar.title, bar.value, bar.text, bar.minimum] for bar in facts.bars]}
