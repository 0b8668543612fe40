"""Bars of how a whole is shared out: among categories, among categories on two sides, or a part of each category."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dashboard.kinds.votaron import SAYS_NOTHING
from dashboard.view import Result
from dashboard.words import (
    COUNT,
    NO_DATA,
    PERCENT,
    POINTS,
    WITHHELD,
    Figure,
    Sentence,
    integer,
    listing,
    plural,
    sentence,
    slots_of,
)

MOST_DRAWN = 6
MOST_NAMED = 5


@dataclass(frozen=True)
class Part:
    """A count and the whole it is a part of; None is what is not published."""

    count: float | None
    whole: float | None

    @property
    def share(self) -> float | None:
        """Per cent of the whole; None when either is not published, or nobody is in it."""
        return 100 * self.count / self.whole if self.count is not None and self.whole else None


@dataclass(frozen=True)
class Bar:
    """One category: how many are in it, and the parts that are drawn: one, or one for each side."""

    code: str
    name: str
    count: float | None
    parts: tuple[Part, ...]

    @property
    def part(self) -> Part:
        """The part drawn, of bars without sides."""
        return self.parts[0]

    @property
    def published(self) -> bool:
        """Whether every count of it is."""
        return self.count is not None and None not in [part.count for part in self.parts]


@dataclass(frozen=True)
class Facts:
    """The categories in the order of their table; `ordered`, when that order is their own and not that of their figures.

    `sides` are the titles of the two sides by code, none for bars that are not mirrored; `totals`, how many there are in
    each; `whole`, in all. Each of `says` answers with {within}, the largest category ({name}, {group} in lower case,
    {count}, {share}), {whole}, the {share_…} and {count_…} of a category and the {total_…} of a side by code, the {gap}
    between the only two and the smaller of them ({other}, {count_other}, {share_other}), and whatever is `said`.
    `who` is counted, in the plural.
    """

    bars: tuple[Bar, ...]
    heading: str
    who: str
    whole: float | None
    says: tuple[str, ...]
    said: Mapping[str, str]
    ordered: bool = False
    withheld: bool = False
    sides: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, float | None] = field(default_factory=dict)

    @cached_property
    def some(self) -> tuple[Bar, ...]:
        """The categories that are not known to be empty."""
        return tuple(bar for bar in self.bars if bar.count != 0)

    @cached_property
    def drawn(self) -> tuple[Bar, ...]:
        """The bars: all of those with an order of their own; of the others, the largest."""
        return self.bars if self.ordered else self.some[:MOST_DRAWN]

    @cached_property
    def widest(self) -> float:
        """The longest bar of either side."""
        return max((part.count or 0 for bar in self.bars for part in bar.parts), default=0)

    def write(self, part: Part) -> str:
        """The share of a part as written, or why there is none."""
        return self.missing if part.count is None or part.whole is None else PERCENT.write(part.share)

    @property
    def missing(self) -> str:
        """What is written for a count that is not published."""
        return WITHHELD if self.withheld else NO_DATA

    @cached_property
    def largest(self) -> Bar | None:
        """The category with most people, the first of those that tie; None when one that is not published may have more. One
        that says nothing of anybody is never it.
        """
        known = [bar for bar in self.bars if bar.count is not None]
        telling = [bar for bar in known if bar.code not in SAYS_NOTHING]
        top = max(telling, key=lambda bar: bar.count or 0, default=None)
        if top is None or not top.count or len(known) == len(self.bars):
            return top if top and top.count else None
        rest = None if self.whole is None else self.whole - sum(bar.count or 0 for bar in known)
        return top if rest is not None and rest <= top.count else None


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """What of the answer can be said with what is published, then what is not, and how many more the table has."""
    found = [words for template in facts.says if (words := _filled(template, facts))]
    absent = [name for bar in facts.bars if not bar.published for name in _unpublished(bar, facts)]
    if not found and not absent:
        what = f"no hay {facts.who}" if facts.whole == 0 else "no hay dato publicado"
        found = [sentence("{within} " + what + ".", within=facts.said["within"])]
    if absent:
        found.append(_not_published(absent, facts))
    if facts.bars and facts.whole is None:
        found.append(sentence("{within}, el total: " + facts.missing + ".", within=facts.said["within"]))
    more = 0 if facts.ordered else len(facts.some) - len(facts.drawn)
    if more:
        rest = Figure(plural(more, "categoría más está", "categorías más están"), more)
        found.append(sentence("{rest} en la tabla.", rest=rest))
    return tuple(found)


def said(template: str, facts: Facts) -> str:
    """`template` filled in, as one of `Facts.says` is; "" when it names what is not published."""
    filled = _filled(template, facts)
    return filled.plain() if filled else ""


def _filled(template: str, facts: Facts) -> Sentence | None:
    """`template` with its words and figures; None when it names what is not published."""
    found: dict[str, str | Figure] = {}
    for name in slots_of(template):
        value = _named(name, facts)
        if value is None:
            return None
        found[name] = _slot(name, value)
    return sentence(template, **found)


def _slot(name: str, value: str | float) -> str | Figure:
    """A word as it is, or a figure as it is written."""
    if isinstance(value, str):
        return value
    unit = POINTS if name == "gap" else PERCENT if name.startswith("share") else COUNT
    return Figure(unit.write(value), value)


def _named(name: str, facts: Facts) -> str | float | None:
    """The word or the figure that a sentence may name, not written yet; None for what is not published."""
    what, _, of = name.partition("_")
    if what in ("count", "share"):
        return _figure(what, of, facts)
    if what == "total":
        return facts.totals.get(of)
    if name in FIGURES:
        return FIGURES[name](facts)
    return facts.said.get(name)


def _figure(what: str, of: str, facts: Facts) -> float | None:
    """The count or the share of a category by its code, of the largest ("") or of the other of two."""
    if of in ("", OTHER):
        bar = facts.largest if not of else _other(facts)
        part = Part(bar.count, facts.whole) if bar else None
    else:
        named = (bar.part for bar in facts.bars if bar.code == of)
        part = None if facts.sides else next(named, None)
    return None if part is None else part.count if what == "count" else part.share


def _other(facts: Facts) -> Bar | None:
    """The one of two categories that is not the largest."""
    return next(bar for bar in facts.bars if bar is not facts.largest) if len(facts.bars) == 2 else None


def _gap(facts: Facts) -> float | None:
    """How far apart the shares of the only two are."""
    if len(facts.bars) != 2 or facts.sides:
        return None
    first, second = (bar.part.share for bar in facts.bars)
    return None if first is None or second is None else first - second


OTHER = "other"
#: What a sentence may name besides the counts, the shares and the totals.
FIGURES: Mapping[str, Callable[[Facts], str | float | None]] = {
    "whole": lambda facts: facts.whole,
    "name": lambda facts: facts.largest.name if facts.largest else None,
    "group": lambda facts: facts.largest.name.lower() if facts.largest else None,
    OTHER: lambda facts: other.name.lower() if facts.largest and (other := _other(facts)) else None,
    "gap": _gap,
}


def _unpublished(bar: Bar, facts: Facts) -> list[str]:
    """The category, or the sides of it, whose counts are not published, in words."""
    if not facts.sides or all(part.count is None for part in bar.parts):
        return [bar.name]
    sides = zip(facts.sides.values(), bar.parts, strict=True)
    return [f"{bar.name} ({side.lower()})" for side, part in sides if part.count is None] or [f"{bar.name} (el total)"]


def _not_published(names: Sequence[str], facts: Facts) -> Sentence:
    named = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        named.append(f"{integer(len(names) - MOST_NAMED)} más")
    why = f"la cifra {WITHHELD}" if facts.withheld else "no hay dato publicado"
    return sentence("De {names} {why}: queda fuera de las partes.", names=listing(named), why=why)


def figure(facts: Facts) -> list[dict[str, Any]]:
    """What is drawn of each bar, in order: its code, its name and, for each part, its count and its share of the whole, in per
    cent; None where it is not published.
    """
    return [
        {"codigo": bar.code, "nombre": bar.name, "partes": [[part.count, part.share] for part in bar.parts]}
        for bar in facts.drawn
    ]


def short(name: str) -> str:
    """A category as it is written between two bars: ages without their unit."""
    return name.replace(" años", "")
