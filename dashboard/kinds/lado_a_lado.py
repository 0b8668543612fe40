"""Several places side by side: its picture is a table, one line for each indicator."""

from __future__ import annotations

from dashboard.kinds.comparacion import Facts, Line, Material, facts, figure
from dashboard.words import Figure, Sentence, sentence

__all__ = ["Facts", "Material", "facts", "figure", "text"]


def text(facts: Facts) -> tuple[Sentence, ...]:
    """For each indicator, the place where it is highest and the one where it is lowest."""
    return tuple(found for line in facts.lines if (found := _extremes(line, tuple(facts.names.values()))))


def _extremes(line: Line, names: tuple[str, ...]) -> Sentence | None:
    unit = line.indicator.unit
    known = [
        (unit.rounded(value), text, name)
        for value, text, name in zip(line.values, line.texts, names, strict=True)
        if value is not None
    ]
    if len(known) < 2:
        return None
    (low, low_text, lowest), (high, high_text, highest) = min(known), max(known)
    if low == high:
        return sentence("{title}: {value} en todos.", title=line.indicator.short, value=Figure(high_text, high))
    return sentence(
        "{title}: de {low} en {lowest} a {high} en {highest}.",
        title=line.indicator.short,
        low=Figure(low_text, low),
        lowest=lowest,
        high=Figure(high_text, high),
        highest=highest,
    )
