"""The questions about places grouped by their census, and what they share.

municipios  each municipio in its group
grupos      each group whole
otras       the same count with other characteristics
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from dashboard.address.phrases import place_name
from dashboard.address.selection import MAPS, Selection
from dashboard.address.vocabulary import EVERYONE, MUNICIPIO
from dashboard.figures.measures import Sums
from dashboard.figures.queries import COUNTRY_CODE, Data
from dashboard.figures.tiers import Tier
from dashboard.indicators import Indicator
from dashboard.indicators.characteristics import Characteristic, characteristic, grouped
from dashboard.indicators.fallacy import example
from dashboard.indicators.offers import asked
from dashboard.indicators.readings import Doubt, doubts
from dashboard.kinds.franjas import Band, Dot, Facts
from dashboard.view import text_column
from dashboard.words import NO_DATA, WITHHELD

#: Everything that the page may ask; what says where each municipio is; and the groups, which no chosen place changes.
PAGE = MAPS.only("caracteristica", "indicador", "eleccion", "corte", "departamento", "lugar", "filas")
PLACED = MAPS.only("caracteristica", "indicador", "eleccion", "corte", "departamento", "lugar")
WHOLE = MAPS.only("caracteristica", "indicador", "eleccion", "corte", "departamento")
#: What is said of a group in a departamento that has no municipio of it.
NONE = "ningún municipio"
#: What every row of every file says.
READING = text_column(
    "alcance", "De qué habla", "De lugares y no de personas: lo que no puede leerse en estas cifras.", hidden=True
)


@dataclass(frozen=True)
class Measured:
    """The figure asked for: the sums it is made of and why some places have none, by code; and the places of the scope."""

    indicator: Indicator
    sums: Mapping[str, Sums]
    doubts: Mapping[str, Doubt]
    scope: str
    inside: frozenset[str]

    def value(self, codes: Iterable[str]) -> tuple[float | None, str]:
        """The figure of several municipios together and as it is written: computed after adding up those that have one.

        When a part of it is confidential, so is the figure.
        """
        found = list(codes)
        if any(self.doubts[code].state == WITHHELD for code in found if code in self.doubts):
            return None, WITHHELD
        names = [quantity.name for quantity in self.indicator.measure.quantities]
        known = [self.sums[code] for code in found if None not in (self.sums[code][name] for name in names)]
        added = {name: fsum(sums[name] or 0 for sums in known) for name in names}
        value = self.indicator.measure.value(added) if known else None
        return value, self.indicator.unit.write(value)

    @property
    def whole(self) -> tuple[float | None, str]:
        """The figure of the scope, as it is published."""
        value = self.indicator.measure.value(self.sums[self.scope])
        doubt = self.doubts.get(self.scope)
        return value, doubt.state if value is None and doubt else self.indicator.unit.write(value)


def measured(data: Data, selection: Selection) -> Measured:
    """The figure that is asked for, over the places asked about."""
    indicator = asked(data, selection)
    scope = scope_of(data, selection)
    inside = data.territories.under(scope)
    sums = data.figures(indicator.measure, EVERYONE)
    return Measured(indicator, sums, doubts(data, indicator, EVERYONE, sums), scope, frozenset(inside))


def scope_of(data: Data, selection: Selection) -> str:
    """The code of the departamento asked about, be it as a filter or as the place chosen; "" for the country."""
    place = selection.lugar or ""
    asked = place if place and data.territories.level(place) != MUNICIPIO else ""
    return selection.departamento or asked or COUNTRY_CODE


def facts_of(data: Data, selection: Selection, found: Measured) -> Facts:
    """Everything that is said of the groups that an address asks for, with the figure that it asks for."""
    by = characteristic(data, selection.caracteristica)
    bands = tuple(_band(data, by, tier, found) for tier in grouped(data, by))
    dots = (dot for band in bands for dot in band.dots)
    value, text = found.whole
    return Facts(
        by,
        found.indicator,
        bands,
        value,
        text,
        where(data, found),
        next((dot for dot in dots if dot.code == selection.lugar), None),
        example(data),
    )


def where(data: Data, found: Measured) -> str:
    """The scope, as a sentence ends: «en todo el país», «en Alta Verapaz»."""
    return f"en {place_name(found.scope, data.territories)}" if found.scope else "en todo el país"


def _band(data: Data, by: Characteristic, tier: Tier, found: Measured) -> Band:
    here = [code for code in tier.codes if code in found.inside]
    shares = data.sums(by.measure.quantities, EVERYONE)
    part, people = (fsum(shares[code][item.name] or 0 for code in here) for item in by.measure.quantities)
    value, text = found.value(here) if here else (None, NONE)
    dots = tuple(_dot(data, code, tier, by, shares[code], found) for code in here)
    return Band(
        tier.number,
        tier.low,
        tier.high,
        tier.people,
        100 * part / people if people else None,
        people,
        value,
        text,
        dots,
    )


def _dot(data: Data, code: str, tier: Tier, by: Characteristic, shares: Sums, found: Measured) -> Dot:
    value, doubt = found.indicator.measure.value(found.sums[code]), found.doubts.get(code)
    lacking = doubt.state if doubt else NO_DATA
    return Dot(
        code,
        data.territories.name(code),
        data.territories.departamento_of(code),
        tier.number,
        by.measure.value(shares) or 0.0,
        shares[by.measure.denominator.name] or 0.0,
        value,
        found.indicator.unit.write(value) if value is not None else lacking,
        doubt.reason if value is None and doubt else None,
    )


def tables_of(data: Data, facts: Facts) -> tuple[str, ...]:
    """The tables that the groups, the figure and the example come from."""
    measures = (facts.indicator.measure, facts.characteristic.measure)
    found = [name for measure in measures for name in data.sources(measure, EVERYONE)]
    return tuple(dict.fromkeys([*found, *(facts.example.tables if facts.example else ())]))


def notes_of(facts: Facts) -> tuple[str, ...]:
    """What must be known to read the groups, first of all that they are of places."""
    return (*facts.cautions, METHOD.format(base=facts.characteristic.base), *facts.indicator.caveats)


def reading_of(facts: Facts) -> str:
    """What every row of a file says of what it speaks of."""
    return f"lugares, no personas: no dice qué hacen {facts.characteristic.who}"


METHOD = (
    "Los municipios van de menor a mayor proporción según el censo de 2018, en grupos con igual cantidad de {base}, sin separar "
    "los que tienen la misma proporción ni los de menos de 1 de cada 1,000. La cifra de un grupo se calcula después de sumar sus "
    "municipios: cada persona cuenta igual, viva donde viva. Los grupos son los mismos en todo el país."
)
