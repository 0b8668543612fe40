"""What is seen of every request, from outside all the rest: how it ended, how long it took and where its answer was."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What the process that starts the workers tells them: the folder where they count (prometheus_client looks for it when it is
#: imported, so nothing imports `counted` before), and how they write each request.
COUNTS_VARIABLE, LOG_VARIABLE = "PROMETHEUS_MULTIPROC_DIR", "PADRON_REGISTRO"
#: Where a request says how its answer was had, for whoever looks from outside.
HOW = "padron.how"
MEMORY, DISK, MADE, FILE, REFUSED = "memoria", "disco", "hecha", "archivo", "rechazada"
#: How nginx calls an answer that nobody stayed to hear.
LEFT, BROKEN = 499, 500
#: The kinds of address: few and fixed, whatever visitors ask.
KINDS = ("pagina", "accesible", "vivo", "archivo", "api", "estatico", "salud")
BEGINNINGS = (
    ("/accesible", "accesible"),
    ("/assets/", "estatico"),
    ("/_dash-update-component", "vivo"),
    ("/_dash-", "estatico"),
    ("/descargas/", "archivo"),
    ("/lugares/", "archivo"),
    ("/vista-previa/", "archivo"),
    ("/api/", "api"),
    ("/salud", "salud"),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request that ended: its scope, status, bytes of body, seconds, and how its answer was had."""

    scope: Scope
    status: int
    size: int
    seconds: float
    how: str

    @property
    def kind(self) -> str:
        """Which kind of address it asked for."""
        return kind_of(self.scope["path"])


class Observed:
    """ASGI middleware outside all others: it tells each of `tell` what it saw. Nothing that they raise reaches a visitor."""

    def __init__(self, app: ASGIApp, tell: Sequence[Callable[[Seen], None]]) -> None:
        self.app, self.tell = app, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        status, size = LEFT, 0

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif "body" in message:
                size += len(message["body"])
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception:
            status = BROKEN
            raise
        finally:
            self._tell(Seen(scope, status, size, time.perf_counter() - start, how_of(scope)))

    def _tell(self, seen: Seen) -> None:
        for tell in self.tell:
            try:
                tell(seen)
            except Exception as error:  # who counts never stops who is served
                log.debug("no se pudo anotar una petición: %s", error)


def kind_of(path: str) -> str:
    """Which kind of address a path is, of KINDS."""
    return next((kind for beginning, kind in BEGINNINGS if path.startswith(beginning)), "pagina")


def how_of(scope: Scope) -> str:
    """How the answer to a request was had: as it says itself or, if it says nothing, as its kind of address always is."""
    if said := scope.get(HOW):
        return str(said)
    return {"estatico": MEMORY, "salud": MEMORY, "archivo": FILE}.get(kind_of(scope["path"]), MADE)
