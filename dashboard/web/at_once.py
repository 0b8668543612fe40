"""What is answered without waiting for anything: how the site is, and its own static files, from memory."""

from __future__ import annotations

import json
import mimetypes
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import ASSETS
from dashboard.web.answers import answer, encoding_of
from dashboard.web.assets_url import asset_url
from dashboard.web.health import Told
from dashboard.web.kept import IDENTITY, Encoded, Made, encoded
from dashboard.web.security import BY_OTHERS, FOR_EVER, NOT_KEPT, headers_of
from dashboard.web.serving import ServedReleases

HEALTH, STATIC = "/salud", "/assets/"
JSON = "application/json"
#: The script that keeps pages for when there is no line.
WORKER = "trabajador.js"


class AtOnce:
    """ASGI middleware before whatever may have to wait."""

    def __init__(self, app: ASGIApp, served: ServedReleases) -> None:
        self.app, self.served = app, served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        found = self._found(path, scope) if reads and path.startswith((HEALTH, STATIC)) else None
        if found is None:
            await self.app(scope, receive, send)
            return
        await answer(found, scope, receive, send)

    def _found(self, path: str, scope: Scope) -> Encoded | None:
        if path == HEALTH and not scope["query_string"]:
            status, told = health(self.served)
            retry = {"Retry-After": "30"} if status == 503 else {}
            headers = {"Content-Type": JSON, "Cache-Control": NOT_KEPT, **retry, **headers_of(path)}
            return encoded(Made(json.dumps(told, ensure_ascii=False).encode(), headers, status), IDENTITY)
        if not path.startswith(STATIC):
            return None
        return static_file(path.removeprefix(STATIC), encoding_of(scope), scope["query_string"].decode("latin-1"))


def health(served: ServedReleases) -> tuple[int, Told]:
    """How the site is, as whoever looks after the release last found it, and the status that says it."""
    if reason := served.unavailable():
        return 503, {"estado": "sin publicación", "motivo": reason}
    return 200, served.health().told()


@lru_cache(256)
def static_file(name: str, encoding: str, query: str) -> Encoded | None:
    """One of our own static files, in one encoding; None if there is none called `name`. An address that carries the hash of
    its content never changes; one that carries another hash is of a page that another version of the site made.
    """
    if name not in {path.name for path in ASSETS.iterdir() if path.is_file()}:
        return None
    for_ever = f"{STATIC}{name}?{query}" == asset_url(name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = "text/javascript" if kind.endswith("javascript") else kind
    written = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    headers = {"Content-Type": written, "Cache-Control": FOR_EVER if for_ever else BY_OTHERS}
    if name == WORKER:
        headers["Service-Worker-Allowed"] = "/"  # it keeps every page, wherever it is itself
    return encoded(Made((ASSETS / name).read_bytes(), headers | headers_of(f"{STATIC}{name}")), encoding)
