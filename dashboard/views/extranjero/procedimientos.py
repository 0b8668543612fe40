"""How does one register and vote from abroad? Fact by fact, each with its source; history apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.figures.published import of_the_row
from dashboard.figures.queries import Data
from dashboard.kinds import hechos
from dashboard.view import OF_THE_ROW, PictureKind, Result, View, text_column, today
from dashboard.words import approximate_date

TABLE, CONTACTS = "procedimientos", "procedimientos_contactos"


def query(data: Data, selection: Question) -> Result:
    """The facts, by topic and in the order a person needs them."""
    topics, statuses = data.labels(TABLE, "tema"), data.labels(TABLE, "vigencia")
    means = data.labels(CONTACTS, "medio")
    order = list(topics)
    rows = sorted(data.records(TABLE), key=lambda row: (order.index(row["tema"]), row["orden"]))
    told = [row | {"vigencia": hechos.HISTORY} if _over(row, data, today()) else row for row in rows]
    instead = {code: row["asunto"] for row in told if row["vigencia"] != hechos.HISTORY for code in _replaced(row)}
    return Result(
        question="¿Cómo me inscribo y cómo voto desde el extranjero?",
        columns=COLUMNS,
        rows=tuple(_row(row, topics, statuses) for row in told),
        material=hechos.Material(
            [_fact(row, instead.get(row["procedimiento"], "")) for row in told],
            [_contact(row, means) for row in data.records(CONTACTS)],
            topics,
            statuses,
        ),
        tables=(TABLE,),
    )


def _over(row: Mapping[str, Any], data: Data, day: date) -> bool:
    """Whether a fact can no longer be told as if it held: its last day has passed, or what ends it is published.

    A release of before these columns says neither.
    """
    last, ended = row.get("vence"), row.get("termina_con")
    if last and date.fromisoformat(last) < day:
        return True
    table, _, election = (ended or "").partition(":")
    return table in data.tables and bool(data.records(table, eleccion=election))


def _replaced(row: Mapping[str, Any]) -> list[str]:
    """The facts that a fact is told in place of."""
    return (row.get("reemplaza") or "").split()


def _until(row: Mapping[str, Any]) -> str:
    """Until when a fact holds or held, in words."""
    last = row.get("vence") or row["hasta"]
    words = [f"Hasta: {approximate_date(last)}"] if last else []
    return ". ".join([*words, *filter(None, [_capital(row.get("hasta_que") or "")])])


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _contact(row: Mapping[str, Any], means: Mapping[str, str]) -> hechos.Contact:
    return hechos.Contact(means[row["medio"]], row["contacto"], row["enlace"], row["procedimiento"])


def _fact(row: Mapping[str, Any], replaced_by: str) -> hechos.Fact:
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
        _until(row),
        replaced_by,
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
        row.get("vence") or "",
        row.get("hasta_que") or "",
        row.get("reemplaza") or "",
        row["confianza"],
        row["corte_texto"],
        row["fuente"],
        row["url"] or "",
        row["cita"],
        row["nota"] or "",
        *of_the_row(row),
    )


COLUMNS = (
    text_column("procedimiento", "N.º", "Número del hecho en la transcripción."),
    text_column("tema", "Tema", "A qué pregunta de una persona responde."),
    text_column("asunto", "Asunto", "De qué trata, en pocas palabras."),
    text_column("hecho", "Hecho", "Lo que dice la fuente."),
    text_column("vigencia", "Vigencia", "Si rige el día en que se pregunta, hasta donde dicen las fuentes."),
    text_column("vigencia_texto", "Vigencia anotada", "La vigencia con las palabras de la transcripción.", hidden=True),
    text_column("desde", "Desde", "Desde cuándo rige, si se sabe.", hidden=True),
    text_column("hasta", "Hasta", "Hasta cuándo rigió, si se sabe.", hidden=True),
    text_column("vence", "Vence", "Último día en que se puede dar por vigente, si se sabe.", hidden=True),
    text_column("hasta_que", "Hasta que", "Lo que tiene que pasar para que deje de regir, si se sabe."),
    text_column("reemplaza", "Reemplaza a", "Números de los hechos a los que sustituye.", hidden=True),
    text_column("confianza_fila", "Confianza", "Confianza de la fuente de este hecho."),
    text_column("corte_fila", "De cuándo es", "Fecha de la fuente, en palabras."),
    text_column("fuente_fila", "Fuente", "Fuente de este hecho."),
    text_column("url_fila", "Dirección de la fuente", "Dónde está la fuente de este hecho.", hidden=True),
    text_column("cita_fila", "Cita", "Palabras de la fuente.", hidden=True),
    text_column("nota_fila", "Nota", "Observación sobre el hecho.", hidden=True),
    *OF_THE_ROW,
)
VIEW = View(
    "procedimientos",
    "Inscribirse y votar desde el extranjero, hecho por hecho",
    PictureKind.of(hechos),
    query,
    topic="extranjero",
    contract=NOTHING,
    dated=True,
)
