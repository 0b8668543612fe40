"""Where do the people counted abroad live? States, cities and other countries, for any group that the cubes cross."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.address.abroad import People, people
from dashboard.figures import diaspora
from dashboard.figures.diaspora import CIUDAD, ESTADO, OTHER, PAIS, PLACE, UNITED_STATES, Key, Reading
from dashboard.figures.queries import Data
from dashboard.indicators.offers import DIASPORA
from dashboard.kinds import cuadros, fuera
from dashboard.kinds.fuera import Scale, Spot, in_order
from dashboard.view import AnswerColumn, PictureKind, Result, View, text_column
from dashboard.words import NO_DATA
from etl.model import TOTAL

ALL = (TOTAL, TOTAL, TOTAL)


def query(data: Data, question: People) -> Result:
    """The states with their cities from the highest, then the other countries; first of all, the published total."""
    found = diaspora.read(data, question, PLACE)
    total = found.get(ALL, Reading(None, ()))
    states = {
        key[1]: item for key, item in found.items() if key[0] == UNITED_STATES and key[1] != TOTAL and key[2] == TOTAL
    }
    scale = fuera.scale(question.cuenta, total, states.values())
    spots = in_order(_state(data, scale, code, item, found) for code, item in states.items())
    countries = in_order(
        scale.spot(key[0], diaspora.place_name(data, PAIS, key[0]), item)
        for key, item in found.items()
        if key[0] not in (TOTAL, UNITED_STATES) and key[1] == TOTAL
    )
    who, the = fuera.whom(data, question, PLACE), fuera.article(question)
    facts = cuadros.Facts(spots, countries, _absent(data, states), scale, total, who, the, fuera.as_of(data, question))
    tables, cutoffs = diaspora.tables_of(data, question)
    return Result(
        question="¿Dónde viven?",
        columns=(*COLUMNS, *fuera.columns(question.cuenta)),
        rows=tuple(_rows(facts)),
        material=facts,
        tables=tables,
        notes=fuera.notes(data, question),
        cutoffs=cutoffs,
    )


def _state(data: Data, scale: Scale, code: str, found: Reading, everywhere: Mapping[Key, Reading]) -> Spot:
    cities = in_order(
        scale.spot(key[2], diaspora.place_name(data, CIUDAD, key[2]), item)
        for key, item in everywhere.items()
        if key[:2] == (UNITED_STATES, code) and key[2] != TOTAL
    )
    name = "Estado sin decir" if code == OTHER else diaspora.place_name(data, ESTADO, code)
    return scale.spot(code, name, found, cities)


def _absent(data: Data, counted: Mapping[str, Reading]) -> dict[str, tuple[str, str]]:
    """The states of the catalogue that have nobody counted: their names, and why in words."""
    voting = diaspora.voting_states(data)
    return {
        code: (name, cuadros.NO_CENTRE if voting and code not in voting else NO_DATA)
        for code, name in diaspora.states_of(data).items()
        if code not in counted
    }


def _rows(facts: cuadros.Facts) -> Iterable[tuple[Any, ...]]:
    def row(level: str, names: tuple[str, ...], codes: tuple[str, ...], found: Reading) -> tuple[Any, ...]:
        return (*codes, level, *names, *fuera.values(facts.cuenta, found, facts.total))

    yield row("Total", ("Todos", "", ""), ("", "", ""), facts.total)
    for state in facts.states:
        names = ("Estados Unidos", state.name)
        yield row("Estado", (*names, ""), (UNITED_STATES, state.code, ""), state.reading)
        for city in state.inside:
            yield row("Ciudad", (*names, city.name), (UNITED_STATES, state.code, city.code), city.reading)
    for country in facts.countries:
        yield row("País", (country.name, "", ""), (country.code, "", ""), country.reading)


COLUMNS: tuple[AnswerColumn, ...] = (
    text_column("codigo_pais", "Código del país", "Código ISO del país; ZZ reúne los demás.", hidden=True),
    text_column("codigo_estado", "Código del estado", "Código postal del estado.", hidden=True),
    text_column("codigo_ciudad", "Código de la ciudad", "Código de la ciudad.", hidden=True),
    text_column("nivel", "Nivel", "Qué clase de lugar es la fila: el total, un estado, una ciudad o un país."),
    text_column("pais", "País", "País donde viven."),
    text_column("estado", "Estado", "Estado de los Estados Unidos donde viven."),
    text_column("ciudad", "Ciudad", "Ciudad donde viven."),
)
VIEW = View(
    "diaspora_donde",
    "Personas en el extranjero por país, estado y ciudad",
    PictureKind.of(cuadros),
    query,
    topic=DIASPORA,
    contract=people(*PLACE),
    held=diaspora.is_counted,
)
