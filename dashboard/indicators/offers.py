"""What one release lets an address ask about one topic: its indicators that can be computed, its groups, its places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from dashboard.address.selection import URL_NAMES, Selection
from dashboard.address.vocabulary import EVERYONE, MUNICIPIO, Group, Offer
from dashboard.figures import diaspora, polling
from dashboard.figures.abroad import voted_abroad
from dashboard.figures.crossings import crossables
from dashboard.figures.elections import Election, elections, in_election
from dashboard.figures.measures import Ratio, Unaskable
from dashboard.figures.places import places_of
from dashboard.figures.queries import COUNTRY_CODE, Data
from dashboard.indicators import INDICATORS, TOPICS, indicator, participacion
from dashboard.indicators.by_cutoff import cutoffs, days_of_elections
from dashboard.indicators.by_election import asked_in, at, earlier
from dashboard.indicators.characteristics import comparable, offered
from dashboard.indicators.model import Indicator
from dashboard.indicators.participacion import ON_ROLLS
from dashboard.words import short_date
from etl.country import COUNTRY, fold
from etl.model import Field

#: The topic of the actas of the polling tables, that of the places grouped by their census, and that of who voted, group by
#: group, which the page of another shows.
ACTAS, GROUPED, VOTED, SHOWN_IN = "actas", "lugares", "quien_vota", "participacion"
#: The topic whose indicators come first where there are those of all.
DEFAULT = participacion.TOPIC.name
#: The topic of the crosses.
CROSSES = "cruces"
#: The topic of the people counted abroad, person by person.
DIASPORA = "diaspora"
#: The topic of places side by side, which is of every topic at once.
COMPARED = "comparar"


def offer(data: Data, topic_name: str) -> Offer:
    """What can be asked about the topic called `topic_name`; one without indicators offers places and states only."""
    return data.once(("offer", topic_name), lambda: _offer(data, topic_name))


def _offer(data: Data, topic_name: str) -> Offer:
    if topic_name == ACTAS:
        return _offer_of_actas(data)
    if topic_name == GROUPED:
        return _offer_of_grouped(data)
    if topic_name == CROSSES:
        return _offer_of_crosses(data)
    if topic_name == DIASPORA:
        return _offer_of_diaspora(data)
    if topic_name == VOTED:
        return _offer_of_who_voted(data)
    if topic_name == COMPARED:
        return _offer_of_profiles(data)
    if topic_name not in TOPICS:
        abroad = {item.code: item.label for item in reversed(voted_abroad(data))}
        return Offer(data.territories, states=_states(data), elections={"": abroad} if abroad else {})
    topic = TOPICS[topic_name]
    indicators = askable(data, topic.indicators)
    elections = {name: asked_in(data, topic.by_name[name]) for name in indicators}
    days = {name: cutoffs(data, topic.by_name[name]) for name in indicators}
    taken = frozenset().union(*(data.accepts(item.measure) for item in indicators.values()))
    headings = {
        title: [item.name for item in found if item.name in indicators] for title, found in topic.groups().items()
    }

    def crosses(indicador: str, dimensions: Iterable[str], level: str = MUNICIPIO) -> bool:
        return indicador in indicators and data.crosses(indicators[indicador].measure, dimensions, level)

    return Offer(
        data.territories,
        groups={
            name: _divided(data, indicators.values(), item)
            for name, item in data.vocabulary.groups.items()
            if name in taken
        },
        indicators={name: topic.by_name[name].title for name in indicators},
        headings={title: names for title, names in headings.items() if names},
        default=next((name for name in (*topic.default, *indicators) if name in indicators), ""),
        only_municipios=frozenset(name for name, item in indicators.items() if item.only_municipios),
        crosses=crosses,
        elections={name: {item.code: item.label for item in found} for name, found in elections.items() if found},
        cutoffs={name: {day.isoformat(): short_date(day) for day in found} for name, found in days.items() if found},
        of_a_group=frozenset(name for name, item in indicators.items() if item.of_a_group),
        earlier=_earlier(data, {name: topic.by_name[name] for name in indicators}, elections),
        by_size=_by_size(data, indicators.values(), taken),
        versus=frozenset(name for name, item in indicators.items() if item.versus),
        divided=offer(data, VOTED).divided if topic_name == SHOWN_IN else {},
    )


def _divided(data: Data, indicators: Iterable[Indicator], group: Field) -> Field:
    """A group with the values that the tables of some indicators have: others of the release may divide it in another way."""
    quantities = [quantity for item in indicators for quantity in item.measure.quantities]
    places = [place for quantity in quantities for place in places_of(data.tables, quantity, (group.name,))]
    found = {value for name in {place.table.name for place in places} for value in data.labels(name, group.name)}
    return replace(group, labels={value: words for value, words in (group.labels or {}).items() if value in found})


def described(data: Data, eleccion: str | None = None, corte: str = "") -> dict[str, Indicator]:
    """The indicators that describe a place, of every topic, that the release has."""
    profiles = (INDICATORS[name] for topic in TOPICS.values() for name in topic.profile)
    return askable(data, profiles, eleccion, corte)


def _offer_of_profiles(data: Data) -> Offer:
    """What can be asked of places side by side, whose indicators are all those that describe a place."""
    indicators = described(data)
    offers = [offer(data, name) for name in TOPICS]
    groups = {name: item for found in offers for name, item in found.groups.items()}

    def crosses(indicador: str, dimensions: Iterable[str], level: str = MUNICIPIO) -> bool:
        asked = tuple(dimensions)
        return any(data.crosses(item.measure, asked, level) for item in indicators.values())

    def of(by_indicator: Callable[[Offer], Mapping[str, Mapping[str, str]]]) -> dict[str, Mapping[str, str]]:
        return {name: found for item in offers for name, found in by_indicator(item).items() if name in indicators}

    return Offer(
        data.territories,
        groups={name: item for name, item in groups.items() if crosses("", (name,))},
        crosses=crosses,
        elections=of(lambda item: item.elections),
        cutoffs=of(lambda item: item.cutoffs),
    )


def _earlier(
    data: Data, indicators: Mapping[str, Indicator], asked: Mapping[str, tuple[Election, ...]]
) -> dict[str, dict[str, dict[str, str]]]:
    """Of each indicator that compares two elections, by the one asked for, the earlier ones by code and as they are labelled."""
    found = {
        name: {event.code: {one.code: one.label for one in earlier(data, item, event)} for event in asked[name]}
        for name, item in indicators.items()
    }
    return {name: offered for name, offered in found.items() if any(offered.values())}


def _by_size(data: Data, indicators: Iterable[Indicator], groups: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The values of each population group from the one that most people of the country have, as the first indicator that is
    divided by it counts them; a count that is not published comes last.
    """
    found = {}
    measures = [item.measure for item in indicators if item.versus]
    for name in groups:
        counted = next(
            (measure.quantities[0] for measure in measures if data.divides(measure.quantities[0], (name,))), None
        )
        if counted:
            counts = {value: count for (value,), count in data.crossed(counted, (name,), COUNTRY_CODE).items()}
            found[name] = tuple(sorted(counts, key=lambda value: counts[value] or 0, reverse=True))
    return found


def asked(data: Data, selection: Selection) -> Indicator:
    """The indicator that a selection asks for, in its election, as of its cut-off and for its group; Unaskable when the
    release does not have it.
    """
    name, group = selection.indicador, selection.group
    topic = next((topic.name for topic in TOPICS.values() if name in topic.by_name), "")
    others = offer(data, topic).rivals(name, group).get(selection.frente) if selection.frente else None
    return at(data, indicator(name), selection.eleccion, selection.corte, group, others, selection.frente)


#: How many groups are read side by side.
MOST_BESIDE = 5


def beside(data: Data, chosen: Indicator, selection: Selection) -> tuple[Group, ...]:
    """The groups that the one asked for is read beside, `chosen` being the indicator of the selection: of the other sexo, the
    largest that have another trait, and everybody. A group is as large as it is in the whole country.
    """
    topic = next((topic.name for topic in TOPICS.values() if selection.indicador in topic.by_name), "")
    found = [group for group in offer(data, topic).beside(selection.indicador, selection.group) if group != EVERYONE]
    if not found:
        return ()
    counted = (chosen.measure.base or chosen.measure.quantities)[0]

    def size(group: Group) -> float:
        whole = data.figures(chosen.measure, group)[COUNTRY_CODE][counted.name]
        return -1 if whole is None else whole

    own = [group for group in found if group.trait == selection.group.trait]
    others = [group for group in found if group not in own]
    kept = [*own, *sorted(others, key=size, reverse=True)][: MOST_BESIDE - 2]
    return (*kept, EVERYONE) if selection.group != EVERYONE else tuple(kept)


def _offer_of_actas(data: Data) -> Offer:
    """What can be asked of the actas; nothing but places when the release does not bring their sums."""
    try:
        return Offer(
            data.territories,
            elections={"": polling.titles(data)},
            ballots_of=polling.ballots(data),
            mesas_of=polling.places_of_tables(data),
            abroad={COUNTRY.abroad: "En el extranjero"},
        )
    except Unaskable:
        return Offer(data.territories)


def _offer_of_grouped(data: Data) -> Offer:
    """What places can be grouped by, and the indicators of any topic that can be set side by side for them."""
    found = [offer(data, name) for name in (DEFAULT, *(name for name in TOPICS if name != DEFAULT))]
    indicators = {
        name: title for each in found for name, title in each.indicators.items() if comparable(INDICATORS[name])
    }
    headings = {
        title: [name for name in names if name in indicators]
        for each in found
        for title, names in each.headings.items()
    }
    characteristics = offered(data)
    sections: dict[str, list[str]] = {}
    for item in characteristics.values():
        sections.setdefault(item.heading, []).append(item.name)
    return Offer(
        data.territories,
        indicators=indicators,
        headings={title: names for title, names in headings.items() if names},
        default=next((each.default for each in found if each.default in indicators), next(iter(indicators), "")),
        elections={name: each.elections[name] for each in found for name in each.elections if name in indicators},
        cutoffs={name: each.cutoffs[name] for each in found for name in each.cutoffs if name in indicators},
        characteristics={name: item.title for name, item in characteristics.items()},
        sections=sections,
    )


def _offer_of_crosses(data: Data) -> Offer:
    """What can be crossed: the tables that cross something, with the elections and the cut-offs that they have."""
    found = crossables(data)
    occasions = {pair for source in found for pair in source.occasions}
    names = {code: item.label for code, item in elections(data).items()}
    held = {code: names.get(code, code) for code, _ in sorted(occasions, reverse=True) if code}
    days = {
        day: short_date(date.fromisoformat(day)) for _, day in sorted(occasions, key=lambda pair: pair[1], reverse=True)
    }
    abroad = any(source.abroad for source in found)
    return Offer(
        data.territories,
        elections={"": held} if held else {},
        cutoffs={"": days} if days else {},
        abroad={COUNTRY.abroad: "En el extranjero"} if abroad else {},
        crossable=found,
    )


def _offer_of_diaspora(data: Data) -> Offer:
    """What can be asked of the people abroad; nothing when the release does not count them person by person."""
    counted = diaspora.counts(data)
    days = {name: data.days(quantities[0]) for name, (_, quantities) in diaspora.COUNTS.items() if name in counted}
    return Offer(
        data.territories,
        groups=diaspora.groups(data),
        indicators=counted,
        default=next(iter(counted), ""),
        crosses=lambda cuenta, columns, level=MUNICIPIO: diaspora.crosses(data, cuenta, columns),
        elections={name: diaspora.elections_of(data) for name in counted if name != diaspora.REGISTRY},
        cutoffs={name: {day.isoformat(): short_date(day) for day in found} for name, found in days.items() if found},
        insides=diaspora.insides(data),
    )


def _offer_of_who_voted(data: Data) -> Offer:
    """What can be asked of who voted, group by group; nothing but places when no election is counted person by person."""
    try:
        found = ON_ROLLS.elections(data)
    except Unaskable:
        return Offer(data.territories)
    voters, roll = (in_election(data, item, found[-1]) for item in (ON_ROLLS.voters, ON_ROLLS.roll))
    measure = Ratio(voters, roll)
    days = days_of_elections(data, ON_ROLLS.voters, ON_ROLLS.roll)
    groups = {name: item for name, item in data.vocabulary.groups.items() if data.crosses(measure, (name,))}
    return Offer(
        data.territories,
        groups=groups,
        elections={"": {item.code: item.label for item in reversed(found)}},
        cutoffs={"": {day.isoformat(): short_date(day) for day in days}} if days else {},
        crosses=lambda indicador, dimensions, level=MUNICIPIO: data.crosses(measure, dimensions),
        divided={URL_NAMES.get(name, name): item.title for name, item in groups.items()},
    )


def askable(
    data: Data, indicators: Iterable[Indicator], eleccion: str | None = None, corte: str = ""
) -> dict[str, Indicator]:
    """The indicators whose figures the release publishes, by name: in that election and as of that cut-off or, if they have
    none of it, their latest.
    """
    found = {}
    for item in indicators:
        with suppress(Unaskable):  # a release may lack a column that the words or the figures of an indicator need
            bound = at(data, item, eleccion, corte)
            if data.crosses(bound.measure, ()):
                found[item.name] = bound
    return found


def _states(data: Data) -> dict[str, str]:
    """The states of the catalogue by code, by name; none when the release does not bring it."""
    try:
        rows = sorted(data.records("estados_eeuu"), key=lambda row: fold(row["estado"]))
        return {row["codigo_estado"]: row["estado"] for row in rows}
    except Unaskable:
        return {}
