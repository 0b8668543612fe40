"""How does one register and vote from abroad? Fact by fact, each with its source; history apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.figures.queries import Data
from dashboard.kinds import hechos
from dashboard.view import PictureKind, Result, View, text_column

TABLE, CONTACTS = "procedimientos", "procedimientos_contactos"


def query(data: Data, selection: Question) -> Result:
    """The facts, by topic and in the order a person needs them."""
    topics, statuses = data.labels(TABLE, "tema"), data.labels(TABLE, "vigencia")
    means = data.labels(CONTACTS, "medio")
    order = list(topics)
    rows = sorted(data.records(TABLE), key=lambda row: (order.index(row["tema"]), row["orden"]))
    return Result(
        question="¿Cómo me inscribo y cómo voto desde el extranjero?",
        columns=COLUMNS,
        rows=tuple(_row(row, topics, statuses) for row in rows),
        material=hechos.Material(
            [_fact(row) for row in rows],
            [_contact(row, means) for row in data.records(CONTACTS)],
            topics,
            statuses,
        ),
        tables=(TABLE,),
    )


def _contact(row: Mapping[str, Any], means: Mapping[str, str]) -> hechos.Contact:
    return hechos.Contact(means[row["medio"]], row["contacto"], row["enlace"], row["procedimiento"])


def _fact(row: Mapping[str, Any]) -> hechos.Fact:
    return hechos.Fact(
        row["procedimiento"],
        row["tema"],
        row["asunto"],
        row["hecho"],
        row["vigencia"],
        row["vigencia_texto"],
        row["confianza"],
        row["corte_texto"],
        row["fuente"],
        row["url"] or "",
        row["cita"],
        row["nota"] or "",
    )


def _row(row: Mapping[str, Any], topics: Mapping[str, str], statuses: Mapping[str, str]) -> tuple[Any, ...]:
    return (
        row["procedimiento"],
        topics[row["tema"]],
        row["asunto"],
        row["hecho"],
        statuses[row["vigencia"]],
        row["vigencia_texto"],
        row["desde"] or "",
        row["hasta"] or "",
        row["confianza"],
        row["corte_texto"],
        row["fuente"],
        row["url"] or "",
        row["cita"],
        row["nota"] or "",
    )


COLUMNS = (
    text_column("procedimiento", "N.º", "Número del hecho en la transcripción."),
    text_column("tema", "Tema", "A qué pregunta de una persona responde."),
    text_column("asunto", "Asunto", "De qué trata, en pocas palabras."),
    text_column("hecho", "Hecho", "Lo que dice la fuente."),
    text_column("vigencia", "Vigencia", "Si rige hoy, hasta donde dicen las fuentes."),
    text_column("vigencia_texto", "Vigencia anotada", "La vigencia con las palabras de la transcripción.", hidden=True),
    text_column("desde", "Desde", "Desde cuándo rige, si se sabe.", hidden=True),
    text_column("hasta", "Hasta", "Hasta cuándo rigió, si se sabe.", hidden=True),
    text_column("confianza_fila", "Confianza", "Confianza de la fuente de este hecho."),
    text_column("corte_fila", "De cuándo es", "Fecha de la fuente, en palabras."),
    text_column("fuente_fila", "Fuente", "Fuente de este hecho."),
    text_column("url_fila", "Dirección de la fuente", "Dónde está la fuente de este hecho.", hidden=True),
    text_column("cita_fila", "Cita", "Palabras de la fuente.", hidden=True),
    text_column("nota_fila", "Nota", "Observación sobre el hecho.", hidden=True),
)
VIEW = View(
    "procedimientos",
    "Inscribirse y votar desde el extranjero, hecho por hecho",
    PictureKind.of(hechos),
    query,
    topic="extranjero",
    contract=NOTHING,
)
