"""What do the actas say, table by table, and where do they not add up?"""

from __future__ import annotations

from dataclasses import replace

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.figures.queries import Data
from dashboard.kinds import actas
from dashboard.view import AnswerColumn, PictureKind, Result, View, text_column
from dashboard.words import COUNT
from etl import fields
from etl.model import Kind

MESAS, DISCREPANCIES = "participacion_mesa", "participacion_mesa_discrepancias"
SHOWN = (
    "empadronados",
    "votos_emitidos",
    "votos_validos",
    "votos_nulos",
    "votos_blanco",
    "votos_emitidos_escrito",
    "discrepancias",
    "observacion_acta",
)
QUESTION = "¿Qué dicen las actas, mesa por mesa?"
FIRST = (
    AnswerColumn(fields.eleccion, hidden=True),
    text_column("mesa", "Mesa", "Número de la mesa."),
    text_column("municipio", "Municipio", "Dónde está la mesa."),
)


def tables(data: Data, selection: Question) -> Result:
    """Every polling table with data, in order of number; the chosen place plays no part: there are few."""
    names = data.territories.municipios
    rows = tuple(
        (
            row["eleccion"],
            str(row["mesa"]),
            names.get(row["codigo_municipio"], "Extranjero"),
            *(row[name] for name in SHOWN),
        )
        for row in data.records(MESAS)
    )
    columns = (*FIRST, *(_column(data, MESAS, name) for name in SHOWN))
    return Result(QUESTION, columns, rows, _material(data), (MESAS, DISCREPANCIES))


def discrepancies(data: Data, selection: Question) -> Result:
    """Every figure written in an acta that does not add up, in plain words."""
    labels = data.labels(DISCREPANCIES, "tipo_discrepancia")
    titles = {item.name: item.title for item in data.table(MESAS).fields}
    rows = tuple(
        (
            row["eleccion"],
            str(row["mesa"]),
            labels[row["tipo_discrepancia"]],
            row["campo"],
            titles.get(row["campo"], row["campo"]),
            row["escrito"],
            row["calculado"],
            row["explicacion"],
        )
        for row in data.records(DISCREPANCIES)
    )
    shown = ("escrito", "calculado", "explicacion")
    about = (
        text_column("tipo_discrepancia", "Tipo", "En qué no cuadra el acta."),
        AnswerColumn(data.field(DISCREPANCIES, "campo"), hidden=True),
        text_column("cifra", "Cifra", "De qué cifra del acta se trata."),
    )
    columns = (*FIRST[:2], *about, *(_column(data, DISCREPANCIES, name) for name in shown))
    return Result("¿Qué actas no cuadran?", columns, rows, _material(data), (DISCREPANCIES,))


def _material(data: Data) -> actas.Material:
    events = {event["eleccion"]: event["titulo"] for event in data.records("elecciones")}
    return actas.Material(data.records(MESAS), data.records(DISCREPANCIES), events, data.territories.municipios)


def _column(data: Data, table: str, name: str) -> AnswerColumn:
    declared = data.field(table, name)
    return AnswerColumn(replace(declared, nullable=True), COUNT if declared.kind is Kind.ENTERO else None)


VIEWS = (
    View("participacion_mesas", "Actas mesa por mesa", PictureKind.of(actas), tables, "participacion", NOTHING),
    View(
        "participacion_discrepancias",
        "Actas que no cuadran",
        PictureKind.of(actas),
        discrepancies,
        "participacion",
        NOTHING,
    ),
)
