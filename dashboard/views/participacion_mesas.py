"""What do the actas say, table by table, and where do they not add up?"""

from __future__ import annotations

from dataclasses import replace

from dashboard.address.selection import Selection
from dashboard.figures.queries import Data
from dashboard.kinds import actas
from dashboard.view import AnswerColumn, Kind, Result, View
from dashboard.words import COUNT
from etl.datasets import dataset
from etl.model import Field
from etl.model import Kind as FieldKind

MESAS = dataset("participacion_mesa").table("participacion_mesa")
DISCREPANCIES = dataset("participacion_mesa").table("participacion_mesa_discrepancias")
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
FIRST = ("eleccion", "mesa", "municipio")


def tables(data: Data, selection: Selection) -> Result:
    """Every polling table with data, in order of number; the chosen place plays no part: there are few."""
    names = data.territories.municipios
    rows = tuple(
        (
            row["eleccion"],
            str(row["mesa"]),
            names.get(row["codigo_municipio"], "Extranjero"),
            *(row[name] for name in SHOWN),
        )
        for row in data.records(MESAS.name)
    )
    columns = (*_first(), *(_column(MESAS.field(name)) for name in SHOWN))
    return Result(QUESTION, columns, rows, _material(data), (MESAS.name, DISCREPANCIES.name))


def discrepancies(data: Data, selection: Selection) -> Result:
    """Every figure written in an acta that does not add up, in plain words."""
    labels = DISCREPANCIES.field("tipo_discrepancia").labels or {}
    rows = tuple(
        (
            row["eleccion"],
            str(row["mesa"]),
            labels[row["tipo_discrepancia"]],
            row["campo"],
            MESAS.field(row["campo"]).title,
            row["escrito"],
            row["calculado"],
            row["explicacion"],
        )
        for row in data.records(DISCREPANCIES.name)
    )
    shown = ("escrito", "calculado", "explicacion")
    raw, words = DISCREPANCIES.field("campo"), _text("cifra", "Cifra", "De qué cifra del acta se trata.")
    tipo = _text("tipo_discrepancia", "Tipo", "En qué no cuadra el acta.")
    about = (AnswerColumn(tipo), AnswerColumn(raw, hidden=True), AnswerColumn(words))
    columns = (*_first()[:2], *about, *(_column(DISCREPANCIES.field(name)) for name in shown))
    return Result("¿Qué actas no cuadran?", columns, rows, _material(data), (DISCREPANCIES.name,))


def _material(data: Data) -> actas.Material:
    events = {event["eleccion"]: event["titulo"] for event in data.records("elecciones")}
    return actas.Material(
        data.records(MESAS.name), data.records(DISCREPANCIES.name), events, data.territories.municipios
    )


def _first() -> tuple[AnswerColumn, ...]:
    return (
        AnswerColumn(MESAS.field("eleccion"), hidden=True),
        AnswerColumn(_text("mesa", "Mesa", "Número de la mesa.")),
        AnswerColumn(_text("municipio", "Municipio", "Dónde está la mesa.")),
    )


def _column(declared: Field) -> AnswerColumn:
    return AnswerColumn(replace(declared, nullable=True), COUNT if declared.kind is FieldKind.ENTERO else None)


def _text(name: str, title: str, description: str) -> Field:
    return Field(name, title, description, FieldKind.TEXTO)


VIEWS = (
    View("participacion_mesas", "Actas mesa por mesa", Kind.of(actas), tables, topic="participacion"),
    View("participacion_discrepancias", "Actas que no cuadran", Kind.of(actas), discrepancies, topic="participacion"),
)
