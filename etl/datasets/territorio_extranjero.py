"""Places abroad: states of the United States and the cities where there is, or was to be, a voting centre or consulate.

A city of another country is one more row, without state.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from etl import fields
from etl.licenses import CC_BY_4, DOMINIO_PUBLICO
from etl.model import Confidence, Dataset, Field, Frames, Input, Kind, Problem, Reference, Source, Table

ESTADOS, CIUDADES = "estados_eeuu.csv", "ciudades_extranjero.csv"
HOW_MANY_STATES = 53  # 50 states, the capital, Puerto Rico and the Virgin Islands

NOMBRES = Source(
    title="Estados, distrito y territorios de los Estados Unidos, con su código postal",
    publisher="Natural Earth; nombres en español compilados por el proyecto",
    url="https://www.naturalearthdata.com",
    license=DOMINIO_PUBLICO,
    cutoff=date(2018, 5, 23),
    cutoff_text="Natural Earth 4.1",
    confidence=Confidence.ALTA,
    note="De los territorios, solo los dos que aparecen en la estimación del Minex: Puerto Rico e Islas Vírgenes.",
)
LUGARES = Source(
    title="Puntos de las ciudades (GeoNames)",
    publisher="GeoNames",
    url="https://www.geonames.org",
    license=CC_BY_4,
    cutoff=date(2015, 1, 1),
    cutoff_text="GeoNames, 2015",
    confidence=Confidence.MEDIA_ALTA,
    note="Es el punto de la ciudad, no el del consulado ni el del centro de votación. Orlando no tiene punto en lo "
    "recibido.",
)

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
        Problem(CIUDADES, row, "lon, lat", rows.at[row, "codigo_ciudad"], message)
        for row in rows.index[rows["lon"].isna() != rows["lat"].isna()]
    ]


def _cities_of_the_united_states_have_a_state(frames: Frames) -> list[Problem]:
    rows = frames[CIUDADES]
    wrong = (rows["codigo_pais"] == "US") != rows["codigo_estado"].notna()
    message = "tiene estado toda ciudad de los Estados Unidos, y ninguna otra"
    return [
        Problem(CIUDADES, row, "codigo_estado", rows.at[row, "codigo_ciudad"], message) for row in rows.index[wrong]
    ]


DATASET = Dataset(
    name="territorio_extranjero",
    title="Estados y ciudades en el extranjero",
    description="Catálogo de los estados de los Estados Unidos y de las ciudades donde hay o hubo centro de votación o "
    "consulado de Guatemala, con su punto en el mapa.",
    inputs=(
        Input(
            ESTADOS,
            "5e5582a2783cda55742546c9b8678d4bdf1db2e644d31878b45a00ffa9c20a26",
            tuple(map(fields.column, STATE_FIELDS)),
            NOMBRES,
            key=("codigo_estado",),
        ),
        Input(
            CIUDADES,
            "c4561dc7c67771ff440b6d28846e82eb89607ff21af8bdfd2fad5c3a6d4b944b",
            tuple(map(fields.column, CITY_FIELDS)),
            LUGARES,
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
            sources=(NOMBRES,),
        ),
        Table(
            "ciudades_extranjero",
            "Ciudades en el extranjero",
            "Ciudades con consulado o con centro de votación, ahora o antes, y su punto (GeoNames).",
            CITY_FIELDS,
            ("codigo_ciudad",),
            (OF_ESTADO,),
            sources=(LUGARES,),
        ),
    ),
    read=read,
    source_checks=(_all_states,),
    checks=(_both_coordinates_or_none, _cities_of_the_united_states_have_a_state),
    disclosure="Catálogo de lugares: no contiene datos de personas.",
)
