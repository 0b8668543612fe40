"""Which figures of the actas do not add up?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboard.address.selection import MAPS, Selection
from dashboard.figures import polling
from dashboard.figures.polling import Scope
from dashboard.figures.queries import Data, Row
from dashboard.kinds import actas
from dashboard.view import AnswerColumn, PictureKind, Result, View, text_column
from dashboard.views.mesas import NATURE, PRELIMINARY, SCOPED, cutoffs, event_of, scope, within
from dashboard.words import COUNT
from etl.model import Kind

NUMBERS = ("escrito", "calculado", "explicacion")


def query(data: Data, selection: Selection) -> Result:
    """Every figure written in an acta of a place that does not add up, in plain words."""
    event, place = event_of(data, selection), scope(selection)
    return _result(data, event, polling.discrepancies(data, event, place), within(data, place))


def of_table(data: Data, selection: Selection) -> Result:
    """The same of one polling table; of none, when none is asked for."""
    event, mesa = event_of(data, selection), selection.mesa
    found = polling.discrepancies(data, event, Scope(), int(mesa)) if mesa else ()
    return _result(data, event, found, f"En la mesa {mesa}" if mesa else "")


def _result(data: Data, event: str, found: Sequence[Row], where: str) -> Result:
    labels = data.labels(polling.DISCREPANCIES, "tipo_discrepancia")
    titles = {item.name: item.title for item in data.table(polling.ACTAS).fields}
    offices = polling.ballots(data)[event]
    rows = tuple(
        (
            str(row["mesa"]),
            offices[row["cargo"]],
            labels[row["tipo_discrepancia"]],
            row["campo"],
            titles.get(row["campo"], row["campo"]),
            row["escrito"],
            row["calculado"],
            row["explicacion"],
            PRELIMINARY,
        )
        for row in found
    )
    columns = (
        text_column("mesa", "Mesa", "Número de la mesa."),
        text_column("papeleta", "Papeleta", "Qué se elegía con ella."),
        text_column("tipo_discrepancia", "Tipo", "En qué no cuadra el acta."),
        AnswerColumn(data.field(polling.DISCREPANCIES, "campo"), hidden=True),
        text_column("cifra", "Cifra", "De qué cifra del acta se trata."),
        *(_column(data, name) for name in NUMBERS),
        NATURE,
    )
    material = actas.Material(found, labels, where)
    return Result(
        "¿Qué actas no cuadran?", columns, rows, material, (polling.DISCREPANCIES,), cutoffs=cutoffs(data, event)
    )


def _column(data: Data, name: str) -> AnswerColumn:
    declared = data.field(polling.DISCREPANCIES, name)
    return AnswerColumn(replace(declared, nullable=True), COUNT if declared.kind is Kind.ENTERO else None)


VIEWS = (
    View("participacion_discrepancias", "Actas que no cuadran", PictureKind.of(actas), query, "actas", SCOPED),
    View(
        "participacion_mesa_discrepancias",
        "Lo que no cuadra en las actas de una mesa",
        PictureKind.of(actas),
        of_table,
        "actas",
        MAPS.only("eleccion", "mesa"),
    ),
)
