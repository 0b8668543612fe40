"""Addresses of before, as they are asked today: an indicator was called by its name and the year of its election."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from dashboard.address.vocabulary import Offer
from dashboard.figures.elections import ELECTION, Election

#: «validos-2023», «cambio-validos-2019-2023»: what is measured and the year of the election, after the one before.
WITH_YEAR = re.compile(r"(?P<name>[a-z0-9-]+?)(-\d{4})?-(?P<year>\d{4})")
#: «poblacion_2026»: a dataset whose deliveries of other years are now deliveries of the same one.
DATASET_OF_A_YEAR = re.compile(r"(?P<name>\w+)_\d{4}")
#: An indicator that was called by who won: its name of today.
RENAMED = {"fcn": "primero-segunda-vuelta"}


def dataset_of_today(name: str, known: Collection[str]) -> str | None:
    """What a dataset that was called by its name and a year is called among those `known`; None when it is not one."""
    asked = DATASET_OF_A_YEAR.fullmatch(name)
    return asked["name"] if asked and name not in known and asked["name"] in known else None


def with_code(query: Mapping[str, str], offer: Offer, elections: Iterable[Election]) -> dict[str, str] | None:
    """`query` with the code of the election that it called by its year; None when it does not."""
    asked = query.get(ELECTION, "")
    found = next((item.code for item in elections if item.year == asked and item.code in offer.every_election), None)
    return {**query, ELECTION: found} if found else None


def renamed(query: Mapping[str, str], offer: Offer, elections: Iterable[Election]) -> dict[str, str] | None:
    """`query` with the indicator and the election that it asked for by a name of before; None when it does not."""
    asked = WITH_YEAR.fullmatch(query.get("indicador", ""))
    if asked is None or asked[0] in offer.indicators:
        return None
    name = RENAMED.get(asked["name"], asked["name"])
    offered = offer.elections.get(name, {})
    found = next((item.code for item in elections if item.code in offered and item.year == asked["year"]), None)
    return {**query, "indicador": name, ELECTION: found} if found else None
