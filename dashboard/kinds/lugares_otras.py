"""The same figure with the municipios grouped by other characteristics: a small line of points for each, all on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.figures.tiers import Tier
from dashboard.indicators import Indicator
from dashboard.indicators.characteristics import Characteristic
from dashboard.kinds.franjas import ordinal
from dashboard.kinds.lugares import DISTANCE
from dashboard.kinds.nube import ticks
from dashboard.view import Result
from dashboard.words import Figure, Sentence, sentence

MOST_MARKS = 5
#: Pixels of a small picture: its sides, and the room around its lines.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 280, 190, 48, 16, 30, 34


@dataclass(frozen=True)
class Step:
    """One group by a characteristic: its figure, exact and as written, and how it was made."""

    tier: Tier
    value: float | None
    text: str
    municipios: int


@dataclass(frozen=True)
class Series:
    """The groups that one characteristic makes."""

    characteristic: Characteristic
    steps: tuple[Step, ...]

    @property
    def told(self) -> tuple[Step, ...]:
        """Those with a figure."""
        return tuple(step for step in self.steps if step.value is not None)


@dataclass(frozen=True)
class Facts:
    """Every characteristic, and the figure of the whole scope."""

    indicator: Indicator
    series: tuple[Series, ...]
    value: float | None
    text: str
    where: str


def facts(result: Result) -> Facts:
    """What the query found is all there is to know."""
    found: Facts = result.material
    return found


def rise(indicator: Indicator, series: Series) -> float | None:
    """How many points the last group is above the first, as both are read; None with fewer than two figures."""
    told = series.told
    if len(told) < 2:
        return None
    first, last = (indicator.unit.rounded(step.value or 0.0) for step in (told[0], told[-1]))
    return DISTANCE.rounded(last - first)


def said(indicator: Indicator, series: Series) -> str:
    """«Sube 2.3 puntos del primer al quinto grupo.»."""
    apart = rise(indicator, series)
    if apart is None:
        return "No hay cifra de dos grupos."
    first, last = (ordinal(step.tier.number) for step in (series.told[0], series.told[-1]))
    if apart == 0:
        return f"El {first} grupo y el {last} tienen la misma cifra."
    return f"{'Sube' if apart > 0 else 'Baja'} {DISTANCE.write(abs(apart))} puntos del {first} al {last} grupo."


def text(facts: Facts) -> tuple[Sentence, ...]:
    """With which characteristics the figure differs most, and that they cannot be added up."""
    found = {item.characteristic.noun: rise(facts.indicator, item) for item in facts.series}
    known: Mapping[str, float] = {noun: apart for noun, apart in found.items() if apart is not None}
    if not known:
        return (sentence("No hay cifras de otros grupos de municipios."),)
    most = sorted(known, key=lambda noun: (-abs(known[noun]), noun))[0]
    least = sorted(known, key=lambda noun: (abs(known[noun]), noun))[0]
    return (
        sentence(
            "Lo que más separa a los grupos es la proporción de {most} ({far} puntos entre el primero y el último); lo que "
            "menos, la de {least} ({near}).",
            most=most,
            far=Figure(DISTANCE.write(abs(known[most])), abs(known[most])),
            least=least,
            near=Figure(DISTANCE.write(abs(known[least])), abs(known[least])),
        ),
        sentence(
            "Siguen siendo lugares, no personas. Cada característica reparte los municipios de otro modo, y muchas van juntas: "
            "sus diferencias no se suman ni dicen cuál es la causa."
        ),
    )


def figure(facts: Facts) -> dict[str, object]:
    """The marks of the one scale, the figure of the whole, and of each small picture its points: where each is, its figure
    as written and the number of its group.
    """
    values = [step.value for item in facts.series for step in item.steps if step.value is not None]
    values += [facts.value] if facts.value is not None else []
    low, high = min(values, default=0.0), max(values, default=1.0)
    marks, deep = ticks(low, high, MOST_MARKS), HEIGHT - TOP - BOTTOM

    def down(value: float) -> float:
        return round(TOP + deep * ((high - value) / (high - low) if high > low else 0.5), 1)

    def across(position: int, of: int) -> float:
        return round(LEFT + 14 + (WIDTH - LEFT - RIGHT - 28) * position / max(of - 1, 1), 1)

    return {
        "marcas": [[down(mark), mark] for mark in marks],
        "todo": None if facts.value is None else down(facts.value),
        "series": {
            item.characteristic.name: [
                [across(position, len(item.steps)), down(step.value), step.text, step.tier.number]
                for position, step in enumerate(item.steps)
                if step.value is not None
            ]
            for item in facts.series
        },
    }
