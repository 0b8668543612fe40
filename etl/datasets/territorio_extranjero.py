"""Places abroad: states of the United States and the cities where there is, or was to be, a voting centre or consulate.

A city of another country is one more row, without state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from etl import checks, fields
from etl.country import fold
from etl.model import Check, Dataset, Field, Frames, Input, Kind, Problem, Reference, Table

ESTADOS, CIUDADES = "estados", "ciudades"
HOW_MANY_STATES = 53  # 50 states, the capital, Puerto Rico and the Virgin Islands

estado_ingles = Field(
    "estado_ingles",
    "Estado, en inglés",
    "Nombre oficial en inglés.",
    Kind.TEXTO,
    english=("State, in English", "Official name in English."),
)
ciudad_ingles = Field(
    "ciudad_ingles",
    "Ciudad, en inglés",
    "Nombre de la ciudad en inglés.",
    Kind.TEXTO,
    english=("City, in English", "Name of the city in English."),
)
perhaps_codigo_estado = replace(fields.codigo_estado, nullable=True)
STATE_FIELDS = (fields.codigo_estado, fields.estado, estado_ingles)
CITY_FIELDS = (
    fields.codigo_ciudad,
    fields.ciudad,
    ciudad_ingles,
    fields.codigo_pais,
    perhaps_codigo_estado,
    fields.lon,
    fields.lat,
)

OF_ESTADO = Reference(("codigo_estado",), "estados_eeuu", ("codigo_estado",))
OF_CIUDAD = Reference(("codigo_ciudad",), "ciudades_extranjero", ("codigo_ciudad",))


def read(frames: Frames) -> Frames:
    """The two catalogues as they come."""
    return {"estados_eeuu": frames[ESTADOS], "ciudades_extranjero": frames[CIUDADES]}


def _all_states(frames: Frames) -> list[Problem]:
    found = len(frames[ESTADOS])
    message = f"se esperaban {HOW_MANY_STATES} filas"
    return [] if found == HOW_MANY_STATES else [Problem(ESTADOS, None, None, str(found), message)]


def _both_coordinates_or_none(frames: Frames) -> list[Problem]:
    rows = frames[CIUDADES]
    message = "la ciudad tiene una coordenada y le falta la otra"
    return [
        Problem(CIUDADES, row, "lon, lat", str(rows.at[row, "codigo_ciudad"]), message)
        for row in rows.index[rows["lon"].isna() != rows["lat"].isna()]
    ]


def _cities_of_the_united_states_have_a_state(frames: Frames) -> list[Problem]:
    rows = frames[CIUDADES]
    wrong = (rows["codigo_pais"] == "US") != rows["codigo_estado"].notna()
    message = "tiene estado toda ciudad de los Estados Unidos, y ninguna otra"
    return [
        Problem(CIUDADES, row, "codigo_estado", str(rows.at[row, "codigo_ciudad"]), message)
        for row in rows.index[wrong]
    ]


def places_resolve(name: str) -> tuple[Check, ...]:
    """The cities and states of the input `name` are in the catalogue; the state and country that a row says, the city's."""
    cities = ("codigo_ciudad", "ciudades_extranjero", "codigo_ciudad")
    states = ("codigo_estado", "estados_eeuu", "codigo_estado")
    return (
        checks.codes_resolve(name, lambda rows: rows["codigo_ciudad"], *cities),
        checks.codes_resolve(name, lambda rows: rows["codigo_estado"], *states),
        _city_is_in(name, "codigo_estado"),
        _city_is_in(name, "codigo_pais"),
    )


def _city_is_in(name: str, place: str) -> Check:
    """Where a row of the input `name` says both, the `place` (a column, if it has it) is the city's."""

    def check(frames: Frames) -> list[Problem]:
        rows = frames[name]
        if place not in rows:
            return []
        expected = rows["codigo_ciudad"].map(frames["ciudades_extranjero"].set_index("codigo_ciudad")[place])
        wrong = expected.notna() & rows[place].notna() & (expected != rows[place])
        return [
            Problem(
                name,
                row,
                place,
                str(rows.at[row, place]),
                f"la ciudad {rows['codigo_ciudad'].at[row]} está en {expected.at[row]}",
            )
            for row in rows.index[wrong]
        ]

    return check


#: What a text calls each kind of place abroad: the column of its code, the table with its names and their columns.
NAMED = (
    ("codigo_ciudad", "ciudades_extranjero", ("ciudad", "ciudad_ingles")),
    ("codigo_estado", "estados_eeuu", ("estado", "estado_ingles")),
)


def names_agree(name: str, column: str) -> Check:
    """The city and the state that the text of `column` names in a row of the input `name` are those of its codes.

    A text may name several («Nueva York y Houston»), or none: it agrees when that of the code is among them.
    """

    def check(frames: Frames) -> list[Problem]:
        rows = frames[name]
        return [
            Problem(name, row, column, str(rows.at[row, column]), message, checks.NOT_ITS_CODE)
            for code, table, labels in NAMED
            if code in rows
            for row, message in misnamed(rows[[code, column]].dropna(), frames[table].set_index(code)[[*labels]])
        ]

    return check


def misnamed(rows: pd.DataFrame, places: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """The rows (code, text) whose text names other places than that of the code, and what is wrong, with both named."""
    codes: dict[str, set[str]] = {}
    for code, *names in places.itertuples(name=None):
        for name in names:
            codes.setdefault(fold(name), set()).add(code)
    longest = sorted(codes, key=len, reverse=True)  # «Virginia Occidental» is not Virginia
    named = re.compile(rf"\b({'|'.join(map(re.escape, longest))})\b")
    title = places.iloc[:, 0]
    for row, code, text in rows.itertuples(name=None):
        found = {other for match in named.findall(fold(text)) for other in codes[match]}
        if found and code in title.index and code not in found:
            said = " y ".join(f"{title[other]} ({other})" for other in sorted(found))
            yield row, f"la fila dice {said} y su código es el de {title[code]} ({code})"


DATASET = Dataset(
    name="territorio_extranjero",
    title="Estados y ciudades en el extranjero",
    topic="territorio",
    description="Catálogo de los estados de los Estados Unidos y de las ciudades donde hay o hubo centro de votación o "
    "consulado de Guatemala, con su punto en el mapa.",
    inputs=(
        Input(
            ESTADOS,
            tuple(map(fields.column, STATE_FIELDS)),
            key=("codigo_estado",),
        ),
        Input(
            CIUDADES,
            tuple(map(fields.column, CITY_FIELDS)),
            key=("codigo_ciudad",),
        ),
    ),
    tables=(
        Table(
            "estados_eeuu",
            "Estados de los Estados Unidos",
            "Los 50 estados, la capital y los dos territorios que aparecen en las fuentes.",
            STATE_FIELDS,
            ("codigo_estado",),
        ),
        Table(
            "ciudades_extranjero",
            "Ciudades en el extranjero",
            "Ciudades con consulado o con centro de votación, ahora o antes, y su punto (GeoNames).",
            CITY_FIELDS,
            ("codigo_ciudad",),
            (OF_ESTADO,),
        ),
    ),
    read=read,
    source_checks=(_all_states,),
    checks=(_both_coordinates_or_none, _cities_of_the_united_states_have_a_state),
    disclosure="Catálogo de lugares: no contiene datos de personas.",
)
