"""How numbers, dates and lists are written for a Guatemalan reader: the only number formatter of the site (Babel, es_GT)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from string import Formatter

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from etl.country import COUNTRY, fold

LOCALE = COUNTRY.locale
NO_DATA = "sin dato publicado"
#: What is written for a count that would single somebody out.
WITHHELD = "no se publica por confidencialidad"
#: What is written for a share of a group that has nobody.
NOBODY = "nadie en el grupo"
NBSP = "\u00a0"
MINUS = "\u2212"
#: «Ixcán», «Hidalgo»; not «hielo» nor «yuca», whose first sound is a consonant.
SOUNDS_LIKE_Y = re.compile(r"h?i(?![aeou])")


@dataclass(frozen=True)
class Unit:
    """How a measure is written: `decimals` places, a mark after the number and the phrase that names what it counts.

    `signed` writes the plus of an increase; `phrase` never repeats the mark ("por cada 100 habitantes", "").
    """

    decimals: int = 0
    mark: str = ""
    phrase: str = ""
    signed: bool = False

    def write(self, value: float | None) -> str:
        """`value` as a reader sees it, without the phrase; «sin dato publicado» when there is none."""
        if value is None:
            return NO_DATA
        return _written(round(value, self.decimals) + 0.0, self.decimals, self.mark, self.signed)

    def written(self, rounded: float) -> str:
        """What `rounded` returned, as a reader sees it."""
        return _written(rounded, self.decimals, self.mark, self.signed)

    def texts(self, values: Iterable[float | None]) -> list[str]:
        """Each of some values as a reader sees it: a column of a table has hundreds."""
        decimals, mark, signed = self.decimals, self.mark, self.signed
        return [
            NO_DATA if value is None else _written(round(value, decimals) + 0.0, decimals, mark, signed)
            for value in values
        ]

    def rounded(self, value: float) -> float:
        """`value` to the places a reader sees: classes, ranks and extremes are decided on this, so that no face disagrees."""
        # Adding 0.0 turns the negative zero of a tiny fall into zero.
        return round(value, self.decimals) + 0.0


#: How the locale writes what Python writes «,» and «.».
MARKS = str.maketrans({",": get_group_symbol(LOCALE), ".": get_decimal_symbol(LOCALE)})


@lru_cache(maxsize=65_536)
def _written(value: float, decimals: int, mark: str, signed: bool) -> str:
    # As «#,##0.0» in Babel, which parses its pattern and its locale at every call: a table has thousands of numbers.
    digits = f"{abs(value):,.{decimals}f}".translate(MARKS)
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    return sign + digits + (NBSP + mark if mark else "")


COUNT = Unit()
PERCENT = Unit(decimals=1, mark="%")
CHANGE = Unit(decimals=1, mark="%", signed=True)
MORE_OR_LESS = Unit(phrase="personas", signed=True)
POINTS = Unit(decimals=1, phrase="puntos porcentuales")
PER_100 = Unit(decimals=1, phrase="por cada 100 habitantes")


def integer(value: float | None) -> str:
    """A count: 10,030,374."""
    return COUNT.write(value)


def ordinal(position: int) -> str:
    """A place in a ranking: «1.º», «334.º»."""
    return f"{position}.º"


@lru_cache(maxsize=1_024)
def long_date(day: date) -> str:
    """«12 de julio de 2026»."""
    return format_date(day, "d 'de' MMMM 'de' y", locale=LOCALE)


def approximate_date(text: str) -> str:
    """A date as precise as its source gives it: «2015», «septiembre de 2022», «27 de abril de 2023»."""
    year, _, rest = text.partition("-")
    if not rest:
        return year
    if "-" in rest:
        return long_date(date.fromisoformat(text))
    return format_date(date(int(year), int(rest), 1), "MMMM 'de' y", locale=LOCALE)


def short_date(day: date) -> str:
    """«12 jul 2026»."""
    return format_date(day, "d MMM y", locale=LOCALE).replace(".", "")


def listing(items: Sequence[str]) -> str:
    """Items as a list: «a, b y c»; «a, b e Ixcán», because «y» is written «e» before the sound of «i»."""
    return _listing(tuple(items))


@lru_cache(maxsize=4_096)
def _listing(items: tuple[str, ...]) -> str:
    written = format_list(items, locale=LOCALE)
    if len(items) < 2 or not SOUNDS_LIKE_Y.match(fold(items[-1])):
        return written
    return written.removesuffix(f" y {items[-1]}") + f" e {items[-1]}"


def plural(count: int, one: str, many: str) -> str:
    """«1 municipio», «2 municipios»."""
    return f"{integer(count)} {one if count == 1 else many}"


def file_size(size: int) -> str:
    """«12.3 kB» (1 kB = 1,000 bytes)."""
    if size < 1_000_000:
        return f"{format_decimal(size / 1_000, format='#,##0.0', locale=LOCALE)}{NBSP}kB"
    return f"{format_decimal(size / 1_000_000, format='#,##0.0', locale=LOCALE)}{NBSP}MB"


@dataclass(frozen=True)
class Figure:
    """A number inside a sentence: the text a reader sees and the value it stands for."""

    text: str
    value: float | None


@dataclass(frozen=True)
class Sentence:
    """Words with the figures marked, so that every face can show the same sentence in its own way."""

    parts: tuple[str | Figure, ...]

    def plain(self) -> str:
        """The sentence as text."""
        return "".join(part.text if isinstance(part, Figure) else part for part in self.parts)

    def figures(self) -> tuple[Figure, ...]:
        """The figures, in reading order."""
        return tuple(part for part in self.parts if isinstance(part, Figure))


def sentence(template: str, **values: str | Figure) -> Sentence:
    """`template` with its {slots} filled; a slot filled with a Figure stays marked. KeyError for a slot without value."""
    parts: list[str | Figure] = []
    for literal, slot in _parsed(template):
        if literal:
            parts.append(literal)
        if slot is not None:
            parts.append(values[slot])
    return Sentence(tuple(parts))


@lru_cache(maxsize=1_024)
def _parsed(template: str) -> tuple[tuple[str, str | None], ...]:
    """The words of a template, each with the slot that follows."""
    return tuple((literal, slot) for literal, slot, _, _ in Formatter().parse(template))


def slots_of(template: str) -> frozenset[str]:
    """The slots of a template."""
    return frozenset(slot for _, slot in _parsed(template) if slot)
