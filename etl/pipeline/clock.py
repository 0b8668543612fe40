"""What day it is in the country, and whether a date is still to come: no figure has a cut-off that has not arrived."""

from __future__ import annotations

import os
from datetime import date

from etl.country import COUNTRY

#: A day, AAAA-MM-DD, that takes the place of today's: for trying deliveries that do not exist yet.
TODAY = "PADRON_HOY"


def today() -> date:
    """Today where the tribunal is, wherever the machine is; or the day of the environment variable `TODAY`.

    ValueError, in Spanish, when that variable does not hold a day.
    """
    if told := os.environ.get(TODAY):
        try:
            return date.fromisoformat(told)
        except ValueError:
            raise ValueError(f"{TODAY} no es una fecha (AAAA-MM-DD): «{told}»") from None
    return COUNTRY.today()


def to_come(day: date) -> str | None:
    """What is wrong with `day` as a cut-off when it has not arrived; None when it has."""
    now = today()
    return f"la fecha de corte todavía no llega: hoy es {now}" if day > now else None
