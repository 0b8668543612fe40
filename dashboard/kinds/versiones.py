"""Figures that answer the same question and do not agree: all of them, the preferred one and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.figures.published import PublishedFigure
from dashboard.view import Result
from dashboard.words import Figure, Sentence, plural, sentence


@dataclass(frozen=True)
class Version:
    """One of the figures that answer a question, and why it is or is not the preferred one."""

    figure: PublishedFigure
    preferred: bool
    reason: str


@dataclass(frozen=True)
class Material:
    """How many figures there are of each nature, and the versions of each question that has several, preferred first."""

    natures: Mapping[str, int]
    questions: Mapping[str, Sequence[Version]]


@dataclass(frozen=True)
class Facts:
    """The material as it is."""

    natures: Mapping[str, int]
    questions: Mapping[str, Sequence[Version]]


def facts(result: Result) -> Facts:
    """The material."""
    material: Material = result.material
    return Facts(material.natures, material.questions)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many figures, how official, and how many questions have more than one answer."""
    total = sum(facts.natures.values())
    kinds = "; ".join(f"{nature[:1].lower()}{nature[1:]}, {count}" for nature, count in facts.natures.items())
    found = [
        sentence(
            "Se conocen {total} del voto en el extranjero, cada una con su cita. Por su naturaleza: {kinds}.",
            total=Figure(plural(total, "cifra", "cifras"), total),
            kinds=kinds,
        )
    ]
    if facts.questions:
        several = Figure(plural(len(facts.questions), "pregunta", "preguntas"), len(facts.questions))
        found.append(
            sentence(
                "En {several} las fuentes no dicen lo mismo: están todas las versiones, y la preferida dice por qué.",
                several=several,
            )
        )
    return tuple(found)


def figure(facts: Facts) -> dict[str, list[str]]:
    """The versions by question, the preferred first."""
    return {title: [version.figure.text for version in versions] for title, versions in facts.questions.items()}
