"""Participation inside and outside the country, event by event: one bar for each, out of a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.figures.published import PublishedFigure
from dashboard.view import Result
from dashboard.words import Sentence, sentence


@dataclass(frozen=True)
class Pair:
    """One event: participation abroad and inside the country."""

    event: str
    title: str
    abroad: PublishedFigure
    inside: PublishedFigure


@dataclass(frozen=True)
class Facts:
    """The events, oldest first."""

    pairs: tuple[Pair, ...]


def facts(result: Result) -> Facts:
    """The pairs as they come: `material` is a sequence of Pair."""
    pairs: Sequence[Pair] = result.material
    return Facts(tuple(pairs))


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The latest event of which both are known; then what happened in each of the others."""
    both = [pair for pair in facts.pairs if pair.abroad.value is not None and pair.inside.value is not None]
    found = []
    if both:
        latest = both[-1]
        found.append(
            sentence(
                "En {title} votó {abroad} del padrón del extranjero y {inside} del padrón del país.",
                title=latest.title,
                abroad=latest.abroad.figure(),
                inside=latest.inside.figure(),
            )
        )
    others = [pair for pair in facts.pairs if not both or pair is not both[-1]]
    return (*found, *map(_event, others))


def _event(pair: Pair) -> Sentence:
    if pair.abroad.value is None and pair.inside.value is None:
        return sentence("De {title} no se hallaron las cifras del extranjero.", title=pair.title)
    return sentence(
        "En {title}: fuera, {abroad}; dentro, {inside}.",
        title=pair.title,
        abroad=pair.abroad.figure(),
        inside=pair.inside.figure(),
    )


def figure(facts: Facts) -> dict[str, list[list[str | float | None]]]:
    """The bars: event, then the two shares as value and words."""
    return {
        "barras": [
            [pair.title, pair.abroad.value, pair.abroad.text, pair.inside.value, pair.inside.text]
            for pair in facts.pairs
        ]
    }
