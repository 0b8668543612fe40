"""Where the filtered API gives the very figures of a view, if it can: the sums of a published column by municipio."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from dashboard.address.extract_query import FLAGS, Unreadable, extract_of
from dashboard.address.extracts import API, GROUP, MUNICIPIO, SUM, Offered
from dashboard.address.people import Group
from dashboard.figures.measures import Count, Measure, Unaskable
from dashboard.figures.queries import Data

#: How true and false are asked for.
FLAG_WORDS = {value: word for word, value in reversed(FLAGS.items())}


def by_address(data: Data, measure: Measure, group: Group, departamento: str | None) -> str:
    """Where the API gives what a measure of `group` is in each municipio, of one departamento or of all; «» when its answer
    would be another: a share, a difference, or what the release does not say that can be added.
    """
    if not isinstance(measure, Count):
        return ""
    try:
        place = data.place_for(measure.counted, group)
    except Unaskable:
        return ""
    asked = {name: tuple(values) for name, values in place.where}
    asked |= {name: (value,) for name, value in measure.counted.people(group).conditions().items()}
    pairs = [(name, _written(values)) for name, values in asked.items()]
    pairs += [("departamento", departamento)] if departamento else []
    pairs += [(GROUP, MUNICIPIO), (SUM, place.column)]
    table = data.tables[place.table.name]
    try:
        extract_of(Offered(table), {name: [value] for name, value in pairs})
    except Unreadable:
        return ""
    return f"{API}/{table.name}/data.csv?{urlencode(pairs, safe=',')}"


def _written(values: Iterable[object]) -> str:
    return ",".join(FLAG_WORDS[value] if isinstance(value, bool) else str(value) for value in values)
