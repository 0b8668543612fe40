"""What the ETL leaves beside the releases for the site to read: the last runs, how they ended and what waits."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypedDict

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
        _check(state)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise ReleaseError(f"{STATE} no se puede leer: se escribe de nuevo en la próxima corrida") from None
    return state


def _check(state: Any) -> None:
    """Raises when something is not there, or is not what it says it is: whoever reads a state trusts it."""
    datetime.fromisoformat(state["escrito"])
    for run in state["corridas"]:
        datetime.fromisoformat(run["cuando"])
        texts = (run["orden"], run["veredicto"], *run["motivos"], run["publicacion"] or "")
        if not (isinstance(run["codigo"], int) and all(isinstance(text, str) for text in texts)):
            raise TypeError
    for read in state["fuentes"].values():
        if not all(isinstance(read[name], int) for name in ("leidas", "cargadas", "rechazadas", "problemas")):
            raise TypeError
    for item in state["espera"]:
        if item["corte"]:
            date.fromisoformat(item["corte"])
        if not all(isinstance(text, str) for text in (item["clase"], item["dataset"], item["archivo"])):
            raise TypeError
