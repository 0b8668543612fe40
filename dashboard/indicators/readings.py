"""A figure in a place, as it is read: the value, the words for it and, when there is none, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dashboard.address.selection import Group
from dashboard.figures.queries import Data
from dashboard.indicators import Indicator
from etl import fields

NOT_ADDED = "no se suma"


@dataclass(frozen=True)
class Doubt:
    """Why a place has no figure: its state in words («dato dudoso en la fuente») and the reason, if the source gives it."""

    state: str
    reason: str | None


@dataclass(frozen=True)
class Reading:
    """`value` exact; `text` as written, or why there is none; `reason` what the source's reviewers observed."""

    value: float | None
    text: str
    reason: str | None = None


def doubts(data: Data, indicator: Indicator) -> Mapping[str, Doubt]:
    """Why some municipios have no figure, when their source says."""
    found: dict[str, Doubt] = {}
    for status in indicator.statuses:
        for code, (state, remark) in data.states(status).items():
            found.setdefault(code, Doubt(fields.ESTADOS_DATO[state].lower(), remark))
    return found


def readings(data: Data, indicator: Indicator, codes: Iterable[str], group: Group) -> dict[str, Reading]:
    """The figure of `indicator` for `group` in each of `codes`."""
    sums = data.figures(indicator.measure, group)
    doubtful = doubts(data, indicator)
    return {code: _reading(indicator, code, indicator.measure.value(sums[code]), doubtful.get(code)) for code in codes}


def _reading(indicator: Indicator, code: str, value: float | None, doubt: Doubt | None) -> Reading:
    if indicator.only_municipios and len(code) != 4:
        return Reading(None, NOT_ADDED)
    if value is None and doubt:
        return Reading(None, doubt.state, doubt.reason)
    return Reading(value, indicator.unit.write(value))
