"""An indicator as of one cut-off of the registry: which ones a release has figures of, and its quantities in each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dashboard.figures.counted import CUTOFF
from dashboard.figures.elections import held, in_election
from dashboard.figures.measures import EARLIER, Quantity, Unaskable, each
from dashboard.figures.queries import Data
from dashboard.indicators.model import Indicator
from dashboard.words import long_date


def is_dated(quantity: Quantity) -> bool:
    """Whether a quantity is asked for as of a cut-off; one of an election is of when it was held."""
    return quantity.newest == CUTOFF and quantity.when in ("", EARLIER)


def cutoffs(data: Data, indicator: Indicator) -> tuple[date, ...]:
    """The days that every dated quantity of `indicator` can be asked as of, the latest first; none when the release does not
    say them. One that compares with an earlier cut-off needs that there is one. The roll of an election may have been counted
    from several cut-offs too: they can be asked for when all the elections have them.
    """
    return data.once(("cutoffs", indicator.name), lambda: _cutoffs(data, indicator))


def _cutoffs(data: Data, indicator: Indicator) -> tuple[date, ...]:
    dated = [quantity for quantity in indicator.measure.quantities if is_dated(quantity)]
    if not dated:
        return days_of_elections(data, *(item for item in indicator.measure.quantities if item.newest == CUTOFF))
    offered = [set(_days(data, quantity)) for quantity in dated]
    return tuple(sorted(set.intersection(*offered), reverse=True))


def days_of_elections(data: Data, *quantities: Quantity) -> tuple[date, ...]:
    """The cut-offs that the rolls of every election were counted from, the latest first; none when they are not the same."""
    found = {data.days(in_election(data, item, event)) for item in quantities for event in held(data, item)}
    return next(iter(found)) if len(found) == 1 else ()


def _days(data: Data, quantity: Quantity) -> tuple[date, ...]:
    days = data.days(quantity)
    return days[:-1] if quantity.when == EARLIER else days


def as_of(data: Data, indicator: Indicator, asked: str = "") -> Indicator:
    """`indicator` as of the day asked for, in ISO, or else as of the latest that it has figures of; itself if it is of none.

    Unaskable when it compares two cut-offs and the release has one.
    """
    days = cutoffs(data, indicator)
    if not days:
        if any(quantity.when == EARLIER for quantity in indicator.measure.quantities):
            raise Unaskable(f"no hay dos cortes del padrón con «{indicator.title}»")
        return indicator
    chosen = next((day for day in days if day.isoformat() == asked), days[0])
    measure = each(indicator.measure, lambda quantity: _bound(data, quantity, chosen))
    used = [quantity.cutoff for quantity in measure.quantities if quantity.cutoff]
    # Of one that compares two cut-offs, its words say of which days they are.
    said = {"antes": min(used), "hoy": max(used)} if len({*used}) > 1 else {}
    if not said:
        return replace(indicator, measure=measure)
    measure = each(measure, lambda quantity: _called_by_day(quantity, said["hoy"]))
    return _dated(replace(indicator, measure=measure), {f"{{{slot}}}": long_date(day) for slot, day in said.items()})


def _called_by_day(quantity: Quantity, day: date) -> Quantity:
    return replace(quantity, title=f"{quantity.title} al {long_date(day)}") if quantity.cutoff == day else quantity


def _dated(indicator: Indicator, said: Mapping[str, str]) -> Indicator:
    def words(text: str) -> str:
        for slot, day in said.items():
            text = text.replace(slot, day)
        return text

    return replace(
        indicator,
        titled=words(indicator.titled),
        question=words(indicator.question),
        short=words(indicator.short),
        definition=words(indicator.definition),
        lead=words(indicator.lead),
    )


def _bound(data: Data, quantity: Quantity, day: date) -> Quantity:
    if quantity.newest != CUTOFF:
        return quantity
    if quantity.when != EARLIER:
        return replace(quantity, cutoff=day)
    earlier = next(item for item in data.days(quantity) if item < day)
    return replace(
        quantity,
        name=f"{quantity.name}_antes",
        title=f"{quantity.title} al {long_date(earlier)}",
        cutoff=earlier,
        when="",
    )
