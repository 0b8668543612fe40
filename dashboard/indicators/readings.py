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


def doubts(data: Data, indicator: Indicator, group: Group) -> Mapping[str, Doubt]:
    """Why some places have no figure for `group`: as is published, there is nobody; it is confidential; or its source says.

    Where the group that it is compared with has nobody, or had before, its own people may still be confidential.
    """
    return data.recent(_doubts, indicator.measure, indicator.statuses, group)


def _doubts(data: Data, measure: Measure, statuses: tuple[Status, ...], group: Group) -> Mapping[str, Doubt]:
    figures = data.figures(measure, group)
    first = 0 if isinstance(measure, Change) else 1
    own, others = ([item.name for item in bases] for bases in (measure.base[:first], measure.base[first:]))
    found = {code: Doubt(NOBODY, None) for code, sums in figures.items() if any([sums[name] == 0 for name in own])}
    for quantity in measure.quantities:
        for code in data.confidential(quantity, group):
            found.setdefault(code, Doubt(WITHHELD, None))
    for code in (code for code, sums in figures.items() if any([sums[name] == 0 for name in others])):
        found.setdefault(code, Doubt(NOBODY, None))
    for status in statuses:
        for code, (state, remark) in data.states(status).items():
            found.setdefault(code, Doubt(fields.ESTADOS_DATO[state].lower(), remark))
    return found


def readings(data: Data, indicator: Indicator, codes: Iterable[str], group: Group) -> dict[str, Reading]:
    """The figure of `indicator` for `group` in each of `codes`."""
    sums = data.figures(indicator.measure, group)
    doubtful = doubts(data, indicator, group)
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
