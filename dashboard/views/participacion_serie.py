"""How many of those registered have voted? Every electoral event, and the votes of a municipio's own elections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.figures.elections import Election, catalogue, is_definitive
from dashboard.figures.queries import Data
from dashboard.kinds import serie
from dashboard.view import AnswerColumn, PictureKind, Result, View
from dashboard.words import COUNT, PERCENT
from etl import fields
from etl.model import Field, Kind

TABLE = "participacion_nacional"
COUNTED = (
    "empadronados",
    "votos_emitidos",
    "votos_validos",
    "votos_blanco",
    "votos_nulos",
    "votos_nulos_y_blanco",
    "mesas",
)


#: How the offices that are not the main one of their event are called in its label.
OFFICES = {"corporacion_municipal": "alcaldías", "parlacen": "Parlacen"} | dict.fromkeys(
    ("diputados_lista_nacional", "diputados_distritales"), "diputados"
)
#: The rates of each event: (column, title, numerator, denominator).
RATES = (
    ("participacion", "Participación", "votos_emitidos", "empadronados"),
    ("nulos_por_ciento", "Nulos", "votos_nulos", "votos_emitidos"),
    ("blancos_por_ciento", "En blanco", "votos_blanco", "votos_emitidos"),
)


def rate(row: Mapping[str, Any], above: str, below: str) -> float | None:
    """`above` for every hundred of `below`; None when either is not published."""
    part: float | None = row[above]
    whole: float | None = row[below]
    return 100 * part / whole if part is not None and whole else None


def turnout(row: Mapping[str, Any]) -> float | None:
    """Cast votes for every hundred registered; None when either is not published."""
    return rate(row, "votos_emitidos", "empadronados")


def query(data: Data, selection: Question) -> Result:
    """Every event, oldest first. The chosen place plays no part: most events have no figures by municipio."""
    events = catalogue(data)
    rows = [row for row in data.records(TABLE) if is_definitive(row)]
    points = [(_label(row, events), turnout(row)) for row in rows]
    return Result(
        question="¿Qué parte del padrón ha votado en cada elección?",
        columns=COLUMNS,
        rows=tuple(_row(row, events) for row in rows),
        material=serie.Material(
            points,
            PERCENT,
            "La participación fue de {first} en «{first_label}» y de {last} en «{last_label}». La más alta, {top}, fue en "
            "«{top_label}»; la más baja, {bottom}, en «{bottom_label}».",
            "No hay participación publicada de ninguna elección.",
        ),
        tables=(TABLE,),
        notes=(
            "Participación: votos emitidos por cada 100 personas empadronadas. Cada elección lleva su propia fuente y su "
            "confianza en la tabla y en los archivos.",
        ),
    )


def _label(row: Mapping[str, Any], events: Mapping[str, Election]) -> str:
    office = OFFICES.get(row["cargo"], "")
    return events[row["eleccion"]].label + (f" ({office})" if office else "")


def _row(row: Mapping[str, Any], events: Mapping[str, Election]) -> tuple[Any, ...]:
    event = events[row["eleccion"]]
    return (
        row["eleccion"],
        _label(row, events),
        *(rate(row, above, below) for _, _, above, below in RATES),
        fields.CARGOS[row["cargo"]],
        event.day if event.day != event.year else None,
        *(row[name] for name in COUNTED),
        row["confianza"],
        row["fuente"],
    )


def _text(name: str, title: str, description: str) -> Field:
    return Field(name, title, description, Kind.TEXTO)


def _rate(name: str, title: str, above: str, below: str) -> AnswerColumn:
    words = f"{above.replace('_', ' ').capitalize()} por cada 100 {below.replace('_', ' ')}."
    return AnswerColumn(Field(name, title, words, Kind.DECIMAL, unit="%", nullable=True), PERCENT)


def _count(name: str) -> AnswerColumn:
    title = name.replace("_", " ").capitalize().replace("Votos nulos y blanco", "Votos nulos y en blanco")
    return AnswerColumn(Field(name, title, f"{title}.", Kind.ENTERO, unit="votos", nullable=True), COUNT)


COLUMNS = (
    AnswerColumn(fields.eleccion, hidden=True),
    AnswerColumn(_text("evento", "Elección", "Año y vuelta.")),
    *(_rate(*declared) for declared in RATES),
    AnswerColumn(_text("cargo", "Qué se elegía", "Cargo de la papeleta contada.")),
    AnswerColumn(_text("fecha_eleccion", "Fecha", "Día de la votación (ISO 8601)."), hidden=True),
    *(_count(name) for name in COUNTED),
    AnswerColumn(_text("confianza_fila", "Confianza", "Confianza de la fuente de esta elección.")),
    AnswerColumn(_text("fuente_fila", "Fuente", "Fuente de esta elección.")),
)
VIEW = View(
    "participacion_serie", "Participación en cada elección", PictureKind.of(serie), query, "participacion", NOTHING
)
