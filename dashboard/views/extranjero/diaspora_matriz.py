"""Who comes from where and lives where? Departamentos of origin against states and other countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.address.abroad import People, people
from dashboard.figures import diaspora
from dashboard.figures.diaspora import ESTADO, ORIGEN, OTHER, PAIS, PLACE, UNITED_STATES, Key, Reading
from dashboard.figures.queries import Data
from dashboard.indicators.offers import DIASPORA
from dashboard.kinds import fuera, matriz
from dashboard.kinds.fuera import in_order
from dashboard.view import PictureKind, Result, View, text_column
from etl.model import TOTAL


def query(data: Data, question: People) -> Result:
    """Both ways from the highest published total; what has none, last and by name."""
    found = _by_place(diaspora.read(data, question, (ORIGEN, PAIS, ESTADO)))
    total = found.get((TOTAL, TOTAL), Reading(None, ()))
    inside = {key: item for key, item in found.items() if TOTAL not in key}
    scale = fuera.scale(question.cuenta, total, inside.values())
    rows = in_order(
        scale.spot(code, diaspora.place_name(data, ORIGEN, code), item)
        for (code, place), item in found.items()
        if place == TOTAL and code != TOTAL
    )
    columns = in_order(
        scale.spot(code, place_name(data, code), item)
        for (origin, code), item in found.items()
        if origin == TOTAL and code != TOTAL
    )
    names = {spot.code: spot.name for spot in rows}
    cells = {
        (row.code, column.code): scale.spot(row.code, names[row.code], inside[(row.code, column.code)])
        for row in rows
        for column in columns
        if (row.code, column.code) in inside
    }
    facts = matriz.Facts(
        rows, columns, cells, scale, scale.spot("", "Todos", total), fuera.whom(data, question, (ORIGEN, *PLACE))
    )
    tables, cutoffs = diaspora.tables_of(data, question)
    return Result(
        question="De qué departamento a qué estado",
        columns=(*COLUMNS, *fuera.columns(question.cuenta)),
        rows=tuple(_rows(facts, total)),
        material=facts,
        tables=tables,
        notes=fuera.notes(data, question),
        cutoffs=cutoffs,
    )


def _by_place(found: Mapping[Key, Reading]) -> dict[tuple[str, str], Reading]:
    """The same by (origin, place): a state of the United States, another country or, in all, TOTAL."""
    return {
        (origin, state if country == UNITED_STATES else country): item
        for (origin, country, state), item in found.items()
        if (country == UNITED_STATES) == (state != TOTAL)
    }


def place_name(data: Data, code: str) -> str:
    """The name of a state or of a country."""
    states = diaspora.words_of(data, ESTADO)
    return states[code] if code in states else diaspora.place_name(data, PAIS, code)


def _rows(facts: matriz.Facts, total: Reading) -> Iterable[tuple[Any, ...]]:
    everywhere = [("", "Todos", spot.code, spot.name, spot.reading) for spot in facts.columns]
    each = [
        (row.code, row.name, column.code, column.name, facts.cells[(row.code, column.code)].reading)
        for row in facts.rows
        for column in facts.columns
        if (row.code, column.code) in facts.cells
    ]
    from_each = [(row.code, row.name, "", "Todos", row.reading) for row in facts.rows]
    for *names, item in [("", "Todos", "", "Todos", total), *from_each, *everywhere, *each]:
        yield (*names, *fuera.values(facts.scale.cuenta, item, total))


COLUMNS = (
    text_column("codigo_origen", "Código de origen", "Código del departamento de origen (INE).", hidden=True),
    text_column("origen", "Departamento de origen", "Departamento de Guatemala del que vienen."),
    text_column(
        "codigo_lugar",
        "Código del lugar",
        f"Código del estado o del país donde viven; {OTHER}: los demás.",
        hidden=True,
    ),
    text_column("lugar", "Donde viven", "Estado de los Estados Unidos, u otro país."),
)
VIEW = View(
    "diaspora_matriz",
    "Personas en el extranjero por departamento de origen y estado donde viven",
    PictureKind.of(matriz),
    query,
    topic=DIASPORA,
    contract=people(ORIGEN, *PLACE),
    held=diaspora.is_counted,
)
