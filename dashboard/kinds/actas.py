"""The figures of the actas that do not add up: its picture is a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.figures.queries import Row
from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, plural, sentence

#: What is said to whoever has to choose a polling table first.
NO_TABLE = sentence("No se pidió ninguna mesa: escriba su número.")


@dataclass(frozen=True)
class Material:
    """The figures that do not add up, the words for each kind of them, and where; `within` nothing if no place was asked for."""

    rows: Sequence[Row]
    labels: Mapping[str, str]
    within: str


@dataclass(frozen=True)
class Facts:
    """How many figures and actas there are, how many of each kind, and where."""

    figures: int
    actas: int
    kinds: tuple[tuple[str, int], ...]
    within: str


def facts(result: Result) -> Facts:
    """The figures counted, and each kind, the most frequent first."""
    material: Material = result.material
    counts = Counter(row["tipo_discrepancia"] for row in material.rows)
    kinds = tuple((material.labels[name], count) for name, count in counts.most_common())
    return Facts(
        len(material.rows), len({(row["mesa"], row["cargo"]) for row in material.rows}), kinds, material.within
    )


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many do not add up, and in what."""
    if not facts.within:
        return (NO_TABLE,)
    if not facts.figures:
        return (sentence("{within} todas las cifras escritas cuadran.", within=facts.within),)
    lead = sentence(
        "{within}, en {actas} hay {figures} que no cuadran. Se usa lo que resulta de sumar y se publica también lo escrito.",
        within=facts.within,
        actas=Figure(plural(facts.actas, "acta", "actas"), facts.actas),
        figures=Figure(plural(facts.figures, "cifra", "cifras"), facts.figures),
    )
    return (
        lead,
        *(sentence("{kind}: {count}.", kind=kind, count=Figure(integer(count), count)) for kind, count in facts.kinds),
    )


def figure(facts: Facts) -> list[dict[str, str | int]]:
    """The kinds as data."""
    return [{"tipo": kind, "cifras": count} for kind, count in facts.kinds]
