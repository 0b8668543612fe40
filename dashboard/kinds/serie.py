"""A figure over time: one bar for each event, oldest first; an event without figure keeps its place and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.view import Result
from dashboard.words import Figure, Sentence, Unit, plural, sentence


@dataclass(frozen=True)
class Material:
    """(label, value) by event, oldest first; how values are written; and the sentence: {first_label}, {first}, {last_label},
    {last}, {top_label}, {top}, {bottom_label} and {bottom} are filled in.
    """

    points: Sequence[tuple[str, float | None]]
    unit: Unit
    lead: str
    empty: str


@dataclass(frozen=True)
class Point:
    """One event."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True)
class Facts:
    """The events, oldest first."""

    points: tuple[Point, ...]
    unit: Unit
    lead: str
    empty: str

    @property
    def known(self) -> tuple[Point, ...]:
        """The events with a figure."""
        return tuple(point for point in self.points if point.value is not None)

    @property
    def values(self) -> tuple[float, ...]:
        """The figures of the events that have one, in the order of `known`."""
        return tuple(point.value for point in self.points if point.value is not None)


def facts(result: Result) -> Facts:
    """The points as written."""
    material: Material = result.material
    points = tuple(Point(label, value, material.unit.write(value)) for label, value in material.points)
    return Facts(points, material.unit, material.lead, material.empty)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """From the first to the last, and between which extremes; then what is missing."""
    known, values = facts.known, facts.values
    if not known:
        return (sentence(facts.empty),)
    ends = {
        "first": known[0],
        "last": known[-1],
        "top": known[values.index(max(values))],
        "bottom": known[values.index(min(values))],
    }
    slots: dict[str, str | Figure] = {name: Figure(point.text, point.value) for name, point in ends.items()}
    slots |= {f"{name}_label": point.label for name, point in ends.items()}
    found = [sentence(facts.lead, **slots)]
    missing = len(facts.points) - len(known)
    if missing:
        count = Figure(plural(missing, "elección", "elecciones"), missing)
        found.append(sentence("{count} sin dato publicado.", count=count))
    return tuple(found)


def figure(facts: Facts) -> list[tuple[str, float | None]]:
    """What is drawn: each event and its value, in order; None for one that nobody published."""
    return [(point.label, point.value) for point in facts.points]
