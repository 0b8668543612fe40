"""How many votes are there for every hundred ballots that the polling tables received?"""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.address.selection import MAPS, Selection
from dashboard.figures import polling
from dashboard.figures.polling import Scope
from dashboard.figures.queries import Data, Row
from dashboard.kinds import recibidas
from dashboard.view import PictureKind, Result, View, number_column, text_column
from dashboard.views.mesas import NATURE, PRELIMINARY, ballot_of, cutoffs, event_of, within
from dashboard.words import COUNT
from etl.country import departamento_of, is_municipio

COLUMNS = (
    text_column("codigo", "Código", "Código del lugar.", hidden=True),
    text_column("lugar", "Lugar", "Departamento, municipio o ciudad del extranjero."),
    number_column(
        "votos_por_100_papeletas",
        "Votos por cada 100 papeletas",
        "Votos emitidos por cada 100 papeletas recibidas, en las mesas que dicen ambas cosas.",
        "votos",
        recibidas.RATE,
        decimal=True,
    ),
    number_column("votos_comparables", "Votos", "Votos emitidos en esas mesas.", "votos", COUNT),
    number_column("papeletas_comparables", "Papeletas", "Papeletas que recibieron.", "papeletas", COUNT),
    number_column("mesas_con_papeletas", "Mesas que dicen ambas", "Mesas que dicen ambas cosas.", "mesas", COUNT),
    number_column("mesas_con_datos", "Mesas con datos", "Mesas cuya acta tiene datos.", "mesas", COUNT),
    number_column("mesas", "Mesas", "Mesas del lugar.", "mesas", COUNT),
    NATURE,
)
NOTE = (
    "Las papeletas recibidas no son el padrón: hay mesas que no dicen cuántas recibieron y mesas que recibieron más o menos que "
    "sus empadronados. Por eso esta tasa no es la participación."
)


def query(data: Data, selection: Selection) -> Result:
    """The departamentos and those abroad, or the municipios of one departamento."""
    event, ballot = event_of(data, selection), ballot_of(data, selection)
    code = selection.departamento or ""
    rows = [row for row in polling.sums(data, event, ballot) if row["codigo_municipio"].startswith(code)]
    home = [row for row in rows if code or not polling.is_abroad(row["codigo_municipio"])]
    groups: dict[str, list[Row]] = {}
    for row in rows:
        place = row["codigo_municipio"] if code else departamento_of(row["codigo_municipio"])
        groups.setdefault(place, []).append(row)
    places = [_place(place, _name(data, place, group), group) for place, group in groups.items()]
    words = polling.ballots(data)[event][ballot].lower()
    # Who says the names of the places abroad is told where those names are.
    tables = (polling.PLACES,) if polling.is_abroad(code) else (polling.ACTAS,)
    material = recibidas.Material(_place(code, "", home), places, words, within(data, Scope(code)))
    result = Result(
        "¿Cuántos votos por cada 100 papeletas?",
        COLUMNS,
        (),
        material,
        tables,
        (NOTE,),
        cutoffs(data, event),
    )
    cells = tuple(
        (
            place.code,
            place.name,
            place.rate,
            place.votes if place.both else None,
            place.ballots if place.both else None,
            place.both,
            place.with_data,
            place.tables,
            PRELIMINARY,
        )
        for place in recibidas.facts(result).places
    )
    return Result(result.question, COLUMNS, cells, material, result.tables, result.notes, result.cutoffs)


def _place(code: str, name: str, rows: Iterable[Row]) -> recibidas.Place:
    names = ("mesas", "mesas_con_datos", "mesas_con_papeletas", "papeletas_comparables", "votos_comparables")
    found = list(rows)
    sums = [int(sum(row[column] or 0 for row in found)) for column in names]
    tables, with_data, both, ballots, votes = sums
    return recibidas.Place(code, name, tables, with_data, both, ballots, votes, polling.is_abroad(code))


def _name(data: Data, code: str, rows: list[Row]) -> str:
    if polling.is_abroad(code):
        said = rows[0].get("lugar") if is_municipio(code) else "En el extranjero"
        return said or f"Lugar {code} del extranjero, sin nombre en la fuente"
    return data.territories.name(code)


VIEW = View(
    "participacion_recibidas",
    "Votos por cada 100 papeletas recibidas",
    PictureKind.of(recibidas),
    query,
    "actas",
    MAPS.only("eleccion", "papeleta", "departamento"),
)
