"""How fresh each source of a release is: its cut-off, its age against the period it declares, and what the last run read."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.words import plural
from etl.country import COUNTRY
from etl.release import DamagedError, DatasetFacts, Release, SourceFacts
from etl.release.periods import EVERY_ELECTION, NEVER, months
from etl.release.state import DatasetRunFacts, State

#: What is expected less often than any period of time, in months: the order in which a dataset is told by its sources.
SELDOM = {EVERY_ELECTION: 10_000, NEVER: 20_000, None: 30_000}
#: Where the tick of the period is in the bar of an age, out of a hundred.
TICK = 50.0


class Freshness(StrEnum):
    """What a source's age says, in the order in which somebody has to look at it."""

    OVERDUE = "toca-pedirla"
    CURRENT = "al-dia"
    UNTIL_ELECTION = "al-dia-hasta-la-eleccion"
    ENDLESS = "no-vence"
    UNDECLARED = "sin-periodo"


@dataclass(frozen=True)
class SourceAge:
    """A source: when its figures are of, how often it is expected and until when it is fresh."""

    facts: SourceFacts
    cutoff: date
    period: str | None
    due: date | None
    freshness: Freshness

    def age(self, today: date) -> str:
        """How old its figures are, in words."""
        return age(self.cutoff, today)

    def share(self, today: date) -> float | None:
        """Its age for each hundred of twice its period (so that the period is at `TICK`); None for what has no period."""
        if self.due is None or self.due <= self.cutoff:
            return None
        return min(100.0, max(0.0, TICK * (today - self.cutoff).days / (self.due - self.cutoff).days))


@dataclass(frozen=True)
class DatasetAge:
    """A dataset: the source that decides how fresh it is, all of its sources, and what was read of it."""

    dataset: DatasetFacts
    deciding: SourceAge
    sources: tuple[SourceAge, ...]
    rows: int
    rejected: int
    problems: int
    notices: int
    #: Whether the rows are those of the last run, and not only those of the release.
    of_last_run: bool


def today() -> date:
    """The day in the country."""
    return COUNTRY.today()


def moment(text: str) -> datetime:
    """An instant that the ETL wrote, as the clocks of the country say it."""
    when = datetime.fromisoformat(text)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(COUNTRY.zone)


def ages(data: Data, state: State | None, day: date) -> list[DatasetAge]:
    """Every dataset of the release, those that somebody has to ask for first, the longest overdue before."""
    release, elections = data.release, election_days(data)
    read = state["fuentes"] if state else {}
    found, known = [], set[tuple[str, str, str]]()
    for entry in release.manifest["datasets"]:  # each after the ones it needs
        made = _dataset(release, entry, read.get(entry["nombre"]), elections, day, known)
        known |= {_identity(source.facts) for source in made.sources}
        found.append(made)
    order = list(Freshness)
    return sorted(found, key=lambda item: (order.index(item.deciding.freshness), -(item.deciding.share(day) or 0)))


def election_days(data: Data) -> tuple[date, ...]:
    """The days of the general elections that the release knows of."""
    with suppress(Unaskable, DamagedError):
        rows = data.records("elecciones")
        return tuple(sorted(row["fecha_eleccion"] for row in rows if _is_general(row)))
    return ()


def _is_general(row: Mapping[str, str]) -> bool:
    """Whether an election is the one that a cycle begins with: a second round brings no new sources of its own."""
    return row["tipo"] == "general" and row["vuelta"] == "primera"


def _identity(facts: SourceFacts) -> tuple[str, str, str]:
    """What tells a source from another: one of a dataset may be named by the datasets that rest on it."""
    return facts["titulo"], facts["editor"], facts["corte"]


def _dataset(
    release: Release,
    entry: DatasetFacts,
    read: DatasetRunFacts | None,
    elections: Sequence[date],
    day: date,
    known: Collection[tuple[str, str, str]],
) -> DatasetAge:
    sources = tuple(_source(facts, elections, day) for facts in entry["fuentes"])
    notices = sum(item["dataset"] == entry["nombre"] for item in release.manifest["advertencias"])
    rejected = sum(item["filas"] for item in entry["filas_rechazadas"])
    return DatasetAge(
        entry,
        _deciding([source for source in sources if _identity(source.facts) not in known] or sources),
        sources,
        read["cargadas"] if read else entry["filas_cargadas"],
        read["rechazadas"] if read else rejected,
        read["problemas"] if read else 0,
        notices,
        read is not None,
    )


def _deciding(sources: Sequence[SourceAge]) -> SourceAge:
    """The source that is expected the most often and, of those, the newest: what replaces the figures of before."""

    def often(source: SourceAge) -> tuple[int, int]:
        expected = months(source.period) if source.period else None
        return expected or SELDOM.get(source.period, SELDOM[None]), -source.cutoff.toordinal()

    return min(sources, key=often)


def _source(facts: SourceFacts, elections: Sequence[date], day: date) -> SourceAge:
    cutoff, period = date.fromisoformat(facts["corte"]), facts.get("periodo")
    due = _due(cutoff, period, elections)
    if period is None:
        freshness = Freshness.UNDECLARED
    elif period == NEVER:
        freshness = Freshness.ENDLESS
    elif due is not None and due < day:
        freshness = Freshness.OVERDUE
    else:
        freshness = Freshness.UNTIL_ELECTION if period == EVERY_ELECTION else Freshness.CURRENT
    return SourceAge(facts, cutoff, period, due, freshness)


def _due(cutoff: date, period: str | None, elections: Sequence[date]) -> date | None:
    """Until when the figures of `cutoff` are fresh; None when nothing says so."""
    if period == EVERY_ELECTION:
        return next((found for found in elections if found.year > cutoff.year), None)
    count = months(period) if period else None
    return later(cutoff, count) if count else None


def later(day: date, count: int) -> date:
    """The same day `count` months later, or the last one of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age(since: date, day: date) -> str:
    """«12 días», «4 meses», «2 años y 6 meses», «11 años»: whole units, never more than have passed."""
    if since > day:
        return "posterior a hoy"
    whole = (day.year - since.year) * 12 + day.month - since.month - (since.day > day.day)
    if whole < 1:
        return plural((day - since).days, "día", "días")
    years, rest = divmod(whole, 12)
    if not years:
        return plural(whole, "mes", "meses")
    said = plural(years, "año", "años")
    return f"{said} y {plural(rest, 'mes', 'meses')}" if rest and years < 4 else said


def counts(found: Sequence[DatasetAge]) -> Mapping[Freshness, int]:
    """How many datasets are in each state, all of the states told."""
    return {state: sum(item.deciding.freshness is state for item in found) for state in Freshness}
