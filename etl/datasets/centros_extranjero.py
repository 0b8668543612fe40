"""Voting centres abroad in 2019 and 2023: city, name as the source gives it, and the point of the city on the map."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from etl import fields
from etl.datasets.territorio_extranjero import OF_CIUDAD, OF_ESTADO, places_resolve
from etl.fields.abroad import eleccion, perhaps_fecha
from etl.model import Dataset, Field, Frames, Input, Kind, Notice, Problem, Reference, Table

LISTA = "lista"

CIRCUNSCRIPCIONES = {"noreste": "Noreste", "sureste": "Sureste", "centro": "Centro", "oeste": "Oeste"}
SITUACIONES = {
    "publicado": "En la lista publicada, con su nombre",
    "sin_nombre": "En la lista, sin nombre",
    "anunciado": "Anunciado antes y fuera de la lista",
}

codigo_centro = Field(
    "codigo_centro",
    "Código del centro",
    "Elección, ciudad y número.",
    Kind.CODIGO,
    pattern=r"\d{4}_[a-z_]+_\d",
    english=("Centre code", "Election, city and number."),
)
circunscripcion = Field(
    "circunscripcion",
    "Circunscripción",
    "Circunscripción del TSE en los Estados Unidos en 2023; la fuente de 2019 no las da.",
    Kind.CATEGORIA,
    labels=CIRCUNSCRIPCIONES,
    nullable=True,
    english=("District", "District of the TSE in the United States in 2023; the 2019 source does not give them."),
)
centro = Field(
    "centro",
    "Centro",
    "Nombre del lugar donde se votaba, si la fuente lo da.",
    Kind.TEXTO,
    nullable=True,
    english=("Centre", "Name of the place where people voted, if the source gives it."),
)
direccion = Field(
    "direccion",
    "Dirección",
    "Dirección, si la fuente la da.",
    Kind.TEXTO,
    nullable=True,
    english=("Address", "Address, if the source gives it."),
)
situacion = Field(
    "situacion",
    "Situación",
    "Si el centro está en la lista publicada.",
    Kind.CATEGORIA,
    labels=SITUACIONES,
    english=("Situation", "Whether the centre is on the published list."),
)

FROM_THE_CATALOGUE = ("ciudad", "estado", "lon", "lat")
CENTROS = Table(
    "centros_extranjero",
    "Centros de votación en el extranjero",
    "Los centros de las listas publicadas antes de votar en 2019 y en 2023. Las coordenadas son de la ciudad.",
    (
        codigo_centro,
        eleccion,
        circunscripcion,
        fields.codigo_ciudad,
        fields.ciudad,
        fields.codigo_estado,
        fields.estado,
        fields.lon,
        fields.lat,
        centro,
        direccion,
        situacion,
        perhaps_fecha,
        fields.corte_texto,
        fields.confianza,
        fields.fuente,
        fields.url,
        fields.nota,
    ),
    ("codigo_centro",),
    (Reference(("eleccion",), "elecciones", ("eleccion",)), OF_CIUDAD, OF_ESTADO),
)


def with_places(rows: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """`rows` with the name of their city and state, and the point of the city."""
    cities = frames["ciudades_extranjero"].set_index("codigo_ciudad")
    states = frames["estados_eeuu"].set_index("codigo_estado")["estado"]
    named = {name: rows["codigo_ciudad"].map(cities[name]) for name in ("ciudad", "lon", "lat")}
    return rows.assign(estado=rows["codigo_estado"].map(states), **named)


def read(frames: Frames) -> Frames:
    """The list, with the names and points of the catalogue."""
    return {"centros_extranjero": with_places(frames[LISTA], frames)}


def _named_unless_it_is_said_why(frames: Frames) -> list[Problem]:
    rows = frames[LISTA]
    wrong = (rows["situacion"] == "publicado") != rows["centro"].notna()
    message = "tiene nombre todo centro publicado con su nombre, y ningún otro"
    return [Problem(LISTA, row, "centro", str(rows.at[row, "codigo_centro"]), message) for row in rows.index[wrong]]


def _cities_are_as_many_as_published(frames: Frames) -> list[Problem]:
    """The cities of each list, and no more centres than the published number, agree with the dataset `extranjero`."""
    problems = []
    for election, listed, cities, published in _counts(frames):
        if published["ciudades"] not in (cities, None):
            message = f"la cifra publicada es {published['ciudades']}"
            problems.append(Problem(LISTA, None, "codigo_ciudad", f"{election}: {cities}", message))
        if published["centros"] is not None and listed > published["centros"]:
            message = f"son más que los publicados: {published['centros']}"
            problems.append(Problem(LISTA, None, "codigo_centro", f"{election}: {listed}", message))
    return problems


def _counts(frames: Frames) -> Iterator[tuple[str, int, int, dict[str, int | None]]]:
    """For each election: centres and cities in the list, and the published numbers (None if nobody published them)."""
    rows = frames["centros_extranjero"].query("situacion != 'anunciado'")
    figures = frames["extranjero"].query("preferida and nivel == 'total'")
    for election, group in rows.groupby("eleccion"):
        known = figures[figures["eleccion"] == election].set_index("indicador")["valor"]
        published = {name: int(known[name]) if name in known.index else None for name in ("centros", "ciudades")}
        yield str(election), len(group), group["codigo_ciudad"].nunique(), published


def _missing(frames: Frames) -> list[Notice]:
    years = dict(frames["elecciones"][["eleccion", "anio"]].itertuples(index=False, name=None))
    return [
        Notice(
            "centros_extranjero",
            f"De los {published['centros']} centros de votación en el extranjero de {years[election]}, las listas que se "
            f"conocen dan {listed}: falta por hallar {published['centros'] - listed}.",
        )
        for election, listed, _, published in _counts(frames)
        if published["centros"] is not None and listed < published["centros"]
    ]


DATASET = Dataset(
    name="centros_extranjero",
    title="Centros de votación en el extranjero",
    topic="extranjero",
    description="Dónde se votó fuera del país en 2019 y 2023, según las listas publicadas antes de cada elección.",
    inputs=(
        Input(
            LISTA,
            tuple(fields.column(field) for field in CENTROS.fields if field.name not in FROM_THE_CATALOGUE),
            key=("codigo_centro",),
        ),
    ),
    tables=(CENTROS,),
    read=read,
    source_checks=places_resolve(LISTA),
    checks=(_named_unless_it_is_said_why, _cities_are_as_many_as_published),
    notices=(_missing,),
    disclosure="Lugares públicos: no contiene datos de personas.",
    needs=("territorio_extranjero", "elecciones", "extranjero"),
)
