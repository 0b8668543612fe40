"""Who competed for the alcaldía of a municipio, election by election?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard.address.phrases import focus, within
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import MUNICIPIO
from dashboard.figures.queries import Data
from dashboard.kinds import contienda
from dashboard.view import AnswerColumn, PictureKind, Result, View, text_column
from dashboard.words import COUNT
from etl import fields
from etl.model import Kind

TABLE = "participacion_municipal"
COUNTED = ("empadronados", "votos_emitidos", "votos_validos", "votos_nulos", "votos_blanco", "organizaciones")
PARTIES = ("partido_primero", "votos_primero", "partido_segundo", "votos_segundo", "margen_votos")
STATE = "estado_partidos"


def query(data: Data, selection: Selection) -> Result:
    """The elections of the chosen municipio, oldest first, or those of every municipio of a larger territory."""
    code = focus(selection)
    rows = data.records_under(TABLE, code)
    names = data.territories.municipios
    single = data.territories.level(code) == MUNICIPIO
    return Result(
        question="¿Quiénes compitieron por la alcaldía?",
        columns=_columns(data),
        rows=tuple(_row(row, names[row["codigo_municipio"]]) for row in rows),
        material=contienda.Material([_race(row) for row in rows], within(code, data.territories), single),
        tables=(TABLE,),
        notes=("Las siglas de un comité cívico son de un solo municipio.",),
    )


def _row(row: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    return (
        row["codigo_municipio"],
        name,
        row["eleccion"],
        _year(row),
        *(row[name] for name in COUNTED),
        *(row[name] for name in PARTIES),
        fields.ESTADOS_DATO[row[STATE]],
        row["observacion"],
    )


def _race(row: Mapping[str, Any]) -> contienda.Race:
    state = fields.ESTADOS_DATO[row[STATE]].lower()
    reason = f" ({row['observacion'].rstrip('.')})" if row["observacion"] else ""
    return contienda.Race(
        _year(row),
        row["partido_primero"],
        row["votos_primero"],
        row["partido_segundo"],
        row["votos_segundo"],
        row["votos_validos"],
        state + reason,
    )


def _year(row: Mapping[str, Any]) -> str:
    return str(row["eleccion"])[:4]


def _column(data: Data, name: str) -> AnswerColumn:
    declared = data.field(TABLE, name)
    return AnswerColumn(declared, COUNT if declared.kind is Kind.ENTERO else None)


def _columns(data: Data) -> tuple[AnswerColumn, ...]:
    return (
        AnswerColumn(data.field(TABLE, "codigo_municipio"), hidden=True),
        AnswerColumn(fields.municipio),
        AnswerColumn(data.field(TABLE, "eleccion"), hidden=True),
        text_column("anio", "Año", "Año de la elección de alcaldes."),
        *(_column(data, name) for name in (*COUNTED, *PARTIES)),
        AnswerColumn(replace(data.field(TABLE, STATE), name="estado", title="Estado de los resultados")),
        AnswerColumn(data.field(TABLE, "observacion"), hidden=True),
    )


VIEW = View(
    "participacion_contienda",
    "Elecciones de alcalde, municipio por municipio",
    PictureKind.of(contienda),
    query,
    topic="participacion",
)
