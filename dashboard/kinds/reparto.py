"""How a whole is shared out among categories: one bar for each, the largest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.kinds.palette import THEMES, both, layout
from dashboard.view import Result
from dashboard.words import PERCENT, Figure, Sentence, integer, plural, sentence

MOST_DRAWN = 6


@dataclass(frozen=True)
class Material:
    """Counts by category, the words for each, where they are and the sentence that answers: {within}, {name}, {count},
    {share} and {whole} are filled in.
    """

    counts: Mapping[str, int]
    labels: Mapping[str, str]
    within: str
    lead: str


@dataclass(frozen=True)
class Part:
    """One category: how many and what share of the whole, in per cent."""

    code: str
    name: str
    count: int
    share: float | None


@dataclass(frozen=True)
class Facts:
    """Categories from the largest to the smallest; those nobody is in are left to the table."""

    parts: tuple[Part, ...]
    whole: int
    within: str
    lead: str

    @property
    def drawn(self) -> tuple[Part, ...]:
        """The bars."""
        return self.parts[:MOST_DRAWN]


def facts(result: Result) -> Facts:
    """The categories with somebody in them, the largest first."""
    material: Material = result.material
    whole = sum(material.counts.values())
    parts = [
        Part(code, material.labels[code], count, 100 * count / whole if whole else None)
        for code, count in material.counts.items()
        if count
    ]
    order = list(material.labels)
    parts.sort(key=lambda part: (-part.count, order.index(part.code)))
    return Facts(tuple(parts), whole, material.within, material.lead)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The largest category, and how many more there are than the bars show."""
    if not facts.parts:
        return (sentence("{within} no hay dato publicado.", within=facts.within),)
    first = facts.parts[0]
    found = [
        sentence(
            facts.lead,
            within=facts.within,
            name=first.name,
            count=Figure(integer(first.count), first.count),
            share=Figure(PERCENT.write(first.share), first.share),
            whole=Figure(integer(facts.whole), facts.whole),
        )
    ]
    hidden = len(facts.parts) - len(facts.drawn)
    if hidden:
        rest = Figure(plural(hidden, "categoría más está", "categorías más están"), hidden)
        found.append(sentence("{rest} en la tabla.", rest=rest))
    return tuple(found)


def figure(facts: Facts) -> dict[str, dict]:
    """The Plotly figure, by theme."""
    return both(lambda theme: _draw(facts, theme))


def _draw(facts: Facts, theme: str) -> dict:
    top = max((part.share or 0 for part in facts.drawn), default=0)
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [part.share for part in facts.drawn],
                "y": [part.name for part in facts.drawn],
                "customdata": [integer(part.count) for part in facts.drawn],
                "text": [PERCENT.write(part.share) for part in facts.drawn],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{customdata}<extra></extra>",
                "marker": {"color": THEMES[theme]["hombres"]},
            }
        ],
        "layout": layout(
            theme,
            height=60 + 44 * len(facts.drawn),
            bargap=0.3,
            xaxis={"visible": False, "range": [0, top * 1.25 or 1], "fixedrange": True},
            yaxis={"fixedrange": True, "autorange": "reversed", "ticks": "", "automargin": True},
        ),
    }
