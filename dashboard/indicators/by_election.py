"""An indicator in one election: which elections a release has figures of, and its words and quantities in each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from dashboard.figures.elections import Election, elections, held, in_election
from dashboard.figures.measures import ASKED, BEFORE, Quantity, Status, Unaskable, each
from dashboard.figures.queries import Data
from dashboard.indicators.model import Finding, Indicator
from dashboard.words import long_date


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


def at(data: Data, indicator: Indicator, code: str | None = None) -> Indicator:
    """`indicator` in the election with that code, or else in the latest that it has figures of; itself if it is of none.

    Unaskable when the release has no election of it.
    """
    if not indicator.by_election:
        return indicator
    found = asked_in(data, indicator)
    if not found:
        raise Unaskable(f"no hay ninguna elección con «{indicator.title}»")
    chosen = next((item for item in found if item.code == code), found[0])
    return data.once(("indicator", indicator.name, chosen.code), lambda: _at(data, indicator, chosen))


def _at(data: Data, indicator: Indicator, election: Election) -> Indicator:
    quantities = indicator.measure.quantities
    befores = (_before(data, quantity, election) for quantity in quantities if quantity.when == BEFORE)
    before = next((item for item in befores if item), election)

    def bound(quantity: Quantity) -> Quantity:
        if not quantity.when:
            return quantity
        return in_election(data, quantity, before if quantity.when == BEFORE else election)

    measure = each(indicator.measure, bound)
    said = _slots(data, indicator, election, before, measure.quantities)

    def words(text: str) -> str:
        for slot, value in said.items():
            text = text.replace(f"{{{slot}}}", value)
        return text

    lacking = (words(text) for quantity, text in indicator.unless if election not in held(data, quantity))
    return replace(
        indicator,
        title=words(indicator.titled).replace("{title}", indicator.title),
        question=words(indicator.question),
        short=words(indicator.short),
        unit=replace(indicator.unit, phrase=words(indicator.unit.phrase)),
        lead=words(indicator.lead),
        definition=words(indicator.definition),
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
        said["hoy"] = long_date(date.fromisoformat(data.cutoff(data.place(today[0]).table.name)))
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
