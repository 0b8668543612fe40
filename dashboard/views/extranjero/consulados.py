"""Which consulates are nearest to the state one lives in?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

from dashboard.address.abroad import CONSULATES, Near
from dashboard.figures.published import of_the_row
from dashboard.figures.queries import Data
from dashboard.indicators.offers import offer
from dashboard.kinds import directorio
from dashboard.view import OF_THE_ROW, PictureKind, Result, View, text_column
from etl.country import fold

TABLE = "consulados"
UNCONFIRMED = "sin_confirmar"
NEAREST = 3
IN_THE_STATE = "En el estado"
NEAR = {True: "{place}.º más cercano en otro estado", False: "En otro estado"}


def query(data: Data, selection: Near) -> Result:
    """Those of the chosen state and the nearest in others; without a state, all of them, state by state."""
    known, names = data.labels(TABLE, "situacion"), offer(data, "extranjero").states
    rows = sorted(data.records(TABLE), key=lambda row: (fold(row["estado"]), fold(row["ciudad"])))
    chosen = selection.estado
    own = [row for row in rows if chosen in (None, row["codigo_estado"])]
    measurable = chosen is None or _on_the_mainland(data, chosen)
    nearest = _elsewhere(data, chosen, rows, measurable) if chosen else []
    material = directorio.Material(
        names[chosen] if chosen else None,
        [_office(row, known) for row in own],
        [_office(row, known) for row in nearest],
        measurable,
    )
    return Result(
        question="¿Qué consulado me queda cerca?",
        columns=COLUMNS,
        rows=(
            *(_row(row, IN_THE_STATE if chosen else "", known) for row in own),
            *(_row(row, NEAR[measurable].format(place=place), known) for place, row in enumerate(nearest, start=1)),
        ),
        material=material,
        tables=(TABLE,),
        notes=(
            "Cerca quiere decir en línea recta desde el centro del estado. Qué consulado atiende a cada estado no consta en "
            "estas fuentes: antes de viajar, pregunte.",
        ),
    )


def _on_the_mainland(data: Data, state: str) -> bool:
    """Whether the map draws the state beside the others, so that distances on it mean something."""
    drawing = data.states_map
    return state in drawing["estados"] and state not in drawing["recuadros"]


def _elsewhere(data: Data, state: str, rows: Sequence[Mapping[str, Any]], measurable: bool) -> list[Mapping[str, Any]]:
    """The nearest consulates in other states, none of them unconfirmed; all of them when distances mean nothing."""
    elsewhere = [row for row in rows if row["codigo_estado"] != state and row["situacion"] != UNCONFIRMED]
    if not measurable:
        return elsewhere
    points = data.states_map["puntos"]
    x, y = data.states_map["estados"][state]["r"]
    placed = [row for row in elsewhere if row["codigo_ciudad"] in points]
    return sorted(
        placed, key=lambda row: hypot(*(a - b for a, b in zip(points[row["codigo_ciudad"]], (x, y), strict=True)))
    )[:NEAREST]


def _office(row: Mapping[str, Any], known: Mapping[str, str]) -> directorio.Office:
    return directorio.Office(
        row["ciudad"],
        row["estado"],
        known[row["situacion"]],
        row["situacion"] != UNCONFIRMED,
        row["confianza"],
        row["corte_texto"],
        row["fuente"],
    )


def _row(row: Mapping[str, Any], where: str, known: Mapping[str, str]) -> tuple[Any, ...]:
    return (
        row["codigo_ciudad"],
        row["ciudad"],
        row["estado"],
        where,
        known[row["situacion"]],
        row["confianza"],
        row["corte_texto"],
        row["fuente"],
        row["nota"] or "",
        *of_the_row(row),
    )


COLUMNS = (
    text_column("codigo_ciudad", "Código de la ciudad", "Código de la ciudad en el catálogo.", hidden=True),
    text_column("ciudad", "Ciudad", "Ciudad del consulado."),
    text_column("estado", "Estado", "Estado de la ciudad."),
    text_column("cercania", "Cercanía", "Si está en el estado elegido o es de los más cercanos.", hidden=True),
    text_column("situacion", "Cómo se sabe", "Cómo se sabe del consulado."),
    text_column("confianza_fila", "Confianza", "Confianza de la fuente de esta fila."),
    text_column("corte_fila", "De cuándo es", "Fecha de la fuente, en palabras."),
    text_column("fuente_fila", "Fuente", "Fuente de esta fila."),
    text_column("nota_fila", "Nota", "Observación.", hidden=True),
    *OF_THE_ROW,
)
VIEW = View(
    "consulados",
    "Consulados de Guatemala en los Estados Unidos",
    PictureKind.of(directorio),
    query,
    topic="extranjero",
    contract=CONSULATES,
)
