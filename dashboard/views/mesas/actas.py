"""Do the actas add up? What is written in them against what results from adding."""

from __future__ import annotations

from dashboard.address.selection import Selection
from dashboard.figures import polling
from dashboard.figures.elections import is_definitive
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.kinds import libro
from dashboard.view import PictureKind, Result, View, number_column, text_column
from dashboard.views.mesas import NATURE, OF_BALLOT, PRELIMINARY, ballot_of, cutoffs, event_of, scope, within
from dashboard.words import COUNT, PERCENT

COLUMNS = (
    text_column("clase", "Acta", "Cuánto difiere el total escrito del que resulta de sumar."),
    number_column("actas", "Actas", "Actas de esa clase.", "actas", COUNT),
    number_column("porcentaje", "De cada 100", "De cada 100 actas con datos.", "%", PERCENT, decimal=True),
    number_column("votos_escritos", "Total escrito", "Suma de los totales escritos en esas actas.", "votos", COUNT),
    number_column("votos_sumados", "Suma de los votos", "Válidos, nulos y en blanco de esas actas.", "votos", COUNT),
    number_column("votos_de_mas", "Escritos de más", "Votos que el total escrito tiene de más.", "votos", COUNT),
    number_column("votos_de_menos", "Escritos de menos", "Votos que el total escrito tiene de menos.", "votos", COUNT),
    NATURE,
)
NATIONAL = "participacion_nacional"


def query(data: Data, selection: Selection) -> Result:
    """The actas of one ballot in one place, by class."""
    event, ballot, place = event_of(data, selection), ballot_of(data, selection), scope(selection)
    names = polling.ballots(data)[event]
    classes = polling.acta_classes(data, event, ballot, place)
    shares = polling.equal_shares(data, event, place)
    material = libro.Material(
        classes,
        names[ballot].lower(),
        within(data, place, "En el país y en el extranjero"),
        {names[office].lower(): share for office, share in shares.items() if office != ballot},
        None if place.code else _official(data, event, ballot),
    )
    known = sum(item.actas for name, item in classes.items() if name != polling.NO_DATA)
    rows = tuple(
        (libro.CLASSES[name], item.actas, None, None, None, None, None, PRELIMINARY)
        if name == polling.NO_DATA
        else (
            libro.CLASSES[name],
            item.actas,
            100 * item.actas / known if known else None,
            None if name == polling.UNWRITTEN else item.written,
            item.added,
            item.more,
            item.less,
            PRELIMINARY,
        )
        for name, item in classes.items()
    )
    return Result("¿Cuadran las actas?", COLUMNS, rows, material, (polling.ACTAS,), cutoffs=cutoffs(data, event))


def _official(data: Data, event: str, ballot: str) -> libro.Official | None:
    """The official count of the votes cast in the whole election, the definitive one first, when the release brings it."""
    try:
        rows = [
            row for row in data.records(NATIONAL, eleccion=event, cargo=ballot) if row["votos_emitidos"] is not None
        ]
        found = min(rows, key=lambda row: not is_definitive(row), default=None)
        return None if found is None else libro.Official(found["votos_emitidos"], found["fuente"])
    except Unaskable:
        return None


VIEW = View(
    "participacion_actas", "Lo escrito en las actas y lo que suma", PictureKind.of(libro), query, "actas", OF_BALLOT
)
