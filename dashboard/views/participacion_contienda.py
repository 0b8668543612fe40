"""Who competed for the alcaldía of a municipio, election by election?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard.address.phrases import focus, within
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import MUNICIPIO
from dashboard.figures.elections import Election, elections
from dashboard.figures.queries import Data
from dashboard.indicators.participacion import OFFICE, TABLE
from dashboard.kinds import contienda
from dashboard.view import AnswerColumn, PictureKind, Result, View, text_column
from dashboard.words import COUNT
from etl import fields
from etl.model import Kind

COUNTED = ("empadronados", "votos_emitidos", "votos_validos", "votos_nulos", "votos_blanco", "organizaciones")
PARTIES = ("partido_primero", "votos_primero", "partido_segundo", "votos_segundo", "margen_votos")
STATE = "estado_partidos"


def query(data: Data, selection: Selection) -> Result:
    """The elections of the chosen municipio, oldest first, or those of every municipio of a larger territory."""
    code = focus(selection)
    rows = [row for row in data.records_under(TABLE, code) if row.get("cargo", OFFICE) == OFFICE]
    known = elections(data)
    names = data.territories.municipios
    single = data.territories.level(code) == MUNICIPIO
    return Result(
        question="¿Quiénes compitieron por la alcaldía?",
        columns=_columns(data),
        rows=tuple(_row(row, names[row["codigo_municipio"]], _when(row, known)) for row in rows),
        material=contienda.Material(
            [_race(row, _when(row, known)) for row in rows], within(code, data.territories), single
        ),
        tables=(TABLE,),
        notes=("Las siglas de un comité cívico son de un solo municipio.",),
    )


def _row(row: Mapping[str, Any], name: str, when: str) -> tuple[Any, ...]:
    return (
        row["codigo_municipio"],
        name,
        row["eleccion"],
        when,
        *(row[name] for name in COUNTED),
        *(row[name] for name in PARTIES),
        fields.ESTADOS_DATO[row[STATE]],
        row["observacion"],
    )


def _race(row: Mapping[str, Any], when: str) -> contienda.Race:
    state = fields.ESTADOS_DATO[row[STATE]].lower()
    reason = f" ({row['observacion'].rstrip('.')})" if row["observacion"] else ""
    return contienda.Race(
        when,
        row["partido_primero"],
        row["votos_primero"],
        row["partido_segundo"],
        row["votos_segundo"],
        row["votos_validos"],
        state + reason,
    )


def _when(row: Mapping[str, Any], known: Mapping[str, Election]) -> str:
    event = known.get(row["eleccion"])
    return event.words if event else str(row["eleccion"])


def _column(data: Data, name: str) -> AnswerColumn:
    declared = data.field(TABLE, name)
    return AnswerColumn(declared, COUNT if declared.kind is Kind.ENTERO else None)


def _columns(data: Data) -> tuple[AnswerColumn, ...]:
    return (
        AnswerColumn(data.field(TABLE, "codigo_municipio"), hidden=True),
        AnswerColumn(fields.municipio),
        AnswerColumn(data.field(TABLE, "eleccion"), hidden=True),
        text_column("anio", "Año", "Año de la elección de alcaldes, y si fue una repetición."),
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
