"""Bars that compare a share between women and men."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.kinds.palette import THEMES, both, layout
from dashboard.view import Result
from dashboard.words import PERCENT, POINTS, Figure, Sentence, integer, sentence


@dataclass(frozen=True)
class Material:
    """People by (sexo, alfabetismo), the words for each sexo and where they are."""

    counts: Mapping[tuple[str, str], int]
    sexes: Mapping[str, str]
    within: str


@dataclass(frozen=True)
class Bar:
    """One sexo: those who cannot read nor write, of how many."""

    code: str
    title: str
    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """Per cent of the whole."""
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Facts:
    """One bar for each sexo."""

    bars: tuple[Bar, ...]
    within: str


def facts(result: Result) -> Facts:
    """The bars, women first."""
    material: Material = result.material
    return Facts(
        tuple(
            Bar(
                code,
                title,
                material.counts.get((code, "analfabeta"), 0),
                material.counts.get((code, "analfabeta"), 0) + material.counts.get((code, "alfabeta"), 0),
            )
            for code, title in material.sexes.items()
        ),
        material.within,
    )


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The shares of women and men, and the distance between them."""
    women, men = facts.bars
    if women.share is None or men.share is None:
        return (sentence("{within} falta el dato de un sexo.", within=facts.within),)
    gap = women.share - men.share
    return (
        sentence(
            "{within} no leen ni escriben {women} de las mujeres empadronadas ({women_count}) y {men} de los hombres "
            "({men_count}): {gap} puntos porcentuales de distancia.",
            within=facts.within,
            women=Figure(PERCENT.write(women.share), women.share),
            women_count=Figure(integer(women.part), women.part),
            men=Figure(PERCENT.write(men.share), men.share),
            men_count=Figure(integer(men.part), men.part),
            gap=Figure(POINTS.write(gap), gap),
        ),
    )


def figure(facts: Facts) -> dict[str, dict]:
    """The Plotly figure, by theme."""
    return both(lambda theme: _draw(facts, theme))


def _draw(facts: Facts, theme: str) -> dict:
    top = max((bar.share or 0 for bar in facts.bars), default=0)
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [bar.share for bar in facts.bars],
                "y": [bar.title for bar in facts.bars],
                "customdata": [[integer(bar.part), integer(bar.whole)] for bar in facts.bars],
                "text": [PERCENT.write(bar.share) for bar in facts.bars],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{customdata[0]} de %{customdata[1]}<extra></extra>",
                "marker": {"color": [THEMES[theme][bar.code] for bar in facts.bars]},
            }
        ],
        "layout": layout(
            theme,
            height=170,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
            bargap=0.3,
            xaxis={"visible": False, "range": [0, top * 1.25 or 1], "fixedrange": True},
            yaxis={"fixedrange": True, "autorange": "reversed", "ticks": "", "automargin": True},
        ),
    }
