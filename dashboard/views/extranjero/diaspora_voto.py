"""How many of the people counted abroad voted, election by election and place by place?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from dashboard.address.abroad import People, people
from dashboard.address.parameters import GROUPS
from dashboard.figures import diaspora
from dashboard.figures.diaspora import CIUDAD, PAIS, PLACE, SEXO, TURNOUT, UNITED_STATES, Key, Reading
from dashboard.figures.elections import catalogue, in_election
from dashboard.figures.measures import Unaskable
from dashboard.figures.places import Cell
from dashboard.figures.queries import COUNTRY_CODE, Data
from dashboard.indicators import participacion
from dashboard.indicators.offers import DIASPORA
from dashboard.kinds import fuera, voto_fuera
from dashboard.kinds.voto_fuera import Place
from dashboard.view import PictureKind, Result, View, text_column
from dashboard.views.extranjero.diaspora_matriz import place_name
from etl.model import TOTAL

ALL = (TOTAL, TOTAL, TOTAL)
NOBODY = Reading(None, ())


def query(data: Data, question: People) -> Result:
    """The total and every place, each in every election, the oldest first."""
    events = list(reversed(diaspora.elections_of(data)))
    if not events:
        raise Unaskable("no cuenta quiénes votaron en el extranjero")
    asked = {code: replace(question, cuenta=TURNOUT, eleccion=code, corte="") for code in events}
    found = {code: diaspora.read(data, each, PLACE) for code, each in asked.items()}
    last = asked[events[-1]]
    tables, cutoffs = diaspora.tables_of(data, last)
    inside = _inside(data, last)
    facts = voto_fuera.Facts(
        {code: catalogue(data)[code].words for code in events},
        {code: each.get(ALL, NOBODY) for code, each in found.items()},
        tuple(_places(data, found, events)),
        inside[0],
        f"{dict(question.who).get(SEXO, 'personas')} del padrón que viven fuera del país",
        fuera.article(question),
    )
    return Result(
        question="¿Cuántos votaron, y en qué estado votan más?",
        columns=(*COLUMNS, *fuera.columns(TURNOUT)),
        rows=tuple(_rows(data, facts)),
        material=facts,
        tables=(*tables, *(name for name in inside[1] if name not in tables)),
        notes=fuera.notes(data, last),
        cutoffs=cutoffs,
    )


def _places(data: Data, found: Mapping[str, Mapping[Key, Reading]], events: list[str]) -> Iterable[Place]:
    """States and other countries in the order of the latest turnout, each followed by its cities."""
    keys = dict.fromkeys(key for each in found.values() for key in each)
    outer = [key for key in keys if key[2] == TOTAL and (key[0] == UNITED_STATES) == (key[1] != TOTAL) and key != ALL]

    def order(key: Key) -> tuple[bool, float, str]:
        value = found[events[-1]].get(key, NOBODY).value
        return value is None, -(value or 0), place_name(data, _code(key))

    for key in sorted(outer, key=order):
        yield _place(place_name(data, _code(key)), key, False, found)
        inner = [inner for inner in keys if inner[:2] == key[:2] and inner[2] != TOTAL]
        for city in sorted(inner, key=order) if key[0] == UNITED_STATES else ():
            yield _place(diaspora.place_name(data, CIUDAD, city[2]), city, True, found)


def _code(key: Key) -> str:
    return key[1] if key[0] == UNITED_STATES else key[0]


def _place(name: str, key: Key, city: bool, found: Mapping[str, Mapping[Key, Reading]]) -> Place:
    code = key[2] if city else _code(key)
    return Place(code, name, city, {event: each.get(key, NOBODY) for event, each in found.items()})


def _inside(data: Data, question: People) -> tuple[Reading | None, tuple[str, ...]]:
    """The turnout inside the country of the same sexo, and the table that it is in; None when it is not counted."""
    sexo = dict(question.who).get(SEXO)
    with suppress(Unaskable):
        quantities = [
            in_election(data, item, catalogue(data)[question.eleccion])
            for item in (participacion.VOTERS, participacion.ROLL)
        ]
        dimensions = (SEXO,) if sexo else ()
        counts = [data.crossed(item, dimensions, COUNTRY_CODE).get((sexo,) if sexo else ()) for item in quantities]
        return diaspora.reading(tuple(map(Cell, counts))), (data.place(quantities[0], dimensions).table.name,)
    return None, ()


def _rows(data: Data, facts: voto_fuera.Facts) -> Iterable[tuple[Any, ...]]:
    state = ""
    for code, words in facts.elections.items():
        yield (code, words, "Total", "", "Todos", *fuera.values(TURNOUT, facts.total[code], NOBODY))
    for place in facts.places:
        state = state if place.city else place.name
        level = (
            "Ciudad"
            if place.city
            else PAIS.partition("_")[0].capitalize()
            if place.code not in _states(data)
            else "Estado"
        )
        name = f"{place.name}, {state}" if place.city else place.name
        for code, words in facts.elections.items():
            if place.turnout[code].cells:
                yield (code, words, level, place.code, name, *fuera.values(TURNOUT, place.turnout[code], NOBODY))


def _states(data: Data) -> Mapping[str, str]:
    return diaspora.words_of(data, diaspora.ESTADO)


COLUMNS = (
    text_column("eleccion", "Código de la elección", "Elección y vuelta.", hidden=True),
    text_column("evento", "Elección", "Año y, si no es la primera, vuelta."),
    text_column(
        "nivel", "Nivel", "Qué clase de lugar es la fila: el total, un estado, una ciudad o un país.", hidden=True
    ),
    text_column("codigo_lugar", "Código del lugar", "Código del estado, de la ciudad o del país.", hidden=True),
    text_column("lugar", "Donde viven", "Estado, ciudad o país."),
)
VIEW = View(
    "diaspora_voto",
    "Participación en el extranjero por lugar y elección",
    PictureKind.of(voto_fuera),
    query,
    topic=DIASPORA,
    contract=people(*PLACE, of=TURNOUT).only(GROUPS),
    held=lambda data: bool(diaspora.elections_of(data)),
)
