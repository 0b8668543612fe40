"""Consulates of Guatemala in the United States, as far as public lists and press tell: where one asks and registers."""

from __future__ import annotations

from datetime import date

from etl import fields
from etl.datasets.centros_extranjero import FROM_THE_CATALOGUE, with_places
from etl.datasets.extranjero import perhaps_fecha, places_resolve
from etl.datasets.territorio_extranjero import OF_CIUDAD, OF_ESTADO
from etl.licenses import CITA_DE_PRENSA
from etl.model import Confidence, Dataset, Field, Frames, Input, Kind, Notice, Source, Table

FILE = "consulados_eeuu.csv"
OFFICIAL_COUNT = 26  # what the AGN says there are; its list is cut off after Raleigh in the text that could be read

LISTAS = Source(
    title="Consulados de Guatemala en los Estados Unidos",
    publisher="Agencia Guatemalteca de Noticias (AGN) y prensa",
    url="https://agn.gt",
    license=CITA_DE_PRENSA,
    cutoff=date(2026, 1, 5),
    cutoff_text="la lista principal es de un 30 de septiembre sin año, probablemente 2025",
    confidence=Confidence.BAJA,
    note="La AGN habla de 26 consulados y su lista está cortada en el texto leído. Cada fila lleva su propia fuente y su "
    "confianza; esta es la menor de ellas. Antes de viajar, confirme con el consulado.",
)

SITUACIONES = {
    "lista_oficial": "En la lista de la Agencia Guatemalteca de Noticias",
    "otra_fuente": "En otra fuente",
    "sin_confirmar": "Sin confirmar que esté abierto",
}
situacion = Field("situacion", "Situación", "Cómo se sabe del consulado.", Kind.CATEGORIA, labels=SITUACIONES)

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
    return {"consulados": with_places(frames[FILE], frames)}


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
    description="Ciudades de los Estados Unidos con consulado de Guatemala, con la fuente y la fecha en que consta.",
    inputs=(
        Input(
            FILE,
            "35e4172598cd9338ec168e2222e67daabf90359cc0f59fb90b9b4a2576b1ca98",
            tuple(fields.column(field) for field in CONSULADOS.fields if field.name not in FROM_THE_CATALOGUE),
            LISTAS,
            key=("codigo_ciudad",),
        ),
    ),
    tables=(CONSULADOS,),
    read=read,
    source_checks=places_resolve(FILE),
    notices=(_incomplete,),
    disclosure="Lugares públicos: no contiene datos de personas.",
    needs=("territorio_extranjero",),
)
