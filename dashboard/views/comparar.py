"""Two to five places side by side."""

from __future__ import annotations

from dashboard.address.phrases import full_name
from dashboard.address.selection import COMPARED, Selection
from dashboard.address.vocabulary import Group
from dashboard.figures.queries import Data
from dashboard.indicators import INDICATORS, TOPICS
from dashboard.indicators.offers import askable
from dashboard.indicators.readings import readings
from dashboard.kinds import lado_a_lado
from dashboard.view import PictureKind, Result, View
from dashboard.views.lugar import COLUMNS, place_rows


def query(data: Data, selection: Selection) -> Result:
    """The indicators that describe a place, of every topic, for each of the places asked."""
    profiles = (INDICATORS[name] for topic in TOPICS.values() for name in topic.profile)
    indicators = tuple(askable(data, profiles).values())
    read = [readings(data, indicator, selection.lugares, Group()) for indicator in indicators]
    names = {code: full_name(code, data.territories) for code in selection.lugares}
    levels = {code: data.territories.level(code) for code in selection.lugares}
    return Result(
        question="¿En qué se parecen y en qué no?",
        columns=COLUMNS,
        rows=place_rows(indicators, read, names),
        material=lado_a_lado.Material(indicators, names, levels, tuple(read), None, None),
        tables=tuple(dict.fromkeys(name for item in indicators for name in data.sources(item.measure, Group()))),
        notes=tuple(dict.fromkeys(note for item in indicators for note in item.caveats)),
    )


VIEW = View("comparar", "Lugares lado a lado", PictureKind.of(lado_a_lado), query, contract=COMPARED)
