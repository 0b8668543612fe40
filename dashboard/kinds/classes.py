"""Class breaks of a map: quantiles rounded to numbers a person can say, around zero when zero means something."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor, log10

import numpy as np

from dashboard.words import Unit

MOST_CLASSES = 6
SMALLEST_SHARE = 0.04
#: The class of a place without figure; of one whose figure is confidential; of one that has nobody in the group.
NO_CLASS, HIDDEN, EMPTY = -1, -2, -3
#: How the style sheet calls those places.
WITHOUT_FIGURE, CONFIDENTIAL, WITHOUT_PEOPLE = "sin-dato", "confidencial", "sin-personas"
WITHOUT_CLASS = {NO_CLASS: WITHOUT_FIGURE, HIDDEN: CONFIDENTIAL, EMPTY: WITHOUT_PEOPLE}


@dataclass(frozen=True)
class Classes:
    """`breaks`, in order, split the values into len(breaks) + 1 classes, lower bound included; `first` numbers the lowest class
    (in the diverging palette the three classes below zero are 0–2 and the three above 3–5).
    """

    breaks: tuple[float, ...]
    unit: Unit
    diverging: bool = False
    first: int = 0

    def of(self, value: float | None) -> int:
        """The class of `value` as a reader sees it (rounded); NO_CLASS when there is none."""
        return NO_CLASS if value is None else self.of_rounded(self.unit.rounded(value))

    def of_rounded(self, rounded: float) -> int:
        """The class of a value that is already rounded."""
        return self.first + bisect_right(self.breaks, rounded)

    def style(self, klass: int) -> str:
        """How the style sheet calls a class: its colour, in the palette of these classes."""
        if klass in WITHOUT_CLASS:
            return WITHOUT_CLASS[klass]
        return f"{'d' if self.diverging else 'q'}{klass}"

    def styles(self) -> dict[str, str]:
        """Every class, and those of the places without figure, as the style sheet calls it."""
        return {str(klass): self.style(klass) for klass in (*WITHOUT_CLASS, *(klass for klass, _ in self.labels()))}

    def labels(self) -> tuple[tuple[int, str], ...]:
        """(class, words) from the lowest to the highest."""
        whole = all(float(limit).is_integer() for limit in self.breaks)
        unit = Unit(0 if whole else self.unit.decimals, self.unit.mark, "", self.unit.signed)
        written = [unit.write(limit) for limit in self.breaks]
        if not written:
            return ((self.first, "todos"),)
        bare = [Unit(unit.decimals, "", "", unit.signed).write(limit) for limit in self.breaks]
        middle = [f"{low} a {high}" for low, high in zip(bare, written[1:], strict=False)]
        words = [f"menos de {written[0]}", *middle, f"{written[-1]} o más"]
        return tuple((self.first + position, text) for position, text in enumerate(words))


@lru_cache(maxsize=256)
def classify(values: tuple[float, ...], unit: Unit, diverging: bool) -> Classes:
    """Classes for `values` (those published; any order). Diverging ones keep zero as a break if values lie on both sides."""
    rounded = sorted(unit.rounded(value) for value in values)
    below = [value for value in rounded if value < 0]
    above = [value for value in rounded if value >= 0]
    if not diverging or not below or not above:
        return Classes(_breaks(rounded, MOST_CLASSES, unit), unit)
    share = len(below) / len(rounded)
    low = max(1, min(3, round(MOST_CLASSES * share)))
    high = max(1, min(3, MOST_CLASSES - low))
    breaks_below = _breaks(below, low, unit)
    breaks_above = _breaks(above, high, unit)
    return Classes((*breaks_below, 0.0, *breaks_above), unit, diverging=True, first=2 - len(breaks_below))


def _breaks(values: Sequence[float], classes: int, unit: Unit) -> tuple[float, ...]:
    """At most `classes` - 1 breaks, as round as they can be while no class is nearly empty; none without values."""
    if not values:
        return ()
    for wanted in range(classes, 1, -1):
        # Plain floats: whatever is compared with NumPy's becomes NumPy's, and JSON refuses those.
        targets = np.quantile(values, [position / wanted for position in range(1, wanted)]).tolist()
        for candidate in _roundings(targets, values, unit):
            if _balanced(candidate, values):
                return candidate
    return ()


def _roundings(targets: Sequence[float], values: Sequence[float], unit: Unit) -> list[tuple[float, ...]]:
    spread = values[-1] - values[0]
    if not spread:
        return []
    finest = 10.0**-unit.decimals
    top = ceil(log10(spread))
    steps = [factor * 10.0**power for power in range(top, floor(log10(finest)) - 1, -1) for factor in (5, 2, 1)]
    usable = [step for step in steps if abs(step / finest - round(step / finest)) < 1e-9]
    by_step = [tuple(round(round(target / step) * step, 6) for target in targets) for step in usable]
    by_digits = [tuple(_significant(target, digits) for target in targets) for digits in (1, 2, 3)]
    # Skewed counts read better in leading digits (20,000, 45,000, 120,000) than in one common step.
    return by_digits + by_step if unit.decimals == 0 else by_step


def _significant(value: float, digits: int) -> float:
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0


def _balanced(breaks: tuple[float, ...], values: Sequence[float]) -> bool:
    edges = [0, *(bisect_left(values, limit) for limit in breaks), len(values)]
    smallest = min(high - low for low, high in pairwise(edges))
    increasing = all(low < high for low, high in pairwise(breaks))
    return increasing and smallest >= max(1, SMALLEST_SHARE * len(values))
