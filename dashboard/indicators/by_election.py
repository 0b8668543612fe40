"""An indicator as it is asked for: in one election, as of one cut-off and for one group, with its words and quantities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from dashboard.address.phrases import people
from dashboard.address.vocabulary import EVERYONE, Group
from dashboard.figures.counted import AGE, how_old
from dashboard.figures.elections import Election, elections, held, in_election
from dashboard.figures.measures import ASKED, BEFORE, OTHERS, Quantity, Status, Unaskable, each
from dashboard.figures.queries import Data
from dashboard.indicators.by_cutoff import as_of
from dashboard.indicators.model import Finding, Indicator
from dashboard.words import long_date

#: A page asks for some tens of indicators, most of them as the next one does.
CACHED = 512


def asked_in(data: Data, indicator: Indicator) -> tuple[Election, ...]:
    """The elections that every quantity of `indicator` has figures of, the latest first; none when it is of no election."""
    return data.once(("asked in", indicator.name), lambda: _asked_in(data, indicator))


def _asked_in(data: Data, indicator: Indicator) -> tuple[Election, ...]:
    found = [
        item
        for item in elections(data).values()
        if indicator.by_election
        and all(item in held(data, quantity) for quantity in indicator.measure.quantities if quantity.when == ASKED)
        and all(_before(data, quantity, item) for quantity in indicator.measure.quantities if quantity.when == BEFORE)
    ]
    return tuple(reversed(found))


def _before(data: Data, quantity: Quantity, election: Election) -> Election | None:
    """The last election before another that `quantity` has figures of."""
    earlier = [item for item in held(data, quantity) if item.day < election.day]
    return earlier[-1] if earlier else None


def earlier(data: Data, indicator: Indicator, election: Election) -> tuple[Election, ...]:
    """The elections before another that one which compares two can be asked against, the latest first."""
    befores = [held(data, quantity) for quantity in indicator.measure.quantities if quantity.when == BEFORE]
    found = [item for item in (befores or [()])[0] if item.day < election.day and all(item in of for of in befores)]
    return tuple(reversed(found))


def at(
    data: Data,
    indicator: Indicator,
    code: str | None = None,
    cutoff: str = "",
    group: Group = EVERYONE,
    others: Group | None = None,
    base: str = "",
) -> Indicator:
    """`indicator` in the election with that code and as of that day, or else in the latest that it has figures of, for a
    group, set against `others` if it compares two groups, or against the election `base` (else the last before).

    Unaskable when the release has no election of it, or not the cut-offs that it compares.
    """
    kept = data.once(("indicators asked for",), lambda: lru_cache(CACHED)(partial(_asked_for, data)))
    return kept(indicator, code, cutoff, group, others, base)


def _asked_for(
    data: Data, indicator: Indicator, code: str | None, cutoff: str, group: Group, others: Group | None, base: str
) -> Indicator:
    found = _in_election(data, as_of(data, indicator, cutoff), code, cutoff, base)
    whom = {"quienes": people(group), "las_personas": people(group, registered=False, article=True)}
    if others:
        whom["frente"] = people(others, registered=False, article=True)
        against = each(found.measure, lambda item: replace(item, whose=others) if item.whose == OTHERS else item)
        found = replace(found, measure=against)
    if indicator.by_election and any(AGE in asked.conditions() for asked in (group, others or EVERYONE)):
        tables = dict.fromkeys(
            name for item in found.measure.quantities for name, _ in item.places if name in data.tables
        )
        told = [words for name in tables for words in how_old(data.table(name))]
        found = replace(found, caveats=(*found.caveats, *dict.fromkeys(told)))
    return _worded(found, _filling(whom))


def _in_election(data: Data, indicator: Indicator, code: str | None, cutoff: str, base: str) -> Indicator:
    if not indicator.by_election:
        return indicator
    found = asked_in(data, indicator)
    if not found:
        raise Unaskable(f"no hay ninguna elección con «{indicator.title}»")
    chosen = next((item for item in found if item.code == code), found[0])
    before = next((item for item in earlier(data, indicator, chosen) if item.code == base), None)
    key = ("indicator", indicator.name, chosen.code, cutoff, before)
    return data.once(key, lambda: _at(data, indicator, chosen, before))


def _filling(said: Mapping[str, str]) -> Callable[[str], str]:
    """What fills the slots of a text that are `said`, and leaves the others as they are."""

    def words(text: str) -> str:
        for slot, value in said.items():
            text = text.replace(f"{{{slot}}}", value)
        return text

    return words


def _worded(indicator: Indicator, words: Callable[[str], str]) -> Indicator:
    """`indicator` with its slots filled, but those of the sentence that says its figures."""
    return replace(
        indicator,
        title=words((indicator.titled or _titled(indicator)).replace("{title}", indicator.title)),
        titled="{title}",
        question=words(indicator.question),
        short=words(indicator.short),
        definition=words(indicator.definition),
        highest=words(indicator.highest),
        lowest=words(indicator.lowest),
    )


def _titled(indicator: Indicator) -> str:
    return "{title} en {eleccion}" if indicator.by_election else "{title}"


def _at(data: Data, indicator: Indicator, election: Election, base: Election | None) -> Indicator:
    quantities = indicator.measure.quantities
    befores = (_before(data, quantity, election) for quantity in quantities if quantity.when == BEFORE)
    before = base or next((item for item in befores if item), election)

    def bound(quantity: Quantity) -> Quantity:
        if quantity.when not in (ASKED, BEFORE):
            return quantity
        return in_election(data, quantity, before if quantity.when == BEFORE else election)

    measure = each(indicator.measure, bound)
    words = _filling(_slots(data, indicator, election, before, measure.quantities))
    lacking = (words(text) for quantity, text in indicator.unless if election not in held(data, quantity))
    return replace(
        _worded(indicator, words),
        unit=replace(indicator.unit, phrase=words(indicator.unit.phrase)),
        lead=words(indicator.lead),
        measure=measure,
        findings=tuple(_finding(item, words) for item in indicator.findings),
        caveats=(*map(words, indicator.caveats), *lacking),
        statuses=tuple(_statuses(data, indicator, election, before)),
    )


def _finding(finding: Finding, words: Callable[[str], str]) -> Finding:
    return replace(finding, template=words(finding.template))


def _slots(
    data: Data, indicator: Indicator, election: Election, before: Election, quantities: tuple[Quantity, ...]
) -> dict[str, str]:
    """What the words of an indicator say of an election: it, the one before, the day of the rest and what its table names."""
    said = {"eleccion": election.words, "antes": before.words}
    today = [item for item in indicator.measure.quantities if not item.when]
    if today:
        said["hoy"] = long_date(data.day(data.place(today[0])))
    place = data.place(quantities[0])
    for slot, column in indicator.named:
        rows = data.records(place.table.name, eleccion=election.code)
        said[slot] = next((str(row[column]) for row in rows if row[column]), "")
    return said


def _statuses(data: Data, indicator: Indicator, election: Election, before: Election) -> list[Status]:
    """Where the doubts of the figures of an election are, in the tables that the release has."""
    found = []
    for status in (item for item in indicator.statuses if item.table in data.tables):
        columns = {item.name for item in data.table(status.table).fields}
        if status.column not in columns:
            continue
        event = before if status.when == BEFORE else election
        where = tuple(pair for pair in status.where if pair[0] in columns)
        found.append(replace(status, where=(*where, ("eleccion", event.code)), when=""))
    return found
