"""Places abroad: states of the United States and the cities where there is, or was to be, a voting centre or consulate.

A city of another country is one more row, without state.
"""

from __future__ import annotations

from dataclasses import replace

from etl import checks, fields
from etl.model import Check, Dataset, Field, Frames, Input, Kind, Problem, Reference, Table

ESTADOS, CIUDADES = "estados", "ciudades"
HOW_MANY_STATES = 53  # 50 states, the capital, Puerto Rico and the Virgin Islands

estado_ingles = Field("estado_ingles", "Estado, en inglés", "Nombre oficial en inglés.", Kind.TEXTO)
ciudad_ingles = Field("ciudad_ingles", "Ciudad, en inglés", "Nombre de la ciudad en inglés.", Kind.TEXTO)
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
    """The cities and states of the input `name` are in the catalogue, and where a row says both, the state is the city's."""
    cities = ("codigo_ciudad", "ciudades_extranjero", "codigo_ciudad")
    states = ("codigo_estado", "estados_eeuu", "codigo_estado")
    return (
        checks.codes_resolve(name, lambda rows: rows["codigo_ciudad"], *cities),
        checks.codes_resolve(name, lambda rows: rows["codigo_estado"], *states),
        _city_is_in_its_state(name),
    )


def _city_is_in_its_state(name: str) -> Check:
    def check(frames: Frames) -> list[Problem]:
        rows = frames[name]
        states = frames["ciudades_extranjero"].set_index("codigo_ciudad")["codigo_estado"]
        expected = rows["codigo_ciudad"].map(states)
        wrong = expected.notna() & rows["codigo_estado"].notna() & (expected != rows["codigo_estado"])
        return [
            Problem(
                name,
                row,
                "codigo_estado",
                str(rows.at[row, "codigo_estado"]),
                f"la ciudad {rows['codigo_ciudad'].at[row]} está en {expected.at[row]}",
            )
            for row in rows.index[wrong]
        ]

    return check


DATASET = Dataset(
    name="territorio_extranjero",
    title="Estados y ciudades en el extranjero",
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
