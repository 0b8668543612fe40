"""Two to five places side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dashboard.address.phrases import full_name, people
from dashboard.address.selection import COMPARED, Selection
from dashboard.address.vocabulary import DEPARTAMENTO, EVERYONE, MUNICIPIO, Group
from dashboard.figures.counted import CUTOFF
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.indicators import INDICATORS, Indicator
from dashboard.indicators.by_cutoff import cutoffs
from dashboard.indicators.by_election import asked_in, at
from dashboard.indicators.offers import described
from dashboard.indicators.readings import readings
from dashboard.kinds import lado_a_lado
from dashboard.view import PictureKind, Result, View
from dashboard.views.lugar import COLUMNS, EVERYBODY, place_rows
from dashboard.words import listing, short_date

#: The indicator whose cut-offs are shown one under the other.
REGISTERED = "empadronados"


def query(data: Data, selection: Selection) -> Result:
    """The indicators that describe a place, of every topic, for each of the places asked: of the group asked for or, where it is
    not crossed so, of the nearest to it that is. Who voted is told election by election, and how many are registered cut-off by
    cut-off, unless one of them is asked for. Unaskable when the release has figures of no place.
    """
    lines = [
        (shown, _nearest(data, shown, selection))
        for item in described(data, selection.eleccion, selection.corte).values()
        for shown in _moments(data, item, selection)
    ]
    if not lines:
        raise Unaskable("no hay ninguna cifra de lugares con que compararlos")
    lines = [(_of_whom(item, group, selection), group) for item, group in lines]
    read = [readings(data, indicator, selection.lugares, group) for indicator, group in lines]
    names = {code: full_name(code, data.territories) for code in selection.lugares}
    levels = {code: data.territories.level(code) for code in selection.lugares}
    indicators = tuple(indicator for indicator, _ in lines)
    return Result(
        question="¿En qué se parecen y en qué no?",
        columns=COLUMNS,
        rows=place_rows(lines, read, names),
        material=lado_a_lado.Material(indicators, names, levels, tuple(read), None, None),
        tables=tuple(dict.fromkeys(name for item, group in lines for name in data.sources(item.measure, group))),
        notes=tuple(
            dict.fromkeys((*_not_crossed(selection.group, lines), *(n for item in indicators for n in item.caveats)))
        ),
        cutoffs=tuple(dict.fromkeys(day for item, group in lines for day in data.cutoffs(item.measure, group))),
    )


def _moments(data: Data, indicator: Indicator, selection: Selection) -> Iterator[Indicator]:
    """An indicator in each election or as of each cut-off that it is told of, the latest first."""
    declared = INDICATORS[indicator.name]
    days = cutoffs(data, declared) if indicator.name == REGISTERED else ()
    person_by_person = any(quantity.newest == CUTOFF and quantity.when for quantity in declared.measure.quantities)
    if person_by_person and not selection.eleccion:
        yield from (at(data, declared, event.code, group=selection.group) for event in asked_in(data, declared))
    elif len(days) > 1:
        for day in (day for day in days if selection.corte in ("", day.isoformat())):
            dated = at(data, declared, cutoff=day.isoformat(), group=selection.group)
            yield replace(dated, short=f"{dated.short}, {short_date(day)}")
    else:
        yield indicator


def _nearest(data: Data, indicator: Indicator, selection: Selection) -> Group:
    """Of those asked for, the people that an indicator is published of for all of the places: without their sexo, without
    their trait or, if it is published of neither, everybody.
    """
    level = MUNICIPIO if any(code in data.territories.municipios for code in selection.lugares) else DEPARTAMENTO
    asked = selection.group
    for group in (asked, Group(trait=asked.trait), Group(asked.sexo)):
        if data.crosses(indicator.measure, tuple(group.conditions()), level):
            return group
    return EVERYONE


def _not_crossed(asked: Group, lines: Sequence[tuple[Indicator, Group]]) -> list[str]:
    """Why some lines are of others than those asked for, and of whom they are."""
    others = dict.fromkeys(group for _, group in lines if group != asked)
    if not others:
        return []
    said = listing([EVERYBODY if group == EVERYONE else people(group, False, True) for group in others])
    which = ", según la fila" if len(others) > 1 else ""
    return [
        f"Lo que no se publica de {people(asked, False, True)} se muestra de {said}{which}: es lo más cercano que se publica."
    ]


def _of_whom(indicator: Indicator, group: Group, selection: Selection) -> Indicator:
    """The indicator with whom it is of in its short name, when a group was asked for."""
    if selection.group == EVERYONE:
        return indicator
    who = people(group, registered=False) if group != EVERYONE else EVERYBODY
    return replace(indicator, short=f"{indicator.short} ({who})")


VIEW = View("comparar", "Lugares lado a lado", PictureKind.of(lado_a_lado), query, "comparar", COMPARED)
