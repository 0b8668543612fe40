"""What a preview says of itself: how the release that would be published differs from the current one, table by table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from etl.release.names import ReleaseError


class SumFacts(TypedDict):
    """The sum of a figure over a whole table, before and after."""

    cifra: str
    antes: float
    despues: float


class MovementFacts(TypedDict):
    """A sum of a place or a group that moves; None where there is none. `codigo` is that of the place, or a value."""

    codigo: str
    donde: str
    cifra: str
    antes: float | None
    despues: float | None


class TableDifference(TypedDict):
    """What changes in a table; `filas_antes` is None for one that is new. The largest movements come first."""

    tabla: str
    dataset: str
    titulo: str
    filas_antes: int | None
    filas_despues: int
    nuevas: int
    quitadas: int
    cambiadas: int
    sumas: list[SumFacts]
    movimientos: list[MovementFacts]


class Doubt(TypedDict):
    """Something that looks wrong; `tabla` is empty when it is of none."""

    tabla: str
    motivo: str


class Preview(TypedDict):
    """The whole; `vigente` is None when nothing has been published."""

    vigente: str | None
    nueva: str
    tablas: list[TableDifference]
    sospechas: list[Doubt]


def read_preview(path: Path) -> Preview:
    """The differences that the ETL left at `path`; ReleaseError if they cannot be read."""
    try:
        preview: Preview = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise ReleaseError(f"no se pueden leer las diferencias de la vista previa: {path}") from None
    return preview
