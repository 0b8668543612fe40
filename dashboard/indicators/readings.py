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
    figures = data.figures(measure, group).of(codes)
    first = 0 if isinstance(measure, Change) else 1
    own, others = ([item.name for item in bases] for bases in (measure.base[:first], measure.base[first:]))
    hidden = frozenset().union(*(data.confidential(quantity, group) for quantity in measure.quantities))
    told: dict[str, tuple[str, str | None]] = {}
    for status in reversed(statuses):
        told |= data.states(status)
    of_nobody, set_against_nobody = (
        {code for name in names for code, sums in figures.items() if sums[name] == 0} for names in (own, others)
    )
    found = {}
    for code in codes:
        if code in of_nobody:
            found[code] = Doubt(NOBODY, None)
        elif code in hidden:
            found[code] = Doubt(WITHHELD, None)
        elif code in set_against_nobody:
            found[code] = Doubt(NOBODY, None)
        elif code in told:
            state, remark = told[code]
            found[code] = Doubt(fields.ESTADOS_DATO[state].lower(), remark)
    return found


def readings(data: Data, indicator: Indicator, codes: Iterable[str], group: Group) -> dict[str, Reading]:
    """The figure of `indicator` for `group` in each of `codes`."""
    codes = tuple(codes)
    sums, doubtful = data.figures(indicator.measure, group), doubts(data, indicator, group, codes)
    level = data.territories.level
    return {
        code: Reading(None, NOT_ADDED)
        if indicator.only_municipios and level(code) != MUNICIPIO
        else _reading(indicator, sums[code], doubtful.get(code))
        for code in codes
    }


def _reading(indicator: Indicator, sums: Sums, doubt: Doubt | None) -> Reading:
    value, against = indicator.measure.value(sums), difference(indicator.measure)
    if value is None and doubt:
        return Reading(None, doubt.state, doubt.reason)
    return Reading(value, indicator.unit.write(value), difference=against.value(sums) if against else None)
