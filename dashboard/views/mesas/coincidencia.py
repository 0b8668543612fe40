"""Where do the ballots of a polling table agree the most?"""

from __future__ import annotations

from dashboard.address.selection import MAPS, Selection
from dashboard.figures import polling
from dashboard.figures.polling import Agreement, Scope
from dashboard.figures.queries import Data
from dashboard.kinds import coincidencia
from dashboard.view import AnswerColumn, PictureKind, Result, View, number_column, text_column
from dashboard.views.mesas import NATURE, PRELIMINARY, cutoffs, event_of, several_of, within
from dashboard.words import COUNT, PERCENT
from etl import fields

COLUMNS = (
    AnswerColumn(fields.codigo_municipio, hidden=True),
    text_column("municipio", "Municipio", "Nombre del municipio."),
    text_column("departamento", "Departamento", "Su departamento."),
    number_column(
        "coinciden", "Coinciden, de cada 100", "Mesas con los totales iguales, de cada 100.", "%", PERCENT, decimal=True
    ),
    number_column("mesas_comparables", "Mesas comparables", "Mesas con todas las papeletas.", "mesas", COUNT),
    number_column("mesas_iguales", "Totales iguales", "Mesas con todos los totales iguales.", "mesas", COUNT),
    number_column("mesas_a_5_o_menos", "A 5 o menos", "Mesas cuyos totales difieren en 5 o menos.", "mesas", COUNT),
    number_column("mesas_a_mas_de_20", "A más de 20", "Mesas cuyos totales difieren en más de 20.", "mesas", COUNT),
    number_column("mesas", "Mesas", "Mesas del municipio con varias papeletas.", "mesas", COUNT),
    NATURE,
)


def query(data: Data, selection: Selection) -> Result:
    """Every municipio of the country, or of one departamento, by how many of its polling tables agree."""
    event, code = event_of(data, selection), selection.departamento or ""
    several, found = several_of(data, event), polling.agreements(data, event)
    inside = data.territories.under(code)
    places = {place: found.get(place, Agreement()) for place in inside}
    parents = {place: data.territories.departamento_of(place) for place in places}
    material = coincidencia.Material(places, data.territories.municipios, parents, several, within(data, Scope(code)))
    rows = tuple(
        (
            place.code,
            place.name,
            place.parent,
            place.agreement.share,
            place.agreement.whole,
            place.agreement.equal,
            place.agreement.near,
            place.agreement.far,
            place.agreement.tables,
            PRELIMINARY,
        )
        for place in coincidencia.facts(Result("", (), (), material, ())).places
    )
    return Result(
        "¿Dónde coinciden más?",
        COLUMNS,
        rows,
        material,
        (polling.BALLOTS,),
        (NOTE,),
        cutoffs(data, event),
    )


NOTE = (
    "Color más tenue: coinciden más mesas. Un municipio con pocas mesas cambia de color con una sola: la tabla dice cuántas "
    "tiene cada uno."
)

VIEW = View(
    "participacion_coincidencia",
    "Dónde coinciden las papeletas",
    PictureKind.of(coincidencia),
    query,
    "actas",
    MAPS.only("eleccion", "departamento"),
)
