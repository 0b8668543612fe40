"""Municipios in groups by how they are: a group, a municipio and everything that is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dashboard.figures.tiers import ALMOST_NONE
from dashboard.indicators import Indicator
from dashboard.indicators.characteristics import Characteristic
from dashboard.indicators.fallacy import Example
from dashboard.kinds.cautela import OF_PLACES, caution, deceived
from dashboard.words import Unit

ORDINALS = ("primer", "segundo", "tercer", "cuarto", "quinto")
#: How many times the people of the smallest group the largest may have for both to be told as equal.
UNEVEN = 1.5
#: Decimals that a share may need so that the ranges of two groups are not written alike.
DECIMALS = (1, 2, 3)
FEWER = "menos de 1 de cada 1,000"
#: The colours of the groups, by how many there are.
COLOURS = {1: (3,), 2: (1, 5), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}


@dataclass(frozen=True)
class Dot:
    """One municipio: its share of every hundred and how many people it has; its figure or, without it, why as `text`."""

    code: str
    name: str
    parent: str
    tier: int
    share: float
    people: float
    value: float | None
    text: str
    reason: str | None = None

    @property
    def named(self) -> str:
        """A name that cannot be mistaken for another."""
        return f"{self.name} ({self.parent})"


@dataclass(frozen=True)
class Band:
    """One group: the shares that it goes between and the people it has (`whole`) in the whole country; and, of its
    municipios in the scope, the share and the people of all together, their figure or why there is none, and each of them.
    """

    number: int
    low: float
    high: float
    whole: float
    share: float | None
    people: float
    value: float | None
    text: str
    dots: tuple[Dot, ...]

    @property
    def almost_none(self) -> bool:
        """Whether some of its municipios have a few people of the characteristic, and none has one of every thousand."""
        return 0 < self.high < ALMOST_NONE

    @cached_property
    def known(self) -> tuple[Dot, ...]:
        """The municipios with a figure, from the lowest to the highest."""
        return tuple(sorted((dot for dot in self.dots if dot.value is not None), key=lambda dot: dot.value or 0.0))


@dataclass(frozen=True)
class Facts:
    """Everything the faces of the groups say. `value` is the figure of the whole scope («en todo el país», as `where`)."""

    characteristic: Characteristic
    indicator: Indicator
    bands: tuple[Band, ...]
    value: float | None
    text: str
    where: str
    chosen: Dot | None
    example: Example | None

    @cached_property
    def dots(self) -> tuple[Dot, ...]:
        """Every municipio of the scope."""
        return tuple(dot for band in self.bands for dot in band.dots)

    @cached_property
    def told(self) -> tuple[Band, ...]:
        """The groups with a figure."""
        return tuple(band for band in self.bands if band.value is not None)

    @property
    def even(self) -> bool:
        """Whether the groups have about as many people each: they do, unless many places have the same share."""
        people = [band.whole for band in self.bands]
        return max(people) <= UNEVEN * min(people)

    @property
    def cautions(self) -> tuple[str, ...]:
        """That they are of places and not of persons, and an example of how that deceives, if the release has one."""
        deceiving = (deceived(self.example).plain(),) if self.example else ()
        return (f"{OF_PLACES} {caution(self.characteristic)}", *deceiving)

    @cached_property
    def shares(self) -> Unit:
        """How a share is written: with as few decimals as tell the ranges of two groups apart."""
        units = [Unit(decimals) for decimals in DECIMALS]
        return next((unit for unit in units if self._told_apart(unit)), units[-1])

    def _told_apart(self, unit: Unit) -> bool:
        """Whether no range is written like another, and none as a single share that it is not."""
        wide = [band for band in self.bands if band.low < band.high and not band.almost_none]
        ranges = {_range(band, unit) for band in self.bands}
        return len(ranges) == len(self.bands) and all(unit.write(band.low) != unit.write(band.high) for band in wide)

    def range(self, band: Band) -> str:
        """Between which shares a group goes: «0.2 a 3.1»."""
        return _range(band, self.shares)

    def each(self, band: Band) -> str:
        """The same in words: «0.2 a 3.1 de cada 100», «menos de 1 de cada 1,000»."""
        return FEWER if band.almost_none else f"{self.range(band)} de cada 100"

    def style(self, number: int) -> str:
        """How the style sheet calls the colour of a group: the fewer they are, the further apart."""
        return f"q{COLOURS[len(self.bands)][number - 1]}"


def _range(band: Band, unit: Unit) -> str:
    if band.almost_none:
        return f"menos de {ALMOST_NONE:g}"
    low, high = unit.write(band.low), unit.write(band.high)
    return low if low == high else f"{low} a {high}"


def ordinal(number: int) -> str:
    """«primer», «quinto»: before «grupo»."""
    return ORDINALS[number - 1]
