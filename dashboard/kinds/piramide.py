"""The age-sex pyramid: women to the left, men to the right, youngest at the bottom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.kinds.palette import THEMES, both, layout
from dashboard.view import Result
from dashboard.words import PERCENT, Figure, Sentence, integer, sentence


@dataclass(frozen=True)
class Material:
    """People by (sexo, grupo_edad), the words for each age and where they are («En el país»)."""

    counts: Mapping[tuple[str, str], int]
    ages: Mapping[str, str]
    within: str


@dataclass(frozen=True)
class Band:
    """One age group."""

    code: str
    age: str
    women: int
    men: int


@dataclass(frozen=True)
class Facts:
    """Bands from the youngest to the oldest."""

    bands: tuple[Band, ...]
    within: str

    @property
    def total(self) -> int:
        """Everybody in the pyramid."""
        return sum(band.women + band.men for band in self.bands)

    @property
    def widest(self) -> int:
        """The longest bar."""
        return max((max(band.women, band.men) for band in self.bands), default=0)

    def share(self, count: int) -> float | None:
        """`count` in per cent of everybody."""
        return 100 * count / self.total if self.total else None


def facts(result: Result) -> Facts:
    """The bands, youngest first."""
    material: Material = result.material
    return Facts(
        tuple(
            Band(code, age, material.counts.get(("mujeres", code), 0), material.counts.get(("hombres", code), 0))
            for code, age in material.ages.items()
        ),
        material.within,
    )


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The largest group and how many women there are for each hundred men."""
    if not facts.total:
        return (sentence("{within} no hay personas empadronadas.", within=facts.within),)
    largest = max(facts.bands, key=lambda band: band.women + band.men)
    people = largest.women + largest.men
    women, men = (sum(getattr(band, side) for band in facts.bands) for side in ("women", "men"))
    return (
        sentence(
            "{within}, el grupo más numeroso es el de {age}: {people} personas, {share} del padrón.",
            within=facts.within,
            age=largest.age.lower(),
            people=Figure(integer(people), people),
            share=Figure(PERCENT.write(facts.share(people)), facts.share(people)),
        ),
        sentence(
            "En total, {women} mujeres y {men} hombres.",
            women=Figure(integer(women), women),
            men=Figure(integer(men), men),
        ),
    )


def figure(facts: Facts) -> dict[str, dict]:
    """The Plotly figure, by theme. Women are drawn to the left: their lengths are negative, their labels are not."""
    return both(lambda theme: _draw(facts, theme))


def _draw(facts: Facts, theme: str) -> dict:
    limit = facts.widest * 1.3
    return {
        "data": [
            _side(facts, "women", "Mujeres", "mujeres", -1, theme),
            _side(facts, "men", "Hombres", "hombres", 1, theme),
        ],
        "layout": layout(
            theme,
            barmode="relative",
            bargap=0.18,
            height=430,
            xaxis={"visible": False, "range": [-limit, limit], "fixedrange": True},
            yaxis={"fixedrange": True, "ticks": "", "automargin": True},
            legend={
                "orientation": "h",
                "x": 0.5,
                "xanchor": "center",
                "y": 1.1,
                "itemclick": False,
                "itemdoubleclick": False,
            },
        ),
    }


def _side(facts: Facts, attribute: str, title: str, colour: str, direction: int, theme: str) -> dict:
    counts = [getattr(band, attribute) for band in facts.bands]
    return {
        "type": "bar",
        "orientation": "h",
        "name": title,
        "x": [direction * count for count in counts],
        "y": [band.age.replace(" años", "") for band in facts.bands],
        "customdata": [integer(count) for count in counts],
        "text": [PERCENT.write(facts.share(count)) for count in counts],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y} años, " + title.lower() + ": %{customdata}<extra></extra>",
        "marker": {"color": THEMES[theme][colour]},
    }
