"""When each invented person registered, which rolls they were on and whether they voted: as people do, and true of nobody.

Turnout rises with age and then stays; older women voted less than men in 2015 and more in 2023; those who cannot read vote
less; and each municipio has its own habit, which lasts. Abroad nobody voted in 2015, in 2019 only where there were voting
centres, and few people ever. National figures are those of the Tribunal's events; everything else comes from a seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl import fields
from etl.country import departamento_of
from etl.model import Frames

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

YEAR = 365.2425
ADULT = 18
#: Most people register soon after they may: after so many years, two in three of those who ever will.
PATIENCE = 4.0
PUEBLOS = {"maya": 0.12, "garifuna": -0.3, "xinka": 0.06, "afrodescendiente": -0.2, "extranjera": -0.5}
ILLITERATE = -0.25
BETWEEN_DEPARTAMENTOS, BETWEEN_MUNICIPIOS, BETWEEN_ELECTIONS = 0.16, 0.24, 0.06
BETWEEN_CITIES, BETWEEN_ORIGINS = 0.35, 0.25
#: Registration abroad began in 2018; which part of today's people abroad had registered by each of these days.
ABROAD_SINCE = ((date(2018, 3, 1), 0.0), (date(2019, 3, 17), 0.68), (date(2023, 3, 25), 0.97))
#: In a year, which part of each group of age leaves the registry.
LEAVING = np.array([0.002, 0.002, 0.003, 0.003, 0.004, 0.006, 0.008, 0.011, 0.016, 0.024, 0.055])


@dataclass(frozen=True)
class Contest:
    """An election: its day, when its roll closed, how many of every hundred voted at home and abroad (None: nobody could)
    and where there were voting centres (None: wherever people live abroad). `women` is how much more than a man a woman of
    18 votes, and how much more than that one of 70, in log odds.
    """

    code: str
    day: date
    closed: date
    home: float
    women: tuple[float, float]
    abroad: float | None = None
    cities: frozenset[str] | None = None


CONTESTS = (
    Contest("2015-1", date(2015, 9, 6), date(2015, 6, 6), 71.3, (0.08, -0.45)),
    Contest(
        "2019-1",
        date(2019, 6, 16),
        date(2019, 3, 17),
        62.2,
        (0.08, -0.12),
        1.15,
        frozenset({"los_angeles", "nueva_york", "houston", "silver_spring"}),
    ),
    Contest("2023-1", date(2023, 6, 25), date(2023, 3, 25), 60.5, (0.05, 0.22), 1.6),
)
ELECTIONS = tuple(contest.code for contest in CONTESTS)


def days(day: date) -> int:
    """A day as days since 1970."""
    return (day - date(1970, 1, 1)).days


def leaving(groups: pd.DataFrame, rng: np.random.Generator) -> Ints:
    """How many more people of each group there were a year before, who have left since."""
    return rng.binomial(groups["n"].to_numpy(), LEAVING[groups["edad"].to_numpy()])


def registered(birth: Ints, abroad: NDArray[np.bool_], cutoff: date, luck: Floats) -> Ints:
    """The day each person registered, as days since 1970; `luck` is a number from 0 to 1 for each."""
    grown = np.maximum((days(cutoff) - birth) / YEAR - ADULT, 0)
    share = 1 - np.exp(-(grown + 0.25) / PATIENCE)
    waited = np.clip(-PATIENCE * np.log1p(-luck * share) - 0.25, 0, grown)
    since = (*ABROAD_SINCE, (cutoff, 1.0))
    adult = birth + np.ceil(ADULT * YEAR).astype(np.int64)
    home = np.minimum(adult + (waited * YEAR).astype(np.int64), days(cutoff))
    there = np.maximum(
        adult, np.interp(luck, [part for _, part in since], [days(day) for day, _ in since]).astype(np.int64)
    )
    found: Ints = np.where(abroad, np.minimum(there, days(cutoff)), home)
    return found


class Turnout:
    """Who of the people of some groups was on each roll, and voted."""

    def __init__(self, tables: Frames, groups: pd.DataFrame, middle: Ints, rng: np.random.Generator) -> None:
        """`middle` is the day, since 1970, when somebody of the middle of each group of age was born."""
        self._abroad = groups["city"].to_numpy() >= 0
        self._women = groups["sexo"].to_numpy() == list(fields.SEXOS).index("mujeres")
        habits = _habits(tables, groups, self._abroad, rng)
        self._habit: dict[str, NDArray[np.float32]] = {}
        self._with_centre: dict[str, NDArray[np.bool_]] = {}
        cities = tables["ciudades_extranjero"]["codigo_ciudad"].tolist()
        people, born = groups["n"].to_numpy(), middle[groups["edad"].to_numpy()]
        for contest in CONTESTS:
            moved = rng.normal(0, BETWEEN_ELECTIONS, len(tables["municipios"]) + 1)[groups["municipio"].to_numpy()]
            habit = habits + np.where(self._abroad, 0, moved)
            centre = [
                contest.abroad is not None and (contest.cities is None or city in contest.cities) for city in cities
            ]
            self._with_centre[contest.code] = ~self._abroad | np.array(centre)[groups["city"].to_numpy()]
            adults = (days(contest.day) - born) / YEAR >= ADULT
            for rate, where in ((contest.home, ~self._abroad), (contest.abroad, self._abroad)):
                own = where & adults & self._with_centre[contest.code] & (people > 0)
                if rate is not None and own.any():
                    odds = habit[own] + _by_person(contest, born[own], self._women[own])
                    habit = habit + where * _level(odds, people[own], rate / 100)
            self._habit[contest.code] = habit.astype(np.float32)

    def of(
        self, order: NDArray[np.int32], birth: Ints, since: Ints, rng: np.random.Generator
    ) -> Mapping[str, NDArray[np.int8]]:
        """By election: 1 who voted, 0 who did not and -1 who was not on its roll, of people of the groups `order` (positions)
        born and registered (`since`) on some days.
        """
        found = {}
        for contest in CONTESTS:
            odds = self._habit[contest.code][order] + _by_person(contest, birth, self._women[order])
            voted = (rng.random(len(order)) < 1 / (1 + np.exp(-odds))).astype(np.int8)
            listed = (since <= days(contest.closed)) & self._with_centre[contest.code][order]
            found[contest.code] = np.where(listed, voted, np.int8(-1))
        return found


def _habits(
    tables: Frames, groups: pd.DataFrame, abroad: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.float64]:
    """What does not change between elections, in log odds: place, pueblo and literacy; abroad, city and origin."""
    codes = sorted(tables["municipios"]["codigo_municipio"])
    departamento = np.array([int(departamento_of(code)) - 1 for code in codes])
    places = rng.normal(0, BETWEEN_DEPARTAMENTOS, departamento.max() + 1)[departamento]
    places = places + rng.normal(0, BETWEEN_MUNICIPIOS, places.shape)
    cities = rng.normal(0, BETWEEN_CITIES, len(tables["ciudades_extranjero"]))
    origins = rng.normal(0, BETWEEN_ORIGINS, departamento.max() + 1)
    pueblos = np.array([PUEBLOS.get(name, 0.0) for name in fields.PUEBLOS])
    place, pueblo = groups["municipio"].to_numpy(), groups["pueblo"].to_numpy()
    illiterate = groups["alfabetismo"].to_numpy() == list(fields.ALFABETISMOS).index("analfabeta")
    home = places[place] + pueblos[pueblo] + ILLITERATE * illiterate
    found: Floats = np.where(abroad, cities[groups["city"].to_numpy()] + origins[groups["origin"].to_numpy()], home)
    return found


def _by_person(contest: Contest, birth: Ints, women: NDArray[np.bool_]) -> Floats:
    """What age, and sex by age, do to the log odds of voting."""
    age = (days(contest.day) - birth) / YEAR
    first, more = contest.women
    rise = -0.85 * np.exp(-np.maximum(age - ADULT, 0) / 7) - 0.04 * np.maximum(age - 74, 0)
    found: Floats = rise + women * (first + more * np.clip((age - ADULT) / 52, 0, 1))
    return found


def _level(odds: Floats, people: Ints, rate: float) -> float:
    """What to add to the log odds of some people so that `rate` of them vote, by halving."""
    low, high = -12.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        voting = np.average(1 / (1 + np.exp(-(odds + middle))), weights=people)
        low, high = (middle, high) if voting < rate else (low, middle)
    return (low + high) / 2
