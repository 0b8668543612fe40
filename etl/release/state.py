"""What the ETL leaves beside the releases for the site to read: the last runs, how they ended and what waits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from etl.release.names import ReleaseError

STATE = "estado.json"


class RunFacts(TypedDict):
    """A run of the ETL: `cuando` is when it ended (ISO, UTC), `publicacion` what was current then, `motivos` the first
    reasons of one that failed.
    """

    orden: str
    cuando: str
    segundos: float
    codigo: int
    veredicto: str
    publicacion: str | None
    motivos: list[str]


class DatasetRunFacts(TypedDict):
    """What the last run read of a dataset, in rows, and how many problems it had."""

    leidas: int
    cargadas: int
    rechazadas: int
    problemas: int


class WaitingFacts(TypedDict):
    """A file that is in its place and not in the current release: a delivery of a source or a count of the registry."""

    clase: str
    dataset: str
    archivo: str
    corte: str


class State(TypedDict):
    """Everything; the newest run comes first. `fuentes` is by dataset, of the last run that read them."""

    escrito: str
    corridas: list[RunFacts]
    fuentes: dict[str, DatasetRunFacts]
    espera: list[WaitingFacts]


def read_state(folder: Path) -> State | None:
    """What the ETL left in a folder of releases; None if it has left nothing, ReleaseError if it cannot be read."""
    try:
        state: State = json.loads((folder / STATE).read_bytes())
        if not {*State.__annotations__} <= {*state}:
            raise ValueError
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise ReleaseError(f"{STATE} no se puede leer: se escribe de nuevo en la próxima corrida") from None
    return state
