"""Consulates of Guatemala in the United States, as far as public lists and press tell: where one asks and registers."""

from __future__ import annotations

from etl import fields
from etl.datasets.centros_extranjero import FROM_THE_CATALOGUE, with_places
from etl.datasets.territorio_extranjero import OF_CIUDAD, OF_ESTADO, places_resolve
from etl.fields.abroad import perhaps_fecha
from etl.model import Dataset, Field, Frames, Input, Kind, Notice, Table

LISTA = "lista"
OFFICIAL_COUNT = 26  # what the AGN says there are; its list is cut off after Raleigh in the text that could be read

SITUACIONES = {
    "lista_oficial": "En la lista de la Agencia Guatemalteca de Noticias",
    "otra_fuente": "En otra fuente",
    "sin_confirmar": "Sin confirmar que esté abierto",
}
situacion = Field(
    "situacion",
    "Situación",
    "Cómo se sabe del consulado.",
    Kind.CATEGORIA,
    labels=SITUACIONES,
    english=("Situation", "How the consulate is known of."),
)

CONSULADOS = Table(
    "consulados",
    "Consulados de Guatemala en los Estados Unidos",
    "Una fila por ciudad. Las coordenadas son de la ciudad, no del edificio.",
    (
        fields.codigo_ciudad,
        fields.ciudad,
        fields.codigo_estado,
        fields.estado,
        fields.lon,
        fields.lat,
        situacion,
        perhaps_fecha,
        fields.corte_texto,
        fields.confianza,
        fields.fuente,
        fields.nota,
    ),
    ("codigo_ciudad",),
    (OF_CIUDAD, OF_ESTADO),
)


def read(frames: Frames) -> Frames:
    """The list, with the names and points of the catalogue."""
    return {"consulados": with_places(frames[LISTA], frames)}


def _incomplete(frames: Frames) -> list[Notice]:
    rows = frames["consulados"]
    listed = int((rows["situacion"] == "lista_oficial").sum())
    doubtful = ", ".join(rows.loc[rows["situacion"] == "sin_confirmar", "ciudad"])
    return [
        Notice(
            "consulados",
            f"La Agencia Guatemalteca de Noticias habla de {OFFICIAL_COUNT} consulados en los Estados Unidos, y la parte "
            f"de su lista que se pudo leer trae {listed}. Sin confirmar que estén abiertos: {doubtful}.",
        )
    ]


DATASET = Dataset(
    name="consulados",
    title="Consulados en los Estados Unidos",
    topic="extranjero",
    description="Ciudades de los Estados Unidos con consulado de Guatemala, con la fuente y la fecha en que consta.",
    inputs=(
        Input(
            LISTA,
            tuple(fields.column(field) for field in CONSULADOS.fields if field.name not in FROM_THE_CATALOGUE),
            key=("codigo_ciudad",),
        ),
    ),
    tables=(CONSULADOS,),
    read=read,
    source_checks=places_resolve(LISTA),
    notices=(_incomplete,),
    disclosure="Lugares públicos: no contiene datos de personas.",
    needs=("territorio_extranjero",),
)
