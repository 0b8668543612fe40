"""A figure in a place, as it is read: the value, the words for it and, when there is none, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard.address.vocabulary import MUNICIPIO, Group
from dashboard.figures.measures import Change, Measure, Status, Sums, difference
from dashboard.figures.queries import Data
from dashboard.indicators import Indicator
from dashboard.words import NOBODY, WITHHELD
from etl import fields

NOT_ADDED = "no se suma"


@dataclass(frozen=True)
class Doubt:
    """Why a place has no figure: its state in words («dato dudoso en la fuente») and the reason, if the source gives it."""

    state: str
    reason: str | None


OF_NOBODY, CONFIDENTIAL = Doubt(NOBODY, None), Doubt(WITHHELD, None)


@dataclass(frozen=True)
class Reading:
    """`value` exact; `text` as written, or why there is none; `reason` what the source's reviewers observed; `difference`
    from the base, in people, of an indicator that is set against one.
    """

    value: float | None
    text: str
    reason: str | None = None
    difference: float | None = None


def doubts(data: Data, indicator: Indicator, group: Group, codes: Iterable[str]) -> Mapping[str, Doubt]:
    """Why some of `codes` have no figure for `group`: as is published, there is nobody; it is confidential; or its source says.

    Where the group that it is compared with has nobody, or had before, its own people may still be confidential.
    """
    return data.recent(_doubts, indicator.measure, indicator.statuses, group, tuple(codes))


def _doubts(
    data: Data, measure: Measure, statuses: tuple[Status, ...], group: Group, codes: tuple[str, ...]
) -> Mapping[str, Doubt]:
    figures, hidden = data.figures(measure, group), data.recent(_hidden, measure, group)
    told = data.recent(_told, statuses)
    first = 0 if isinstance(measure, Change) else 1
    own, others = ([item.name for item in bases] for bases in (measure.base[:first], measure.base[first:]))
    found = {}
    for code in codes:
        sums = figures[code]
        if any([sums[name] == 0 for name in own]):
            found[code] = OF_NOBODY
        elif code in hidden:
            found[code] = CONFIDENTIAL
        elif any([sums[name] == 0 for name in others]):
            found[code] = OF_NOBODY
        elif code in told:
            found[code] = told[code]
    return found


def _hidden(data: Data, measure: Measure, group: Group) -> frozenset[str]:
    """The places where something that a measure needs is confidential."""
    return frozenset().union(*(data.confidential(quantity, group) for quantity in measure.quantities))


def _told(data: Data, statuses: tuple[Status, ...]) -> Mapping[str, Doubt]:
    """What the sources themselves say of some places: the first that says anything."""
    states: dict[str, tuple[str, str | None]] = {}
    for status in reversed(statuses):
        states |= data.states(status)
    return {code: Doubt(fields.ESTADOS_DATO[state].lower(), remark) for code, (state, remark) in states.items()}


def readings(data: Data, indicator: Indicator, codes: Iterable[str], group: Group) -> dict[str, Reading]:
    """The figure of `indicator` for `group` in each of `codes`."""
    codes, against = tuple(codes), difference(indicator.measure)
    sums, doubtful = data.figures(indicator.measure, group), doubts(data, indicator, group, codes)
    level = data.territories.level
    return {
        code: Reading(None, NOT_ADDED)
        if indicator.only_municipios and level(code) != MUNICIPIO
        else _reading(indicator, against, sums[code], doubtful.get(code))
        for code in codes
    }


def _reading(indicator: Indicator, against: Measure | None, sums: Sums, doubt: Doubt | None) -> Reading:
    value = indicator.measure.value(sums)
    if value is None and doubt:
        return Reading(None, doubt.state, doubt.reason)
    return Reading(value, indicator.unit.write(value), difference=against.value(sums) if against else None)
